"""A photo's content identity: its size and a hash of parts, so that a moved or renamed file is known again."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.photo.source import failures_of, open_regular

_PART: Final = 64 * 1024
_WHOLE: Final = 256 * 1024


def fingerprint(path: Path, *, token: CancelToken | None = None) -> str:
    """32 hexadecimal digits for the content of a file.

    BLAKE2b (RFC 7693) over the size and the first, middle and last 64 KiB; over everything up to 256 KiB. An edit that
    leaves the size and all three parts as they were goes unseen; picture formats keep their metadata in those parts.

    Args:
        token: ends the waiting for a silent drive.

    Raises:
        UnreadablePhotoError: the file cannot be read. CancelledError: the token said so.
    """
    if silent_drive(path) is None:
        return fingerprint_here(path)
    from photocull.photo.guard import ask  # which only such drives need

    return str(ask("fingerprint", path, token=token).words["fingerprint"])


def fingerprint_here(path: Path) -> str:
    """As `fingerprint`, in this process.

    Raises:
        UnreadablePhotoError: the file cannot be read.
    """
    with failures_of(path), open_regular(path) as file:
        return fingerprint_of(file, os.fstat(file.fileno()).st_size)


def fingerprint_of(file: BinaryIO, size: int) -> str:
    """As `fingerprint`, of an open file; moves its position."""
    digest = hashlib.blake2b(size.to_bytes(8, "little"), digest_size=16)
    for start, length in _parts(size):
        file.seek(start)
        digest.update(file.read(length))
    return digest.hexdigest()


def _parts(size: int) -> list[tuple[int, int]]:
    if size <= _WHOLE:
        return [(0, size)]
    return [(0, _PART), ((size - _PART) // 2, _PART), (size - _PART, _PART)]
