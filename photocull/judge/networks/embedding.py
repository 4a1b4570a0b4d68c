"""The embedding: a photo as 128 numbers in which pictures of one scene lie close, from the trunk's last stage.

Means of the last stage over the picture, centred, turned onto their principal axes and whitened, so that no axis of
content drowns the others (Jégou and Chum, ECCV 2012). Chosen on measured triples: docs/decisions/0016-embedding.md.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.judge.networks.heads import Vector, tensor
from photocull.judge.networks.layout import STAGE_WIDTHS
from photocull.judge.networks.runtime import TrunkOutput

MOST: Final = 256
"""Numbers that an embedding has at most."""
SOURCE: Final = STAGE_WIDTHS[-1]
_TINY: Final = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """From the last stage's means to the embedding, before it is brought to unit length.

    Attributes:
        centre: (320,) means over ordinary photos. matrix: (320, d), d at most 256.
    """

    centre: Vector
    matrix: Vector

    def embed(self, means: NDArray[np.floating]) -> NDArray[np.float16]:
        """(..., d) float16 of unit length from the last stage's means (..., 320); zero where they are the centre."""
        turned = (means.astype(np.float64) - self.centre) @ self.matrix
        length = np.linalg.norm(turned, axis=-1, keepdims=True)
        return np.asarray(turned / np.maximum(length, _TINY), dtype=np.float16)


def read_projection(tensors: Mapping[str, NDArray[np.generic]]) -> Projection:
    """The projection stored under ``heads.embedding.centre`` and ``.matrix``.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """
    centre, matrix = (tensor(tensors, f"heads.embedding.{part}") for part in ("centre", "matrix"))
    if centre.shape != (SOURCE,) or matrix.ndim != 2 or len(matrix) != SOURCE or not 0 < matrix.shape[1] <= MOST:
        raise ModelError("The embedding of the built-in model has the wrong shape.", remedy="Install Photocull again.")
    return Projection(centre, matrix)


def last_means(output: TrunkOutput) -> Vector:
    """(320,) the last stage's means over the picture."""
    return np.asarray(output.mean[-SOURCE:].mean(axis=(1, 2), dtype=np.float64))
