"""Puts a backup in a catalogue's place; whenever it is interrupted, the old catalogue or the whole new one is there.

The present catalogue is kept aside first, damaged or not, so that this too can be taken back.
"""

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from photocull.catalog import kept
from photocull.catalog.backup import backup
from photocull.catalog.claims import lock_of, own
from photocull.catalog.database import open_catalog
from photocull.catalog.location import look_at, resolved
from photocull.catalog.salvage import Newer, bring_in, newer_decisions
from photocull.catalog.soundness import Holding, holding, is_sound, proved
from photocull.core.durable import sync_folder
from photocull.core.errors import CatalogDamagedError, CatalogError, OutputError


@dataclass(frozen=True, slots=True)
class Restored:
    """What a catalogue holds now, and where what it was before is kept.

    Attributes:
        salvaged: how many marks, decided since the backup, were saved out of the damaged catalogue.
        left_out: how many more were read there and not saved, such as those of photos that came after the backup.
    """

    holding: Holding
    aside: Path | None
    salvaged: int
    left_out: int = 0


def restore(catalog: Path, source: Path) -> Restored:
    """Put the backup ``source`` in the place of the catalogue's file.

    Where the present catalogue is damaged, what was decided since the backup is taken over from it, as far as its
    journal can be read; from a sound one nothing is.

    Raises:
        CatalogBusyError: another Photocull has the catalogue open. CatalogDamagedError: the backup is damaged.
        CatalogError: it is no backup, or newer than the program; or no catalogue is what it is to replace.
        OutputError: there is no room.
    """
    catalog, source = resolved(catalog), resolved(source)
    proved(source)
    look_at(catalog)
    claim = own(catalog)
    try:
        return _restore(catalog, source)
    finally:
        claim.release()


def start_anew(catalog: Path) -> Path | None:
    """Take a catalogue that cannot be mended out of the way, so that an empty one is made; where it is kept.

    Raises:
        CatalogBusyError: another Photocull has it open. OutputError: there is no room.
        CatalogError: it is something else than a catalogue, or may not be touched.
    """
    catalog = resolved(catalog)
    look_at(catalog)
    claim = own(catalog)
    try:
        aside, _sound = _set_aside(catalog)
        _drop_unwritten(catalog)
        _try(partial(catalog.unlink, missing_ok=True), catalog)
    finally:
        claim.release()
    return aside


def _restore(catalog: Path, source: Path) -> Restored:
    coming = catalog.with_name(f".{catalog.name}.coming")
    try:
        kept.remove(coming)
        backup(source, coming)
        aside, sound = _set_aside(catalog)
        salvaged, left_out = (0, 0) if sound else _salvage(catalog, coming)
        found = holding(coming)
        _drop_unwritten(catalog)
        _replace(coming, catalog)
    finally:
        kept.remove(coming)
        with suppress(OSError):
            lock_of(coming).unlink(missing_ok=True)
    kept.prune(catalog, besides=(source,))
    return Restored(found, aside, salvaged, left_out)


def _set_aside(catalog: Path) -> tuple[Path | None, bool]:
    """A copy of the catalogue as it is, None where there is none; and whether it is sound."""
    if not catalog.exists():
        return None, True
    now = datetime.now().astimezone()
    with suppress(CatalogDamagedError):
        if is_sound(catalog):
            return backup(catalog, kept.new_name(catalog, kept.BEFORE_RESTORE, now)), True
    aside = kept.new_name(catalog, kept.DAMAGED, now)
    names = zip(kept.parts(catalog), kept.parts(aside), strict=True)
    try:
        for part, copy in sorted(names, reverse=True):  # the file itself last: where it lies, all of it lies
            if part.exists():
                _copy(part, copy)
    except OSError as error:
        sentence = f"The damaged catalogue cannot be kept aside: {error.strerror}."
        raise OutputError(sentence, path=aside, remedy="Free some space and try again.") from error
    return aside, False


def _copy(source: Path, target: Path) -> None:
    """Byte by byte; complete or absent."""
    begun = target.with_name(f".{target.name}.partial")
    try:
        with source.open("rb") as read, begun.open("wb") as write:
            while block := read.read(1 << 20):
                write.write(block)
            write.flush()
            os.fsync(write.fileno())
        begun.replace(target)
        sync_folder(target.parent)
    finally:
        begun.unlink(missing_ok=True)


def _salvage(catalog: Path, coming: Path) -> tuple[int, int]:
    """How many marks were saved, and how many were not; what fails here must not keep the backup back."""
    newer = Newer()
    with suppress(CatalogError), open_catalog(coming, backup=False) as opened:
        newer = newer_decisions(catalog, opened)
        return bring_in(newer, opened), newer.left_out
    return 0, len(newer.decisions) + newer.left_out


def _drop_unwritten(catalog: Path) -> None:
    """End the files that go with the old one: SQLite would take them for the new one's and write them into it."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(catalog, timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").close()
    for part in list(kept.parts(catalog))[1:]:
        _try(partial(part.unlink, missing_ok=True), part)


def _replace(coming: Path, catalog: Path) -> None:
    with coming.open("rb+") as file:
        os.fsync(file.fileno())
    _try(partial(coming.replace, catalog), catalog)
    sync_folder(catalog.parent)


def _try(work: Callable[[], object], path: Path) -> None:
    try:
        work()
    except OSError as error:
        remedy = "Close every program that uses it and try again."
        raise OutputError(f"The catalogue cannot be replaced: {error.strerror}.", path=path, remedy=remedy) from error
