"""What the beauty head learns beside ratings: pairs of a photo and its spoilt copy; and the bank of themes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.judge.networks.branches import ThemeBank
from photocull.training.composing import SPOILINGS, Pair, Spoiling

Matrix = NDArray[np.float32]
Numbers = Callable[[Pixels], NDArray[np.floating]]
"""From a picture to its numbers, as a head reads them."""

STRENGTHS: Final = (0.35, 1.0)
"""Seen at a second look, and glaring."""
_FLAT: Final = 1e-3
_ROUNDS: Final = 30


@dataclass(frozen=True, slots=True, eq=False)
class OrderedPairs:
    """Photos whose order is known.

    Attributes:
        better, worse: (n, d) numbers of both partners. kinds: (n,) name of the spoiling.
        strengths: (n,) of the spoiling. photos: (n,) number of the photo that both were made from.
    """

    better: Matrix
    worse: Matrix
    kinds: NDArray[np.str_]
    strengths: NDArray[np.float64]
    photos: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.kinds)


@dataclass(frozen=True, slots=True)
class Draw:
    """One pair to be made: which photo is spoilt how; its seed is its own, so that no other draw moves it."""

    photo: int
    spoiling: Spoiling
    strength: float
    seed: tuple[int, ...]

    def pair(self, pixels: Pixels) -> Pair:
        """Both partners, from the photo's pixels."""
        return self.spoiling.pair(pixels, self.strength, np.random.default_rng(self.seed))


def draws(photo: int, pixels: Pixels, *, strengths: Sequence[float] = STRENGTHS, seed: int = 0) -> list[Draw]:
    """Every spoiling that suits the photo, at every strength.

    Args:
        photo: the photo's number, which the draws depend on. pixels: (H, W, 3) uint8 sRGB.
    """
    return [
        Draw(photo, spoiling, strength, (seed, photo, kind, level))
        for kind, spoiling in enumerate(SPOILINGS)
        if spoiling.suits(pixels)
        for level, strength in enumerate(strengths)
    ]


def gather_pairs(
    photos: Sequence[Callable[[], Pixels]],
    numbers: Numbers,
    *,
    strengths: Sequence[float] = STRENGTHS,
    seed: int = 0,
    token: CancelToken | None = None,
) -> OrderedPairs:
    """The numbers of all pairs of these photos, which are opened one at a time.

    Raises:
        CancelledError: stopped. ValueError: no photo has a pair.
    """
    rows: list[tuple[NDArray[np.floating], NDArray[np.floating], Draw]] = []
    for photo, opened in enumerate(photos):
        if token is not None:
            token.check()
        pixels = opened()
        whole = numbers(pixels)
        for draw in draws(photo, pixels, strengths=strengths, seed=seed):
            pair = draw.pair(pixels)
            rows.append((whole if pair.good is pixels else numbers(pair.good), numbers(pair.spoilt), draw))
    if not rows:
        raise ValueError("none of the photos can be spoilt")
    return OrderedPairs(
        np.stack([better for better, _, _ in rows]).astype(np.float32),
        np.stack([worse for _, worse, _ in rows]).astype(np.float32),
        np.array([draw.spoiling.name for _, _, draw in rows]),
        np.array([draw.strength for _, _, draw in rows]),
        np.array([draw.photo for _, _, draw in rows], dtype=np.int64),
    )


def fit_bank(
    logits: Matrix,
    themes: Sequence[Sequence[str]],
    names: Sequence[str],
    *,
    each: int = 4,
    least: int = 40,
    seed: int = 0,
) -> ThemeBank:
    """Prototypes for a trunk: mean directions of labelled photos' standardised logits.

    Args:
        logits: (n, 1000). themes: those that each photo shows. names: the themes to make prototypes of.
        each: prototypes of a theme at most, by k-means on the sphere. least: photos that each of several stands for.

    Returns:
        one prototype or more for every theme that any photo shows.
    """
    centre = logits.mean(axis=0, dtype=np.float64)
    scale = np.maximum(logits.std(axis=0, dtype=np.float64), _FLAT)
    directions = _unit((logits - centre) / scale)
    found: list[tuple[str, NDArray[np.float64]]] = []
    for name in names:
        rows = directions[[name in shown for shown in themes]]
        if len(rows):
            count = max(1, min(each, len(rows) // least))
            found += [(name, prototype) for prototype in _spherical_means(rows, count, seed)]
    return ThemeBank(centre, scale, np.stack([one for _, one in found]), tuple(name for name, _ in found))


def _unit(rows: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _FLAT))


def _spherical_means(rows: NDArray[np.float64], count: int, seed: int) -> NDArray[np.float64]:
    """k-means of directions by cosine (Dhillon and Modha 2001); a cluster that runs empty stays where it was."""
    means = rows[np.random.default_rng(seed).permutation(len(rows))[:count]]
    for _ in range(_ROUNDS):
        nearest = (rows @ means.T).argmax(axis=1)
        filled = [rows[nearest == k].mean(axis=0) if (nearest == k).any() else means[k] for k in range(count)]
        means = _unit(np.stack(filled))
    return means
