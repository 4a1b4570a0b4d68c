"""The built-in trunk in PyTorch: for GPUs and as the yardstick of the ONNX graph; imported on demand only."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.layout import (
    CELL,
    CLASSES,
    STAGE_STRIDES,
    STAGE_WIDTHS,
    STEM_WIDTH,
    TOP_WIDTH,
    Block,
    blocks,
    padding,
)


class SameConv(nn.Conv2d):
    """A convolution with TensorFlow's SAME padding for inputs whose sides are multiples of the stride."""

    def __init__(self, width_in: int, width_out: int, kernel: int, stride: int = 1, groups: int = 1) -> None:
        super().__init__(width_in, width_out, kernel, stride, groups=groups)
        before, after = padding(kernel, stride)
        self._sides = (before, after, before, after)

    def forward(self, x: Tensor) -> Tensor:
        """Pad and convolve (n, c, h, w)."""
        convolved: Tensor = super().forward(functional.pad(x, self._sides) if any(self._sides) else x)
        return convolved


class Bottleneck(nn.Module):
    """One `Block`, batch normalisation folded into its convolutions."""

    def __init__(self, block: Block) -> None:
        super().__init__()
        self.adds_input = block.adds_input
        self.widen = SameConv(block.width_in, block.width_mid, 1) if block.widens else None
        self.filter = SameConv(block.width_mid, block.width_mid, block.kernel, block.stride, groups=block.width_mid)
        self.narrow = SameConv(block.width_mid, block.width_out, 1)

    def forward(self, x: Tensor) -> Tensor:
        """(n, width_in, h, w) to (n, width_out, h / stride, w / stride)."""
        widened = x if self.widen is None else functional.relu6(self.widen(x))
        y: Tensor = self.narrow(functional.relu6(self.filter(widened)))
        return x + y if self.adds_input else y


class Trunk(nn.Module):
    """EfficientNet-Lite0 that hands out every stage's cell statistics beside the class logits."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = SameConv(3, STEM_WIDTH, 3, 2)
        stages: list[list[nn.Module]] = [[] for _ in STAGE_WIDTHS]
        for block in blocks():
            stages[block.stage].append(Bottleneck(block))
        self.stages = nn.ModuleList(nn.Sequential(*members) for members in stages)
        self.top = SameConv(STAGE_WIDTHS[-1], TOP_WIDTH, 1)
        self.classes = nn.Linear(TOP_WIDTH, CLASSES)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """(n, 3, H, W) to means and mean squares (n, 784, H/32, W/32) of each stage's cells, and logits (n, 1000)."""
        means, squares = [], []
        x = functional.relu6(self.stem(x))
        for stage, stride in zip(self.stages, STAGE_STRIDES, strict=True):
            x = stage(x)
            means.append(_cells(x, CELL // stride))
            squares.append(_cells(x * x, CELL // stride))
        pooled = functional.relu6(self.top(x)).mean(dim=(2, 3))
        return torch.cat(means, 1), torch.cat(squares, 1), self.classes(pooled)


def _cells(x: Tensor, side: int) -> Tensor:
    return functional.avg_pool2d(x, side) if side > 1 else x


def build_trunk(tensors: Mapping[str, NDArray[np.generic]], device: str = "cpu") -> Trunk:
    """A trunk in evaluation mode from named arrays, in float32 whatever they are stored as."""
    trunk = Trunk()
    names = trunk.state_dict()
    trunk.load_state_dict({name: torch.from_numpy(np.array(tensors[name], dtype=np.float32)) for name in names})
    return trunk.eval().requires_grad_(False).to(device)


def run_trunk(trunk: Trunk, batch: NDArray[np.float32], device: str) -> tuple[NDArray[np.float32], ...]:
    """The three outputs for (n, 3, H, W), in full float32 arithmetic and with repeatable algorithms on a GPU too."""
    exact = torch.backends.cudnn.flags(enabled=True, benchmark=False, deterministic=True, allow_tf32=False)
    with torch.inference_mode(), exact:
        outputs = trunk(torch.from_numpy(batch).to(device))
    return tuple(output.cpu().numpy() for output in outputs)
