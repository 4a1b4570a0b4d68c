"""Small files of every format whose headers claim thousands of megapixels, made from sound ones."""

import io
import struct
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PIL import Image

from tests.building import draw
from tests.photo.test_raw import LONG, dng, jpeg_of

SIDE: Final = 40_000
Bomb = Callable[[], bytes]


def _saved(form: str, **options: object) -> bytearray:
    buffer = io.BytesIO()
    Image.fromarray(draw((64, 48))).save(buffer, form, **options)
    return bytearray(buffer.getvalue())


def _with(content: bytearray, place: int, value: bytes) -> bytes:
    return bytes(content[:place] + value + content[place + len(value) :])


def jpeg(side: int = SIDE) -> bytes:
    content = _saved("JPEG")
    return _with(content, content.rfind(b"\xff\xc0") + 5, struct.pack(">HH", side * 3 // 4, side))


def thumbnail() -> bytes:
    """A small JPEG whose thumbnail claims the same shape at a thousand times its size."""
    inside = jpeg()
    first = b"\x01\x00" + struct.pack("<HHII", 0x0112, 3, 1, 1) + struct.pack("<I", 26)
    second = b"\x02\x00" + struct.pack("<HHII", 0x0201, 4, 1, 56) + struct.pack("<HHII", 0x0202, 4, 1, len(inside))
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + second + bytes(4) + inside
    return bytes(_saved("JPEG", exif=exif))


def png() -> bytes:
    content = bytearray(_with(_saved("PNG"), 16, struct.pack(">II", SIDE, SIDE)))
    return _with(content, 29, struct.pack(">I", zlib.crc32(content[12:29])))


def gif_screen() -> bytes:
    return _with(_saved("GIF"), 6, struct.pack("<HH", SIDE, SIDE))


def gif_frame() -> bytes:
    content = _saved("GIF")
    frame = content.find(b",", 13 + (3 << ((content[10] & 7) + 1) if content[10] & 128 else 0))
    return _with(content, frame + 5, struct.pack("<HH", SIDE, SIDE))


def webp_lossless() -> bytes:
    return _with(_saved("WEBP", lossless=True), 21, struct.pack("<I", 16383 | 16383 << 14))


def webp_lossy() -> bytes:
    content = _saved("WEBP")
    return _with(content, content.find(b"\x9d\x01\x2a") + 3, struct.pack("<HH", 16383, 16383))


def tiff() -> bytes:
    content = bytes(_saved("TIFF"))
    for tag in (256, 257):
        place = next(p for kind in (3, 4) if (p := content.find(struct.pack("<HH", tag, kind))) >= 0)
        content = _with(bytearray(content), place, struct.pack("<HHII", tag, LONG, 1, SIDE))
    return content


def avif() -> bytes:
    content = _saved("AVIF")
    return _with(content, content.find(b"ispe") + 8, struct.pack(">II", SIDE, SIDE))


def heif() -> bytes:
    """An AVIF with HEIF's names will do: its size is read before its codec."""
    return avif().replace(b"ftypavif", b"ftypheic").replace(b"avif", b"heic")


def jpeg2000() -> bytes:
    content = bytearray(_with(content := _saved("JPEG2000"), content.find(b"ihdr") + 4, struct.pack(">II", SIDE, SIDE)))
    return _with(content, content.find(b"\xff\x51") + 6, struct.pack(">II", SIDE, SIDE))


def raw_sensor() -> bytes:
    content = dng((640, 480))
    for tag, side in ((256, 640), (257, 480)):
        content = content.replace(struct.pack("<HHII", tag, LONG, 1, side), struct.pack("<HHII", tag, LONG, 1, SIDE))
    return content


def raw_preview() -> bytes:
    content = bytearray(dng((640, 480), preview=jpeg_of(1200, 800)))
    return _with(content, content.rfind(b"\xff\xc0") + 5, struct.pack(">HH", SIDE * 3 // 4, SIDE))


BOMBS: Final[Mapping[str, Bomb]] = {
    "jpeg.jpg": jpeg,
    "png.png": png,
    "screen.gif": gif_screen,
    "frame.gif": gif_frame,
    "lossless.webp": webp_lossless,
    "lossy.webp": webp_lossy,
    "tiff.tif": tiff,
    "avif.avif": avif,
    "heif.heic": heif,
    "jpeg2000.jp2": jpeg2000,
}
"""Those of which nothing can be shown."""
HALF: Final[Mapping[str, Bomb]] = {"thumbnail.jpg": thumbnail, "sensor.dng": raw_sensor, "preview.dng": raw_preview}
"""Those in which something sound lies too, or whose size is read where only the RAW library looks."""


def write(folder: Path) -> list[Path]:
    """All of them, as files."""
    for name, make in {**BOMBS, **HALF}.items():
        (folder / name).write_bytes(make())
    return sorted(folder.iterdir())
