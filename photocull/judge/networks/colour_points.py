"""The learnt colour score: gated points that place themselves, a soft histogram of what they see, a small perceptron.

After the Delegate Transformer (He et al., "Thinking Image Color Aesthetics Assessment", ICCV 2023), on the trunk's
middle stages in place of a transformer of its own. numpy alone, in float64: the same bits whatever the threads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.judge.networks.colour_input import CHANNELS, COLOURS, SIDE, TONES, ColourInput
from photocull.judge.networks.heads import POOLED, Vector, tensor

POINTS: Final = 2
"""Points that each cell sends out."""
WIDTH: Final = 24
"""Numbers that a cell, a point and the whole picture are each described by."""
NUMBERS: Final = 24
BINS: Final = 6
HIDDEN: Final = 48
REACH: Final = 0.3
"""How far a point may go from its cell's middle, as a share of the picture's side."""
SEEN: Final = 4 + WIDTH
"""Of a point: its colour (lightness, two opponent axes, chroma), then the description of the place."""
GATHERED: Final = NUMBERS * BINS + 2 * WIDTH
JUDGED: Final = GATHERED + WIDTH + TONES
_LEAST: Final = 1e-3
"""Added to the sum of the gates, so that a photo whose gates are all closed has a score too."""
SHAPES: Final[Mapping[str, tuple[int, ...]]] = {
    "query": (CHANNELS, WIDTH),
    "query_bias": (WIDTH,),
    "offset": (WIDTH, 2 * POINTS),
    "offset_bias": (2 * POINTS,),
    "gate": (WIDTH, POINTS),
    "gate_bias": (POINTS,),
    "describe": (SEEN, WIDTH),
    "describe_bias": (WIDTH,),
    "number": (SEEN, NUMBERS),
    "number_bias": (NUMBERS,),
    "centre": (NUMBERS, BINS),
    "narrow": (NUMBERS, BINS),
    "whole": (POOLED, WIDTH),
    "whole_bias": (WIDTH,),
    "hidden": (JUDGED, HIDDEN),
    "hidden_bias": (HIDDEN,),
    "output": (HIDDEN,),
    "output_bias": (1,),
}
"""A member's tensors; stored as ``heads.colour.<name>`` with the members along a first axis."""
STANDARDS: Final[Mapping[str, tuple[int, ...]]] = {
    "cells_centre": (CHANNELS,),
    "cells_scale": (CHANNELS,),
    "pooled_centre": (POOLED,),
    "pooled_scale": (POOLED,),
    "calibration": (2,),
}
_PREFIX: Final = "heads.colour."


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """What the head saw of one photo.

    Attributes:
        value: its answer before calibration.
        points: (m, 81 * POINTS, 2) down and across, 0..1 of the picture, by member and cell.
        gates: (m, 81 * POINTS) 0 closed to 1 open.
        influence: (9, 9) by how much the answer would change the other way without a place's points: positive where a
            place speaks for the photo.
    """

    value: float
    points: Vector
    gates: Vector
    influence: Vector


@dataclass(frozen=True, slots=True, eq=False)
class ColourPoints:
    """An ensemble whose answer is the members' mean.

    Attributes:
        members: tensors of `SHAPES`, one mapping a member. standards: tensors of `STANDARDS`.
    """

    members: tuple[Mapping[str, Vector], ...]
    standards: Mapping[str, Vector]

    def look(self, seen: ColourInput) -> Looked:
        """Judge one photo."""
        cells = seen.cells.reshape(CHANNELS, -1).T.astype(np.float64)
        cells = (cells - self.standards["cells_centre"]) / self.standards["cells_scale"]
        pooled = (seen.pooled - self.standards["pooled_centre"]) / self.standards["pooled_scale"]
        looked = [_look(member, cells, pooled, seen) for member in self.members]
        return Looked(
            value=float(np.mean([each.value for each in looked])),
            points=np.concatenate([each.points for each in looked]),
            gates=np.concatenate([each.gates for each in looked]),
            influence=np.mean([each.influence for each in looked], axis=0),
        )


def read_colour_points(tensors: Mapping[str, NDArray[np.generic]]) -> ColourPoints:
    """The head stored under ``heads.colour.*``.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """
    found = {name: tensor(tensors, _PREFIX + name) for name in (*SHAPES, *STANDARDS)}
    count = len(found["output_bias"])
    wrong = [name for name, shape in SHAPES.items() if found[name].shape != (count, *shape)]
    wrong += [name for name, shape in STANDARDS.items() if found[name].shape != shape]
    if wrong or not count:
        raise ModelError(
            "The colour head of the built-in model has the wrong shape.", remedy="Install Photocull again."
        )
    members = tuple({name: found[name][k] for name in SHAPES} for k in range(count))
    return ColourPoints(members, {name: found[name] for name in STANDARDS})


def _look(member: Mapping[str, Vector], cells: Vector, pooled: Vector, seen: ColourInput) -> Looked:
    described = np.maximum(cells @ member["query"] + member["query_bias"], 0)
    points = _points(described, member)
    gates = 1 / (1 + np.exp(-(described @ member["gate"] + member["gate_bias"]))).reshape(-1)
    at = np.hstack([_sampled(seen.lab, COLOURS, points), _sampled(described, SIDE, points)])
    met = _met(at, member) * gates[:, None]
    whole = np.maximum(pooled @ member["whole"] + member["whole_bias"], 0)
    gathered, weight = met.reshape(SIDE * SIDE, POINTS, -1).sum(axis=1), gates.reshape(-1, POINTS).sum(axis=1)
    without = np.vstack([gathered.sum(axis=0), gathered.sum(axis=0) - gathered])
    left = np.append(weight.sum(), weight.sum() - weight)
    answers = _judged(without / (left + _LEAST)[:, None], whole, seen.tones, member)
    influence = (answers[0] - answers[1:]).reshape(SIDE, SIDE)
    return Looked(float(answers[0]), points[None], gates[None], influence)


def _points(described: Vector, member: Mapping[str, Vector]) -> Vector:
    """(81 * POINTS, 2) where each cell looks."""
    middle = (np.arange(SIDE) + 0.5) / SIDE
    home = np.stack(np.meshgrid(middle, middle, indexing="ij"), axis=-1).reshape(-1, 1, 2)
    moved = np.tanh(described @ member["offset"] + member["offset_bias"]).reshape(-1, POINTS, 2)
    return np.asarray((home + REACH * moved).reshape(-1, 2))


def _met(at: Vector, member: Mapping[str, Vector]) -> Vector:
    """(n, GATHERED) what the points add up: bins of the histogram, descriptions and their squares."""
    numbers = at @ member["number"] + member["number_bias"]
    bins = np.maximum(1 - member["narrow"] * np.abs(numbers[..., None] - member["centre"]), 0)
    described = np.maximum(at @ member["describe"] + member["describe_bias"], 0)
    return np.hstack([bins.reshape(len(at), -1), described, described**2])


def _judged(gathered: Vector, whole: Vector, tones: Vector, member: Mapping[str, Vector]) -> Vector:
    """(n,) answers to n gatherings of one photo."""
    same = np.broadcast_to(np.concatenate([whole, tones]), (len(gathered), WIDTH + TONES))
    hidden = np.hstack([gathered, same]) @ member["hidden"] + member["hidden_bias"]
    return np.asarray(np.maximum(hidden, 0) @ member["output"] + member["output_bias"][0])


def _sampled(values: Vector, side: int, points: Vector) -> Vector:
    """(n, d) values (side * side, d) at points, interpolated between the middles of their squares; edges go on."""
    place = np.clip(points * side - 0.5, 0, side - 1)
    low = np.minimum(place.astype(np.intp), side - 2)
    part = place - low
    first = low[:, 0] * side + low[:, 1]
    down, across = part[:, :1], part[:, 1:]
    upper = values[first] * (1 - across) + values[first + 1] * across
    lower = values[first + side] * (1 - across) + values[first + side + 1] * across
    return np.asarray(upper * (1 - down) + lower * down)
