"""The colour head learns the order of damages, and numpy answers as PyTorch does."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from photocull.judge.networks.colour_input import ColourInput, point_colours, tones
from photocull.judge.networks.colour_points import SHAPES, ColourPoints, read_colour_points
from photocull.training.colour_damage import KINDS
from photocull.training.colour_pairs import HARMLESS, UNTOUCHED, ColourMaterial
from photocull.training.colour_training import (
    ColourNetwork,
    answered,
    fit_colour,
    lesson_of,
    standards_of,
)
from photocull.training.recipe import read_recipe, shipped_recipe
from tests.training.colour_rows import material

_SHIPPED = read_recipe(shipped_recipe()).colour
assert _SHIPPED is not None
_SMALL = replace(_SHIPPED, members=1, epochs=8, photos=4, dropout=0.0, whole_dropout=0.0)


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> ColourMaterial:
    return material(tmp_path_factory.mktemp("rows"), 8)


def _answers(head: ColourPoints, rows: ColourMaterial) -> np.ndarray:
    found = []
    for k in range(len(rows)):
        lab = point_colours(rows.colours[k])
        seen = ColourInput(rows.cells[k].astype(np.float32), lab, tones(lab), rows.pooled[k].astype(np.float64))
        found.append(head.look(seen).value)
    return np.array(found)


def test_numpy_answers_as_the_network_that_was_trained(rows: ColourMaterial) -> None:
    torch.manual_seed(3)
    network = ColourNetwork(0.0, 0.0)
    standards = standards_of(rows)
    tensors = {f"heads.colour.{name}": network.get_parameter(name).detach().numpy()[None] for name in SHAPES}
    tensors |= {f"heads.colour.{name}": values for name, values in standards.items()}
    tensors["heads.colour.calibration"] = np.array([0.0, 1.0], np.float32)
    few = rows.rows(np.arange(len(rows)) < 30)
    expected = answered(network, lesson_of(few, standards, torch.float32))
    assert np.abs(_answers(read_colour_points(tensors), few) - expected).max() < 1e-5
    assert expected.std() > 1e-3


@pytest.mark.slow
def test_damaged_copies_come_to_lie_below_their_photos(rows: ColourMaterial) -> None:
    tensors = fit_colour(rows, _SMALL, seed=1)
    values = _answers(read_colour_points(tensors), rows)
    photo = {number: values[(rows.photo == number) & (rows.kind == UNTOUCHED)][0] for number in np.unique(rows.photo)}
    plain = np.isin(rows.kind, KINDS) & (rows.change > 2)
    below = np.array([values[k] < photo[rows.photo[k]] for k in np.flatnonzero(plain)])
    assert below.mean() > 0.8
    harmless = [abs(values[k] - photo[rows.photo[k]]) for k in np.flatnonzero(rows.kind == HARMLESS)]
    falls = [photo[rows.photo[k]] - values[k] for k in np.flatnonzero(plain)]
    assert np.median(harmless) < 0.5 * np.median(falls)


@pytest.mark.slow
def test_the_same_seed_gives_the_same_weights_under_a_megabyte(rows: ColourMaterial) -> None:
    recipe = replace(_SMALL, epochs=1, members=3)
    first, second = (fit_colour(rows, recipe, seed=4) for _ in range(2))
    assert all(np.array_equal(first[name], second[name]) for name in first)
    assert sum(values.nbytes for values in first.values()) < 1_000_000
    other = fit_colour(rows, recipe, seed=5)
    assert not np.array_equal(first["heads.colour.hidden"], other["heads.colour.hidden"])


def test_ordinary_photos_are_shown_around_the_middle(rows: ColourMaterial) -> None:
    tensors = fit_colour(rows, replace(_SMALL, epochs=2, members=1), seed=0, ordinary=rows.rows(rows.photo < 6))
    offset, slope = tensors["heads.colour.calibration"].astype(float)
    values = _answers(read_colour_points(tensors), rows.rows((rows.photo < 6) & (rows.kind == UNTOUCHED)))
    shown = 10 / (1 + np.exp(-(offset + slope * values)))
    assert np.percentile(shown, 10) == pytest.approx(_SMALL.spread[0], abs=0.1)
    assert np.percentile(shown, 90) == pytest.approx(_SMALL.spread[1], abs=0.1)
