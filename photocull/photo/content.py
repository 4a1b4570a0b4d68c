"""The whole content of a small file beside photos; on a drive that may fall silent, a helper process reads it."""

import base64
from pathlib import Path

from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.photo.source import open_regular


def content_of(path: Path, most: int, *, token: CancelToken | None = None) -> bytes:
    """The first ``most`` bytes of a file.

    Raises:
        OSError: it cannot be opened or read. UnreadablePhotoError: it is no regular file, or its drive is silent.
        CancelledError: the token said so.
    """
    if silent_drive(path) is None:
        return content_here(path, most)
    from photocull.photo.guard import ask  # which only such drives need

    return base64.b64decode(ask("content", path, token=token, most=most).words["content"])


def content_here(path: Path, most: int) -> bytes:
    """As `content_of`, in this process."""
    with open_regular(path) as file:
        return file.read(most)
