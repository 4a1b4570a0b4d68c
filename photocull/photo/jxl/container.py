"""The boxes of a JPEG XL file: its codestream and what is written beside it (ISO/IEC 18181-2, clause 9)."""

from dataclasses import dataclass
from typing import Final

from photocull.photo.boxes import boxes_in

_SIGNATURE: Final = b"\x00\x00\x00\x0cJXL \r\n\x87\n"
_MOST_METADATA: Final = 16 << 20
"""Bytes that a packed box may unpack to; no EXIF or XMP of a camera is near it."""


@dataclass(frozen=True, slots=True)
class Contents:
    """The codestream, in one piece or as parts, and EXIF (a TIFF header first) and XMP, empty where there is none."""

    parts: tuple[bytes, ...]
    exif: bytes = b""
    xmp: bytes = b""

    def codestream(self, most: int | None = None) -> bytes:
        """The codestream from its beginning; of a long one no more than about ``most`` bytes if they are enough."""
        if most is None or len(self.parts) == 1:
            return b"".join(self.parts)[:most]
        joined, parts = b"", iter(self.parts)
        while len(joined) < most and (part := next(parts, None)) is not None:
            joined += part[:most]
        return joined


def contents_of(data: bytes) -> Contents:
    """What a file holds, bare codestream or boxes; boxes that make no sense are passed over."""
    if not data.startswith(_SIGNATURE):
        return Contents((data,))
    parts: list[bytes] = []
    texts: dict[bytes, bytes] = {}
    for kind, body in boxes_in(data):
        if kind == b"jxlc":
            parts.append(body)
        elif kind == b"jxlp":
            parts.append(body[4:])  # behind the part's number
        else:
            _keep(kind, body, texts)
    return Contents(tuple(parts), _tiff_of(texts.get(b"Exif", b"")), texts.get(b"xml ", b""))


def _keep(kind: bytes, body: bytes, texts: dict[bytes, bytes]) -> None:
    """The first box of EXIF and of XMP, unpacked where it is packed."""
    if kind == b"brob":
        kind, packed = body[:4], body[4:]
        if kind in (b"Exif", b"xml ") and kind not in texts:
            texts[kind] = _unpacked(packed)
    elif kind in (b"Exif", b"xml ") and kind not in texts and len(body) <= _MOST_METADATA:
        texts[kind] = body


def _unpacked(packed: bytes) -> bytes:
    from imagecodecs import BrotliError, brotli_decode

    for most in (1 << 16, 1 << 20, _MOST_METADATA):
        try:
            return bytes(brotli_decode(packed, out=most))
        except BrotliError:  # too little room is told as damage
            continue
    return b""


def _tiff_of(box: bytes) -> bytes:
    """The TIFF header and all behind it; the box says in its first four bytes how far away it begins."""
    start = 4 + int.from_bytes(box[:4])
    return box[start:] if len(box) > start else b""
