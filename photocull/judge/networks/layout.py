"""The built-in trunk as data: EfficientNet-Lite0's blocks and the names of its tensors, for every engine that runs it.

Source: Tan and Le, "EfficientNet", ICML 2019, table 1; the Lite0 changes (no squeeze-and-excitation, ReLU6) by Google.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CELL: Final = 32
"""Side in input pixels of one cell of the maps; inputs are multiples of it."""
STEM_WIDTH: Final = 32
TOP_WIDTH: Final = 1280
CLASSES: Final = 1000
STAGE_WIDTHS: Final = (16, 24, 40, 80, 112, 192, 320)
STAGE_STRIDES: Final = (2, 4, 8, 16, 16, 32, 32)
CHANNELS: Final = sum(STAGE_WIDTHS)
"""784 channels over all seven stages."""

_REPEATS: Final = (1, 2, 2, 3, 3, 4, 1)
_KERNELS: Final = (3, 3, 5, 3, 5, 5, 3)
_FIRST_STRIDES: Final = (1, 2, 2, 2, 1, 2, 1)


@dataclass(frozen=True, slots=True)
class Block:
    """One inverted bottleneck: widen (but in stage 0), filter each channel, narrow, add the input where shapes agree.

    Attributes:
        name: start of its tensors' names, ``stages.3.1``.
        stage: 0..6. last: whether the stage ends with it.
        kernel, stride: of the depthwise convolution.
        width_in, width_mid, width_out: channels.
    """

    name: str
    stage: int
    last: bool
    kernel: int
    stride: int
    width_in: int
    width_mid: int
    width_out: int

    @property
    def widens(self) -> bool:
        """Whether a 1x1 convolution comes before the depthwise one."""
        return self.width_mid != self.width_in

    @property
    def adds_input(self) -> bool:
        """Whether the block's input is added to its output."""
        return self.stride == 1 and self.width_in == self.width_out


def blocks() -> Iterator[Block]:
    """The sixteen blocks in order."""
    width = STEM_WIDTH
    for stage, repeats in enumerate(_REPEATS):
        for i in range(repeats):
            stride = _FIRST_STRIDES[stage] if i == 0 else 1
            middle = width * (1 if stage == 0 else 6)
            yield Block(
                f"stages.{stage}.{i}",
                stage,
                i == repeats - 1,
                _KERNELS[stage],
                stride,
                width,
                middle,
                STAGE_WIDTHS[stage],
            )
            width = STAGE_WIDTHS[stage]


def padding(kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's SAME padding (before, after) of one axis whose length is a multiple of the stride."""
    total = kernel - stride
    return total // 2, total - total // 2


def tensor_shapes() -> dict[str, tuple[int, ...]]:
    """Every tensor of the trunk, batch normalisation folded in, with its shape."""
    shapes: dict[str, tuple[int, ...]] = {}

    def add(name: str, *shape: int) -> None:
        shapes[f"{name}.weight"] = shape
        shapes[f"{name}.bias"] = shape[:1]

    add("stem", STEM_WIDTH, 3, 3, 3)
    for block in blocks():
        if block.widens:
            add(f"{block.name}.widen", block.width_mid, block.width_in, 1, 1)
        add(f"{block.name}.filter", block.width_mid, 1, block.kernel, block.kernel)
        add(f"{block.name}.narrow", block.width_out, block.width_mid, 1, 1)
    add("top", TOP_WIDTH, STAGE_WIDTHS[-1], 1, 1)
    add("classes", CLASSES, TOP_WIDTH)
    return shapes
