"""From the colours that a JPEG XL header names to 8 bits with sRGB's curve, and an ICC profile for their primaries.

What is brighter than paper white is rolled off, so that HDR pictures look as people expect them on any screen.
"""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.photo.jxl.header import GREY, Colours, Header

_Floats = NDArray[np.float64]
LINEAR: Final = 8
UNKNOWN: Final = 2
_BT709: Final = 1
_PQ: Final = 16
_DCI: Final = 17
_HLG: Final = 18
LIGHT: Final = (LINEAR, _PQ, _HLG)
"""Curves that need more than 8 bits for their shadows."""
_DEEP: Final = (1 << 16) - 1
_PAPER: Final = 203.0
"""Brightness of white paper in HDR pictures, cd/m2 (ITU-R BT.2408)."""
_HDR_ABOVE: Final = 255.0
_KNEE: Final = 0.6
"""Share of paper white up to which nothing is rolled off."""
_D50: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def to_8bit(samples: NDArray[np.generic], header: Header, colours: Colours) -> Pixels:
    """Samples of any depth as 8 bits; those of named colours come out with sRGB's curve.

    Args:
        samples: (H, W) or (H, W, C) of uint8, uint16 or floating-point numbers, as decoded.
        colours: what they are in; those that have a profile keep their own curve.
    """
    curve = None if colours.profiled else _curve(colours, header.nits)
    if samples.dtype == np.uint8 and curve is None:
        return np.asarray(samples, np.uint8)
    top = (1 << header.bits) - 1 if samples.dtype.kind == "u" else 1
    levels = _levels(None if curve is None else colours, header.nits)
    shown = np.empty(samples.shape, np.uint8)
    # Row by row: in floating point the picture is already four times as large as it will be.
    for row in range(len(samples)):
        shown[row] = levels[_deep(samples[row], top)]
    return shown


def _deep(row: NDArray[np.generic], top: int) -> NDArray[np.uint16]:
    """A row as 16 bits; what is no number is black."""
    numbers = np.nan_to_num(row.astype(np.float32), nan=0.0, posinf=float(top), neginf=0.0)
    shares = np.clip(numbers * np.float32(1 / top), 0.0, 1.0)
    return np.asarray(shares * np.float32(_DEEP) + np.float32(0.5), np.uint16)


@lru_cache(maxsize=8)
def _levels(colours: Colours | None, nits: float) -> Pixels:
    """Each of 65,536 numbers as 8 bits; without colours by scaling alone."""
    numbers = np.linspace(0.0, 1.0, _DEEP + 1)
    if colours is not None:
        curve = _curve(colours, nits)
        numbers = numbers if curve is None else _encoded(curve)
    return (numbers * 255.0 + 0.5).astype(np.uint8)


def _curve(colours: Colours, nits: float) -> _Floats | None:
    """Light of each of 65,536 numbers, 1 being white; None where the numbers have sRGB's own curve."""
    hdr = colours.transfer in (_PQ, _HLG) or (colours.transfer == LINEAR and nits > _HDR_ABOVE)
    numbers = np.linspace(0.0, 1.0, _DEEP + 1)
    if hdr:
        return _rolled_off(_nits(numbers, colours.transfer, nits) / _PAPER)
    if colours.gamma is not None:
        return np.asarray(numbers ** (1.0 / colours.gamma)) if colours.gamma > 0 else None
    if colours.transfer == LINEAR:
        return numbers
    if colours.transfer == _DCI:
        return np.asarray(numbers**2.6)
    if colours.transfer == _BT709:
        return np.where(numbers < 0.081, numbers / 4.5, ((numbers + 0.099) / 1.099) ** (1 / 0.45))
    return None


def _nits(numbers: _Floats, transfer: int, peak: float) -> _Floats:
    """Brightness on an HDR screen, cd/m2 (ITU-R BT.2100; HLG's system gamma is applied to each colour by itself)."""
    if transfer == LINEAR:
        return numbers * peak
    if transfer == _PQ:
        root = numbers ** (1 / 78.84375)
        share = np.maximum(root - 0.8359375, 0.0) / (18.8515625 - 18.6875 * root)
        return np.asarray(10_000.0 * share ** (1 / 0.1593017578125))
    scene = np.where(numbers <= 0.5, numbers**2 / 3, (np.exp((numbers - 0.55991073) / 0.17883277) + 0.28466892) / 12)
    return np.asarray(1000.0 * scene**1.2)


def _rolled_off(light: _Floats) -> _Floats:
    """Unchanged up to the knee, from there towards 1, which nothing reaches."""
    above = 1.0 - np.exp(-(light - _KNEE) / (1.0 - _KNEE))
    return np.where(light <= _KNEE, light, _KNEE + (1.0 - _KNEE) * above)


def _encoded(light: _Floats) -> _Floats:
    """Light with sRGB's curve (IEC 61966-2-1)."""
    bounded = np.clip(light, 0.0, 1.0)
    return np.where(bounded <= 0.0031308, 12.92 * bounded, 1.055 * bounded ** (1 / 2.4) - 0.055)


def profile_of(colours: Colours) -> bytes | None:
    """An ICC profile of sRGB's curve and these primaries; None for sRGB's own, and for grey."""
    if colours.space == GREY or _same(colours, Colours()):
        return None
    columns = _to_d50(colours)
    if columns is None:
        return None
    # Numbers of sRGB's curve, ICC.1:2022, 10.18, type 3: gamma, a, b, c, d.
    curve = b"para\0\0\0\0\0\3\0\0" + _fixed(2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
    points = zip((b"wtpt", b"rXYZ", b"gXYZ", b"bXYZ"), (_D50, *columns.T), strict=True)
    tags = {name: b"XYZ \0\0\0\0" + _fixed(*xyz) for name, xyz in points}
    return _assembled(tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def _same(one: Colours, other: Colours) -> bool:
    near = np.abs(np.subtract(one.primaries, other.primaries)).max() + np.abs(np.subtract(one.white, other.white)).max()
    return bool(near < 1e-3)


def _to_d50(colours: Colours) -> _Floats | None:
    """(3, 3) XYZ of red, green and blue in columns, seen under D50; None for primaries that span no colours."""
    if min(y for _, y in (*colours.primaries, colours.white)) <= 0:
        return None
    corners = np.array([_xyz(point) for point in colours.primaries]).T
    if abs(np.linalg.det(corners)) < 1e-6:
        return None
    white = np.array(_xyz(colours.white))
    scaled = corners * np.linalg.solve(corners, white)
    gain = (_BRADFORD @ np.array(_D50)) / (_BRADFORD @ white)
    return np.asarray(np.linalg.solve(_BRADFORD, gain[:, None] * (_BRADFORD @ scaled)))


def _xyz(point: tuple[float, float]) -> tuple[float, float, float]:
    x, y = point
    return x / y, 1.0, (1 - x - y) / y


def _fixed(*numbers: float) -> bytes:
    """Numbers as ICC's s15Fixed16."""
    return b"".join(max(-(1 << 31), min((1 << 31) - 1, round(n * 65536))).to_bytes(4, signed=True) for n in numbers)


def _assembled(tags: dict[bytes, bytes]) -> bytes:
    """A display profile of version 4 with these tags."""
    table, data = len(tags).to_bytes(4), b""
    start = 128 + 4 + 12 * len(tags)
    for name, content in tags.items():
        table += name + (start + len(data)).to_bytes(4) + len(content).to_bytes(4)
        data += content
    header = bytearray(128)
    header[0:4] = (start + len(data)).to_bytes(4)
    header[8:12] = b"\4\x30\0\0"
    header[12:24] = b"mntrRGB XYZ "
    header[36:40] = b"acsp"
    header[68:80] = _fixed(*_D50)
    return bytes(header) + table + data
