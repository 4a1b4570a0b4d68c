"""The append-only journal of decisions and the state derived from it; undo and redo append too. Called by the writer.

Each batch is one step of undo. ``batches.standing`` tells of a photographer's batch whether it is done, undone and
still to be redone, or settled (undone for good); like the marks on the photos it follows from the later batches.
Each author has a history of their own. Batches without an author are anybody's until somebody undoes or redoes them.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any, Final, Literal, cast

from sqlalchemy import ColumnElement, Connection, bindparam, func, insert, or_, select, update

from photocull.catalog.chunks import chunked
from photocull.catalog.hands import marked_by_others
from photocull.catalog.marks import FIELDS, Mark, Step, allowed, mark_of, sentence, spoken, wished
from photocull.catalog.paths import plain
from photocull.catalog.records import Change
from photocull.catalog.schema import batches, journal, photos
from photocull.core.types import Decision

State = dict[tuple[int, str], Mark]
MARKS: Final = tuple(photos.c[name] for field in FIELDS for name in (field, f"{field}_by"))
"""The columns that hold the derived marks."""


def decide(connection: Connection, decisions: Sequence[Decision], initiator: str, author: str) -> Change:
    """Append one batch with what changes; later decisions on a field win over earlier ones in the same batch."""
    wishes = {(d.photo_id, d.field): (wished(d), d) for d in decisions}
    state = current(connection, {d.photo_id for d in decisions})
    steps = [
        step
        for (photo, field), (mark, d) in wishes.items()
        if (photo, field) in state and allowed(step := Step(photo, field, state[photo, field], mark, d.who, d.reason))
    ]
    if not steps:
        return Change("decide", (), 0, "Nothing changed")
    own = any(step.who == "photographer" for step in steps)
    if own:  # a new decision ends what could be redone
        undone = (batches.c.standing == "undone", _of(author))
        connection.execute(update(batches).where(*undone).values(standing="settled"))
    words = sentence(steps)
    spoken_words, standing = words[0].upper() + words[1:], "done" if own else None
    return _append(connection, "decide", steps, spoken_words, initiator, author, standing=standing)


def take_over(connection: Connection, heirs: Iterable[tuple[int, int]]) -> None:
    """Give photos the marks of others in the fields where they have none, (photo, other) by id.

    No step of undo, for nobody decided anything.
    """
    pairs = list(heirs)
    state = current(connection, {photo for pair in pairs for photo in pair})
    steps = [
        Step(photo, field, Mark(), mark, "policy" if mark.by == "photocull" else "photographer")
        for photo, other in pairs
        for field in FIELDS
        if (mark := state.get((other, field), Mark())).by is not None and state[photo, field].by is None
    ]
    if steps:
        words = sentence(steps)
        _append(connection, "decide", steps, f"Taken over: {words}", "another file of the same photo", None)


def undo(connection: Connection, initiator: str, author: str) -> Change | None:
    """Take back the author's last standing batch; a field that another hand has marked since stays as it is."""
    while (batch := _edge(connection, "done", func.max, author)) is not None:
        application = _last_application(connection, batch)
        applied = _steps(connection, application)
        ids = {step.photo_id for step in applied}
        state, theirs = current(connection, ids), marked_by_others(connection, ids, application, author)
        back = [
            Step(s.photo_id, s.field, s.after, s.before, "photographer")
            for s in applied
            if state.get(key := (s.photo_id, s.field)) == s.after and key not in theirs
        ]
        _stand(connection, batch, "undone" if back else "settled", author)
        if back:
            words = f"Undid: {sentence(s for s in applied)}"
            return _append(connection, "undo", back, words, initiator, author, target=batch)
    return None


def redo(connection: Connection, initiator: str, author: str) -> Change | None:
    """Make the author's batch again that was undone last; a field that anybody but a policy has marked since stays."""
    while (batch := _edge(connection, "undone", func.min, author)) is not None:
        first = _steps(connection, batch)
        ids = {step.photo_id for step in first}
        state, theirs = current(connection, ids), marked_by_others(connection, ids, batch, author)
        again = [
            step
            for s in first
            if (now := state.get(key := (s.photo_id, s.field))) is not None
            and (now.by != "photographer" or (now == s.before and key not in theirs))
            and allowed(step := Step(s.photo_id, s.field, now, s.after, s.who))
        ]
        _stand(connection, batch, "done" if again else "settled", author)
        if again:
            return _append(connection, "redo", again, f"Redid: {sentence(again)}", initiator, author, target=batch)
    return None


def current(connection: Connection, ids: Iterable[int]) -> State:
    """The derived marks of these photos, by photo and field."""
    state: State = {}
    columns = (photos.c.id, *MARKS)
    for part in chunked(sorted(ids)):
        for row in connection.execute(select(*columns).where(photos.c.id.in_(part))).mappings():
            for field in FIELDS:
                state[row["id"], field] = mark_of(row, field)
    return state


def replay(connection: Connection) -> State:
    """The marks that the whole journal leads to, for every field that it ever touched."""
    state: State = {}
    for row in connection.execute(select(journal).order_by(journal.c.id)):
        state[row.photo_id, row.field] = Mark(row.after, row.after_by)
    return state


def _of(author: str) -> ColumnElement[bool]:
    """What condition a batch meets that this author may take back."""
    return or_(batches.c.author.is_(None), batches.c.author == author)


def _edge(connection: Connection, standing: str, end: Any, author: str) -> int | None:
    return connection.scalar(select(end(batches.c.id)).where(batches.c.standing == standing, _of(author)))


def _stand(connection: Connection, batch: int, standing: str, author: str) -> None:
    connection.execute(update(batches).where(batches.c.id == batch).values(standing=standing, author=author))


def _last_application(connection: Connection, batch: int) -> int:
    """The batch itself, or its last redo, which may have found other marks to replace."""
    redone = select(func.max(batches.c.id)).where(batches.c.target == batch, batches.c.kind == "redo")
    return connection.scalar(redone) or batch


def _steps(connection: Connection, batch: int) -> list[Step]:
    rows = connection.execute(select(journal).where(journal.c.batch_id == batch).order_by(journal.c.id))
    return [
        Step(row.photo_id, row.field, Mark(row.before, row.before_by), Mark(row.after, row.after_by), row.who)
        for row in rows
    ]


def _append(
    connection: Connection,
    kind: Literal["decide", "undo", "redo"],
    steps: Sequence[Step],
    words: str,
    initiator: str,
    author: str | None,
    *,
    standing: str | None = None,
    target: int | None = None,
) -> Change:
    at = datetime.now(UTC).isoformat()
    row = {"kind": kind, "target": target, "initiator": initiator, "at": at, "sentence": words, "standing": standing}
    made = connection.execute(insert(batches).values({**row, "author": author}))
    batch = int(cast("Any", made.inserted_primary_key)[0])
    connection.execute(insert(journal), [_line(batch, step) for step in steps])
    _derive(connection, steps)
    marks = frozenset((step.photo_id, step.field) for step in steps)
    return Change(kind, tuple(dict.fromkeys(step.photo_id for step in steps)), batch, words, marks)


def _line(batch: int, step: Step) -> dict[str, Any]:
    return {
        "batch_id": batch,
        "photo_id": step.photo_id,
        "field": step.field,
        "before": step.before.value,
        "before_by": step.before.by,
        "after": step.after.value,
        "after_by": step.after.by,
        "who": step.who,
        "reason": plain(step.reason) or None,
    }


def _derive(connection: Connection, steps: Sequence[Step]) -> None:
    for field in FIELDS:
        rows = [
            {"key": s.photo_id, "new": spoken(field, s.after.value), "by": s.after.by}
            for s in steps
            if s.field == field
        ]
        if rows:
            change = update(photos).where(photos.c.id == bindparam("key"))
            connection.execute(change.values({field: bindparam("new"), f"{field}_by": bindparam("by")}), rows)
