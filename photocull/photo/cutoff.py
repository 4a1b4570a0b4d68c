"""Whether a file ends before its own structure says that it does, so that it can be called cut off and not damaged."""

from typing import Final

from photocull.photo.formats import Kind

_END: Final = b"\xff\xd9"
_NEAR: Final = 64
"""Bytes behind the end of a JPEG 2000 codestream in which some programs leave rubbish."""


def ends_early(data: bytes, kind: Kind) -> bool:
    """Whether there should be more of a HEIF, AVIF, JPEG 2000 or WebP; False for other formats. Never raises."""
    if kind == "webp":
        # One byte less: an odd chunk at the end is often left without the byte that makes it even.
        return len(data) + 1 < 8 + int.from_bytes(data[4:8], "little")
    if kind == "jpeg2000" and data[4:8] != b"jP  ":
        return _END not in data[-_NEAR:]
    return kind in ("heif", "avif", "jpeg2000") and _boxes_end(data) > len(data)


def _boxes_end(data: bytes) -> int:
    """Where the last of the outermost boxes ends (ISO/IEC 14496-12, 4.2), as far as they can be followed."""
    position = 0
    while position + 8 <= len(data):
        size, header = int.from_bytes(data[position : position + 4]), 8
        if size == 1:
            size, header = int.from_bytes(data[position + 8 : position + 16]), 16
        if size == 0:
            return len(data)
        if size < header:
            return position
        position += size
    return position
