"""Who has a catalogue's file open: everyone shares a lock file beside it, and who replaces the file wants it alone.

The operating system holds the locks, so they end with the process that holds them; the empty file stays.
"""

import os
import random
import sys
from contextlib import suppress
from pathlib import Path
from typing import Final

from photocull.core.errors import CatalogBusyError

_RANGE: Final = 1 << 30
"""Windows has no shared locks in Python: there each takes one byte of so many, and who wants all takes them all."""


class Claim:
    """A held lock; `release` it, or leave it to the end of the process."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def release(self) -> None:
        """Let go; a second call does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def lock_of(catalog: Path) -> Path:
    """The lock file of a catalogue's file."""
    return catalog.with_name(f".{catalog.name}.lock")


def share(catalog: Path) -> Claim:
    """Use a catalogue's file beside others.

    Raises:
        CatalogBusyError: it is just being replaced.
    """
    claim = _claimed(catalog, alone=False)
    if claim is None:
        raise CatalogBusyError("A backup of the catalogue is being put back.", path=catalog, remedy="Try again soon.")
    return claim


def own(catalog: Path) -> Claim:
    """Have a catalogue's file alone, to replace it.

    Raises:
        CatalogBusyError: another Photocull has it open.
    """
    claim = _claimed(catalog, alone=True)
    if claim is None:
        sentence = "Another Photocull has this catalogue open; nothing was changed."
        raise CatalogBusyError(sentence, path=catalog, remedy="Close it and try again.")
    return claim


def claim_folder(folder: Path) -> Claim | None:
    """Have a folder of backups alone; None while another process writes there."""
    return _claimed(folder / "backups", alone=True)


def _claimed(catalog: Path, *, alone: bool) -> Claim | None:
    """The lock; one without effect where the place takes none: a catalogue there is seldom opened twice at once."""
    try:
        handle = os.open(lock_of(catalog), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError:
        return Claim(None)
    if _lock(handle, alone):
        return Claim(handle)
    os.close(handle)
    return None


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int, alone: bool) -> bool:
        for _ in range(1 if alone else 3):  # two that draw the same byte draw again
            with suppress(OSError):
                os.lseek(handle, 0 if alone else random.randrange(_RANGE), os.SEEK_SET)
                msvcrt.locking(handle, msvcrt.LK_NBLCK, _RANGE if alone else 1)
                return True
        return False

else:
    import fcntl

    def _lock(handle: int, alone: bool) -> bool:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks
            return True
        return True
