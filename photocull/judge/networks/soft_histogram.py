"""A histogram with soft bins, so that gradients pass through it; needs torch.

Source: He et al., "Thinking Image Color Aesthetics Assessment", ICCV 2023, section 4.3.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional


class EachScaled(nn.Module):
    """A factor and a shift for every number; stored as a grouped 1x1 convolution's, so that published ones load."""

    def __init__(self, factor: Tensor, shift: Tensor) -> None:
        super().__init__()
        self.weight = nn.Parameter(factor.reshape(-1, 1, 1))
        self.bias = nn.Parameter(shift)

    def forward(self, x: Tensor) -> Tensor:
        """(n, count) to the same."""
        return x * self.weight.flatten() + self.bias


class SoftHistogram(nn.Module):
    """Projects features to a few numbers and says how near each of them is to the centre of each of its bins.

    A bin answers 1 - width * |number - centre|, never less than 0. Centres and widths are learnt: `centres` subtracts
    a bin's centre, `widths` scales the distance and subtracts it from one.

    Args:
        width: number of features. numbers: to project to. bins: a number.
    """

    def __init__(self, width: int, numbers: int = 36, bins: int = 6) -> None:
        super().__init__()
        self.bins, self.count = bins, numbers * bins
        self.project = nn.Linear(width, numbers)
        centres = ((torch.arange(bins) + 0.5) / bins).repeat(numbers)
        self.centres = EachScaled(torch.ones(self.count), -centres)
        self.widths = EachScaled(torch.full((self.count,), -2.0 * bins), torch.ones(self.count))
        # The bins lie between 0 and 1: numbers that started around 0 would leave half of them without a gradient.
        nn.init.constant_(self.project.bias, 0.5)

    def forward(self, features: Tensor) -> Tensor:
        """(n, width) to (n, numbers * bins), none negative; a number's bins lie side by side."""
        repeated = self.project(features).repeat_interleave(self.bins, dim=1)
        return functional.relu(self.widths(self.centres(repeated).abs()))
