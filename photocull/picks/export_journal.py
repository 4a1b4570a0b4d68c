"""What an export or a clean-up did, file by file, as lines of JSON: enough to go on after a kill, and to undo it all.

The plan is written whole before anything is touched. Afterwards lines are only appended; a torn last line is dropped.
"""

import json
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal, cast

from photocull.core.durable import sync_folder
from photocull.core.errors import OutputError
from photocull.core.locks import BusyError, held
from photocull.picks.plan import Family, Item, Plan, Way

_VERSION: Final = 1
State = Literal["open", "finished", "undoing", "undone"]


@dataclass(slots=True)
class Entry:
    """One planned file and what became of it.

    Attributes:
        number: of the file in the plan, from 0. photo: that of its photo. main: whether it is the photo's main file.
        hash: SHA-256 of what was written, where it was. target: where it lies; of the system's trash, once it is known.
        placed: it lies at its target. done: nothing is left to do. fault: why it was given up. undone: it is back.
    """

    number: int
    item: Item
    photo: int
    main: bool
    target: Path | None
    hash: str | None = None
    placed: bool = False
    done: bool = False
    fault: str | None = None
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Beside:
    """A file about the photos that is written beside them; ``hash`` is SHA-256 of the whole of it, None until then."""

    path: Path
    hash: str | None = None


@dataclass(slots=True)
class Journal:
    """An export's journal, read or begun; only who holds it with `holding` may append.

    Attributes:
        file: where it lies; its name begins with the time. at: when it was begun. options: what else it was asked with.
        folders: those that were made on the way. beside: kind of list -> where it lies, or was begun.
    """

    file: Path
    way: Way
    folder: Path | None
    at: datetime
    entries: list[Entry]
    options: dict[str, Any] = field(default_factory=dict)
    folders: list[Path] = field(default_factory=list)
    beside: dict[str, Beside] = field(default_factory=dict)
    state: State = "open"

    @property
    def photos(self) -> int:
        """How many photos it is about."""
        return len({entry.photo for entry in self.entries})

    @property
    def extras(self) -> list[str]:
        """Kinds of lists that are to be written at its end."""
        wished: list[str] = self.options.get("extras", [])
        return wished

    def families(self) -> list[list[Entry]]:
        """The files photo by photo, in the plan's order."""
        grouped: dict[int, list[Entry]] = {}
        for entry in self.entries:
            grouped.setdefault(entry.photo, []).append(entry)
        return list(grouped.values())

    def part(self, entry: Entry) -> Path:
        """Where a file is written before it gets its name: hidden, beside its target, known by this journal alone."""
        target = entry.target or entry.item.source
        return target.with_name(f".photocull-{self.file.stem[-8:]}-{entry.number}.part")

    def add(self, photo: int, item: Item) -> Entry:
        """Let one more file belong to a photo of the plan; raises as `note`."""
        self.note(durable=True, **_item_line(photo, item, main=False))
        return self.entries[-1]

    def note(self, *, durable: bool = False, **words: Any) -> None:
        """Append a line and let it take effect here.

        Args:
            durable: on the disk when this returns.

        Raises:
            OutputError: it cannot be written.
        """
        try:
            with self.file.open("ab") as file:
                file.write(_line(words))
                file.flush()
                if durable:
                    os.fsync(file.fileno())
        except OSError as error:
            raise _unwritable(self.file, error) from error
        _apply(self, words)


def begin(plan: Plan, home: Path, options: dict[str, Any] | None = None) -> Journal:
    """Write a plan down before anything is touched.

    Args:
        home: the folder of all journals. options: what else is needed to carry it on, as JSON holds it.

    Raises:
        OutputError: it cannot be written.
    """
    at = datetime.now(UTC)
    file = home / f"{at:%Y%m%d-%H%M%S-%f}-{secrets.token_hex(4)}.jsonl"
    head = {"version": _VERSION, "way": plan.way, "to": _text(plan.folder), "at": at.isoformat(), **(options or {})}
    lines = [_line(head), *(_line(words) for words in _planned(plan.families)), _line({"planned": plan.files})]
    part = file.with_suffix(".part")
    try:
        home.mkdir(parents=True, exist_ok=True)
        with part.open("wb") as out:
            out.writelines(lines)
            out.flush()
            os.fsync(out.fileno())
        part.rename(file)
        sync_folder(home)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise _unwritable(file, error) from error
    return read(file)


def journals(home: Path, *, interrupted: bool = False, to: Path | None = None) -> Iterator[Journal]:
    """All that can be read, newest first; or those alone that were stopped at work, of which there are seldom any.

    Args:
        to: only of exports to this folder.
    """
    for file in sorted(home.glob("*.jsonl"), reverse=True):
        try:
            if (not interrupted or not _is_settled(file)) and (to is None or _leads_to(file, to)):
                yield read(file)
        except (OSError, ValueError, KeyError, IndexError, TypeError):  # a damaged one must not hide the others
            continue


def _is_settled(file: Path) -> bool:
    """Whether the last line says that nothing is left to do; journals of large exports take long to read whole."""
    with file.open("rb") as opened:
        opened.seek(max(0, opened.seek(0, os.SEEK_END) - 100))
        return opened.read().endswith((_line({"state": "finished"}), _line({"state": "undone"})))


def _leads_to(file: Path, folder: Path) -> bool:
    with file.open("rb") as opened:
        return bool(json.loads(opened.readline())["to"] == str(folder))


def read(file: Path) -> Journal:
    """A journal as it stands.

    Raises:
        OSError: it cannot be read. ValueError, KeyError, IndexError, TypeError: it is none.
    """
    lines = file.read_bytes().split(b"\n")[:-1]  # what no line end follows was torn by a kill
    head, *rest = (json.loads(line) for line in lines)
    options = {name: value for name, value in head.items() if name not in ("version", "way", "to", "at")}
    folder = None if head["to"] is None else Path(head["to"])
    journal = Journal(file, cast("Way", head["way"]), folder, datetime.fromisoformat(head["at"]), [], options)
    for words in rest:
        _apply(journal, words)
    return journal


@contextmanager
def holding(journal: Journal) -> Iterator[Journal]:
    """The journal as it stands now, for this process alone.

    Raises:
        BusyError: another process works on it. OutputError: it cannot be written.
    """
    with ExitStack() as stack:
        try:
            stack.enter_context(held(journal.file.with_suffix(".lock")))
            _drop_torn_line(journal.file)
        except OSError as error:
            raise _unwritable(journal.file, error) from error
        yield read(journal.file)


def _drop_torn_line(file: Path) -> None:
    content = file.read_bytes()
    whole = content.rfind(b"\n") + 1
    if whole < len(content):
        os.truncate(file, whole)


def _planned(families: Sequence[Family]) -> Iterator[dict[str, Any]]:
    for number, family in enumerate(families):
        for item in family.items:
            yield _item_line(number, item, main=item.source == family.photo)


def _item_line(photo: int, item: Item, *, main: bool) -> dict[str, Any]:
    return {
        "photo": photo,
        "main": main,
        "source": str(item.source),
        "target": _text(item.target),
        "size": item.size,
        "mtime_ns": item.mtime_ns,
    }


def _apply(journal: Journal, words: dict[str, Any]) -> None:
    """What one line says."""
    if "source" in words:
        target = None if words["target"] is None else Path(words["target"])
        item = Item(Path(words["source"]), target, words["size"], words["mtime_ns"])
        journal.entries.append(Entry(len(journal.entries), item, words["photo"], words["main"], target))
    elif "folder" in words:
        journal.folders.append(Path(words["folder"]))
    elif "extra" in words:
        journal.beside[words["extra"]] = Beside(Path(words["at"]), words.get("hash"))
    elif "state" in words:
        journal.state = words["state"]
    elif "file" in words:
        entry = journal.entries[words["file"]]
        if "target" in words:
            entry.target = None if words["target"] is None else Path(words["target"])
        for name in ("hash", "placed", "done", "fault", "undone"):
            if name in words:
                setattr(entry, name, words[name])


def _line(words: dict[str, Any]) -> bytes:
    return json.dumps(words).encode("ascii") + b"\n"


def _text(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _unwritable(file: Path, error: OSError) -> OutputError:
    remedy = "Make room there, or allow writing; nothing goes on without its journal."
    return OutputError(f"The journal cannot be written: {error.strerror}.", path=file, remedy=remedy)


__all__ = ["Beside", "BusyError", "Entry", "Journal", "begin", "holding", "journals", "read"]
