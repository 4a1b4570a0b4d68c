"""One photo file, opened once and read-only; every failure to open or read it becomes one helpful sentence."""

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from PIL import Image

from photocull.core.errors import PhotocullError, UnreadablePhotoError
from photocull.photo.formats import Kind, complaint, sniff

HEAD_BYTES: Final = 4096
WHOLE_LIMIT: Final = 1 << 30
"""No format but TIFF needs more bytes than this for 250 megapixels."""

_SENTENCES: Final = {
    errno.ENOENT: "The file is no longer there.",
    errno.ENOTDIR: "The file is no longer there.",
    errno.EACCES: "No permission to read the file; check its permissions and its owner.",
    errno.EPERM: "No permission to read the file; check its permissions and its owner.",
    errno.EISDIR: "This is a folder, not a photo.",
    errno.ELOOP: "The link leads in a circle.",
    errno.EIO: "The disk or card could not read the file; copy it again while it still answers.",
    errno.ENAMETOOLONG: "The file's name is too long for this system.",
    errno.ENOTCONN: "The drive is no longer connected.",
    errno.EHOSTDOWN: "The drive is no longer connected.",
    errno.ESTALE: "The file is no longer there.",
}
DAMAGED: Final = "The file is damaged and cannot be read as a picture."
NO_MEMORY: Final = "The picture needs more memory than there is."
CUT_OFF: Final = "The file is cut off; what is there is shown."
CUT_SHORT: Final = "The file is cut off, and its format cannot be shown in part; copy it again."
NOTHING_LEFT: Final = "The file is cut off before anything of the picture can be shown; copy it again."


class Pulse(Protocol):
    """Hears of every piece of a file that was read, and when all of it is in memory."""

    def __call__(self, *, whole: bool = False) -> None:
        """A piece has arrived, or the last one."""


PULSE: Final[ContextVar[Pulse | None]] = ContextVar("pulse", default=None)
"""Set where somebody waits who must tell a slow drive from a silent one."""
_PIECE: Final = 1 << 18


class _Told(io.FileIO):
    """A file that is read piece by piece, so that it can be told how that goes on."""

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        count = super().readinto(memoryview(buffer)[:_PIECE])
        if (pulse := PULSE.get()) is not None:
            pulse()
        return count or 0


@dataclass(slots=True)
class Source:
    """An open photo file.

    Attributes:
        path: where it lies. file: open for reading. size: its bytes. head: its first `HEAD_BYTES`.
        kind: the format that its content tells.
    """

    path: Path
    file: BinaryIO
    size: int
    head: bytes
    kind: Kind
    _data: bytes | None = field(default=None, repr=False)

    def data(self) -> bytes:
        """The whole file, read once.

        Raises:
            UnreadablePhotoError: it is larger than any photo.
        """
        if self._data is None:
            if self.size > WHOLE_LIMIT:
                raise UnreadablePhotoError("The file is larger than any photo of this format can be.", path=self.path)
            self.file.seek(0)
            self._data = self.file.read(self.size)
            if (pulse := PULSE.get()) is not None:
                pulse(whole=True)
        return self._data


@contextmanager
def open_source(path: Path) -> Iterator[Source]:
    """Open a photo file; whatever fails inside the block becomes an `UnreadablePhotoError` of this path.

    Raises:
        UnreadablePhotoError: it cannot be opened, is empty, is no regular file, or its content is of no known format.
    """
    with failures_of(path), open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(HEAD_BYTES)
        if not head:
            raise UnreadablePhotoError("The file is empty (0 bytes).", path=path)
        kind = sniff(head, path.suffix)
        if kind is None:
            raise UnreadablePhotoError(complaint(head), path=path)
        yield Source(path, file, size, head, kind)


@contextmanager
def failures_of(path: Path) -> Iterator[None]:
    """Turn any failure in the block into an `UnreadablePhotoError` with one sentence.

    Decoders of hostile files raise nearly every built-in exception (struct.error, KeyError, AssertionError ...),
    so all are taken here, chained; only what asks the program to stop passes.
    """
    try:
        yield
    except PhotocullError:
        raise
    except MemoryError as error:
        raise UnreadablePhotoError(NO_MEMORY, path=path) from error
    except Exception as error:
        raise UnreadablePhotoError(_sentence(error), path=path) from error


def is_passing(error: BaseException) -> bool:
    """Whether the machine is at fault (memory, disk, network) rather than the content, whose reader says no number."""
    cause = error.__cause__ if isinstance(error, UnreadablePhotoError) else error
    if isinstance(cause, OSError):
        return cause.errno not in (None, errno.EINVAL)  # a damaged TIFF leads to places before the file's beginning
    return isinstance(cause, MemoryError)


def _sentence(error: Exception) -> str:
    if isinstance(error, OSError) and error.errno:
        return _SENTENCES.get(error.errno, f"The file could not be read: {error.strerror}.")
    if isinstance(error, Image.DecompressionBombError):
        return "The picture claims more pixels than any photo has; it was not opened."
    return DAMAGED


@contextmanager
def open_regular(path: Path) -> Iterator[BinaryIO]:
    """Open a regular file for reading; devices and pipes are told apart before they are opened, as opening may act.

    Raises:
        OSError: it cannot be opened. UnreadablePhotoError: it is not a regular file.
    """
    _require_regular(path.stat().st_mode, path)
    # A pipe that took the file's place since must not block us.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    descriptor = os.open(path, flags)
    with os.fdopen(descriptor, "rb") if PULSE.get() is None else io.BufferedReader(_Told(descriptor)) as file:
        _require_regular(os.fstat(descriptor).st_mode, path)
        yield file


def _require_regular(mode: int, path: Path) -> None:
    if stat.S_ISDIR(mode):
        raise UnreadablePhotoError("This is a folder, not a photo.", path=path)
    if not stat.S_ISREG(mode):
        raise UnreadablePhotoError("This is a device or pipe, not a photo file.", path=path)
