"""Pairs of a photo and its spoilt copy to measure by, and the bank of themes that the ablation tries."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.judge.networks.branches import ThemeBank
from photocull.training.composing import SPOILINGS, Pair, Spoiling

Matrix = NDArray[np.float32]

STRENGTHS: Final = (0.35, 1.0)
"""Seen at a second look, and glaring."""
_FLAT: Final = 1e-3
_ROUNDS: Final = 30


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
