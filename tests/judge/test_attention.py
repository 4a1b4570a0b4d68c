"""The why-maps: contributions add up, point at what changed, and stay small grids of 0 to 1."""

import numpy as np
import pytest
from numpy.typing import NDArray

from photocull.judge.attention import Cells, TopLayers, as_map
from photocull.judge.networks.heads import FEATURES, POOLED, features
from photocull.judge.networks.runtime import TrunkOutput

ROWS, COLUMNS = 4, 6


@pytest.fixture
def layers() -> TopLayers:
    generator = np.random.default_rng(0)
    return TopLayers(
        generator.standard_normal((1280, 320)).astype(np.float32) / 18,
        np.full(1280, 0.5, dtype=np.float32),
        generator.standard_normal((1000, 1280)).astype(np.float32) / 36,
    )


def _output(mean: NDArray[np.float32], layers: TopLayers, spread: float = 1.0) -> TrunkOutput:
    last = mean[-320:].reshape(320, -1)
    active = np.clip(layers.top @ last + layers.top_bias[:, None], 0, 6)
    return TrunkOutput(mean, mean**2 + np.float32(spread), layers.classes @ active.mean(axis=1))


def _random(seed: int = 1) -> NDArray[np.float32]:
    return np.random.default_rng(seed).standard_normal((784, ROWS, COLUMNS)).astype(np.float32)


def test_contributions_sum_to_zero_around_the_average_cell(layers: TopLayers) -> None:
    gradient = np.random.default_rng(2).standard_normal(FEATURES)
    found = Cells(_output(_random(), layers), layers).evidence(gradient)
    assert found.shape == (ROWS, COLUMNS)
    assert found.sum() == pytest.approx(0, abs=1e-3)


@pytest.mark.parametrize("part", ["pooled", "logits"])
def test_a_small_change_in_a_cell_changes_the_answer_by_its_contribution(part: str, layers: TopLayers) -> None:
    gradient = np.zeros(FEATURES)
    place = slice(0, POOLED) if part == "pooled" else slice(POOLED, None)
    gradient[place] = np.random.default_rng(3).standard_normal(FEATURES)[place]
    mean, changed = _random(), _random()
    changed[:, 1, 2] += 1e-3
    before, after = _output(mean, layers), _output(changed, layers)
    answer = gradient @ (features(after) - features(before))
    cells = Cells(after, layers).evidence(gradient) - Cells(before, layers).evidence(gradient)
    others = np.delete(cells.ravel(), 1 * COLUMNS + 2)
    assert cells[1, 2] - others.mean() == pytest.approx(answer, rel=0.05)


def test_the_map_points_at_the_cell_that_carries_the_answer(layers: TopLayers) -> None:
    mean = np.zeros((784, ROWS, COLUMNS), dtype=np.float32)
    mean[10, 3, 4] = 5
    gradient = np.zeros(FEATURES)
    gradient[10] = 1
    found = as_map(Cells(_output(mean, layers), layers).evidence(gradient))
    assert np.unravel_index(found.argmax(), found.shape) == (3, 4)


def test_a_map_is_a_small_float16_grid_of_nought_to_one(layers: TopLayers) -> None:
    gradient = np.random.default_rng(4).standard_normal(FEATURES)
    found = as_map(Cells(_output(_random(), layers), layers).evidence(gradient))
    assert found.dtype == np.float16
    assert found.min() >= 0
    assert found.max() == 1


def test_a_picture_of_one_colour_has_an_empty_map(layers: TopLayers) -> None:
    flat = np.full((784, ROWS, COLUMNS), 0.5, dtype=np.float32)
    found = as_map(Cells(_output(flat, layers, spread=0), layers).evidence(np.full(FEATURES, 0.01)))
    assert not found.any()


def test_a_map_of_no_evidence_is_all_zero() -> None:
    assert not as_map(np.zeros((3, 3))).any()
