"""Photos of BIQ2021's validation that have no near twin in training: what a model reaches on scenes it never saw.

The set holds the same scenes under other settings, on both sides of its split. The list is made once, from the trunk as
ImageNet made it, so that all models are measured on the same photos.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.settings import resources

ALIKE: Final = 0.7
"""Cosine of two photos' standardised numbers from which they are near twins: 12 random pairs of 0.9 were copies."""
_FLAT: Final = 1e-3


def without_twin() -> frozenset[str]:
    """File names of these photos, as `found_without_twin` found them."""
    lines = (resources() / "models" / "biq2021-without-twin.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def found_without_twin(train: NDArray[np.floating], others: NDArray[np.floating]) -> NDArray[np.bool_]:
    """(n,) which of the others' largest cosine with a training photo lies under `ALIKE`.

    Args:
        train: (m, 1568) `heads.pool` of the training photos at 288 pixels, which also give centre and scale.
        others: (n, 1568).
    """
    first = train.astype(np.float64)
    centre, scale = first.mean(axis=0), np.maximum(first.std(axis=0), _FLAT)

    def directions(numbers: NDArray[np.floating]) -> NDArray[np.float64]:
        standard = (numbers - centre) / scale
        return np.asarray(standard / np.linalg.norm(standard, axis=1, keepdims=True))

    return np.asarray((directions(others) @ directions(train).T).max(axis=1) < ALIKE)
