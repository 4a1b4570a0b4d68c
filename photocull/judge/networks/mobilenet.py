"""MobileNetV2 in its first published layout, where the first block widens too: TANet's aesthetics branch stands on it.

Sandler et al., 'MobileNetV2: Inverted Residuals and Linear Bottlenecks', CVPR 2018, section 4 and table 2.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from torch import Tensor, nn

STEM_WIDTH: Final = 32
TOP_WIDTH: Final = 1280
CELL: Final = 32
"""Pixels of the input that one cell of the last maps stands for."""
_STAGES: Final = (
    (1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2), (6, 320, 1, 1),
)  # fmt: skip
"""Table 2: how much a block widens, its output's width, how many blocks, and the first one's stride."""


@dataclass(frozen=True, slots=True)
class BlockShape:
    """One inverted residual: widths in, inside and out, and its stride."""

    width_in: int
    width_mid: int
    width_out: int
    stride: int

    @property
    def adds_input(self) -> bool:
        """Whether what goes in is added to what comes out."""
        return self.stride == 1 and self.width_in == self.width_out


def block_shapes() -> Iterator[BlockShape]:
    """The 17 blocks in order."""
    width = STEM_WIDTH
    for expansion, width_out, count, first_stride in _STAGES:
        for index in range(count):
            yield BlockShape(width, width * expansion, width_out, first_stride if index == 0 else 1)
            width = width_out


class ConvNorm(nn.Module):
    """A convolution without bias, batch normalisation, and what follows: `nn.ReLU`, `nn.ReLU6` or `nn.Identity`."""

    def __init__(
        self,
        width_in: int,
        width_out: int,
        rectifier: type[nn.Module],
        kernel: int = 1,
        stride: int = 1,
        groups: int = 1,
    ) -> None:
        super().__init__()
        padding = kernel // 2
        self.convolution = nn.Conv2d(width_in, width_out, kernel, stride, padding, groups=groups, bias=False)
        self.norm = nn.BatchNorm2d(width_out)
        self.rectifier = rectifier()

    def forward(self, x: Tensor) -> Tensor:
        """(n, width_in, h, w) to (n, width_out, h / stride, w / stride)."""
        y: Tensor = self.rectifier(self.norm(self.convolution(x)))
        return y


class InvertedResidual(nn.Module):
    """Widen, filter each channel, narrow without a rectifier; the input is added where the shapes agree (figure 3b)."""

    def __init__(self, shape: BlockShape) -> None:
        super().__init__()
        self.adds_input = shape.adds_input
        mid = shape.width_mid
        self.widen = ConvNorm(shape.width_in, mid, nn.ReLU6)
        self.filter = ConvNorm(mid, mid, nn.ReLU6, 3, shape.stride, groups=mid)
        self.narrow = ConvNorm(mid, shape.width_out, nn.Identity)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width_in, h, w) to (n, width_out, h / stride, w / stride)."""
        y: Tensor = self.narrow(self.filter(self.widen(x)))
        return x + y if self.adds_input else y


class MobileNet(nn.Module):
    """Everything below the classifier: stem, 17 blocks and the last widening.

    As in the authors' code, which departs from the paper here, the stem's and the last maps have no cap at 6.
    """

    def __init__(self) -> None:
        super().__init__()
        shapes = list(block_shapes())
        self.stem = ConvNorm(3, STEM_WIDTH, nn.ReLU, 3, 2)
        self.blocks = nn.Sequential(*(InvertedResidual(shape) for shape in shapes))
        self.top = ConvNorm(shapes[-1].width_out, TOP_WIDTH, nn.ReLU)

    def forward(self, x: Tensor) -> Tensor:
        """(n, 3, H, W) to maps (n, 1280, H / 32, W / 32), each value 0 or more."""
        maps: Tensor = self.top(self.blocks(self.stem(x)))
        return maps
