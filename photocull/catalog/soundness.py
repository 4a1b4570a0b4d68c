"""Whether a file is a catalogue that can be put back, and what it holds; looks, and changes nothing."""

import os
import shlex
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from photocull.catalog.backup import damage, reading
from photocull.catalog.faults import is_busy
from photocull.catalog.header import APPLICATION_ID
from photocull.catalog.kept import Kept, backups, moment
from photocull.catalog.location import is_usual, resolved
from photocull.catalog.upgrade import refuse_newer
from photocull.core.amounts import counted
from photocull.core.errors import CatalogBusyError, CatalogDamagedError, CatalogError, printable
from photocull.core.work import CancelToken

_ANOTHER = "Choose another backup."
_BUSY_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Holding:
    """How many photos and decisions a catalogue has."""

    photos: int
    decisions: int

    def __str__(self) -> str:
        """``1,204 photos, 310 decisions``."""
        return f"{counted(self.photos, 'photo')}, {counted(self.decisions, 'decision')}"


def holding(file: Path) -> Holding:
    """What a catalogue file holds, by a glance that finds most damage.

    Raises:
        CatalogDamagedError: it is damaged or no database. CatalogError: it is not there, another program's, or newer.
    """
    if not file.is_file():
        raise CatalogError("There is no such file.", path=file, remedy="See: photocull catalog restore --list")
    try:
        with reading(file) as connection:
            if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
                raise CatalogError("This is not a catalogue.", path=file, remedy=_ANOTHER)
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
            photos, decisions = (
                connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("photos", "journal")
            )
    except sqlite3.Error as error:
        raise CatalogDamagedError(f"It cannot be read: {error}.", path=file, remedy=_ANOTHER) from error
    refuse_newer(None if revision is None else str(revision[0]), str(file))
    return Holding(photos, decisions)


def proved(file: Path, token: CancelToken | None = None) -> Holding:
    """As `holding`, after every page was looked at.

    Raises:
        As `holding`. CancelledError: the token said so.
    """
    found = holding(file)
    try:
        fault = damage(file, token)
    except sqlite3.Error as error:
        fault = str(error)
    if fault:
        raise CatalogDamagedError(f"This backup is damaged: {fault}.", path=file, remedy=_ANOTHER)
    return found


def newest_sound(catalog: Path, token: CancelToken | None = None) -> tuple[Kept, Holding] | None:
    """The newest kept backup that can be put back.

    Raises:
        CancelledError: the token said so.
    """
    for kept in backups(resolved(catalog)):
        if token is not None:
            token.check()
        try:
            return kept, proved(kept.file, token)
        except CatalogError:
            continue
    return None


def is_sound(catalog: Path) -> bool:
    """Whether a catalogue's own file has no damage, what is not written back yet included.

    Raises:
        CatalogBusyError: another program has it for itself, so that nobody can tell.
    """
    try:
        with closing(sqlite3.connect(catalog, timeout=_BUSY_SECONDS)) as connection:
            return [row[0] for row in connection.execute("PRAGMA quick_check(1)")] == ["ok"]
    except sqlite3.Error as error:
        if is_busy(error):
            sentence = "Another program has this catalogue for itself; nothing was changed."
            raise CatalogBusyError(sentence, path=catalog, remedy="Close it and try again.") from error
        return False


def remedy_for(catalog: Path, token: CancelToken | None = None) -> str:
    """What to do about a damaged catalogue: the command that puts back its newest sound backup.

    Raises:
        CancelledError: the token said so.
    """
    newest = newest_sound(catalog, token)
    if newest is None:
        return "There is no sound backup beside it; move the file away to start a new catalogue."
    kept, held = newest
    words = ["photocull", "catalog", "restore", printable(kept.file)]
    words += [] if is_usual(catalog) else ["--catalog", printable(catalog)]
    return f"Put back the backup of {moment(kept.at)} ({held}): {' '.join(map(_quoted, words))}"


def _quoted(word: str) -> str:
    if os.name != "nt":
        return shlex.quote(word)
    return f'"{word}"' if " " in word else word
