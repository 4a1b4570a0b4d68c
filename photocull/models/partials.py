"""The part of a download that has arrived, beside a note of which file it is a part of; kept until it is whole."""

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final

from photocull.core.errors import ModelError
from photocull.core.locks import BusyError, held
from photocull.models.shelf import failed

_FOLDER: Final = ".downloads"
_SUFFIX: Final = ".part"


class Partial:
    """A file that grows over several connections, and over several runs of the program.

    Args:
        path: where it lies; its note lies beside it with the suffix ``.json``.
        address: where it comes from; a part of another address's file is thrown away.
    """

    def __init__(self, path: Path, address: str) -> None:
        self.path = path
        self._note = path.with_name(f"{path.name}.json")
        self._address = address
        self.etag, self.total = self._noted()
        self.size = path.stat().st_size if path.is_file() else 0

    def begin(self, etag: str, total: int) -> None:
        """Note which version of the file this is a part of, before a byte of it is kept."""
        self.etag, self.total = etag, total
        table = {"address": self._address, "etag": etag, "total": total}
        self._note.write_text(json.dumps(table), "utf-8")

    @contextmanager
    def appending(self) -> Iterator[IO[bytes]]:
        """The file, open at its end; ``size`` is the caller's to keep."""
        with self.path.open("ab") as file:
            yield file

    def discard(self) -> None:
        """Throw away what has arrived."""
        self.path.unlink(missing_ok=True)
        self._note.unlink(missing_ok=True)
        self.size, self.etag, self.total = 0, "", 0

    def forget_if_empty(self) -> None:
        """Leave no note of a part that never came."""
        if not self.size:
            with suppress(OSError):
                self.discard()

    def _noted(self) -> tuple[str, int]:
        """ETag and size of the whole; a part without a fitting note is of no use."""
        try:
            table = json.loads(self._note.read_text("utf-8"))
            if table["address"] == self._address:
                return str(table["etag"]), int(table["total"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        self.path.unlink(missing_ok=True)
        return "", 0


def partial_size(name: str, shelf: Path) -> int:
    """Bytes that an interrupted download of this model has left for the next one; 0 if there are none."""
    with suppress(OSError):
        return (shelf / _FOLDER / f"{name}{_SUFFIX}").stat().st_size
    return 0


def discard_partial(name: str, shelf: Path) -> None:
    """Throw away what an interrupted download has left.

    Raises:
        ModelError: it is being fetched right now, or the folder cannot be changed.
    """
    if partial_size(name, shelf):
        with locked_partial(name, shelf, "") as partial:
            partial.discard()


@contextmanager
def locked_partial(name: str, shelf: Path, address: str) -> Iterator[Partial]:
    """A model's partial file, for this process alone; its folder goes when there is nothing left in it.

    Raises:
        ModelError: another process has it, the folder cannot be written, or the disk is full.
    """
    folder = shelf / _FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with held(folder / f"{name}.lock"):
            partial = Partial(folder / f"{name}{_SUFFIX}", address)
            try:
                yield partial
            finally:
                partial.forget_if_empty()
    except BusyError as error:
        raise ModelError(f"'{name}' is being downloaded already.", remedy="Wait until it is done.") from error
    except OSError as error:
        raise failed(error, shelf) from error
    finally:
        with suppress(OSError):
            folder.rmdir()
            shelf.rmdir()
