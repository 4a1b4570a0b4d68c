"""Canon's CR3 keeps its EXIF in boxes of its own: main, camera, maker's and GPS directory, each a small TIFF."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

from photocull.photo.boxes import boxes_in

_CANON: Final = bytes.fromhex("85c0b687820f11e08111f4ce462b6a48")
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_MOST_BOXES: Final = 64
_MOST_BYTES: Final = 4 << 20
"""Of the index of a CR3, in which all this lies; no camera writes a tenth of it."""


@dataclass(frozen=True, slots=True)
class Blocks:
    """The TIFF blocks by the directory that each holds first ("Image", "EXIF", "MakerNote", "GPS"), and the XMP."""

    directories: dict[str, bytes]
    xmp: bytes


_DIRECTORIES: Final = {b"CMT1": "Image", b"CMT2": "EXIF", b"CMT3": "MakerNote", b"CMT4": "GPS"}


def is_cr3(start: bytes) -> bool:
    """Whether a file that begins so is a CR3."""
    return start[4:12] == b"ftypcrx "


def read_blocks(file: BinaryIO) -> Blocks:
    """The blocks of an open CR3; those that are there of a broken one."""
    directories: dict[str, bytes] = {}
    xmp = b""
    for kind, body in _top_boxes(file):
        if kind == b"moov":
            for inner, uuid in boxes_in(body):
                if inner == b"uuid" and uuid.startswith(_CANON):
                    directories |= {_DIRECTORIES[k]: block for k, block in boxes_in(uuid[16:]) if k in _DIRECTORIES}
        elif kind == b"uuid" and body.startswith(_XMP):
            xmp = body[16:]
    return Blocks(directories, xmp)


def _top_boxes(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Index and XMP of the file; pictures are passed over unread."""
    position = 0
    for _ in range(_MOST_BOXES):
        file.seek(position)
        start = file.read(16)
        size, header = int.from_bytes(start[:4]), 8
        if size == 1:
            size, header = int.from_bytes(start[8:16]), 16
        if len(start) < 16 or size < header:
            return
        if start[4:8] in (b"moov", b"uuid") and size <= _MOST_BYTES:
            file.seek(position + header)
            yield start[4:8], file.read(size - header)
        position += size
