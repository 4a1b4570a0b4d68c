"""Sound files of every format, and how they are spoilt: what broken files look like, made by the thousand."""

import io
import struct
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from tests.building import draw
from tests.conftest import SHARED
from tests.photo.heic_files import grid_heic
from tests.photo.jxl_files import codestream, inks
from tests.photo.named_colours import deep_avif, heic, ramp
from tests.photo.reading import oriented
from tests.photo.test_jp2 import jp2
from tests.photo.test_raw import dng, jpeg_of
from tests.photo.tiff_files import tiff

FORMS: Final[Mapping[str, tuple[str, Mapping[str, object]]]] = {
    "a.jpg": ("JPEG", {}),
    "progressive.jpg": ("JPEG", {"progressive": True, "quality": 60}),
    "a.png": ("PNG", {}),
    "a.gif": ("GIF", {}),
    "a.webp": ("WEBP", {}),
    "lossless.webp": ("WEBP", {"lossless": True}),
    "raw.tif": ("TIFF", {}),
    "lzw.tif": ("TIFF", {"compression": "tiff_lzw"}),
    "deflate.tif": ("TIFF", {"compression": "tiff_adobe_deflate"}),
    "jpeg.tif": ("TIFF", {"compression": "jpeg"}),
    "a.avif": ("AVIF", {}),
    "a.jp2": ("JPEG2000", {}),
    "a.j2k": ("JPEG2000", {"no_jp2": True}),
}
_READY: Final[Mapping[str, Callable[[], bytes]]] = {
    "sensor.dng": lambda: dng((200, 168)),
    "preview.dng": lambda: dng((400, 300), jpeg_of(320, 240), 6),
    "a.jxl": lambda: codestream(draw((48, 32))),
    "inks.jxl": inks,
    "planes.tif": lambda: tiff(draw((48, 32)).astype(np.uint16) * 257, planar=True),
    "float.tif": lambda: tiff((draw((48, 32)) / 255).astype(np.float32), tile=16),
    "hdr.avif": lambda: deep_avif(ramp()),
    "hdr.heic": heic,
    "grid.heic": lambda: grid_heic(3, 2, orientation=6),
    "deep.jp2": lambda: jp2(draw((48, 32)).astype(np.uint16) * 257, bits=16),
}
MADE: Final = (*FORMS, *_READY)
"""Seeds that can be made here."""
_KEPT: Final = {
    "heif": ("heif/pillow_heif__RGB_8__128x128.heif", "heif/pillow_heif__RGB_8_chroma444.heif"),
    "raw": ("raw/exiv2__IMG_1361.dng", "raw/rawpy__RAW_KODAK_DC50_é.KDC"),
}
GIVEN: Final = tuple(name for names in _KEPT.values() for name in names)
"""Seeds of the shared photos, of formats that no library here writes."""
_EXTREMES: Final = (0, 1, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0)
_HEAD: Final = 600


@cache
def seed(name: str) -> bytes:
    """The content of a sound file.

    Raises:
        FileNotFoundError: it is of the shared photos, which are not there.
    """
    if name in GIVEN:
        return (SHARED / "data" / "photos" / name).read_bytes()
    if name in _READY:
        return _READY[name]()
    form, options = FORMS[name]
    buffer = io.BytesIO()
    Image.fromarray(draw((48, 32))).save(buffer, form, exif=oriented(6).tobytes(), **options)
    return buffer.getvalue()


def given() -> list[str]:
    """The given seeds that are there."""
    return [name for name in GIVEN if (SHARED / "data" / "photos" / name).is_file()]


def suffix(name: str) -> str:
    return Path(name).suffix


@st.composite
def spoilt(draw_: st.DrawFn, name: str) -> bytes:
    """A seed with a few faults: bytes and numbers changed, pieces lost, doubled and moved, the end cut off."""
    content = bytearray(seed(name))
    # Headers matter most: half of the faults lie there.
    places = st.one_of(st.integers(0, min(_HEAD, len(content)) - 1), st.integers(0, len(content) - 1))
    for _ in range(draw_(st.integers(1, 6))):
        _spoil(content, draw_(places), draw_(st.sampled_from(("byte", "number", "lose", "double", "zero"))), draw_)
    if draw_(st.integers(0, 4)) == 0:
        del content[draw_(st.integers(0, len(content))) :]
    return bytes(content)


def _spoil(content: bytearray, place: int, fault: str, draw_: st.DrawFn) -> None:
    if fault == "byte":
        content[place : place + 1] = bytes([draw_(st.integers(0, 255))])
    elif fault == "number":
        order = draw_(st.sampled_from("<>"))
        form, width = draw_(st.sampled_from((("H", 2), ("I", 4))))
        value = draw_(st.sampled_from(_EXTREMES)) & (1 << 8 * width) - 1
        content[place : place + width] = struct.pack(order + form, value)
    else:
        length = draw_(st.integers(1, 64))
        piece = bytes(content[place : place + length])
        content[place : place + length] = {"lose": b"", "double": piece * 2, "zero": bytes(len(piece))}[fault]
