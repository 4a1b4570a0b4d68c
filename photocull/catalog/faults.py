"""Turns a database's complaints into `CatalogError` sentences that a photographer can act on."""

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from photocull.catalog.server_faults import BUSY, comes_back, sqlstate, words_for
from photocull.core.errors import CatalogBusyError, CatalogDamagedError, CatalogError, PhotocullError

_SENTENCES: Final[dict[int, tuple[str, str]]] = {
    sqlite3.SQLITE_READONLY: (
        "The catalogue is read-only.",
        "Allow writing to the file and its folder, or choose another catalogue with --catalog.",
    ),
    sqlite3.SQLITE_IOERR: (
        "The disk failed while the catalogue was read or written.",
        "Check the disk and its connection, then run 'photocull catalog check'.",
    ),
    sqlite3.SQLITE_CORRUPT: (
        "The catalogue is damaged.",
        "Put back its newest backup: photocull catalog restore",
    ),
    sqlite3.SQLITE_FULL: (
        "The disk is full; the last change was not saved.",
        "Free some space on the catalogue's disk and try again.",
    ),
    sqlite3.SQLITE_CANTOPEN: (
        "The catalogue cannot be opened.",
        "Check that the folder exists and that you may read and write it.",
    ),
    sqlite3.SQLITE_PERM: ("The catalogue cannot be opened.", "Check that you may read and write it."),
    sqlite3.SQLITE_NOTADB: (
        "This file is not a catalogue, or it is damaged.",
        "Choose another file with --catalog, or put back its newest backup: photocull catalog restore",
    ),
}
_DAMAGED: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)
_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_ROOMLESS: Final = (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN)
"""What SQLite says as well of a full disk, where there is no room for the files that it keeps beside the catalogue."""
_ROOM: Final = 100_000
"""Bytes that these take before anything is written."""
_PASSING: Final = (sqlite3.SQLITE_FULL, *_ROOMLESS)
_AWAY: Final = frozenset(
    getattr(errno, name, 0)
    for name in (
        "ENOSPC", "EDQUOT", "EIO", "EROFS", "EACCES", "ENOENT", "ENXIO", "ENODEV", "ESTALE", "ENOTCONN", "ETIMEDOUT",
        "EHOSTDOWN", "EHOSTUNREACH", "EMFILE", "ENFILE",
    )
)  # fmt: skip
"""What a full disk says, and a drive that is not there yet or whose bare mount point is nobody's to write to."""


def is_damage(error: BaseException) -> bool:
    """Whether SQLite's own driver says that a file is damaged, or no database."""
    return _code(error) in _DAMAGED


def is_busy(error: BaseException) -> bool:
    """Whether SQLite's own driver says that another connection is in the way."""
    return _code(error) in _BUSY


@contextmanager
def told(location: str) -> Iterator[None]:
    """Raise what the database complains of inside the block as a `CatalogError` about ``location``.

    Raises:
        CatalogBusyError: another process holds the catalogue. CatalogDamagedError: its file is damaged.
        CatalogError: anything else that the database refuses.
    """
    try:
        yield
    except SQLAlchemyError as error:
        raise explained(error, location) from error


def explained(error: SQLAlchemyError, location: str) -> CatalogError:
    """The sentence and remedy for one complaint."""
    code = primary_code(error)
    if code in _ROOMLESS and _is_full(Path(location).parent):
        code = sqlite3.SQLITE_FULL
    if code in _BUSY or sqlstate(error) in BUSY:
        sentence = "Another program is writing to the catalogue; nothing was changed."
        return CatalogBusyError(sentence, path=location, remedy="Try again when it has finished.")
    if code in _SENTENCES:
        sentence, remedy = _SENTENCES[code]
        kind = CatalogDamagedError if code in _DAMAGED else CatalogError
        return kind(sentence, path=location, remedy=remedy)
    if (words := words_for(error)) is not None:
        return CatalogError(words[0], path=location, remedy=words[1])
    cause = error.orig if isinstance(error, DBAPIError) else error
    remedy = "Run 'photocull catalog check'; the log has the details."
    return CatalogError(f"The catalogue refused the request: {cause}.", path=location, remedy=remedy)


def may_pass(error: PhotocullError) -> bool:
    """Whether it may be over in a while: another program is writing, a server starts, a disk is full or not mounted."""
    if isinstance(error, CatalogDamagedError):
        return False
    cause = error.__cause__
    if isinstance(cause, OSError):
        return cause.errno in _AWAY
    full = isinstance(cause, SQLAlchemyError) and primary_code(cause) in _PASSING
    return full or isinstance(error, CatalogBusyError) or comes_back(cause)


def primary_code(error: SQLAlchemyError) -> int | None:
    """SQLite's primary result code, None for other databases."""
    return _code(error.orig) if isinstance(error, DBAPIError) else None


def _is_full(folder: Path) -> bool:
    try:
        room = shutil.disk_usage(folder).free
        entries = os.statvfs(folder) if hasattr(os, "statvfs") else None
    except OSError:
        return False
    return room < _ROOM or (entries is not None and entries.f_files > 0 and entries.f_favail == 0)


def _code(error: BaseException | None) -> int | None:
    code = getattr(error, "sqlite_errorcode", None)
    return code & 0xFF if isinstance(code, int) else None
