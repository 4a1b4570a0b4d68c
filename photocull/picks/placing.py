"""One file comes to its place: copied and read back, linked, or moved; the whole of it under its name, or nothing.

Nothing that lies at the target is ever replaced, and a source goes only when its content lies at the target for sure.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_IMODE
from typing import BinaryIO, Final

from photocull.core.durable import sync_folder
from photocull.core.errors import OutputError
from photocull.core.work import CancelToken
from photocull.picks.digests import PIECE, digest_of, forget_cached

FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)
"""What systems say where no other file could be written either."""
_NO_SECOND_NAME: Final = (
    *(errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOTSUP),  # the last two differ on macOS
    *(errno.ENOSYS, errno.EMLINK, errno.EINVAL),
)
"""What systems say where a file cannot have one: memory cards, network drives, files of other people."""
_REFUSES: Final = os.name == "nt"
"""Windows never replaces when it renames, and cannot take a name from a write-protected file."""

Ready = Callable[[str], None]
"""Hears the hash of a whole and checked file before it gets its name."""


def copy(source: Path, target: Path, part: Path, ready: Ready, token: CancelToken | None = None) -> None:
    """Copy a file with its times and rights, read the copy back, and give it its name.

    Args:
        part: where it is written first, in the target's folder; what lies there is replaced.

    Raises:
        OSError: it cannot be read or written, or something lies at the target. OutputError: the copy is not as the
            original, or that changed meanwhile. CancelledError: the token said so.
    """
    with source.open("rb") as file:
        before = os.fstat(file.fileno())
        made = hashlib.sha256()
        with written(part) as out:
            while piece := file.read(PIECE):
                made.update(piece)
                out.write(piece)
                if token is not None:
                    token.check()
        after = os.fstat(file.fileno())
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise OutputError("The file changed while it was copied.", path=source, remedy="Export it again.")
    _dress(part, source, before)
    finish(part, target, made.hexdigest(), ready)


def part_of(file: Path) -> Path:
    """Where a list is written before it gets its name: hidden, beside it."""
    return file.with_name(f".photocull-{file.name}.part")


@contextmanager
def written(part: Path) -> Iterator[BinaryIO]:
    """A new file to be written; on the disk when the block ends."""
    part.unlink(missing_ok=True)
    with part.open("xb") as out:
        yield out
        out.flush()
        os.fsync(out.fileno())
        forget_cached(out.fileno())


def finish(part: Path, target: Path, expected: str, ready: Ready) -> None:
    """Read a written file back, and give it its name if it is what it should be.

    Raises:
        OutputError: it is not. OSError: something lies at the target.
    """
    with part.open("rb") as file:
        if digest_of(file) != expected:
            remedy = "Check the drive and its cable, then export it again."
            raise OutputError("What was written is not what can be read back.", path=target, remedy=remedy)
    ready(expected)
    if _REFUSES or not second_name(part, target):
        _rename(part, target)
    with suppress(FileNotFoundError):
        part.unlink()
    sync_folder(target.parent)


def second_name(source: Path, target: Path) -> bool:
    """Let one file be known by a second name; False where this drive has no such thing, or it is another drive.

    Raises:
        OSError: something lies at the target, or the folder cannot be written.
    """
    try:
        _link(source, target)
    except OSError as error:
        if os.path.lexists(target):
            raise _taken(target) from error
        if error.errno not in (errno.EXDEV, *_NO_SECOND_NAME):
            raise
        return False
    return True


def move(source: Path, target: Path, part: Path, ready: Ready, token: CancelToken | None = None) -> bool:
    """Let a file lie at its target; whether the source has to be removed yet, with `release`.

    Raises:
        As `copy`.
    """
    if not _REFUSES and second_name(source, target):
        sync_folder(target.parent)
        return True
    if source.stat().st_dev == target.parent.stat().st_dev and _renamed(source, target):
        sync_folder(target.parent)
        sync_folder(source.parent)
        return False
    copy(source, target, part, ready, token)
    return True


def symlink(source: Path, target: Path) -> None:
    """Let the target be a link to the source's absolute path.

    Raises:
        OSError: something lies at the target, or this drive or system has no links.
    """
    target.symlink_to(source.absolute())


def _link(source: Path, target: Path) -> None:
    if os.link in os.supports_follow_symlinks:
        os.link(source, target, follow_symlinks=False)
    else:
        os.link(source, target)


def _rename(source: Path, target: Path) -> None:
    if os.path.lexists(target):  # Windows refuses by itself; elsewhere this is as near as one gets without hard links
        raise _taken(target)
    source.rename(target)


def _renamed(source: Path, target: Path) -> bool:
    """False between two mounts of one drive, which the system keeps as far apart as two drives."""
    try:
        _rename(source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _taken(target: Path) -> FileExistsError:
    return FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(target))


def _dress(part: Path, source: Path, state: os.stat_result) -> None:
    """Give a copy its original's notes, rights and times, as far as the drive takes them."""
    if hasattr(os, "listxattr"):
        with suppress(OSError):  # many drives keep no such notes, and say so in many ways
            for name in os.listxattr(source):
                with suppress(OSError):
                    os.setxattr(part, name, os.getxattr(source, name))
    with suppress(OSError):  # before the rights, which may forbid it
        os.utime(part, ns=(state.st_atime_ns, state.st_mtime_ns))
    with suppress(OSError):
        part.chmod(S_IMODE(state.st_mode))
