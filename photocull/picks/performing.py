"""An export or a clean-up from its plan to the catalogue that knows of it: the way of command line and window alike."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal

from photocull.catalog.database import Catalog
from photocull.catalog.records import FoundPhoto
from photocull.core.errors import PhotocullError
from photocull.core.named import is_there
from photocull.core.work import CancelToken, Listener
from photocull.photo.fingerprint import fingerprint
from photocull.photo.scan import scan
from photocull.picks.export import Outcome, carry_out
from photocull.picks.export_journal import Journal, begin, journals
from photocull.picks.plan import Plan, check_room
from photocull.picks.reach import needs
from photocull.picks.undo import undo

Command = Literal["export", "trash"]
"""What was asked for; the journal keeps it, so that each undoes its own."""
DONE: Final = {
    "copy": "copied", "hardlink": "linked", "symlink": "linked", "move": "moved", "convert": "converted",
    "trash": "moved",
}  # fmt: skip
"""Way -> what was done to the photos."""


def start(catalog: Catalog, plan: Plan, command: Command, home: Path, options: dict[str, Any] | None = None) -> Journal:
    """Write a plan down, when it fits on its drive.

    Args:
        home: the folder of all journals. options: what else is needed to carry it on, as JSON holds it.

    Raises:
        OutputError: there is no room, or the journal cannot be written.
    """
    check_room(plan)
    known = {"command": command, "catalog": catalog.location, **needs(plan)}
    return begin(plan, home, {**known, **(options or {})})


def perform(catalog: Catalog, journal: Journal, listener: Listener, token: CancelToken) -> Outcome:
    """Do what is still to be done, and let the catalogue follow what was moved; the journal must be held.

    Raises:
        As `export.carry_out`; what was moved until then is followed.
    """
    try:
        return carry_out(journal, listener, token)
    finally:
        _follow(catalog, journal, list(_moved_so_far(journal)))


def reverse(catalog: Catalog, journal: Journal, listener: Listener, token: CancelToken) -> Outcome:
    """Take it back, and let the catalogue follow what came back; the journal must be held.

    Raises:
        As `undo.undo`; what came back until then is followed.
    """
    try:
        return undo(journal, listener, token)
    finally:
        _follow(catalog, journal, list(_back_so_far(journal)))


def last(home: Path, commands: Sequence[Command], paths: Sequence[Path] = (), to: Path | None = None) -> Journal | None:
    """The newest that can be undone, of those to this folder and from these paths where any are named."""
    for journal in journals(home):
        if journal.state == "undone" or journal.options.get("command") not in commands:
            continue
        if to is not None and journal.folder != to:
            continue
        if not paths or any(p == e.item.source or p in e.item.source.parents for e in journal.entries for p in paths):
            return journal
    return None


Moved = tuple[Path, Path | None]


def _moved_so_far(journal: Journal) -> Iterator[Moved]:
    if journal.way in ("move", "trash"):
        for entry in journal.entries:
            if entry.main and entry.done:
                yield entry.item.source, entry.target if journal.way == "move" else None


def _back_so_far(journal: Journal) -> Iterator[Moved]:
    if journal.way in ("move", "trash"):
        for entry in journal.entries:
            if entry.main and entry.placed and entry.undone and is_there(entry.item.source):
                yield entry.item.source, entry.item.source


def _follow(catalog: Catalog, journal: Journal, moved: Sequence[Moved]) -> None:
    """Let the catalogue know at once where photos lie now; what it misses, it finds by content at the next look."""
    if journal.options.get("catalog") != catalog.location:
        return
    with suppress(PhotocullError):
        gone = [source for source, target in moved if target is None]
        if gone:
            catalog.writer.mark_missing(gone).result()
        there = scan([target for _, target in moved if target is not None]).photos if len(gone) < len(moved) else ()
        if there:
            catalog.writer.register([FoundPhoto(photo, fingerprint(photo.path)) for photo in there]).result()
