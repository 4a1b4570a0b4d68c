"""A lock file between processes: held by the operating system, so that it dies with the process that holds it."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

_PAUSE: Final = 0.05


class BusyError(Exception):
    """Another process, or another thread of this one, holds the lock."""


@contextmanager
def held(path: Path, patience: float = 0.0) -> Iterator[None]:
    """Hold the lock while entered; the file is there only as long.

    Args:
        path: the lock file; its folder exists.
        patience: seconds to wait for another holder.

    Raises:
        BusyError: it is held elsewhere.
        OSError: the folder cannot be written.
    """
    handle = _taken(path, time.monotonic() + patience)
    try:
        yield
    finally:
        if sys.platform == "win32":  # there an open file cannot be deleted
            os.close(handle)
            with suppress(OSError):
                path.unlink()
        else:
            with suppress(OSError):
                path.unlink()
            os.close(handle)


def _taken(path: Path, until: float) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        if _lock(handle):
            if _is_still(handle, path):
                return handle
            os.close(handle)  # the holder before us deleted the file that we waited for
            continue
        os.close(handle)
        if time.monotonic() >= until:
            raise BusyError
        time.sleep(_PAUSE)


def _is_still(handle: int, path: Path) -> bool:
    try:
        now = path.stat()
    except OSError:
        return False
    ours = os.fstat(handle)
    return (now.st_dev, now.st_ino) == (ours.st_dev, ours.st_ino)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: one person's models are seldom changed twice at once
            return True
        return True
