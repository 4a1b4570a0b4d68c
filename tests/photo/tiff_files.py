"""TIFF files for tests with samples that no library here writes: in floats, plane by plane, in tiles, of many pages."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.photo.test_raw import LONG, SHORT, UNDEFINED, Tiff

Tags = dict[int, tuple[int, list[int]]]


def tiff(
    *pages: NDArray[Any],
    photometric: int = 2,
    planar: bool = False,
    tile: int = 0,
    extra: int | None = None,
    orientation: int = 1,
    icc: bytes | None = None,
    thumbnails: int = 0,
    more: Tags | None = None,
) -> bytes:
    """An uncompressed little-endian TIFF of (H, W) or (H, W, C) samples of any type.

    Args:
        photometric: 0 white is zero, 1 black is zero, 2 RGB, 5 inks. planar: each channel by itself.
        tile: side of the tiles, 0 for one strip a plane. extra: what the channel beyond the colours is (1, 2: alpha).
        thumbnails: how many of the first pages are marked as reduced pictures.
    """
    made, places = Tiff(), []
    for number, samples in enumerate(pages):
        whole = samples if samples.ndim == 3 else samples[..., None]
        height, width, count = whole.shape
        planes = [whole[..., i : i + 1] for i in range(count)] if planar else [whole]
        pieces = [made.put(piece) for plane in planes for piece in _pieces(plane, tile)]
        sizes = [len(piece) for plane in planes for piece in _pieces(plane, tile)]
        kind = {"u": 1, "i": 2, "f": 3}[samples.dtype.kind]
        tags: Tags = {
            254: (LONG, [int(number < thumbnails)]), 256: (LONG, [width]), 257: (LONG, [height]),
            258: (SHORT, [samples.itemsize * 8] * count), 259: (SHORT, [1]), 262: (SHORT, [photometric]),
            274: (SHORT, [orientation]), 277: (SHORT, [count]), 284: (SHORT, [2 if planar else 1]),
            339: (SHORT, [kind] * count),
        }  # fmt: skip
        if tile:
            tags |= {322: (LONG, [tile]), 323: (LONG, [tile]), 324: (LONG, pieces), 325: (LONG, sizes)}
        else:
            tags |= {273: (LONG, pieces), 278: (LONG, [height]), 279: (LONG, sizes)}
        if extra is not None:
            tags[338] = (SHORT, [extra])
        if icc is not None:
            tags[34675] = (UNDEFINED, list(icc))
        places.append((made.directory(tags | (more or {})), len(tags | (more or {}))))
    return _chained(made, places)


def _pieces(plane: NDArray[Any], tile: int) -> list[bytes]:
    little = plane.astype(plane.dtype.newbyteorder("<"))
    if not tile:
        return [little.tobytes()]
    height, width, count = little.shape
    padded = np.zeros((-(-height // tile) * tile, -(-width // tile) * tile, count), little.dtype)
    padded[:height, :width] = little
    corners = [(y, x) for y in range(0, len(padded), tile) for x in range(0, padded.shape[1], tile)]
    return [padded[y : y + tile, x : x + tile].tobytes() for y, x in corners]


def _chained(made: Tiff, places: list[tuple[int, int]]) -> bytes:
    """Each directory leads to the next."""
    content = bytearray(made.begin_at(places[0][0]))
    for (start, count), (following, _) in pairwise(places):
        content[start + 2 + 12 * count : start + 6 + 12 * count] = following.to_bytes(4, "little")
    return bytes(content)
