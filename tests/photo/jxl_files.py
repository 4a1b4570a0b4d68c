"""JPEG XL files for tests: libjxl's pixels under headers and in boxes that its encoder here does not write."""

import base64
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from imagecodecs import brotli_encode, jpegxl_encode
from numpy.typing import NDArray

from photocull.photo.jxl.container import contents_of
from photocull.photo.jxl.header import read_header

_INKS = """
/woDChgFQPhTGJAwDxDpFA/j4J/XsQqtGnBp1inCWQkEtrTWZwOIfwDqhsS3z50VeqPhX5rgyBEOJPZYLcj0tGnHHPpI2NTCAgC/6ReF/PN3r59NAALg
tUvewNK99HI2jYm9ewE7UaKXXjLiNYN3LwqJivHSm0WIHrj0vtl9MysIEBAAyABLGJOOg4MJAONivEQdiDEYDVxADIChxKgB/35/f12Pfv9+f39/xqw/
QD/Vw7QNhIARCw==
"""
"""Six bars of 8 x 16 by libjxl itself, lossless: cyan, magenta, yellow, black, no ink, half of black. In their profile
cyan and magenta are swapped, so that it shows whether it was used."""
_INKS_AND_ALPHA = """
/woDCigAFEsooFgi/CkMSJgHiHSKh3Hwz+tYhVYNuDTrFOGsBAJbWuuzAcQ/AHVD4tvnzgq90fAvTXDkCAcSe6wWZHratGMOfSRsamEBgN/0i0L++bvX
zyYAAfDaJW9g6V56OZvGxN69gJ0o0UsvGfGawbsXhUTFeOnNIkQPXHrf7L6ZFQhAAAEA1ABLGJOOg4MJAOPizaAOxBiMBi4wAcAAGEsnAPBfkO/39+/v
97eO8ffv9/8DABTBusdvidDFAw==
"""
"""The same with an alpha before the black, which has a name."""
SIGNATURE = b"\x00\x00\x00\x0cJXL \r\n\x87\n" + b"\x00\x00\x00\x14ftypjxl \x00\x00\x00\x00jxl "


class BitWriter:
    """Bits from the lowest of each byte on."""

    def __init__(self) -> None:
        self.bits: list[int] = []

    def put(self, value: int, count: int) -> "BitWriter":
        self.bits += [value >> i & 1 for i in range(count)]
        return self

    def enum(self, value: int) -> "BitWriter":
        """A word's number, up to 81."""
        if value < 2:
            return self.put(value, 2)
        return self.put(2, 2).put(value - 2, 4) if value < 18 else self.put(3, 2).put(value - 18, 6)

    def half(self, value: float) -> "BitWriter":
        return self.put(int.from_bytes(struct.pack("<e", value), "little"), 16)

    def done(self) -> bytes:
        padded = self.bits + [0] * (-len(self.bits) % 8)
        return bytes(sum(bit << i for i, bit in enumerate(padded[at : at + 8])) for at in range(0, len(padded), 8))


def inks(*, alpha: bool = False) -> bytes:
    """The bare codestream of `_INKS`, or of the same with an alpha."""
    return base64.b64decode(_INKS_AND_ALPHA if alpha else _INKS)


def codestream(samples: NDArray[Any], bits: int | None = None) -> bytes:
    """The bare codestream of a picture, lossless; in sRGB at 8 bits, linear light above."""
    encoded = bytes(jpegxl_encode(np.ascontiguousarray(samples), lossless=True, bitspersample=bits))
    return contents_of(encoded).codestream()


def header(
    size: tuple[int, int],
    *,
    orientation: int = 1,
    preview: bool = False,
    animation: bool = False,
    bits: int = 8,
    white: int = 1,
    primaries: int = 1,
    transfer: int | None = 13,
    gamma: float = 0.0,
    nits: float = 255.0,
    extension: bool = False,
    premultiplied: bool = False,
) -> BitWriter:
    """A header of RGB, kept as it is (not as XYB), up to its last bit.

    Args:
        premultiplied: there is an alpha by which colours are multiplied; without it there is none.
        transfer: the number of a curve; None writes ``gamma``.
    """
    writer = BitWriter().put(0x0AFF, 16).put(0, 1)
    writer.put(3, 2).put(size[1] - 1, 30).put(0, 3).put(3, 2).put(size[0] - 1, 30)
    writer.put(0, 1).put(1, 1).put(orientation - 1, 3)
    writer.put(0, 1)
    if preview:
        writer.put(1, 1).put(1, 1).put(0, 2).put(1, 3)
    else:
        writer.put(0, 1)
    if animation:
        writer.put(1, 1).put(0, 2).put(0, 2).put(0, 2).put(0, 1)
    else:
        writer.put(0, 1)
    writer.put(0, 1).put(3, 2).put(bits - 1, 6)
    writer.put(1, 1)
    if premultiplied:  # one channel: alpha, 8 bits, of full size, without a name
        writer.put(1, 2).put(0, 1).enum(0).put(0, 1).put(0, 2).put(0, 2).put(0, 2).put(1, 1)
    else:
        writer.put(0, 2)
    writer.put(0, 1).put(0, 1).put(0, 1).enum(0).enum(white)
    if white == 2:
        _points(writer, ((0.3127, 0.3290),))
    writer.enum(primaries)
    if primaries == 2:
        _points(writer, ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06)))
    if transfer is None:
        writer.put(1, 1).put(round(gamma * 1e7), 24)
    else:
        writer.put(0, 1).enum(transfer)
    writer.enum(0)
    if nits == 255.0:
        writer.put(1, 1)
    else:
        writer.put(0, 1).half(nits).half(0).put(0, 1).half(0)
    if extension:  # of the kind 0, five bits long
        writer.put(1, 2).put(0, 4).put(1, 2).put(4, 4).put(21, 5)
    else:
        writer.put(0, 2)
    return writer.put(1, 1)


def _points(writer: BitWriter, points: Iterable[tuple[float, float]]) -> None:
    for point in points:
        for coordinate in point:
            value = 2 * round(coordinate * 1e6)
            if value < 1_048_576:
                writer.put(1, 2).put(value - 524_288, 19) if value >= 524_288 else writer.put(0, 2).put(value, 19)
            else:
                writer.put(2, 2).put(value - 1_048_576, 20)


def under_header(samples: NDArray[Any], bits: int = 8, **fields: Any) -> bytes:
    """These RGB pixels under another header than the encoder's."""
    bare = codestream(samples, bits)
    end = (read_header(bare).end + 7) // 8
    return header((samples.shape[1], samples.shape[0]), bits=bits, **fields).done() + bare[end:]


def box(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", 8 + len(content)) + kind + content


def packed(kind: bytes, content: bytes) -> bytes:
    """The content as a box that is packed by Brotli."""
    return box(b"brob", kind + bytes(brotli_encode(content)))


def exif_box(tiff: bytes) -> bytes:
    return bytes(4) + tiff


def write_boxed(path: Path, stream: bytes, *boxes: bytes, parts: int = 1) -> Path:
    """A file of boxes with these before the codestream, which may lie in several parts."""
    if parts == 1:
        body = box(b"jxlc", stream)
    else:
        cut = [stream[i * len(stream) // parts : (i + 1) * len(stream) // parts] for i in range(parts)]
        numbers = [i | (1 << 31 if i == parts - 1 else 0) for i in range(parts)]
        body = b"".join(box(b"jxlp", struct.pack(">I", n) + part) for n, part in zip(numbers, cut, strict=True))
    path.write_bytes(SIGNATURE + b"".join(boxes) + body)
    return path
