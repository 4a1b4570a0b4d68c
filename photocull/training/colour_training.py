"""Fits the learnt colour score with PyTorch: photos above their damaged copies, weak damage above strong.

Beside the order it learns from a published model of people (`judge.harmony.score` of the untouched photo) and is held
to one answer for a photo and its harmless copies.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from photocull.judge.networks.colour_input import COLOURS, SIDE, TONES, point_colours, tones
from photocull.judge.networks.colour_points import BINS, NUMBERS, POINTS, REACH, SHAPES, WIDTH
from photocull.training.colour_damage import KINDS
from photocull.training.colour_pairs import HARMLESS, UNTOUCHED, ColourMaterial
from photocull.training.colour_recipe import ColourRecipe
from photocull.training.fitting import calibrate

_FLAT: Final = 1e-3
_LEAST: Final = 1e-3
_FIRST_DAMAGE: Final = 4
"""A photo's rows in a batch begin with itself and three harmless copies."""
_AT_ONCE: Final = 256
_TAUGHT_APART: Final = 2.0
"""Points of the published model's score from which it parts two photos for certain."""
_DIRECTIONS: Final = 12
"""Of the histogram's numbers, as many start as hue directions, so that the bins begin as a histogram of colours."""


class ColourNetwork(nn.Module):
    """`judge.networks.colour_points` for one member, as PyTorch sees it; parameters by the names of `SHAPES`."""

    def __init__(self, dropout: float, whole_dropout: float) -> None:
        super().__init__()
        for name, shape in SHAPES.items():
            bound = (3 / max(shape[0], 1)) ** 0.5 if len(shape) > 1 else 0.0
            self.register_parameter(name, nn.Parameter(torch.empty(shape).uniform_(-bound, bound)))
        _start(self)
        self._drop, self._drop_whole = nn.Dropout(dropout), nn.Dropout(whole_dropout)
        middle = (torch.arange(SIDE) + 0.5) / SIDE
        self._home = torch.stack(torch.meshgrid(middle, middle, indexing="ij"), dim=-1).reshape(1, -1, 1, 2)

    def forward(self, cells: Tensor, lab: Tensor, tone: Tensor, pooled: Tensor) -> Tensor:
        """(n,) answers to (n, 81, 256), (n, 4, 48, 48), (n, 14) and (n, 1568)."""
        part = self.get_parameter
        described = functional.relu(cells @ part("query") + part("query_bias"))
        moved = torch.tanh(described @ part("offset") + part("offset_bias"))
        points = (self._home + REACH * moved.reshape(len(cells), -1, POINTS, 2)).flatten(1, 2)
        gates = torch.sigmoid(described @ part("gate") + part("gate_bias")).reshape(len(cells), -1, 1)
        places = described.transpose(1, 2).reshape(len(cells), WIDTH, SIDE, SIDE)
        at = torch.cat([_sampled(lab, points), _sampled(places, points)], dim=-1)
        gathered = (self._met(at) * gates).sum(dim=1) / (gates.sum(dim=1) + _LEAST)
        whole = functional.relu(self._drop_whole(pooled) @ part("whole") + part("whole_bias"))
        judged = self._drop(torch.cat([gathered, whole, tone], dim=1))
        hidden = functional.relu(judged @ part("hidden") + part("hidden_bias"))
        return hidden @ part("output") + part("output_bias")

    def _met(self, at: Tensor) -> Tensor:
        part = self.get_parameter
        numbers = at @ part("number") + part("number_bias")
        bins = functional.relu(1 - part("narrow") * (numbers[..., None] - part("centre")).abs())
        described = functional.relu(at @ part("describe") + part("describe_bias"))
        return torch.cat([bins.flatten(2), described, described**2], dim=-1)


def _start(network: ColourNetwork) -> None:
    with torch.no_grad():
        network.get_parameter("output").uniform_(-0.2, 0.2)
        network.get_parameter("centre").copy_(((torch.arange(BINS) + 0.5) / BINS).repeat(NUMBERS, 1))
        network.get_parameter("narrow").fill_(float(BINS))
        network.get_parameter("number_bias").fill_(0.5)
        network.get_parameter("offset").mul_(0.3)
        number = network.get_parameter("number")
        number.mul_(0.3)
        angle = torch.arange(_DIRECTIONS) * (2 * torch.pi / _DIRECTIONS)
        number[:, :_DIRECTIONS] = 0
        number[1, :_DIRECTIONS], number[2, :_DIRECTIONS] = 0.4 * angle.cos(), 0.4 * angle.sin()
        number[:, _DIRECTIONS] = 0
        number[0, _DIRECTIONS] = 0.5


def _sampled(values: Tensor, points: Tensor) -> Tensor:
    """(n, c, h, w) at (n, p, 2) of down and across 0..1, to (n, p, c)."""
    grid = 2 * points.flip(-1)[:, None] - 1
    found = functional.grid_sample(values, grid, padding_mode="border", align_corners=False)
    return found[:, :, 0].transpose(1, 2)


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """Rows as tensors: cells (n, 81, 256), lab (n, 4, 48, 48), tone (n, 14), pooled (n, 1568)."""

    cells: Tensor
    lab: Tensor
    tone: Tensor
    pooled: Tensor

    def at(self, rows: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        return self.cells[rows].float(), self.lab[rows].float(), self.tone[rows], self.pooled[rows].float()


def fit_colour(
    train: ColourMaterial, recipe: ColourRecipe, seed: int, ordinary: ColourMaterial | None = None
) -> dict[str, NDArray[np.generic]]:
    """The head's tensors by the names that `read_colour_points` reads, as they are stored.

    Args:
        train: photos of good colour with all their copies.
        ordinary: the photos that the shown score is spread over; the untouched ones of ``train`` where none are given.
    """
    standards = standards_of(train)
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        lesson = lesson_of(train, standards)
        members = [_fit_member(lesson, train, recipe, 1000 * seed + k) for k in range(recipe.members)]
        shown = train if ordinary is None else ordinary
        shown = shown.rows(shown.kind == UNTOUCHED)
        spread_over = lesson_of(shown, standards)
        answers = np.mean([answered(member, spread_over) for member in members], axis=0)
    finally:
        torch.set_num_threads(before)
    tensors: dict[str, NDArray[np.generic]] = {
        f"heads.colour.{name}": np.stack([_stored(member, name) for member in members]) for name in SHAPES
    }
    tensors["heads.colour.calibration"] = np.array(calibrate(answers, recipe.spread), dtype=np.float32)
    return tensors | {f"heads.colour.{name}": values for name, values in standards.items()}


def _stored(member: ColourNetwork, name: str) -> NDArray[np.generic]:
    values = member.get_parameter(name).detach().numpy()
    # What is added up over many inputs may be coarse; centres and biases of the histogram are not.
    return np.ascontiguousarray(values, dtype=np.float16 if name in ("whole", "query", "hidden") else np.float32)


def standards_of(train: ColourMaterial) -> dict[str, NDArray[np.float32]]:
    cells, pooled = train.cells[:: max(1, len(train) // 3000)].astype(np.float64), train.pooled.astype(np.float64)
    return {
        "cells_centre": cells.mean(axis=(0, 2, 3)).astype(np.float32),
        "cells_scale": np.maximum(cells.std(axis=(0, 2, 3)), _FLAT).astype(np.float32),
        "pooled_centre": pooled.mean(axis=0).astype(np.float32),
        "pooled_scale": np.maximum(pooled.std(axis=0), _FLAT).astype(np.float32),
    }


def lesson_of(
    material: ColourMaterial, standards: dict[str, NDArray[np.float32]], kept: torch.dtype = torch.float16
) -> Lesson:
    """The rows as the network reads them, kept in half precision where memory matters more than the last digit."""
    parts = []
    for start in range(0, len(material), _AT_ONCE):
        number = np.arange(len(material))
        parts.append(_part(material.rows((number >= start) & (number < start + _AT_ONCE)), standards, kept))
    return Lesson(*(torch.cat([part[k] for part in parts]) for k in range(4)))


def _part(rows: ColourMaterial, standards: dict[str, NDArray[np.float32]], kept: torch.dtype) -> tuple[Tensor, ...]:
    cells = rows.cells.reshape(len(rows), -1, SIDE * SIDE).transpose(0, 2, 1)
    cells_seen = (cells - standards["cells_centre"]) / standards["cells_scale"]
    lab = np.stack([point_colours(small) for small in rows.colours])
    tone = np.stack([tones(each) for each in lab]).astype(np.float32).reshape(-1, TONES)
    picture = lab.transpose(0, 2, 1).reshape(len(lab), -1, COLOURS, COLOURS).astype(np.float32)
    pooled = (rows.pooled - standards["pooled_centre"]) / standards["pooled_scale"]
    wide = [torch.from_numpy(np.ascontiguousarray(each)).to(kept) for each in (cells_seen, picture, pooled)]
    return wide[0], wide[1], torch.from_numpy(tone), wide[2]


def answered(member: ColourNetwork, lesson: Lesson) -> NDArray[np.float64]:
    """(n,) a member's answers to all rows."""
    member.eval()
    parts = []
    with torch.no_grad():
        for start in range(0, len(lesson.cells), _AT_ONCE):
            parts.append(member(*lesson.at(torch.arange(start, min(start + _AT_ONCE, len(lesson.cells))))))
    return np.asarray(torch.cat(parts).double().numpy())


def _fit_member(lesson: Lesson, train: ColourMaterial, recipe: ColourRecipe, seed: int) -> ColourNetwork:
    torch.manual_seed(seed)
    random = np.random.default_rng(seed)
    member = ColourNetwork(recipe.dropout, recipe.whole_dropout)
    optimizer = torch.optim.AdamW(member.parameters(), recipe.learning_rate, weight_decay=recipe.weight_decay)
    steps = recipe.epochs * max(1, len(np.unique(train.photo)) // recipe.photos)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps + 2, pct_start=0.1
    )
    for rows in _batches(train, recipe, random):
        member.train()
        batch = lesson.at(torch.from_numpy(rows))
        cells, *others = _flipped(batch) if random.random() < 0.5 else batch
        values = member(cells + recipe.noise * torch.randn_like(cells), *others)
        loss = _loss(values, train, rows, recipe)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    return member.eval()


def _flipped(batch: tuple[Tensor, Tensor, Tensor, Tensor]) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    cells, lab, tone, pooled = batch
    square = cells.reshape(len(cells), SIDE, SIDE, -1).flip(2).flatten(1, 2)
    return square, lab.flip(3), tone, pooled


def _batches(train: ColourMaterial, recipe: ColourRecipe, random: np.random.Generator) -> Iterator[NDArray[np.intp]]:
    """Rows of some photos each: the photo, its harmless copies, and of every kind of damage two strengths."""
    photos = np.unique(train.photo)
    rows = {photo: np.flatnonzero(train.photo == photo) for photo in photos}
    size = min(recipe.photos, len(photos))
    for _ in range(recipe.epochs):
        order = random.permutation(photos)
        for start in range(0, len(order) - size + 1, size):
            yield np.concatenate([_drawn(rows[photo], train, random) for photo in order[start : start + size]])


def _drawn(rows: NDArray[np.intp], train: ColourMaterial, random: np.random.Generator) -> NDArray[np.intp]:
    kinds = train.kind[rows]
    chosen = [rows[kinds == UNTOUCHED], rows[kinds == HARMLESS]]
    for kind in KINDS:
        ours = rows[kinds == kind]
        chosen.append(np.sort(random.choice(ours, min(2, len(ours)), replace=False)))
    return np.concatenate(chosen)


def _loss(values: Tensor, train: ColourMaterial, rows: NDArray[np.intp], recipe: ColourRecipe) -> Tensor:
    """Order first; rows come photo by photo, each photo's in the order of `_drawn`."""
    by_photo = values.reshape(-1, _FIRST_DAMAGE + 2 * len(KINDS))
    photo, harmless, spoilt = by_photo[:, :1], by_photo[:, 1:_FIRST_DAMAGE], by_photo[:, _FIRST_DAMAGE:]
    change = torch.from_numpy(train.change[rows]).reshape(by_photo.shape)[:, _FIRST_DAMAGE:]
    weight = (change / recipe.plain).clamp(max=1)
    loss = (weight * functional.softplus(spoilt - photo)).mean()
    weak, strong = spoilt[:, 0::2], spoilt[:, 1::2]
    farther = ((change[:, 1::2] - change[:, 0::2]) / recipe.plain).clamp(0, 1)
    loss = loss + recipe.order * (farther * functional.softplus(strong - weak)).mean()
    loss = loss + recipe.same * ((photo - harmless) ** 2).mean()
    taught = torch.from_numpy(train.taught[rows]).reshape(by_photo.shape)[:, 0]
    return loss + recipe.teacher * _disagreement(photo[:, 0], taught)


def _disagreement(values: Tensor, taught: Tensor) -> Tensor:
    """Logistic loss over all pairs of photos, by how far the published model parts them."""
    apart = taught[:, None] - taught[None]
    weight = (apart / _TAUGHT_APART).clamp(0, 1)
    return (weight * functional.softplus(values[None] - values[:, None])).sum() / weight.sum().clamp(min=1)
