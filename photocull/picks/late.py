"""Sidecars that came to a photo after its move was planned: they go along with it, and come back with it."""

import os
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from photocull.picks.belonging import Group, strange_sidecars
from photocull.picks.collisions import members_of
from photocull.picks.export_journal import Entry, Journal
from photocull.picks.plan import Item

_MOVES: Final = ("move", "trash")


def take_along(journal: Journal) -> None:
    """Let sidecars that lie where photos lay, or lie yet, and that the plan did not know go where those go.

    Raises:
        OutputError: the journal cannot be written.
    """
    if journal.way not in _MOVES:
        return
    families = {f[0].item.source: f for f in journal.families() if f[0].main and not any(e.fault for e in f)}
    groups = [Group(main, tuple(e.item.source for e in f), f[0].placed) for main, f in families.items()]
    for group, photo, sidecars in strange_sidecars(groups):
        main = families[group.main][0]
        for path, ending in zip(sidecars, members_of(photo, sidecars), strict=True):
            target = None if journal.way == "trash" else _beside(main.target, main.item.source, ending)
            _add(journal, main, path, path, target)


def bring_along(journal: Journal) -> None:
    """Let sidecars that were made for photos at their new place come back with them, under their old names.

    Raises:
        OutputError: the journal cannot be written.
    """
    if journal.way != "move":
        return
    families = {f[0].target: f for f in journal.families() if f[0].main and f[0].placed and not f[0].undone}
    groups = [
        Group(main, tuple(e.target for e in f if e.target is not None))
        for main, f in families.items()
        if main is not None and not os.path.lexists(f[0].item.source)
    ]
    for group, photo, sidecars in strange_sidecars(groups):
        main = families[group.main][0]
        for path, ending in zip(sidecars, members_of(photo, sidecars), strict=True):
            back = _beside(main.item.source, main.item.source, ending)
            _add(journal, main, path, back, path)


def _beside(main: Path | None, named: Path, ending: str) -> Path:
    """A sidecar's name beside a main file; of that one's name all goes but the ending, which ``named`` has too."""
    if main is None:
        raise ValueError("only the system's trash chooses targets itself")
    return main.with_name(main.name.removesuffix(named.suffix) + ending)


def _add(journal: Journal, main: Entry, there: Path, source: Path, target: Path | None) -> None:
    with suppress(OSError):  # it is as short-lived as it is late
        state = there.lstat()
        if not stat.S_ISREG(state.st_mode) or _is_second_name(there, target):
            return
        entry = journal.add(main.photo, Item(source, target, state.st_size, state.st_mtime_ns))
        if there == target:
            journal.note(file=entry.number, placed=True, done=True)


def _is_second_name(there: Path, target: Path | None) -> bool:
    """Whether a file that stays lies at its target as well, so that there is nothing to be done."""
    return target is not None and target != there and os.path.lexists(target) and target.samefile(there)
