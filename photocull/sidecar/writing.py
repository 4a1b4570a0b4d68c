"""A sidecar on disk: read within bounds, replaced at once or not at all, read back; never a half file.

The new content goes to a hidden file in the same folder, to disk, and then under the name, in one step of the system.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from photocull.core.durable import sync_folder
from photocull.core.errors import SidecarError, UnreadablePhotoError, one_line
from photocull.core.work import CancelToken
from photocull.photo.content import content_of
from photocull.sidecar.document import MOST_BYTES, refused

_STALE: Final = 60.0
"""Seconds after which a hidden file is what a killed program left behind."""
_SLOTS: Final = 8
CANNOT_WRITE: Final = "The sidecar cannot be written"
"""How every sentence of this begins, to be told from what is wrong with a sidecar itself."""


def read_file(path: Path, *, token: CancelToken | None = None) -> bytes | None:
    """A sidecar's content; None where there is none.

    Raises:
        SidecarError: it cannot be read, is no regular file, or is larger than any sidecar.
        CancelledError: the token said so while a drive did not answer.
    """
    try:
        content = content_of(path, MOST_BYTES + 1, token=token)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _fault("cannot be read", path, error) from error
    except UnreadablePhotoError as error:
        raise SidecarError(f"The sidecar cannot be read: {error.sentence}", path=path) from error
    if len(content) > MOST_BYTES:
        raise SidecarError(refused(f"is larger than {MOST_BYTES >> 20} MB").sentence, path=path)
    return content


def replace_file(path: Path, content: bytes, before: bytes | None) -> None:
    """Put this content under the name, if what lies there is still what was read before.

    Args:
        before: the content that was read; None where there was no file.

    Raises:
        SidecarError: the file changed meanwhile, or the system refuses (read-only, disk full); the old one is whole.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    try:
        mode = _mode(target)
        with _filled(target, content, mode) as hidden:
            if read_file(target) != before:
                raise SidecarError("The sidecar changed while it was to be written; it is left as it is.", path=path)
            hidden.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise _fault("cannot be written", path, error) from error
    if read_file(target) != content:
        remedy = "Check the drive."
        raise SidecarError("The sidecar did not read back as it was written.", path=path, remedy=remedy)


def _hidden(target: Path) -> list[Path]:
    """Always the same few for a sidecar, so that what a killed program left is used up by a later one."""
    name = hashlib.blake2b(os.fsencode(target.name), digest_size=8).hexdigest()
    return [target.with_name(f".photocull-{name}-{number}.tmp") for number in range(_SLOTS)]


@contextmanager
def _filled(target: Path, content: bytes, mode: int | None) -> Iterator[Path]:
    """A hidden file with this content, on disk; gone afterwards unless it was renamed."""
    hidden, descriptor = _made(_hidden(target))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            hidden.chmod(mode)
        yield hidden
    finally:
        with suppress(OSError):
            hidden.unlink(missing_ok=True)


def _made(places: Sequence[Path]) -> tuple[Path, int]:
    """The first of these files that is free, made and open; one that lies there for long was left by a killed program.

    Raises:
        OSError: none can be made.
    """
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    for place in places[:-1]:
        with suppress(FileExistsError):
            return place, os.open(place, flags, 0o666)
        with suppress(FileNotFoundError):
            if abs(time.time() - place.stat().st_mtime) > _STALE:
                place.unlink()
                return place, os.open(place, flags, 0o666)
    return places[-1], os.open(places[-1], flags, 0o666)


def _mode(target: Path) -> int | None:
    """The permissions to keep; the system would replace a write-protected file, but whoever protected it meant it."""
    try:
        mode = stat.S_IMODE(target.stat().st_mode)
    except FileNotFoundError:
        return None
    if not mode & stat.S_IWUSR:
        raise PermissionError(None, "It is write-protected")
    return mode


def _fault(what: str, path: Path, error: OSError) -> SidecarError:
    reason = one_line(error.strerror or str(error)).rstrip(".")
    remedy = "Allow writing in this folder and see that the disk is not full." if "written" in what else None
    return SidecarError(f"The sidecar {what}: {reason[:1].lower()}{reason[1:]}.", path=path, remedy=remedy)
