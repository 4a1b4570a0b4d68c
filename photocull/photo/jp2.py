"""JPEG 2000 by Pillow; what has more than 8 bits by imagecodecs, as Pillow lets their white overflow into black.

Format: ISO/IEC 15444-1, annexes A.5.1 (SIZ) and I.5.3 (colr). Pillow hands on neither profile nor metadata.
"""

import io
from typing import Any, BinaryIO, Final

from numpy.typing import NDArray
from PIL import Image, Jpeg2KImagePlugin

from photocull.photo.boxes import boxes_in
from photocull.photo.deep import DeepImage

_START: Final = b"\xff\x4f\xff\x51"
_COUNT_AT: Final = 40
_EXIF: Final = b"JpgTiffExif->JP2"
"""As ExifTool, Exiv2 and ImageMagick mark it."""
_XMP: Final = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")
_OWN_PROFILE: Final = (2, 3)
_PLAIN: Final = (16, 17)
"""Enumerated colours that need no more than scaling: sRGB and grey."""


def open_jp2(file: BinaryIO) -> Image.Image:
    """Read the header of a JPEG 2000 file.

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged.
    """
    data = file.read()
    image: Image.Image = Jpeg2KImagePlugin.Jpeg2KImageFile(io.BytesIO(data))
    boxes = list(boxes_in(data)) if data[4:8] == b"jP  " else []
    header = list(boxes_in(dict(boxes).get(b"jp2h", b"")))
    bits = _bits(data)
    if bits > 8 and _is_plain(header):
        # Without its boxes: with them the library would apply a profile, and to the file's own depth.
        codestream = dict(boxes).get(b"jp2c", data)
        image = DeepImage(image, None, lambda: (_deep(codestream), (1 << bits) - 1))
    texts = {box[:16]: box[16:] for kind, box in boxes if kind == b"uuid"}
    found = {"icc_profile": _profile(header), "exif": texts.get(_EXIF), "xmp": texts.get(_XMP)}
    image.info.update({name: text for name, text in found.items() if text})
    return image


def _profile(header: list[tuple[bytes, bytes]]) -> bytes | None:
    colours = (box for kind, box in header if kind == b"colr")
    return next((box[3:] for box in colours if box[:1] and box[0] in _OWN_PROFILE), None)


def _is_plain(header: list[tuple[bytes, bytes]]) -> bool:
    """Whether the samples are the colours: no palette, no other space than RGB and grey."""
    named = [int.from_bytes(box[3:7]) for kind, box in header if kind == b"colr" and box[:1] == b"\1"]
    return not any(kind == b"pclr" for kind, _ in header) and all(space in _PLAIN for space in named)


def _bits(data: bytes) -> int:
    """Bits of a sample; 0 where its channels differ, are signed or of different size."""
    start = data.find(_START)
    count = int.from_bytes(data[start + _COUNT_AT : start + _COUNT_AT + 2])
    place = start + _COUNT_AT + 2
    channels = {data[place + 3 * i : place + 3 * i + 3] for i in range(min(count, 5))}
    if start < 0 or not 1 <= count <= 4 or len(channels) != 1:
        return 0
    (channel,) = channels
    return channel[0] + 1 if channel[1:] == b"\1\1" and channel[0] < 16 else 0


def _deep(codestream: bytes) -> NDArray[Any]:
    from imagecodecs import jpeg2k_decode  # libraries that most folders never need

    samples: NDArray[Any] = jpeg2k_decode(codestream, numthreads=1)
    return samples
