"""Copies of a catalogue file while it is in use, by SQLite's backup API; complete and sound, or absent."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from photocull.catalog import kept
from photocull.catalog.faults import is_damage
from photocull.core.durable import sync_folder
from photocull.core.errors import CatalogDamagedError, OutputError
from photocull.core.work import CancelToken

_PAGES: Final = 2048
"""Copied between two looks at the token: 8 MB."""
_STEPS: Final = 100_000
"""Of SQLite's machine between two looks at the token: some milliseconds."""


def backup(source: Path, target: Path, token: CancelToken | None = None) -> Path:
    """Write a copy of the catalogue file ``source`` to ``target``, with everything committed so far.

    Raises:
        CatalogDamagedError: the catalogue is damaged; an older file at ``target`` is still there, as with all errors.
        OutputError: the copy cannot be written. CancelledError: the token said so.
    """
    partial = target.with_name(f".{target.name}.partial")
    kept.remove(partial)
    try:
        _copy(source, partial, token)
        if damage(partial, token):
            raise CatalogDamagedError("The catalogue is damaged; no backup of it was made.", path=source)
        with partial.open("rb+") as file:
            os.fsync(file.fileno())
        partial.replace(target)
        sync_folder(target.parent)
    except (OSError, sqlite3.Error) as error:
        if is_damage(error):
            raise CatalogDamagedError("The catalogue is damaged; no backup of it was made.", path=source) from error
        remedy = "Choose another place, or free some space."
        raise OutputError(f"The backup could not be written: {error}.", path=target, remedy=remedy) from error
    finally:
        kept.remove(partial)
    return target


def backup_before(source: Path, revision: str) -> Path:
    """A copy in the folder ``backups`` beside the catalogue, named by time and by the revision it has.

    Raises:
        CatalogDamagedError: there is nothing sound to copy. OutputError: the copy cannot be written.
    """
    made = backup(source, kept.new_name(source, f"revision-{revision}", datetime.now().astimezone()))
    kept.prune(source)
    return made


def damage(file: Path, token: CancelToken | None = None) -> str:
    """What is wrong with a database file's pages, empty if nothing is; the catalogue's own rules are not looked at.

    Raises:
        sqlite3.Error: it cannot be looked at. CancelledError: the token said so.
    """
    try:
        with reading(file) as connection, _stoppable(connection, token):
            lines = [str(row[0]) for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise
        return str(error)
    return "" if lines == ["ok"] else lines[0]


@contextlib.contextmanager
def reading(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that changes nothing, also to a file that nobody may write.

    Raises:
        sqlite3.Error: it is no database that can be opened.
    """
    try:
        connection = _opened(file, "mode=ro")
    except sqlite3.OperationalError:
        if file.with_name(f"{file.name}-wal").exists():
            raise
        connection = _opened(file, "immutable=1")  # in WAL mode and without its files: reading would make them
    with contextlib.closing(connection):
        yield connection


def _opened(file: Path, how: str) -> sqlite3.Connection:
    connection = sqlite3.connect(f"{file.absolute().as_uri()}?{how}", uri=True, timeout=30)
    try:
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        connection.close()
        raise
    return connection


def _copy(source: Path, partial: Path, token: CancelToken | None) -> None:
    def look(_status: int, _remaining: int, _total: int) -> None:
        if token is not None:
            token.check()

    with reading(source) as original, contextlib.closing(sqlite3.connect(partial)) as copy:
        original.execute("BEGIN")  # one moment of the catalogue, however many steps the copy takes
        original.execute("SELECT count(*) FROM sqlite_master").fetchone()
        original.backup(copy, pages=_PAGES, progress=look)
        copy.execute("PRAGMA journal_mode=DELETE").close()


@contextlib.contextmanager
def _stoppable(connection: sqlite3.Connection, token: CancelToken | None) -> Iterator[None]:
    if token is None:
        yield
        return
    connection.set_progress_handler(lambda: int(token.cancelled), _STEPS)
    try:
        yield
    except sqlite3.OperationalError:
        token.check()
        raise
