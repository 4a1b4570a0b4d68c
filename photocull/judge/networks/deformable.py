"""Attention to points that the network places itself: interest points that are gated ('delegates'); needs torch.

Sources: Xia et al., "Vision Transformer with Deformable Attention", CVPR 2022, section 3.2, for offsets, sampling and
position bias; He et al., "Thinking Image Color Aesthetics Assessment", ICCV 2023, section 4.2, for points and gates.
"""

import math
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.patches import Patches

_REACH: Final = 2.0
"""Farthest offset from an interest point, in units of 1 / side."""
_DISAGREEING: Final = 0.25
"""What is left of an offset that does not point the way its interest point lies from the centre."""
_STEEPNESS: Final = -99999.0
"""Makes the gate's sigmoid a step: open (1) where the learnt value is negative."""
_TABLE_SPREAD: Final = 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Placement:
    """Where one layer's sampling points lie; y before x, the map's outermost cell centres at -1 and 1.

    Attributes:
        positions: (n, h, w, groups, 2), outside -1..1 where a point left the map: it then samples zeros.
        references: (n, h, w, 2) interest points, shared by the groups.
        gate: (n, h, w, 1) in 0..1, nearly always 0 or 1; None in a network without gates.
    """

    positions: Tensor
    references: Tensor
    gate: Tensor | None


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """What one layer of deformable attention looked at, for overlays.

    Attributes:
        stage: 1 to 4, by map size.
        positions: (n, groups, h, w, 2), y before x, as in `Placement`. references: the interest points, likewise.
        gate: (n, 1, h, w), 0 where the network closed a point (it then lies at the centre); None without gates.
        attention: (n, groups, h, w) that each sampling point receives from all queries, the mean over the group's
            heads: a group's values add up to the number of queries, h * w.
    """

    stage: int
    positions: Tensor
    references: Tensor
    gate: Tensor | None
    attention: Tensor


class GroupFilter(nn.Module):
    """A depthwise convolution that every group of channels goes through; a `kernel` of odd side keeps the map's size.

    Repeating its few weights for all groups is cheaper than parting the map.
    """

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(width, 1, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(width))
        nn.init.kaiming_uniform_(self.weight, a=math.sqrt(5))

    def forward(self, x: Tensor, groups: int) -> Tensor:
        """(n, h, w, groups * width) to (n, h, w, groups, width)."""
        weight, bias = self.weight.repeat(groups, 1, 1, 1), self.bias.repeat(groups)
        filtered = functional.conv2d(x.permute(0, 3, 1, 2), weight, bias, padding="same", groups=x.shape[3])
        return filtered.permute(0, 2, 3, 1).reshape(*x.shape[:3], groups, -1)


class OffsetNet(nn.Module):
    """From a group's queries to the offset of each of its points, in -1..1 before it is scaled."""

    def __init__(self, width: int, kernel: int) -> None:
        super().__init__()
        self.filter = GroupFilter(width, kernel)
        self.norm = nn.LayerNorm(width)
        self.step = Patches(width, 2, bias=False)

    def forward(self, query: Tensor, groups: int) -> Tensor:
        """(n, h, w, groups * width) to (n, h, w, groups, 2), y before x."""
        filtered: Tensor = self.filter(query, groups)
        moved: Tensor = self.step(functional.gelu(self.norm(filtered)))
        return moved.tanh()


class DeformableAttention(nn.Module):
    """Multi-head attention from every cell to sampling points, one a cell and group, that depend on the map itself.

    Args:
        width: channels of the map, a multiple of `heads`; `heads` is a multiple of `groups`.
        side: of the map in cells.
        kernel: side of the offset network's filter.
        gated: whether points are gated.
        stage: what `Points` calls it.
    """

    def __init__(self, width: int, heads: int, groups: int, side: int, kernel: int, *, gated: bool, stage: int) -> None:
        super().__init__()
        self.heads, self.groups, self.stage = heads, groups, stage
        self.query, self.key, self.value, self.out = (Patches(width, width) for _ in range(4))
        self.offset = OffsetNet(width // groups, kernel)
        self.reference = Patches(width, 2)
        self.gate = Patches(width, 1) if gated else None
        self.position_table = nn.Parameter(torch.empty(heads, 2 * side - 1, 2 * side - 1))
        nn.init.trunc_normal_(self.position_table, std=_TABLE_SPREAD)
        self.centres: Tensor
        self.register_buffer("centres", cell_centres(side), persistent=False)

    def forward(self, x: Tensor, *, shared: bool = False, seen: list[Points] | None = None) -> Tensor:
        """(n, side, side, width) to the same.

        Args:
            shared: one set of interest points and gates for the whole batch, as the authors' code has it.
            seen: gets this layer's `Points`.
        """
        queries = self.query(x)
        placement = self.place(x, queries, shared=shared)
        sampled = sample(x, placement.positions)
        bias = self._position_bias(placement.positions)
        query, key, value = (self._by_head(t) for t in (queries.flatten(1, 2), self.key(sampled), self.value(sampled)))
        scale = query.shape[2] ** -0.5
        attention = torch.baddbmm(bias, query, key.transpose(1, 2), alpha=scale).softmax(2)
        if seen is not None:
            seen.append(self._points(placement, attention))
        mixed = (attention @ value).view(x.shape[0], self.heads, -1, value.shape[2])
        out: Tensor = self.out(mixed.transpose(1, 2).reshape(x.shape))
        return out

    def place(self, x: Tensor, queries: Tensor, *, shared: bool = False) -> Placement:
        """The sampling points for a map (n, side, side, width) and its queries of the same shape."""
        raw_reference = self._agreed(self.reference(x), shared)
        reference = raw_reference.tanh().expand(*x.shape[:3], 2)
        offset = self.offset(queries, self.groups) * (_REACH / x.shape[1])
        gate = None
        if self.gate is not None:
            gate = step(self._agreed(self.gate(x), shared)).expand(*x.shape[:3], 1)
        return Placement(place_points(offset, reference, gate), reference, gate)

    @staticmethod
    def _agreed(raw: Tensor, shared: bool) -> Tensor:
        return raw.mean(0, keepdim=True) if shared else raw

    def _by_head(self, tokens: Tensor) -> Tensor:
        """(n, cells, width) to (n * heads, cells, width / heads)."""
        return tokens.view(*tokens.shape[:2], self.heads, -1).transpose(1, 2).flatten(0, 1)

    def _position_bias(self, positions: Tensor) -> Tensor:
        """(n * heads, queries, points): the table, sampled at half of each displacement."""
        count, groups, cells = positions.shape[0], self.groups, self.centres.shape[0]
        down, right = (0.5 * positions).flatten(1, 2).transpose(1, 2).flatten(0, 1).unsqueeze(1).unbind(-1)
        centres = 0.5 * self.centres
        grid = torch.stack((centres[:, 1:] - right, centres[:, :1] - down), dim=-1)
        table = self.position_table.view(groups, -1, *self.position_table.shape[1:]).repeat(count, 1, 1, 1)
        bias = functional.grid_sample(table, grid, align_corners=True)
        return bias.view(count * self.heads, cells, cells)

    def _points(self, placement: Placement, attention: Tensor) -> Points:
        positions = placement.positions.permute(0, 3, 1, 2, 4)
        references = placement.references.unsqueeze(1).expand_as(positions)
        gate = None if placement.gate is None else placement.gate.permute(0, 3, 1, 2)
        count, groups, height, length = positions.shape[:4]
        received = attention.sum(1).view(count, groups, -1, height, length).mean(2)
        return Points(self.stage, positions, references, gate, received)


def cell_centres(side: int) -> Tensor:
    """(side * side, 2) centres of a map's cells, row by row, y before x, when the map's borders are at -1 and 1."""
    line = (torch.arange(side) + 0.5) * (2 / side) - 1
    return torch.cartesian_prod(line, line)


def step(raw: Tensor) -> Tensor:
    """1 where `raw` is negative, 0 where it is positive: the published sigmoid(-99999 raw), value for value.

    It learns through the slope of a plain sigmoid, as straight-through estimators do (Bengio et al., "Estimating or
    propagating gradients through stochastic neurons", 2013): the step's own slope is 0 nearly everywhere and up to
    25,000 at the step, so that a gate would never turn but by accident, and the accident upset all other weights.
    """
    plain = torch.sigmoid(-raw)
    return torch.sigmoid(_STEEPNESS * raw).detach() + (plain - plain.detach())


def place_points(offset: Tensor, reference: Tensor, gate: Tensor | None) -> Tensor:
    """(n, h, w, groups, 2) positions of offsets of that shape from references (n, h, w, 2), gated by (n, h, w, 1).

    An offset that disagrees in sign with its reference on either axis keeps a quarter of its size.
    """
    agrees = (offset.sign() == reference.sign().unsqueeze(3)).all(dim=-1, keepdim=True)
    moved = torch.where(agrees, offset, _DISAGREEING * offset) + reference.unsqueeze(3)
    return moved if gate is None else moved * gate.unsqueeze(3)


def sample(x: Tensor, positions: Tensor) -> Tensor:
    """(n, h * w, c) from a map (n, h, w, c), each group's channels read bilinearly at its positions (n, h, w, g, 2)."""
    count, height, length, groups = positions.shape[:4]
    parted = x.view(count, height, length, groups, -1).permute(0, 3, 4, 1, 2).flatten(0, 1)
    grid = positions.permute(0, 3, 1, 2, 4).flatten(0, 1).flip(-1)
    read = functional.grid_sample(parted, grid, align_corners=True)
    return read.view(count, x.shape[3], height * length).transpose(1, 2)
