"""An ICC profile for colours that a file names: sRGB's curve and their primaries, for LittleCMS to bring to sRGB."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.photo.colours import GREY, Colours, Point

_Floats = NDArray[np.float64]
_D50: Final = (0.9642, 1.0, 0.8249)
_BRADFORD: Final = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


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


def _xyz(point: Point) -> tuple[float, float, float]:
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
