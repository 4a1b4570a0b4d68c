"""Copies of a catalogue file while it is in use, by SQLite's backup API; complete or absent, never half."""

import contextlib
import os
import sqlite3
from datetime import datetime
from pathlib import Path

from photocull.core.errors import OutputError


def backup(source: Path, target: Path) -> Path:
    """Write a copy of the catalogue file ``source`` to ``target``, with everything committed so far.

    Raises:
        OutputError: the copy cannot be written; an older file at ``target`` is still there.
    """
    partial = target.with_name(f".{target.name}.partial")
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as original,
            contextlib.closing(sqlite3.connect(partial)) as copy,
        ):
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE").close()
        _sync(partial)
        partial.replace(target)
    except (OSError, sqlite3.Error) as error:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        remedy = "Choose another place, or free some space."
        raise OutputError(f"The backup could not be written: {error}.", path=target, remedy=remedy) from error
    return target


def backup_before(source: Path, revision: str) -> Path:
    """A copy in the folder ``backups`` beside the catalogue, named by time and by the revision it has.

    Raises:
        OutputError: the copy cannot be written.
    """
    folder = source.parent / "backups"
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise OutputError(f"The folder for backups cannot be made: {error.strerror}.", path=folder) from error
    stamp = datetime.now().astimezone().strftime("%Y-%m-%dT%H%M%S")
    return backup(source, folder / f"{source.stem}-{stamp}-revision-{revision}{source.suffix}")


def _sync(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())
