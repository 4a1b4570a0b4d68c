"""AVIF by Pillow; HDR, which it hands on in 8 bits, by imagecodecs."""

import io
from typing import Any, BinaryIO

from numpy.typing import NDArray
from PIL import AvifImagePlugin, Image

from photocull.photo.nclx import bits_of, in_named_colours


def open_avif(file: BinaryIO) -> Image.Image:
    """Read the header of an AVIF file; its EXIF says how it is to be turned, put together from the container's turns.

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged.
    """
    data = file.read()
    return in_named_colours(AvifImagePlugin.AvifImageFile(io.BytesIO(data)), data, lambda: _deep(data))


def _deep(data: bytes) -> tuple[NDArray[Any], int]:
    from imagecodecs import avif_decode  # libraries that most folders never need

    # One thread: photos are decoded beside each other.
    samples = avif_decode(data, index=0, numthreads=1)
    return samples, 255 if samples.itemsize == 1 else (1 << max(10, bits_of(data))) - 1
