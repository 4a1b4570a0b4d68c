"""Fits the embedding's projection on the trunk's numbers of training photos; `embedding_measuring` tries it."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.judge.networks.embedding import SOURCE
from photocull.judge.networks.layout import CHANNELS

Matrix = NDArray[np.float32]
WIDTH: Final = 128
"""The fewest numbers with which series are told apart as well as by all 320 means; see 0016-embedding.md."""
_FLAT: Final = 1e-3


def fit_embedding(pooled: Matrix, width: int = WIDTH) -> dict[str, Matrix]:
    """The tensors of `judge.networks.embedding.Projection` from ordinary photos' pooled numbers (n, 1568).

    Fewer photos than ``width`` give as many axes as they have.
    """
    means = pooled[:, CHANNELS - SOURCE : CHANNELS].astype(np.float64)
    centre = means.mean(axis=0)
    spread = np.maximum(means.std(axis=0), _FLAT)
    _, lengths, axes = np.linalg.svd((means - centre) / spread, full_matrices=False)
    kept = axes[: max(1, min(width, int((lengths > _FLAT * lengths[0]).sum())))]
    whitened = kept.T / np.maximum(lengths[: len(kept)], _FLAT) * np.sqrt(len(means))
    tensors = {"centre": centre, "matrix": whitened / spread[:, None]}
    return {f"heads.embedding.{name}": np.ascontiguousarray(part, dtype=np.float32) for name, part in tensors.items()}
