"""The later stages of the trunk as they learn, and the heads that teach them; imported by fine-tuning alone."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.heads import FEATURES, POOLED
from photocull.judge.networks.layout import CELL, STAGE_STRIDES
from photocull.judge.networks.trunk import Trunk
from photocull.judge.themes import NETWORK_THEMES
from photocull.training.early import STAGES, Early
from photocull.training.trainer import undropped

_FARTHEST = 8.0
"""Standard deviations beyond which a number says no more: a broken photo must not throw the weights."""


class LateStages(nn.Module):
    """Stages 3 to 6 and, frozen, the layers that vote on the classes."""

    def __init__(self, trunk: Trunk) -> None:
        super().__init__()
        self.stages = nn.ModuleList(copy.deepcopy(stage) for stage in list(trunk.stages)[STAGES:])
        self.top = copy.deepcopy(trunk.top).requires_grad_(False)
        self.classes = copy.deepcopy(trunk.classes).requires_grad_(False)
        self.stages.requires_grad_(True)
        self.to(memory_format=torch.channels_last)

    def forward(self, maps: Tensor, cells: Tensor) -> Tensor:
        """(n, 2568) as `judge.networks.heads.features` orders them.

        Args:
            maps: (n, 40, h, w). cells: (n, 160, h / 4, w / 4), means and mean squares.
        """
        half = cells.shape[1] // 2
        means, squares = [cells[:, :half]], [cells[:, half:]]
        for stage, stride in zip(self.stages, STAGE_STRIDES[STAGES:], strict=True):
            maps = stage(maps)
            means.append(functional.avg_pool2d(maps, CELL // stride))
            squares.append(functional.avg_pool2d(maps * maps, CELL // stride))
        mean, square = (torch.cat(parts, 1).mean((2, 3)) for parts in (means, squares))
        # A bound under the root: its slope is endless at 0.
        deviation = (square - mean * mean).clamp_min(1e-6).sqrt()
        votes = self.classes(functional.relu6(self.top(maps)).mean((2, 3)))
        return torch.cat([mean, deviation, votes], 1)


@dataclass(frozen=True, slots=True)
class HeadShape:
    """inputs: numbers that it reads. width: hidden units, 0 for none. outputs: answers."""

    inputs: int
    width: int
    outputs: int


class TeachingHead(nn.Module):
    """A head that is thrown away when the trunk has learnt: the shipped ones are fitted to what it then says."""

    centre: Tensor
    scale: Tensor

    def __init__(self, shape: HeadShape, numbers: Tensor) -> None:
        super().__init__()
        read = numbers[:, : shape.inputs]
        self.register_buffer("centre", read.mean(0))
        self.register_buffer("scale", read.std(0).clamp_min(1e-2))
        hidden = shape.width or shape.inputs
        layers: list[nn.Module] = [nn.Dropout(0.2)]
        if shape.width:
            layers += [nn.Linear(shape.inputs, shape.width), nn.ReLU(), nn.Dropout(0.4)]
        self.layers = nn.Sequential(*layers, nn.Linear(hidden, shape.outputs))

    def forward(self, numbers: Tensor) -> Tensor:
        """(n, outputs) from (n, 2568)."""
        answers: Tensor = self.layers(self._standard(numbers))
        return answers

    def plain(self, numbers: Tensor) -> Tensor:
        """The same, see `trainer.undropped`."""
        return undropped(self.layers, self._standard(numbers))

    def _standard(self, numbers: Tensor) -> Tensor:
        standard = (numbers[:, : len(self.centre)] - self.centre) / self.scale
        return standard.clamp(-_FARTHEST, _FARTHEST)


def teaching_heads(numbers: Tensor, theme_share: Tensor) -> nn.ModuleDict:
    """Heads of quality, beauty and themes for a trunk whose numbers of the training photos are (n, 2568)."""
    themes = TeachingHead(HeadShape(FEATURES, 0, len(NETWORK_THEMES)), numbers)
    layer = cast(nn.Linear, themes.layers[-1])
    share = theme_share.clamp(1e-3, 1 - 1e-3)
    with torch.no_grad():
        layer.weight.zero_()
        layer.bias.copy_(torch.log(share / (1 - share)))
    return nn.ModuleDict(
        {
            "quality": TeachingHead(HeadShape(POOLED, 128, 1), numbers),
            "beauty": TeachingHead(HeadShape(FEATURES, 96, 1), numbers),
            "themes": themes,
        }
    )


def stacked(looks: Sequence[Early]) -> tuple[Tensor, Tensor]:
    """Maps and cells of pictures of one shape, as `LateStages` takes them."""
    maps, cells = (
        torch.from_numpy(np.stack([getattr(look, name) for look in looks])).float().permute(0, 3, 1, 2)
        for name in ("map", "cells")
    )
    return maps, cells


def read_all(late: LateStages, looks: Sequence[Early]) -> Tensor:
    """(n, 2568) of any pictures, without learning from them."""
    found = torch.empty(len(looks), FEATURES)
    by_shape: dict[tuple[int, ...], list[int]] = {}
    for index, look in enumerate(looks):
        by_shape.setdefault(look.map.shape, []).append(index)
    with torch.inference_mode():
        for rows in by_shape.values():
            for start in range(0, len(rows), 16):
                part = rows[start : start + 16]
                found[part] = late(*stacked([looks[k] for k in part]))
    return found
