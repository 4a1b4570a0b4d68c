"""One run in a folder at a time: a lock that the system lets go of however its process ends."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from photocull.core.errors import OutputError, TrainingError
from photocull.core.locks import BusyError, held

_NAME: Final = ".lock"


@contextmanager
def sole_run(folder: Path) -> Iterator[None]:
    """Inside, no other run can enter with this folder, which is made if absent.

    Raises:
        TrainingError: another run works in it now. OutputError: it cannot be written.
    """
    with ExitStack() as stack:
        _enter(stack, folder)
        yield


def _enter(stack: ExitStack, folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        stack.enter_context(held(folder / _NAME))
    except BusyError as error:
        remedy = "Wait for it, or use another --output."
        raise TrainingError("Another run works in this folder now.", path=folder, remedy=remedy) from error
    except OSError as error:
        raise OutputError(f"The folder cannot be used: {error.strerror}.", path=folder) from error
