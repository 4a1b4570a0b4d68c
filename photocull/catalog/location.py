"""Looks at the place of a catalogue file first, to say what is wrong in better words than SQLite's."""

import errno
import os
from pathlib import Path

from photocull.catalog import kept
from photocull.catalog.header import begins_as_database, refuse_what_is_not_ours
from photocull.core.errors import CatalogError
from photocull.core.named import expanded
from photocull.core.settings import folders

_ELSEWHERE = "or choose another catalogue with --catalog."


def resolved(location: Path | str) -> Path:
    """Where a catalogue's file really lies, links followed: lock, log and backups lie beside it, and it is replaced."""
    return Path(os.path.realpath(expanded(location)))


def is_usual(file: Path) -> bool:
    """Whether this is the catalogue that is used where no other is named; of a file that was `resolved`."""
    return file == resolved(folders().catalog)


def look_at(file: Path) -> None:
    """Return if the file can be opened or created there.

    Raises:
        CatalogError: no folder, a folder in the file's place, no right to read and write, or something of another's.
    """
    if is_usual(file):
        # Only here: a folder that a person names must exist, or a slip of the pen starts an empty catalogue.
        _make(file.parent)
    try:
        _look_at(file)
        _refuse_what_never_was_one(file)
        refuse_what_is_not_ours(file)
    except OSError as error:
        remedy = f"Allow opening its folder, {_ELSEWHERE}"
        raise CatalogError(f"The catalogue cannot be reached: {error.strerror}.", path=file, remedy=remedy) from error


def _look_at(file: Path) -> None:
    if not file.parent.is_dir():
        remedy = f"Create the folder, or connect its drive, {_ELSEWHERE}"
        raise CatalogError("The catalogue's folder does not exist.", path=file.parent, remedy=remedy) from _not_there()
    if file.is_dir():
        raise CatalogError("This is a folder, not a catalogue.", path=file, remedy="Name a file in it.")
    if file.exists() and not _may(file, os.R_OK):
        raise CatalogError("The catalogue cannot be read.", path=file, remedy="Allow reading and writing this file.")
    if not _may(file.parent, os.W_OK) or (file.exists() and not _may(file, os.W_OK)):
        remedy = f"Allow writing to the file and its folder, {_ELSEWHERE}"
        # Of a catalogue on a drive that is not mounted yet there is a folder that nobody may write to, and no more.
        cause = None if file.exists() else _not_there()
        raise CatalogError("The catalogue is read-only.", path=file, remedy=remedy) from cause


def _refuse_what_never_was_one(file: Path) -> None:
    """A slip of the pen names a photo: it must not be called damaged, for that can be mended by an empty catalogue."""
    if is_usual(file) or not file.is_file() or begins_as_database(file) or kept.backups(file):
        return
    remedy = "Choose another file with --catalog. If this was one, move it away and put a backup in its place."
    raise CatalogError("This is not a catalogue.", path=file, remedy=remedy)


def _not_there() -> OSError:
    return FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))


def _may(path: Path, mode: int) -> bool:
    return os.access(path, mode, effective_ids=os.access in os.supports_effective_ids)


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        remedy = "Allow writing there, or set PHOTOCULL_HOME to another folder."
        raise CatalogError(f"The folder cannot be made: {error.strerror}.", path=folder, remedy=remedy) from error
