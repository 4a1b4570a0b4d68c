"""A convolution whose stride is its kernel's side, as one matrix product a patch; needs torch."""

import math

import torch
from torch import Tensor, nn
from torch.nn import functional


class Patches(nn.Module):
    """Cuts a map into squares and maps each square's numbers linearly.

    The weight is stored as a convolution's, so that published ones load unchanged; the product itself needs no
    channels-first copy of the map, which makes it faster than the convolution on every processor.

    Args:
        side: of a square in cells; 1 for a 1x1 convolution.
    """

    def __init__(self, width_in: int, width_out: int, side: int = 1, *, bias: bool = True) -> None:
        super().__init__()
        self.side = side
        self.weight = nn.Parameter(torch.empty(width_out, width_in, side, side))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        self.bias = nn.Parameter(torch.zeros(width_out)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """(n, h, w, width_in) to (n, h / side, w / side, width_out)."""
        return functional.linear(cut(x, self.side), self.weight.flatten(1), self.bias)


def cut(x: Tensor, side: int) -> Tensor:
    """(n, h, w, c) to (n, h / side, w / side, c * side * side): squares, their numbers in a convolution's order."""
    if side == 1:
        return x
    count, height, length, width = x.shape
    parted = x.reshape(count, height // side, side, length // side, side, width)
    return parted.permute(0, 1, 3, 5, 2, 4).flatten(3)
