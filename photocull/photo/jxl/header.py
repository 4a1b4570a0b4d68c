"""The header of a JPEG XL codestream: size, orientation, depth, channels and colours, before any pixel is decoded.

Format: ISO/IEC 18181-1, annex D (image header) and E (colour encoding); names of fields are the standard's.
"""

from dataclasses import dataclass
from typing import Final, TypeVar

from photocull.photo.colours import BT2020, D65, DCI_WHITE, GREY, P3, SDR_NITS, SRGB, Colours, Point, Triangle
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
_XYB: Final = 2

_Value = TypeVar("_Value")
_USUAL: Final = Colours()
_WHITES: Final[dict[int, Point]] = {1: D65, 10: (1 / 3, 1 / 3), 11: DCI_WHITE}
_PRIMARIES: Final[dict[int, Triangle]] = {1: SRGB, 9: BT2020, 11: P3}


@dataclass(frozen=True, slots=True)
class Header:
    """What a codestream says of its picture.

    Attributes:
        width, height: as stored. orientation: 1..8 as in EXIF; the decoder turns the picture.
        bits: of a sample. floating: whether samples are floating-point numbers.
        extras: the kinds of the channels beside the colours. premultiplied: colours are multiplied by the alpha.
        extras_at: where each of them is written: the bits where it begins, where its kind ends, where it ends.
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
    extras_at: tuple[tuple[int, int, int], ...] = ()
    premultiplied: bool = False
    absolute: bool = True
    colours: Colours = _USUAL
    nits: float = SDR_NITS
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
    extras, extras_at, premultiplied = _extra_channels(bits)
    absolute = bits.flag()
    colours = _colours(bits)
    nits = _nits(bits) if more else SDR_NITS
    _skip_extensions(bits)
    _skip_transform(bits, absolute=absolute)
    return Header(
        width, height, orientation, depth, floating, extras, extras_at, premultiplied, absolute, colours, nits,
        depth_at, bits.position,
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


def _extra_channels(bits: Bits) -> tuple[tuple[int, ...], tuple[tuple[int, int, int], ...], bool]:
    kinds, places, premultiplied = [], [], False
    for _ in range(bits.u32(_EXTRAS)):
        start = bits.position
        kind = ALPHA if (usual := bits.flag()) else bits.enum()
        kind_end = bits.position
        premultiplied |= not usual and _extra_channel(bits, kind)
        kinds.append(kind)
        places.append((start, kind_end, bits.position))
    return tuple(kinds), tuple(places), premultiplied


def _extra_channel(bits: Bits, kind: int) -> bool:
    """Pass over what follows a channel's kind; whether it is an alpha that colours are multiplied by."""
    _depth(bits)
    bits.u32(_SHIFT)
    for _ in range(bits.u32(_NAME)):
        bits.read(8)
    if kind == ALPHA:
        return bits.flag()
    if kind == _SPOT:
        bits.read(4 * 16)
    elif kind == _CFA:
        bits.u32(_MOSAIC)
    return False


def _colours(bits: Bits) -> Colours:
    if bits.flag():
        return Colours()
    profiled, space = bits.flag(), bits.enum()
    if profiled or space == _XYB:
        if not profiled:
            bits.enum()
        return Colours(profiled, space)
    white = _white(bits)
    primaries = SRGB if space == GREY else _primaries(bits)
    gamma = bits.read(24) / 1e7 if bits.flag() else None
    transfer = bits.enum() if gamma is None else 2
    bits.enum()  # the rendering intent
    return Colours(False, space, white, primaries, gamma, transfer)


def _white(bits: Bits) -> Point:
    kind = bits.enum()
    return _point(bits) if kind == 2 else _known(_WHITES, kind)


def _primaries(bits: Bits) -> Triangle:
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
        return SDR_NITS
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
