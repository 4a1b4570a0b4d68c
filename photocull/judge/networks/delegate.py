"""The Delegate Transformer, a colour model: its shape, the network, and what it looked at; needs torch.

Source: He et al., "Thinking Image Color Aesthetics Assessment: Models, Datasets and Benchmarks", ICCV 2023, section 4.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn

from photocull.judge.networks.deformable import DeformableAttention, Points
from photocull.judge.networks.delegate_stages import Block, Stage
from photocull.judge.networks.patches import Patches
from photocull.judge.networks.soft_histogram import SoftHistogram
from photocull.judge.networks.windows import WindowAttention

_STEM_PATCH: Final = 4


@dataclass(frozen=True, slots=True)
class DelegateShape:
    """The sizes of a Delegate Transformer; those of the stages from the first to the last.

    Attributes:
        stem: channels after the first patches, the first stage's width.
        widths, depths, heads: channels, blocks and attention heads.
        groups, kernels: sampling groups and the offset filter's side; 0 in a stage with window attention only.
        window: side in cells. expansion: of the perceptron in each block. side: of the input in pixels.
    """

    stem: int
    widths: tuple[int, ...]
    depths: tuple[int, ...]
    heads: tuple[int, ...]
    groups: tuple[int, ...]
    kernels: tuple[int, ...]
    window: int = 7
    expansion: int = 4
    side: int = 224

    def __post_init__(self) -> None:
        if self.stem != self.widths[0]:
            raise ValueError("The stem must be as wide as the first stage.")
        if len({len(sizes) for sizes in (self.widths, self.depths, self.heads, self.groups, self.kernels)}) > 1:
            raise ValueError("Every stage needs a width, a depth, heads, groups and a kernel.")
        for stage, (width, heads, groups) in enumerate(zip(self.widths, self.heads, self.groups, strict=True)):
            if width % heads or (groups and heads % groups) or self.map_side(stage) % self.window:
                raise ValueError("Heads must part the width, groups the heads, and windows the map.")

    def map_side(self, stage: int) -> int:
        """Cells along one side of a stage's map; stages count from 0."""
        return self.side // (_STEM_PATCH << stage)

    @classmethod
    def of(cls, shapes: Mapping[str, tuple[int, ...]]) -> "DelegateShape":
        """The sizes that a state dict has, from its tensors' shapes under this module's names.

        Raises:
            KeyError, IndexError: a tensor that every Delegate Transformer has is missing or lacks an axis.
            ValueError: the shapes contradict one another.
        """
        return _read_shape(shapes)


BASE: Final = DelegateShape(
    stem=128,
    widths=(128, 256, 512, 1024),
    depths=(2, 2, 18, 2),
    heads=(4, 8, 16, 32),
    groups=(0, 0, 4, 8),
    kernels=(0, 0, 5, 3),
)
"""The published size: 86.9 million parameters."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One run of the network with what it saw.

    Attributes:
        answer: (n, outputs) as `DelegateTransformer.forward` gives it.
        maps: (n, h, w, width of the last stage), normalised. features: (n, width) their average. histogram: (n, 216).
        points: of every layer of deformable attention, first to last.
    """

    answer: Tensor
    maps: Tensor
    features: Tensor
    histogram: Tensor
    points: tuple[Points, ...]


class DelegateTransformer(nn.Module):
    """A photo to one or two scores in 0..1.

    Args:
        shape: sizes, `BASE` for the published checkpoints.
        outputs: 2 for overall and colour score (ICAA17K), 1 for colourfulness (SPAQ).
        gated: whether interest points are gated (ICAA17K: yes, SPAQ: no).
        drop_path: rate of stochastic depth in the last block, growing evenly from 0 in the first; training only.
    """

    def __init__(
        self, shape: DelegateShape = BASE, *, outputs: int = 2, gated: bool = True, drop_path: float = 0.0
    ) -> None:
        super().__init__()
        self.shape = shape
        last = max(sum(shape.depths) - 1, 1)
        rates = (drop_path * block / last for block in range(last + 1))
        self.stages = nn.ModuleList(_stage(shape, number, gated, rates) for number in range(len(shape.widths)))
        self.norm = nn.LayerNorm(shape.widths[-1])
        self.histogram = SoftHistogram(shape.widths[-1])
        self.heads = nn.ModuleList(nn.Linear(self.histogram.count, 1) for _ in range(outputs))

    def forward(self, batch: Tensor) -> Tensor:
        """(n, 3, side, side) normalised RGB to (n, outputs) in 0..1; a photo's scores depend on that photo alone."""
        return torch.cat([self._run(part, shared=False, seen=None).answer for part in self._parted(batch)])

    def published(self, batch: Tensor) -> Tensor:
        """As `forward`, but with the authors' coupling: interest points and gates are averaged over the batch.

        For comparison with their numbers only. A batch of one gives what `forward` gives.
        """
        return self._run(batch, shared=True, seen=None).answer

    def trace(self, batch: Tensor) -> Trace:
        """One run as `forward` does it, with the features, the histogram and the points of every layer."""
        return _joined([self._run(part, shared=False, seen=[]) for part in self._parted(batch)])

    def parts(self) -> dict[str, nn.Module]:
        """The parts that may learn at rates of their own; together they have every parameter once."""
        return {
            "trunk": nn.ModuleList([self.stages, self.norm]),
            "histogram": self.histogram,
            "heads": self.heads,
        }

    def _parted(self, batch: Tensor) -> Sequence[Tensor]:
        """On a CPU photos are scored one by one: a tenth slower than four together, and alike to the last bit.

        It matters where a gate is about to turn, because a rounding error is then enough to move a point.
        """
        return torch.split(batch, 1) if batch.device.type == "cpu" and not self.training else (batch,)

    def _run(self, batch: Tensor, *, shared: bool, seen: list[Points] | None) -> Trace:
        x = batch.permute(0, 2, 3, 1)
        for stage in self.stages:
            x = stage(x, shared, seen)
        maps = self.norm(x)
        features = maps.mean((1, 2))
        histogram = self.histogram(features)
        answer = torch.cat([torch.sigmoid(head(histogram)) for head in self.heads], dim=1)
        return Trace(answer, maps, features, histogram, tuple(seen or ()))


def _joined(traces: Sequence[Trace]) -> Trace:
    if len(traces) == 1:
        return traces[0]
    layers = zip(*(trace.points for trace in traces), strict=True)
    return Trace(
        torch.cat([trace.answer for trace in traces]),
        torch.cat([trace.maps for trace in traces]),
        torch.cat([trace.features for trace in traces]),
        torch.cat([trace.histogram for trace in traces]),
        tuple(_joined_points(layer) for layer in layers),
    )


def _joined_points(parts: Sequence[Points]) -> Points:
    gates = [part.gate for part in parts if part.gate is not None]
    return Points(
        parts[0].stage,
        torch.cat([part.positions for part in parts]),
        torch.cat([part.references for part in parts]),
        torch.cat(gates) if gates else None,
        torch.cat([part.attention for part in parts]),
    )


def _stage(shape: DelegateShape, number: int, gated: bool, rates: Iterator[float]) -> Stage:
    width = shape.widths[number]
    entry = Patches(shape.widths[number - 1], width, 2, bias=False) if number else Patches(3, width, _STEM_PATCH)
    blocks = [
        Block(_attention(shape, number, depth % 2 == 1, gated), width, shape.expansion, next(rates))
        for depth in range(shape.depths[number])
    ]
    return Stage(entry, blocks, width)


def _attention(shape: DelegateShape, number: int, second: bool, gated: bool) -> nn.Module:
    """Window attention, and in every second block its shifted or the deformable kind."""
    width, heads, side = shape.widths[number], shape.heads[number], shape.map_side(number)
    groups, kernel = shape.groups[number], shape.kernels[number]
    if second and groups:
        return DeformableAttention(width, heads, groups, side, kernel, gated=gated, stage=number + 1)
    return WindowAttention(width, heads, shape.window, side, math.ceil(shape.window / 2) if second else 0)


def _read_shape(shapes: Mapping[str, tuple[int, ...]]) -> DelegateShape:
    count = len({name.split(".")[1] for name in shapes if name.startswith("stages.")})
    starts = [f"stages.{number}." for number in range(count)]
    tables = [shapes[f"{start}blocks.0.attention.bias_table"] for start in starts]
    widths = tuple(shapes[f"{start}norm.weight"][0] for start in starts)
    filters = [shapes.get(f"{start}blocks.1.attention.offset.filter.weight") for start in starts]
    return DelegateShape(
        stem=shapes["stages.0.entry.weight"][0],
        widths=widths,
        depths=tuple(len({n.split(".")[3] for n in shapes if n.startswith(f"{start}blocks.")}) for start in starts),
        heads=tuple(heads for _, heads in tables),
        groups=tuple(width // f[0] if f else 0 for width, f in zip(widths, filters, strict=True)),
        kernels=tuple(f[2] if f else 0 for f in filters),
        window=(math.isqrt(tables[0][0]) + 1) // 2,
        expansion=shapes["stages.0.blocks.0.perceptron.widen.weight"][0] // widths[0],
        side=_read_side(shapes, starts),
    )


def _read_side(shapes: Mapping[str, tuple[int, ...]], starts: list[str]) -> int:
    """From the position table, which spans all displacements of a map; 224 where no stage has one."""
    for number, start in enumerate(starts):
        table = shapes.get(f"{start}blocks.1.attention.position_table")
        if table:
            return (table[1] + 1) // 2 * (_STEM_PATCH << number)
    return BASE.side
