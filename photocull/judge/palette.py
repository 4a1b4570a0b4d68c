"""The few colours a picture is made of: weighted k-means in OKLab, deterministic; feeds the scheme and the harmony."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels, Swatch
from photocull.judge.spaces import Floats, linear_of, oklab, reduced, srgb_codes

SIDE: Final = 160
LEAST_SHARE: Final = 0.02
MOST: Final = 6
FEWEST: Final = 3
_SEEDS: Final = 10
_ROUNDS: Final = 12
_SAME: Final = 0.09
"""Colours closer than this (in the stretched space below) are one colour to the eye."""
_STRETCH: Final[Floats] = np.array([1, 2, 2], dtype=np.float32)
"""OKLab's chroma axes count double, as in Ottosson's note on differences: hue tells colours apart before lightness."""


@dataclass(frozen=True, slots=True, eq=False)
class Clusters:
    """Colours (n, 3) in OKLab and their shares (n,), largest first; the shares sum to 1."""

    colours: Floats
    shares: Floats


def read_palette(pixels: Pixels) -> tuple[Swatch, ...]:
    """The picture's 3 to 6 colours, largest share first; fewer only where the picture itself has fewer.

    Shares sum to 1. A vivid accent of 2 % of the area keeps a swatch of its own; near duplicates are one.
    """
    return swatches(cluster(oklab(reduced(pixels, SIDE))))


def swatches(clusters: Clusters) -> tuple[Swatch, ...]:
    """Clusters as they are shown and stored."""
    return tuple(
        Swatch(as_hex(colour), float(share)) for colour, share in zip(clusters.colours, clusters.shares, strict=True)
    )


def cluster(lab: Floats) -> Clusters:
    """Group (H, W, 3) OKLab colours into at most `MOST` clusters."""
    points, weights = _cells(lab)
    seeds = _seeds(points, weights)
    centres, shares = _settled(points, weights, seeds)
    centres, shares = _merged(centres, shares)
    order = np.lexsort((centres[:, 0], -shares))
    return Clusters(centres[order] / _STRETCH, shares[order] / shares.sum())


def as_hex(colour: Floats) -> str:
    """One OKLab colour (3,) as ``#rrggbb``, held to sRGB's gamut."""
    light = linear_of(colour)
    return "#" + "".join(f"{round(255 * float(code)):02x}" for code in srgb_codes(light))


def _cells(lab: Floats) -> tuple[Floats, Floats]:
    # Some hundred cells stand for all pixels: k-means then costs the same for every picture.
    flat = (lab.reshape(-1, 3) * _STRETCH).astype(np.float32)
    steps = np.floor((flat - np.array([0, -1, -1], dtype=np.float32)) * 24).astype(np.int64)
    codes = (np.maximum(steps[:, 0], 0) * 64 + steps[:, 1]) * 64 + steps[:, 2]
    counts = np.bincount(codes)
    seen = np.flatnonzero(counts)
    sums = np.stack([np.bincount(codes, flat[:, axis])[seen] for axis in range(3)], axis=1)
    return (sums / counts[seen, None]).astype(np.float32), (counts[seen] / len(codes)).astype(np.float32)


def _seeds(points: Floats, weights: Floats) -> Floats:
    chosen = [int(np.argmax(weights))]
    distance = ((points - points[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < min(_SEEDS, len(points)):
        # The square root keeps a small vivid accent in the race against large, quiet areas.
        chosen.append(int(np.argmax(distance * np.sqrt(weights))))
        distance = np.minimum(distance, ((points - points[chosen[-1]]) ** 2).sum(axis=1))
    return points[chosen]


def _settled(points: Floats, weights: Floats, centres: Floats) -> tuple[Floats, Floats]:
    for _ in range(_ROUNDS):
        owner = _owners(points, centres)
        shares = np.bincount(owner, weights, len(centres))
        kept = shares > 0
        sums = np.stack([np.bincount(owner, weights * points[:, axis], len(centres)) for axis in range(3)], axis=1)
        centres = (sums[kept] / shares[kept, None]).astype(np.float32)
    owner = _owners(points, centres)
    return centres, np.bincount(owner, weights, len(centres)).astype(np.float32)


def _owners(points: Floats, centres: Floats) -> NDArray[np.intp]:
    crossed = points @ centres.T
    return np.asarray(np.argmin((centres**2).sum(axis=1)[None, :] - 2 * crossed, axis=1))


def _merged(centres: Floats, shares: Floats) -> tuple[Floats, Floats]:
    while len(centres) > 1:
        distance = np.sqrt(((centres[:, None] - centres[None]) ** 2).sum(axis=2))
        np.fill_diagonal(distance, np.inf)
        pair = _next_merge(distance, shares, len(centres))
        if pair is None:
            break
        centres, shares = _join(centres, shares, *pair)
    return centres, shares


def _next_merge(distance: Floats, shares: Floats, count: int) -> tuple[int, int] | None:
    """The two clusters that should be one, or None: near duplicates, then tiny ones, then what Ward's loss picks."""
    nearest = np.unravel_index(int(np.argmin(distance)), distance.shape)
    if distance[nearest] < (_SAME if count > FEWEST else _SAME / 4):
        return int(nearest[0]), int(nearest[1])
    smallest = int(np.argmin(shares))
    if shares[smallest] < LEAST_SHARE and count > FEWEST:
        return smallest, int(np.argmin(distance[smallest]))
    if count <= MOST:
        return None
    loss = shares[:, None] * shares[None] / (shares[:, None] + shares[None]) * distance**2
    np.fill_diagonal(loss, np.inf)
    first, second = np.unravel_index(int(np.argmin(loss)), loss.shape)
    return int(first), int(second)


def _join(centres: Floats, shares: Floats, first: int, second: int) -> tuple[Floats, Floats]:
    low, high = sorted((first, second))
    total = shares[low] + shares[high]
    joined = (centres[low] * shares[low] + centres[high] * shares[high]) / total
    centres, shares = np.delete(centres, high, axis=0), np.delete(shares, high)
    centres[low], shares[low] = joined, total
    return centres, shares
