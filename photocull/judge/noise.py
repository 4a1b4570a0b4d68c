"""How noisy a picture is, measured where it is flat; on native pixels, since reduction averages noise away.

The operator is Immerkær's ('Fast noise variance estimation', CVIU 64(2), 1996): a difference of two Laplacians that
planes and slow ramps pass through as zero. It is read on small blocks and the quiet ones decide, since texture only
ever adds (Liu, Tanaka and Okutomi, IEEE TIP 22(12), 2013, choose weakly textured patches likewise).
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Blocks = tuple[NDArray[np.float32], NDArray[np.float32]]

BLOCK: Final = 16
_QUIET: Final = 0.15
"""The share of blocks whose noise is read: the flattest ones."""
_DARK, _BRIGHT = 10.0, 244.0
_SHADOWS: Final = 90.0


def block_noise(grey: NDArray[np.uint8], every: int = 1) -> Blocks:
    """Noise and mean level of 16 px blocks, both (n,), in each ``every``-th row of blocks."""
    height, width = ((side - 2) // BLOCK * BLOCK for side in grey.shape)
    if height <= 0 or width <= 0:
        return np.empty(0, np.float32), np.empty(0, np.float32)
    # Rows of blocks side by side, each with the pixel beyond its rim that the operator needs.
    rows = np.stack([grey[top : top + BLOCK + 2, : width + 2] for top in range(0, height, every * BLOCK)])
    values = rows.astype(np.int16)
    # [1 -2 1; -2 4 -2; 1 -2 1] is a second difference down of a second difference across.
    across = values[:, :, :-2] - 2 * values[:, :, 1:-1] + values[:, :, 2:]
    both = np.abs(across[:, :-2] - 2 * across[:, 1:-1] + across[:, 2:])
    return _block_means(both, float(np.sqrt(np.pi / 2) / 6)), _block_means(values[:, 1:-1, 1:-1])


def _block_means(values: NDArray[np.int16], scale: float = 1.0) -> NDArray[np.float32]:
    # A sum of 16 values of at most 2,040 fits into int16.
    columns = values.sum(axis=1, dtype=np.int16)
    sums = columns.reshape(-1, BLOCK).sum(axis=1, dtype=np.int32)
    return np.asarray(sums * (scale / BLOCK**2), dtype=np.float32)


def quiet_noise(noise: NDArray[np.float32], level: NDArray[np.float32]) -> float:
    """The noise of the flattest blocks among those that are neither blocked nor blown (clipping hides noise)."""
    usable = noise[(level > _DARK) & (level < _BRIGHT)]
    if usable.size == 0:
        return 0.0
    return float(np.quantile(usable, _QUIET))


def shadow_noise(noise: NDArray[np.float32], level: NDArray[np.float32]) -> float:
    """The same among the darker blocks only; 0 where there are fewer than eight of them."""
    dark = (level > _DARK) & (level < _SHADOWS)
    return quiet_noise(noise[dark], level[dark]) if int(dark.sum()) >= 8 else 0.0
