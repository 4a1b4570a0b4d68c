"""The header of a JPEG XL codestream: size, orientation, depth, channels and colours, before any pixel is decoded.

Format: ISO/IEC 18181-1, annex D (image header) and E (colour encoding); names of fields are the standard's.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

from photocull.photo.jxl.bits import U32, Bits

_SIDE: Final[U32] = ((1, 9), (1, 13), (1, 18), (1, 30))
_RATIOS: Final = {1: (1, 1), 2: (12, 10), 3: (4, 3), 4: (3, 2), 5: (16, 9), 6: (5, 4), 7: (2, 1)}
_PREVIEW_EIGHTHS: Final[U32] = ((16, 0), (32, 0), (1, 5), (33, 9))
_PREVIEW_SIDE: Final[U32] = ((1, 6), (65, 8), (321, 10), (1345, 12))
_TICKS: Final[U32] = ((100, 0), (1000, 0), (1, 10), (1, 30))
_TICKS_BELOW: Final[U32] = ((1, 0), (1001, 0), (1, 8), (1, 10))
_LOOPS: Final[U32] = ((0, 0), (0, 3), (0, 16), (0, 32))
_WHOLE_BITS: Final[U32] = ((8, 0), (10, 0), (12, 0), (1, 6))
_FLOAT_BITS: Final[U32] = ((32, 0), (16, 0), (24, 0), (1, 6))
_EXTRAS: Final[U32] = ((0, 0), (1, 0), (2, 4), (1, 12))
_SHIFT: Final[U32] = ((0, 0), (3, 0), (4, 0), (1, 3))
_NAME: Final[U32] = ((0, 0), (0, 4), (16, 5), (48, 10))
_MOSAIC: Final[U32] = ((1, 0), (0, 2), (3, 4), (19, 8))
_COORDINATE: Final[U32] = ((0, 19), (524_288, 19), (1_048_576, 20), (2_097_152, 21))

ALPHA: Final = 0
BLACK: Final = 4
_SPOT: Final = 2
_CFA: Final = 5
GREY: Final = 1
_XYB: Final = 2

_Value = TypeVar("_Value")
Point = tuple[float, float]
"""CIE x and y."""


_D65: Final[Point] = (0.3127, 0.3290)
_SRGB: Final[tuple[Point, Point, Point]] = ((0.64, 0.33), (0.30, 0.60), (0.15, 0.06))
_WHITES: Final[dict[int, Point]] = {1: _D65, 10: (1 / 3, 1 / 3), 11: (0.314, 0.351)}
_PRIMARIES: Final = {
    1: _SRGB,
    9: ((0.708, 0.292), (0.170, 0.797), (0.131, 0.046)),
    11: ((0.680, 0.320), (0.265, 0.690), (0.150, 0.060)),
}


@dataclass(frozen=True, slots=True)
class Colours:
    """The colour encoding that the picture's numbers are in.

    Attributes:
        profiled: an ICC profile follows the header and says all. space: 0 RGB, 1 grey.
        white: of white. primaries: of red, green and blue.
        gamma: the exponent from light to number, None where ``transfer`` says it.
        transfer: 1 BT.709, 2 unknown, 8 linear, 13 sRGB, 16 PQ, 17 DCI, 18 HLG.
    """

    profiled: bool = False
    space: int = 0
    white: Point = _D65
    primaries: tuple[Point, Point, Point] = _SRGB
    gamma: float | None = None
    transfer: int = 13


@dataclass(frozen=True, slots=True)
class Header:
    """What a codestream says of its picture.

    Attributes:
        width, height: as stored. orientation: 1..8 as in EXIF; the decoder turns the picture.
        bits: of a sample. floating: whether samples are floating-point numbers.
        extras: the kinds of the channels beside the colours. premultiplied: colours are multiplied by the alpha.
        absolute: the pixels are kept in XYB, so the decoder chooses in which colours it gives them.
        nits: how bright the largest number is meant to be, cd/m2.
        depth_at: the bit where the depth is written, None where it is not. end: the bit behind the header.
    """

    width: int
    height: int
    orientation: int = 1
    bits: int = 8
    floating: bool = False
    extras: tuple[int, ...] = ()
    premultiplied: bool = False
    absolute: bool = True
    colours: Colours = Colours()
    nits: float = 255.0
    depth_at: int | None = None
    end: int = 0


def read_header(codestream: bytes) -> Header:
    """The header of a codestream that begins with its two bytes of signature.

    Raises:
        ValueError: it is cut off or says what the standard does not know.
    """
    bits = Bits(codestream)
    if bits.read(16) != 0x0AFF:
        raise ValueError("no JPEG XL codestream")
    width, height = _size(bits)
    if bits.flag():  # all defaults
        _skip_transform(bits, absolute=True)
        return Header(width, height, end=bits.position)
    return _metadata(bits, width, height)


def _size(bits: Bits) -> tuple[int, int]:
    small = bits.flag()
    height = 8 * (1 + bits.read(5)) if small else bits.u32(_SIDE)
    ratio = bits.read(3)
    if ratio:
        across, down = _RATIOS[ratio]
        return height * across // down, height
    return (8 * (1 + bits.read(5)) if small else bits.u32(_SIDE)), height


def _metadata(bits: Bits, width: int, height: int) -> Header:
    more = bits.flag()
    orientation = _extra_fields(bits) if more else 1
    depth_at = bits.position
    depth, floating = _depth(bits)
    bits.flag()  # whether 16-bit buffers will do
    extras, premultiplied = _extra_channels(bits)
    absolute = bits.flag()
    colours = _colours(bits)
    nits = _nits(bits) if more else 255.0
    _skip_extensions(bits)
    _skip_transform(bits, absolute=absolute)
    return Header(
        width, height, orientation, depth, floating, extras, premultiplied, absolute, colours, nits, depth_at,
        bits.position,
    )  # fmt: skip


def _extra_fields(bits: Bits) -> int:
    orientation = 1 + bits.read(3)
    if bits.flag():  # the size to be shown at
        _size(bits)
    if bits.flag():
        _skip_preview(bits)
    if bits.flag():
        _skip_animation(bits)
    return orientation


def _skip_preview(bits: Bits) -> None:
    side = _PREVIEW_EIGHTHS if bits.flag() else _PREVIEW_SIDE
    bits.u32(side)
    if bits.read(3) == 0:
        bits.u32(side)


def _skip_animation(bits: Bits) -> None:
    for choices in (_TICKS, _TICKS_BELOW, _LOOPS):
        bits.u32(choices)
    bits.flag()


def _depth(bits: Bits) -> tuple[int, bool]:
    if not bits.flag():
        return bits.u32(_WHOLE_BITS), False
    depth = bits.u32(_FLOAT_BITS)
    bits.read(4)
    return depth, True


def _extra_channels(bits: Bits) -> tuple[tuple[int, ...], bool]:
    kinds, premultiplied = [], False
    for _ in range(bits.u32(_EXTRAS)):
        kind, multiplied = (ALPHA, False) if bits.flag() else _extra_channel(bits)
        premultiplied |= multiplied
        kinds.append(kind)
    return tuple(kinds), premultiplied


def _extra_channel(bits: Bits) -> tuple[int, bool]:
    kind = bits.enum()
    _depth(bits)
    bits.u32(_SHIFT)
    for _ in range(bits.u32(_NAME)):
        bits.read(8)
    if kind == ALPHA:
        return kind, bits.flag()
    if kind == _SPOT:
        bits.read(4 * 16)
    elif kind == _CFA:
        bits.u32(_MOSAIC)
    return kind, False


def _colours(bits: Bits) -> Colours:
    if bits.flag():
        return Colours()
    profiled, space = bits.flag(), bits.enum()
    if profiled or space == _XYB:
        if not profiled:
            bits.enum()
        return Colours(profiled, space)
    white = _white(bits)
    primaries = _SRGB if space == GREY else _primaries(bits)
    gamma = bits.read(24) / 1e7 if bits.flag() else None
    transfer = bits.enum() if gamma is None else 2
    bits.enum()  # the rendering intent
    return Colours(False, space, white, primaries, gamma, transfer)


def _white(bits: Bits) -> Point:
    kind = bits.enum()
    return _point(bits) if kind == 2 else _known(_WHITES, kind)


def _primaries(bits: Bits) -> tuple[Point, Point, Point]:
    kind = bits.enum()
    return (_point(bits), _point(bits), _point(bits)) if kind == 2 else _known(_PRIMARIES, kind)


def _known(table: dict[int, _Value], kind: int) -> _Value:
    if kind not in table:
        raise ValueError("colours that the standard does not know")
    return table[kind]


def _point(bits: Bits) -> Point:
    x, y = (bits.u32(_COORDINATE) for _ in range(2))
    return _signed(x) / 1e6, _signed(y) / 1e6


def _signed(packed: int) -> int:
    return -((packed + 1) >> 1) if packed & 1 else packed >> 1


def _nits(bits: Bits) -> float:
    if bits.flag():
        return 255.0
    nits = bits.half()
    bits.read(16 + 1 + 16)
    return nits


def _skip_extensions(bits: Bits) -> None:
    known = bits.u64()
    lengths = [bits.u64() for place in range(64) if known >> place & 1]
    if sum(lengths) > 1 << 20:
        raise ValueError("extensions longer than any header")
    bits.read(sum(lengths))


def _skip_transform(bits: Bits, *, absolute: bool) -> None:
    """Pass over how XYB becomes light and how pictures are enlarged, which the decoder reads itself."""
    if bits.flag():
        return
    if absolute and not bits.flag():
        bits.read(16 * 16)
    weights = bits.read(3)
    for place, count in enumerate((15, 55, 210)):
        if weights >> place & 1:
            bits.read(16 * count)
