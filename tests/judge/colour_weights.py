"""Weights and trunk outputs drawn by chance, for tests of the learnt colour score."""

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.colour_points import BINS, NUMBERS, SHAPES, STANDARDS
from photocull.judge.networks.layout import CHANNELS
from photocull.judge.networks.runtime import TrunkOutput


def drawn_weights(members: int = 2, seed: int = 0) -> dict[str, NDArray[np.generic]]:
    random = np.random.default_rng(seed)
    tensors: dict[str, NDArray[np.generic]] = {}
    for name, shape in SHAPES.items():
        drawn = random.normal(0, 1 / np.sqrt(shape[0]), (members, *shape))
        tensors[f"heads.colour.{name}"] = drawn.astype(np.float32)
    tensors["heads.colour.centre"] = np.tile((np.arange(BINS) + 0.5) / BINS, (members, NUMBERS, 1)).astype(np.float32)
    tensors["heads.colour.narrow"] = np.full((members, NUMBERS, BINS), float(BINS), np.float32)
    for name, shape in STANDARDS.items():
        tensors[f"heads.colour.{name}"] = (np.zeros if name.endswith("centre") else np.ones)(shape, np.float32)
    return tensors


def drawn_output(rows: int = 9, columns: int = 9, seed: int = 0) -> TrunkOutput:
    random = np.random.default_rng(seed)
    mean = random.normal(0, 1, (CHANNELS, rows, columns)).astype(np.float32)
    return TrunkOutput(mean, mean**2 + 1, np.zeros(1000, np.float32))
