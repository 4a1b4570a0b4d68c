"""WebP by Pillow; of a file that is cut off the rows that are there, by imagecodecs.

Format: RFC 9649. libwebp has written each row that it could decode into the picture that it was given.
"""

import io
from contextlib import suppress
from typing import Any, BinaryIO, Final

import numpy as np
from PIL import Image, WebPImagePlugin

from photocull.core.types import Pixels
from photocull.photo.cutoff import ends_early

_PICTURES: Final = (b"VP8 ", b"VP8L")
_GREY: Final = 128


class CutWebp(Image.Image):
    """The rows of a still picture that a cut-off file holds, the rest mid-grey; what was transparent is shown.

    Args:
        header: as Pillow read it. data: the file, its chunks as short as they are.
    """

    def __init__(self, header: Image.Image, data: bytes) -> None:
        super().__init__()
        self._size, self._mode, self.info = header.size, "RGB", dict(header.info)
        self._data = data

    def load(self) -> Any:
        """Decode the picture, once."""
        if self._data:
            self.im, self._data = Image.fromarray(self._rows()).im, b""
        return super().load()

    def _rows(self) -> Pixels:
        from imagecodecs import WebpError, webp_decode  # libraries that most folders never need

        rows = np.full((self.height, self.width, 3), _GREY, np.uint8)
        with suppress(WebpError):  # so it says that the picture ends too early
            webp_decode(self._data, index=0, hasalpha=False, out=rows)
        return rows


def open_webp(file: BinaryIO) -> Image.Image:
    """Read the header of a WebP file; of one that is cut off, of what is left.

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged, or nothing of a picture is left.
    """
    data = file.read()
    if not ends_early(data, "webp"):
        return WebPImagePlugin.WebPImageFile(io.BytesIO(data))
    left, last = _shortened(data)
    image = WebPImagePlugin.WebPImageFile(io.BytesIO(left))
    return CutWebp(image, left) if last in _PICTURES else image


def _shortened(data: bytes) -> tuple[bytes, bytes]:
    """The file with sizes that are true, and the kind of the chunk in which it ends; one that is no picture goes."""
    position, last = 12, b""
    while position + 8 <= len(data):
        last = data[position : position + 4]
        size = int.from_bytes(data[position + 4 : position + 8], "little")
        if position + 8 + size > len(data):
            break
        position += 8 + size + (size & 1)
    kept = bytearray(data[:position])
    if last in _PICTURES:
        rest = data[position + 8 :]
        rest = rest[: len(rest) & ~1]
        kept += last + len(rest).to_bytes(4, "little") + rest
    kept[4:8] = (len(kept) - 8).to_bytes(4, "little")
    return bytes(kept), last
