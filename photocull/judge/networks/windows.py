"""Attention among the cells of one window, plain or shifted, with a learnt bias for every displacement; needs torch.

Source: Liu et al., "Swin Transformer", ICCV 2021, section 3.2, equation 4 and figure 4.
"""

from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

_FOREIGN: Final = -100.0
"""Added to the attention between cells that the shift alone brought into one window."""
_TABLE_SPREAD: Final = 0.01


class WindowAttention(nn.Module):
    """Multi-head attention within each of a map's square windows.

    Args:
        width: channels of the map, a multiple of `heads`.
        side: of the map in cells, a multiple of `window`.
        shift: cells by which the windows are moved towards the lower right, 0 for windows that start at the corner.
    """

    def __init__(self, width: int, heads: int, window: int, side: int, shift: int = 0) -> None:
        super().__init__()
        self.heads, self.window, self.shift = heads, window, shift
        self.bias_table = nn.Parameter(torch.empty((2 * window - 1) ** 2, heads))
        nn.init.trunc_normal_(self.bias_table, std=_TABLE_SPREAD)
        self.query_key_value = nn.Linear(width, 3 * width)
        self.out = nn.Linear(width, width)
        self.index: Tensor
        self.mask: Tensor | None
        self.register_buffer("index", relative_index(window), persistent=False)
        self.register_buffer("mask", shift_mask(side, window, shift) if shift else None, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """(n, side, side, width) to the same."""
        if not self.shift:
            return self._attend(x)
        moved = x.roll((-self.shift, -self.shift), (1, 2))
        return self._attend(moved).roll((self.shift, self.shift), (1, 2))

    def _attend(self, x: Tensor) -> Tensor:
        count, side, width = x.shape[0], x.shape[1], x.shape[3]
        cells = self.window**2
        windows = to_windows(x, self.window)
        parts = self.query_key_value(windows).view(-1, cells, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4).unbind(0)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=self._bias(count))
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(-1, cells, width))
        return from_windows(out, self.window, side)

    def _bias(self, count: int) -> Tensor:
        cells = self.window**2
        bias = self.bias_table[self.index].view(1, cells, cells, self.heads).permute(0, 3, 1, 2)
        if self.mask is None:
            return bias
        return (bias + self.mask).repeat(count, 1, 1, 1)


def relative_index(window: int) -> Tensor:
    """(window^4,) int64: for every pair of cells, query first, the row of the bias table for their displacement."""
    line = torch.arange(window)
    rows, columns = (axis.flatten() for axis in torch.meshgrid(line, line, indexing="ij"))
    down = rows[:, None] - rows[None, :] + window - 1
    right = columns[:, None] - columns[None, :] + window - 1
    return (down * (2 * window - 1) + right).flatten()


def shift_mask(side: int, window: int, shift: int) -> Tensor:
    """(windows, 1, cells, cells): 0 between cells that are neighbours in the unshifted map, -100 between others."""
    line = torch.zeros(side)
    line[-window:] = 1
    line[-shift:] = 2
    region = (3 * line[:, None] + line[None, :]).view(1, side, side, 1)
    labels = to_windows(region, window).squeeze(-1)
    foreign = labels[:, :, None] != labels[:, None, :]
    return torch.where(foreign, _FOREIGN, 0.0).unsqueeze(1)


def to_windows(x: Tensor, window: int) -> Tensor:
    """(n, side, side, c) to (n * windows, window * window, c), windows row by row."""
    count, side, width = x.shape[0], x.shape[1], x.shape[3]
    across = side // window
    parted = x.reshape(count, across, window, across, window, width).transpose(2, 3)
    return parted.reshape(count * across**2, window**2, width)


def from_windows(x: Tensor, window: int, side: int) -> Tensor:
    """The inverse of `to_windows`: (n, side, side, c)."""
    across, width = side // window, x.shape[-1]
    parted = x.reshape(-1, across, across, window, window, width).transpose(2, 3)
    return parted.reshape(-1, side, side, width)
