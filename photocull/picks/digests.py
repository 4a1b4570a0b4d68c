"""A file's whole content as a hash, read from the disk rather than from memory where the system can be told so."""

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Final

from photocull.core.work import CancelToken

PIECE: Final = 1 << 20


def digest(path: Path, *, token: CancelToken | None = None) -> str:
    """SHA-256 (FIPS 180-4) of a file in 64 hexadecimal digits, as ``sha256sum`` prints it.

    Raises:
        OSError: it cannot be read. CancelledError: the token said so.
    """
    with path.open("rb") as file:
        return digest_of(file, token=token)


def digest_of(file: BinaryIO, *, token: CancelToken | None = None) -> str:
    """As `digest`, of what is left of an open file."""
    made = hashlib.sha256()
    while piece := file.read(PIECE):
        made.update(piece)
        if token is not None:
            token.check()
    return made.hexdigest()


def forget_cached(descriptor: int) -> None:
    """Ask the system to drop what it keeps of a synced file, so that reading it again asks the disk."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def same_content(one: Path, other: Path) -> bool:
    """Whether two files are equal in every byte.

    Raises:
        OSError: one of them cannot be read.
    """
    return one.stat().st_size == other.stat().st_size and digest(one) == digest(other)
