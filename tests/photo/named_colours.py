"""AVIF and HEIC files for tests that name their colours by numbers, as phones' and cameras' HDR does."""

import base64
import io
from typing import Any

import numpy as np
from imagecodecs import avif_encode
from numpy.typing import NDArray
from PIL import Image

HEIC = """
AAAAHGZ0eXBoZWl4AAAAAG1pZjFoZWl4bWlhZgAAAX5tZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAACJpbG9jAAAAAERA
AAEAAQAAAAABogABAAAAAAAAAOsAAAAjaWluZgAAAAAAAQAAABVpbmZlAgAAAAABAABodmMxAAAAAA5waXRtAAAAAAABAAAA/mlwcnAAAADeaXBjbwAA
AHdodmNDAQQIAAAAnDgAAAAAHvAA/P/6+gAADwNgAAEAF0ABDAH//wQIAAADAJw4AAADAAAeugJAYQABACpCAQEECAAAAwCcOAAAAwAAHpAEECCbLdVd
Nc3CRAJBAAADABkAAAMAAQhiAAEACEQBwXMYMBiQAAAAE2NvbHJuY2x4AAkAEAAJgAAAABRpc3BlAAAAAAAAAEAAAABAAAAAKGNsYXAAAABAAAAAAQAA
ABAAAAABAAAAAAAAAAL////QAAAAAgAAABBwaXhpAAAAAAMKCgoAAAAYaXBtYQAAAAAAAAABAAEFgQIDBYQAAADzbWRhdAAAAOcoAa8GMginHA2AYh86
lwD/49jTn+fhCgJPMpDC8Psx9mD2c3aXk9cW0kxXzhLDlDTye0vqw616JkcN3XfFrFZth1nZHqr2wiKCwRzWpruWyPQzrP5tbd7yIlhbCAN4ObcB/jfY
Ww0clXqWcwFdou0jyOv2dn50YrEC5NU4iZUeLzfqOrksmh7A4M1xXQ1XLBn87Qv2akAaBlpyc8trKx3dVrrU+Q/NYEsDx51gzlCqO2pNcu+xwdRAoShX
tWjG1N143ttu6uVM0JYaDxr5IaRkjkh2G965oBYkfXgbQF3qVL2VVb+pWYA=
"""
"""10 bits by x265, all but lossless: 64 columns of rising numbers, in the upper half of all three colours, below of red
alone. It names BT.2020's primaries and PQ."""


def ramp() -> NDArray[np.uint16]:
    """What `HEIC` holds, in 10 bits."""
    numbers = np.tile(np.linspace(0, 1023, 64).round().astype(np.uint16)[:, None], (16, 1, 3))
    numbers[8:, :, 1:] = 0
    return numbers


def heic(primaries: int = 9, transfer: int = 16) -> bytes:
    """`ramp` in these colours (numbers of ITU-T H.273)."""
    return naming(base64.b64decode(HEIC), primaries, transfer)


def deep_avif(samples: NDArray[Any], primaries: int = 9, transfer: int = 16, bits: int = 10) -> bytes:
    """Lossless, in these colours."""
    return naming(bytes(avif_encode(samples, level=100, bitspersample=bits)), primaries, transfer)


def avif(picture: Image.Image, primaries: int = 1, transfer: int = 13, **options: Any) -> bytes:
    """8 bits by Pillow, in these colours."""
    buffer = io.BytesIO()
    picture.save(buffer, "AVIF", quality=95, subsampling="4:4:4", **options)
    return naming(buffer.getvalue(), primaries, transfer)


def naming(content: bytes, primaries: int, transfer: int) -> bytes:
    """A file with other numbers in its box of colours."""
    place = content.index(b"nclx") + 4
    return content[:place] + primaries.to_bytes(2) + transfer.to_bytes(2) + content[place + 4 :]
