"""HEIC and HEIF by pi-heif, which is spared what brings it down: broken texts in the list of items end the process."""

import io
from typing import BinaryIO

from PIL import ImageFile


def open_heif(file: BinaryIO) -> ImageFile.ImageFile:
    """Read the header of a HEIC or HEIF file; the library turns it upright while decoding.

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged.
    """
    data = file.read()
    if not _items_are_named(data):
        raise ValueError("the list of items is damaged")
    from pi_heif import HeifImageFile  # libraries that most folders never need

    image: ImageFile.ImageFile = HeifImageFile(io.BytesIO(data))
    return image


def _items_are_named(data: bytes) -> bool:
    """Whether types and names in all item entries (ISO/IEC 14496-12, 8.11.6) are text.

    pi-heif 1.4 makes Python strings of them without looking whether that worked, and follows a null pointer.
    """
    position = data.find(b"infe")
    while position >= 4:
        size = int.from_bytes(data[position - 4 : position])
        entry = data[position + 4 : position - 4 + size]
        # Version and flags, then an identity of two bytes (four from version 3 on) and the protection index.
        texts = entry[10 if entry[:1] >= b"\x03" else 8 :]
        if 12 <= size <= 4096 and not _is_text(texts):
            return False
        position = data.find(b"infe", position + 4)
    return True


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
