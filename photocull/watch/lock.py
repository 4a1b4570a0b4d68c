"""Two watches of one folder, or of one inside the other, into one catalogue: the second one says so and ends."""

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from photocull.core.errors import OutputError, UsageError
from photocull.core.locks import BusyError, held
from photocull.core.named import hashed

_GATE: Final = "begin.lock"
_PATIENCE: Final = 30.0
"""Seconds to wait for watches that begin at the same moment; each takes some milliseconds."""


@contextmanager
def alone(state: Path, catalog: str, roots: Sequence[Path]) -> Iterator[None]:
    """Hold these folders while entered; they are free again when the process ends, however it ends.

    Args:
        state: where lock files lie; made if need be. catalog: which catalogue, file or URL.

    Raises:
        UsageError: another watch has one of them, or one above or below. OutputError: no lock file can be made.
    """
    with ExitStack() as stack:
        try:
            state.mkdir(parents=True, exist_ok=True)
            with held(state / _GATE, _PATIENCE):
                others = list(_watched(state, catalog))
                for root in roots:
                    _refuse_nested(root, others)
                for root in roots:
                    stack.enter_context(_held(state, catalog, root))
        except OSError as error:
            why = "the disk is full" if error.errno == errno.ENOSPC else error.strerror
            raise OutputError(f"The watch cannot keep its lock here: {why}.", path=state) from error
        except BusyError as error:
            raise OutputError("Another watch is just beginning.", path=state, remedy="Try again.") from error
        yield


@contextmanager
def _held(state: Path, catalog: str, root: Path) -> Iterator[None]:
    """The folder's name lies in a file beside the lock, as Windows lets nobody else read what is locked."""
    lock = state / f"{hashed(catalog)}-{hashed(_real(root))}.lock"
    name = lock.with_suffix(".folder")
    try:
        with held(lock):
            name.write_text(_real(root), "utf-8", "surrogateescape")
            try:
                yield
            finally:
                with suppress(OSError):
                    name.unlink()
    except BusyError:
        raise _refused(root, "Another watch looks at this folder already.") from None


def _watched(state: Path, catalog: str) -> Iterator[Path]:
    """The folders that other watches of this catalogue look at; what one that was killed left is removed."""
    for name in state.glob(f"{hashed(catalog)}-*.folder"):
        with suppress(FileNotFoundError):  # it ended this very moment
            folder = Path(name.read_text("utf-8", "surrogateescape"))
            try:
                with held(name.with_suffix(".lock")):
                    name.unlink()
            except BusyError:
                yield folder


def _refuse_nested(root: Path, others: Sequence[Path]) -> None:
    real = Path(_real(root))
    for other in others:
        if other in real.parents:
            raise _refused(root, "Another watch looks at a folder above this one already.")
        if real in other.parents:
            raise _refused(root, "Another watch looks at a folder in this one already.")


def _refused(root: Path, sentence: str) -> UsageError:
    return UsageError(sentence, path=root, remedy="One is enough; end it first to begin anew.")


def _real(root: Path) -> str:
    return os.path.realpath(root)
