"""One run in a folder at a time: a lock that the system lets go of however its process ends."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from photocull.core.errors import OutputError, TrainingError

_NAME = ".lock"


@contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Inside, no other process can enter with this folder, which is made if absent.

    Raises:
        TrainingError: another run works in it now. OutputError: it cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file = (folder / _NAME).open("a+b")
    except OSError as error:
        raise OutputError(f"The folder cannot be used: {error.strerror}.", path=folder) from error
    with file:
        try:
            _take(file)
        except OSError as error:
            remedy = "Wait for it, or use another --output."
            raise TrainingError("Another run works in this folder now.", path=folder, remedy=remedy) from error
        yield


if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
