"""Marks that lie outside, in sidecars and photo files, against those of the catalogue: what is taken, what is told.

The catalogue remembers what outside said last. So a change there is told from what was decided here, and only where
both changed, each to something else, the difference is shown; nothing is guessed.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from photocull.catalog.chunks import chunked
from photocull.catalog.journal import MARKS, decide
from photocull.catalog.marks import FIELDS, Mark, mark_of, possible, spoken, worded
from photocull.catalog.paths import PUSHED, plain
from photocull.catalog.records import Heard, Saying
from photocull.catalog.schema import contents, journal, outside, photos
from photocull.core.errors import one_line
from photocull.core.types import Decision, DecisionField

NONE: Final = "none"
Verdict = Literal["agree", "take", "dispute", "leave"]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the catalogue and what lies outside stand to each other for one photo.

    Attributes:
        marks: by field. stamp: of the files when they were last read, empty if never.
        said: what outside said then, by field; by "rating in file" and so on what came from the photo's file later.
        disputes: sentences by field. notes: faults of the files.
        rating_in_file, label_in_file, pick_in_file: what another program wrote into the photo file; of the flag, empty
            where there is none and None where nobody looked for one. opened: whether the file was read.
        former: stamps of photos that another one was put in the place of, where this one was never read.
        heard_at: the journal's last entry when outside was last read. as_of: its last entry now.
    """

    marks: Mapping[DecisionField, Mark]
    stamp: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    disputes: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    rating_in_file: int | None = None
    label_in_file: str | None = None
    pick_in_file: str | None = None
    opened: bool = False
    former: tuple[str, ...] = ()
    heard_at: int = 0
    as_of: int = 0

    @property
    def decided(self) -> dict[DecisionField, Mark]:
        """The marks that sidecars are to have; one that was undone is a cleared one there, which still has it."""
        return {
            name: mark if mark.by is not None else Mark(None, "photographer")
            for name, mark in self.marks.items()
            if name not in self.disputes and (mark.by is not None or self.said.get(name, NONE) != NONE)
        }

    @property
    def untold(self) -> bool:
        """Whether outside does not say yet what was decided here."""
        return any(self.said.get(name, NONE) != (mark.value or NONE) for name, mark in self.decided.items())


def hear(connection: Connection, heard: Sequence[Heard], initiator: str, author: str) -> tuple[int, ...]:
    """Take in what lies outside; ids of the photos that read differently now. Called by the writer."""
    known = standings(connection, [one.photo_id for one in heard])
    decisions: list[Decision] = []
    rows: list[dict[str, Any]] = []
    changed: list[int] = []
    for one in map(_sensible, heard):
        before = known.get(one.photo_id)
        if before is None:  # forgotten meanwhile
            continue
        said, disputes = dict(before.said), dict(before.disputes)
        for name, saying in one.sayings.items():
            verdict = judged(saying, before.marks[name], said.get(name), said.get(_in_file(name)))
            if verdict in ("dispute", "take") and saying.recorded and _was_ours(connection, name, saying, before, one):
                verdict = "leave"
            _remember(said, name, saying)
            if saying.echo:
                continue
            if verdict == "take":
                decisions.append(Decision(one.photo_id, name, _value(name, saying), saying.who))
            if verdict in ("take", "agree"):
                disputes.pop(name, None)
            elif verdict == "dispute":
                disputes[name] = _sentence(name, saying, before.marks[name])
        notes = [plain(note) for note in one.notes]
        heard_at = before.as_of if one.as_of is None else one.as_of
        words = {"stamp": one.stamp, "said": said, "disputes": disputes, "notes": notes, "heard_at": heard_at}
        rows.append({"photo_id": one.photo_id, **words})
        if (disputes, tuple(notes)) != (before.disputes, before.notes):
            changed.append(one.photo_id)
    _keep(connection, rows)
    taken = decide(connection, decisions, initiator, author).ids if decisions else ()
    return tuple(dict.fromkeys((*taken, *changed)))


def _sensible(one: Heard) -> Heard:
    """Without words that no photo can have: they are that photo's fault, and must not be that of all others."""
    senseless = {name: saying for name, saying in one.sayings.items() if not possible(name, saying.value)}
    notes = (f"{saying.place} says '{saying.value}', which is no {name}." for name, saying in senseless.items())
    sayings = {name: saying for name, saying in one.sayings.items() if name not in senseless}
    return replace(one, sayings=sayings, notes=(*one.notes, *map(one_line, notes))) if senseless else one


def _remember(said: dict[str, str], name: DecisionField, saying: Saying) -> None:
    """What the sidecars said and, where that is something else, what came from the photo's file beside them."""
    if saying.kept:
        said[_in_file(name)] = saying.key
    elif said.get(name) != saying.key:
        said.pop(_in_file(name), None)
    said[name] = saying.kept or saying.key


def _in_file(name: DecisionField) -> str:
    return f"{name} in file"


def _was_ours(connection: Connection, name: str, saying: Saying, before: Standing, one: Heard) -> bool:
    """Whether it was decided here since outside was read last: who wrote it was killed before the catalogue knew."""
    since = select(journal.c.after).where(
        journal.c.photo_id == one.photo_id, journal.c.field == name, journal.c.id > before.heard_at
    )
    return saying.value in set(connection.scalars(since))


def judged(saying: Saying, now: Mark, before: str | None, beside: str | None = None) -> Verdict:
    """What becomes of one word from outside.

    Args:
        now: the catalogue's mark. before: what outside said last, None if it never said anything. beside: what the
            photo's file said then, if its word was another one than the sidecar's and came later.
    """
    known = beside if saying.kept else before
    if saying.sentence:
        return "leave" if known == saying.key else "dispute"
    same = now.value == saying.value
    if same and (saying.value is None or now.by == "photographer" or saying.who == "policy"):
        still = beside is not None and not saying.kept and before == saying.key
        return "leave" if still else "agree"  # where it is the file's word that is open
    if known == saying.key and not same:
        return "leave"
    if saying.weak and before is None:
        return "leave"
    if saying.who == "policy" or now.by != "photographer" or (now.value or NONE) in (before, beside):
        return "take"
    return "dispute"


def settle(connection: Connection, decisions: Iterable[Decision]) -> tuple[int, ...]:
    """The photographer decided these fields knowing what was shown: their disputes are over; ids that this concerns."""
    fields: dict[int, set[str]] = {}
    for decision in decisions:
        if decision.who == "photographer":
            fields.setdefault(decision.photo_id, set()).add(decision.field)
    rows: list[dict[str, Any]] = []
    for photo_id, standing in standings(connection, list(fields), noted=True).items():
        left = {name: words for name, words in standing.disputes.items() if name not in fields[photo_id]}
        if left != standing.disputes:
            rest = {"stamp": standing.stamp, "said": dict(standing.said), "notes": list(standing.notes)}
            rows.append({"photo_id": photo_id, "disputes": left, "heard_at": standing.heard_at, **rest})
    _keep(connection, rows)
    return tuple(row["photo_id"] for row in rows)


def standings(connection: Connection, ids: Sequence[int], *, noted: bool = False) -> dict[int, Standing]:
    """How these photos stand; with ``noted`` only those of which there is something to be told."""
    columns = (outside.c[name] for name in ("stamp", "said", "disputes", "notes", "heard_at"))
    inside = (contents.c[name] for name in ("rating_in_file", "label_in_file", "pick_in_file", "status"))
    query = select(photos.c.id, photos.c.path, photos.c.folder, *columns, *MARKS, *inside)
    query = query.select_from(photos.join(contents).outerjoin(outside))
    if noted:
        query = query.where(photos.c.noted.is_(True))
    as_of = connection.scalar(select(func.max(journal.c.id))) or 0
    found: dict[int, Standing] = {}
    for part in chunked(ids):
        rows = connection.execute(query.where(photos.c.id.in_(part))).mappings().all()
        former = _former(connection, {row["folder"] for row in rows if row["stamp"] is None})
        found |= {row["id"]: _standing(row, former.get(row["path"], ()), as_of) for row in rows}
    return found


def _former(connection: Connection, folders: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By path, how the sidecars there were when they were read last for a photo that had to make room."""
    found: dict[str, tuple[str, ...]] = {}
    marker = photos.c.path.contains(PUSHED, autoescape=True)
    query = select(photos.c.path, outside.c.stamp).join(outside).where(photos.c.missing.is_(True), marker)
    for part in chunked(sorted(folders)):
        for row in connection.execute(query.where(photos.c.folder.in_(part))):
            path = row.path.partition(PUSHED)[0]
            found[path] = (*found.get(path, ()), row.stamp)
    return found


def _standing(row: Mapping[Any, Any], former: tuple[str, ...], as_of: int) -> Standing:
    return Standing(
        marks={name: mark_of(row, name) for name in FIELDS},
        stamp=row["stamp"] or "",
        said=row["said"] or {},
        disputes=row["disputes"] or {},
        notes=tuple(row["notes"] or ()),
        rating_in_file=row["rating_in_file"],
        label_in_file=row["label_in_file"],
        pick_in_file=row["pick_in_file"],
        opened=row["status"] == "ok",
        former=former if row["stamp"] is None else (),
        heard_at=row["heard_at"] or 0,
        as_of=as_of,
    )


def spoken_of(connection: Connection, ids: Sequence[int]) -> set[int]:
    """Those of these photos of which something outside was ever heard, or whose files bear marks."""
    query = select(photos.c.id).select_from(photos.join(contents).outerjoin(outside))
    inside = (
        contents.c.rating_in_file.is_not(None),
        contents.c.label_in_file.is_not(None),
        contents.c.pick_in_file != "",
    )
    query = query.where(or_(outside.c.photo_id.is_not(None), *inside))
    return {i for part in chunked(ids) for i in connection.scalars(query.where(photos.c.id.in_(part)))}


def _keep(connection: Connection, rows: Sequence[dict[str, Any]]) -> None:
    if not rows:
        return
    for part in chunked([row["photo_id"] for row in rows]):
        connection.execute(delete(outside).where(outside.c.photo_id.in_(part)))
    connection.execute(insert(outside), list(rows))
    flags = [{"key": row["photo_id"], "now": bool(row["disputes"] or row["notes"])} for row in rows]
    connection.execute(update(photos).where(photos.c.id == bindparam("key")).values(noted=bindparam("now")), flags)


def _value(name: DecisionField, saying: Saying) -> Any:
    return spoken(name, saying.value)


def _sentence(name: DecisionField, saying: Saying, now: Mark) -> str:
    if saying.sentence:
        taken = "" if saying.kept else ": nothing was taken over"
        return plain(f"{saying.sentence}{taken}; decide it here to settle it.")
    there, here = worded(name, saying.value), worded(name, now.value)
    return plain(f"{saying.place} says {there}, the catalogue {here}; decide it here to settle it.")
