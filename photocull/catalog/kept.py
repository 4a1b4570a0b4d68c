"""The folder of backups beside a catalogue: how they are named, what each holds, and how many of each kind stay."""

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from photocull.core.errors import OutputError

AUTOMATIC: Final = "automatic"
BEFORE_RESTORE: Final = "before-restore"
DAMAGED: Final = "damaged"
KEEP_AUTOMATIC: Final = 10
KEEP_OTHERS: Final = 5
"""Of the copies made before migrations, before restores, and of damaged catalogues; five of each."""
_STAMP: Final = "%Y-%m-%dT%H%M%S"
_NAME: Final = re.compile(r"-(\d{4}-\d\d-\d\dT\d{6})-([a-z]+(?:-[a-z]+)*)")
_PARTS: Final = ("", "-wal", "-shm", "-journal")
"""Endings of the files that SQLite keeps of one database."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept backup: its file, when it was made (local time), and of which kind it is, such as "automatic"."""

    file: Path
    at: datetime
    kind: str

    def __str__(self) -> str:
        """When it was made, and why if not by the week."""
        why = "" if self.kind == AUTOMATIC else f", {self.kind.replace('-', ' ')}"
        return f"{moment(self.at)}{why}"


_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def moment(at: datetime) -> str:
    """``Monday 23 November 2026, 14:02``, in English whatever the system speaks."""
    return f"{_DAYS[at.weekday()]} {at.day} {_MONTHS[at.month - 1]} {at.year}, {at:%H:%M}"


def folder_of(catalog: Path) -> Path:
    """Where a catalogue's backups lie."""
    return catalog.parent / "backups"


def new_name(catalog: Path, kind: str, at: datetime) -> Path:
    """A name that nothing has yet, in the folder of backups, which is made.

    Raises:
        OutputError: the folder cannot be made.
    """
    folder = folder_of(catalog)
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder for backups cannot be made: {error.strerror}.", path=folder) from error
    stem, number = f"{catalog.stem}-{at.astimezone():{_STAMP}}-{kind}", 1
    while (name := folder / f"{stem}{'' if number == 1 else f'-{number}'}{catalog.suffix}").exists():
        number += 1
    return name


def backups(catalog: Path) -> list[Kept]:
    """All kept backups of a catalogue, newest first; those of damaged catalogues are not among them."""
    return [one for one in _all(catalog) if one.kind != DAMAGED]


def prune(catalog: Path, *, besides: Iterable[Path] = ()) -> None:
    """Let go of the oldest of each kind; what cannot be deleted stays."""
    spared, by_kind = set(besides), dict[str, list[Kept]]()
    for one in _all(catalog):
        by_kind.setdefault(one.kind, []).append(one)
    for kind, found in by_kind.items():
        for one in found[KEEP_AUTOMATIC if kind == AUTOMATIC else KEEP_OTHERS :]:
            if one.file not in spared:
                remove(one.file)


def remove(file: Path) -> None:
    """Delete a database with all its files, as far as it can be deleted."""
    for part in parts(file):
        with suppress(OSError):
            part.unlink(missing_ok=True)


def parts(file: Path) -> Iterator[Path]:
    """The files that SQLite may keep of a database, itself first."""
    return (file.with_name(f"{file.name}{ending}") for ending in _PARTS)


def _all(catalog: Path) -> list[Kept]:
    try:
        files = [file for file in folder_of(catalog).iterdir() if _is_of(file, catalog)]
    except OSError:
        return []
    found = [_kept(file, catalog) for file in files]
    return sorted((one for one in found if one is not None), key=lambda one: (one.at, one.file.name), reverse=True)


def _is_of(file: Path, catalog: Path) -> bool:
    return file.suffix == catalog.suffix and file.name.startswith(f"{catalog.stem}-")


def _kept(file: Path, catalog: Path) -> Kept | None:
    match = _NAME.match(file.stem, len(catalog.stem))
    if match is None:
        return None
    try:
        return Kept(file, datetime.strptime(match[1], _STAMP).astimezone(), match[2])
    except ValueError:
        return None
