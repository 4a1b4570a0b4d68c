"""Two watches of one folder into one catalogue would do everything twice: the second one says so and ends."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from photocull.core.errors import OutputError, UsageError
from photocull.models.locks import BusyError, held


@contextmanager
def alone(state: Path, catalog: str, roots: Sequence[Path]) -> Iterator[None]:
    """Hold these folders while entered; they are free again when the process ends, however it ends.

    Args:
        state: where lock files lie; made if need be. catalog: which catalogue, file or URL.

    Raises:
        UsageError: another watch has one of them. OutputError: no lock file can be made.
    """
    with ExitStack() as stack:
        for root in roots:
            try:
                state.mkdir(parents=True, exist_ok=True)
                stack.enter_context(held(state / _name(catalog, root)))
            except BusyError as error:
                sentence = "Another watch looks at this folder already."
                raise UsageError(sentence, path=root, remedy="One is enough; end it first to begin anew.") from error
            except OSError as error:
                raise OutputError(f"The watch cannot keep its lock here: {error.strerror}.", path=state) from error
        yield


def _name(catalog: str, root: Path) -> str:
    real = os.fsencode(os.path.realpath(root))
    return hashlib.blake2b(os.fsencode(catalog) + b"\0" + real, digest_size=12).hexdigest() + ".lock"
