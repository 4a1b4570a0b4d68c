"""Keeps a catalogue safe: it is looked at when a program begins that stays open, and once a week a backup is made."""

import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from sqlalchemy import func, select

from photocull.catalog import kept
from photocull.catalog.backup import backup, damage
from photocull.catalog.claims import claim_folder
from photocull.catalog.database import Catalog
from photocull.catalog.schema import photos
from photocull.catalog.soundness import remedy_for
from photocull.core.errors import CancelledError, CatalogDamagedError, PhotocullError
from photocull.core.work import CancelToken

WEEK: Final = timedelta(days=7)
_STALE_SECONDS: Final = 86_400.0
"""A copy that nobody has written to for so long was left by a process that was killed."""
_log = logging.getLogger(__name__)


def keep_safe(
    catalog: Catalog, now: datetime | None = None, token: CancelToken | None = None, *, looks: bool = False
) -> Path | None:
    """Make this week's backup, if it is due and the catalogue is sound; cheap otherwise. Any thread but the window's.

    Args:
        now: an aware moment; the present one if None. looks: look at every page where no backup is due, too.

    Returns:
        The new backup; None where none is due, where there is nothing to lose, or another process is making one.

    Raises:
        CatalogDamagedError: the catalogue is damaged; every backup is still there, and the remedy names the newest.
        OutputError: the copy cannot be written. CancelledError: the token said so.
    """
    file, now = catalog.file, datetime.now().astimezone() if now is None else now
    if file is None or not ((due := _due(file, now)) or looks) or not _holds_something(catalog):
        return None
    if not due:
        _look(file, token)
        return None
    target = kept.new_name(file, kept.AUTOMATIC, now)
    claim = claim_folder(target.parent)
    if claim is None:
        return None
    try:
        if not _due(file, now):
            return None
        _sweep(target.parent)
        made = backup(file, target, token)
        kept.prune(file)
    except CatalogDamagedError as error:
        raise CatalogDamagedError(error.sentence, path=file, remedy=remedy_for(file, token)) from error
    finally:
        claim.release()
    return made


def _look(file: Path, token: CancelToken | None) -> None:
    try:
        fault = damage(file, token)
    except sqlite3.Error as error:  # another program has it for itself: the next start looks again
        _log.info("The catalogue could not be looked at: %s.", error)
        return
    if fault:
        _log.info("The catalogue is damaged: %s.", fault)
        raise CatalogDamagedError("The catalogue is damaged.", path=file, remedy=remedy_for(file, token))


@contextmanager
def kept_safe(catalog: Catalog, told: Callable[[PhotocullError], None]) -> Iterator[None]:
    """Do `keep_safe` beside what is done inside, and wait for it at the end, unless that fails or is stopped.

    Args:
        told: hears at the end, on the caller's thread, why no backup could be made.
    """
    token, faults = CancelToken(), list[PhotocullError]()
    worker = threading.Thread(target=_work, args=(catalog, token, faults), name="upkeep", daemon=True)
    worker.start()
    try:
        yield
    except BaseException:
        token.cancel()
        raise
    finally:
        worker.join()
    for fault in faults:
        told(fault)


def _work(catalog: Catalog, token: CancelToken, faults: list[PhotocullError]) -> None:
    try:
        keep_safe(catalog, token=token)
    except CancelledError:
        pass
    except PhotocullError as error:
        faults.append(error)
    except Exception:  # noqa: BLE001 - the log has it; the work beside it goes on
        _log.exception("The weekly backup failed.")


def _due(file: Path, now: datetime) -> bool:
    """Backups of days to come, from a clock that was wrong, do not count."""
    made = [one.at for one in kept.backups(file) if one.kind == kept.AUTOMATIC and one.at <= now]
    return not made or now - max(made) >= WEEK


def _holds_something(catalog: Catalog) -> bool:
    with catalog.reading() as connection:
        return bool(connection.scalar(select(func.count()).select_from(photos.select().limit(1).subquery())))


def _sweep(folder: Path) -> None:
    for left in folder.glob(".*.partial*"):
        with suppress(OSError):
            if time.time() - left.stat().st_mtime > _STALE_SECONDS:
                left.unlink()
