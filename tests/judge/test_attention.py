"""The why-maps: contributions add up, point at what changed, and stay small grids of 0 to 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from photocull.judge.attention import Cells, TopLayers, as_map, together
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


def test_evidence_of_pooled_numbers_alone_is_that_of_a_gradient_without_classes(layers: TopLayers) -> None:
    cells, gradient = Cells(_output(_random(), layers), layers), np.zeros(FEATURES)
    gradient[:POOLED] = np.random.default_rng(5).standard_normal(POOLED)
    assert np.array_equal(cells.evidence(gradient[:POOLED]), cells.evidence(gradient))


def test_one_look_alone_stays_as_it_is() -> None:
    look = np.random.default_rng(6).standard_normal((3, 5))
    assert np.allclose(together([look]), look)


@given(st.lists(st.tuples(st.integers(1, 24), st.integers(1, 24)), min_size=1, max_size=3), st.integers(0, 99))
def test_looks_are_joined_on_the_finest_cells_and_keep_their_sums(shapes: list[tuple[int, int]], seed: int) -> None:
    generator = np.random.default_rng(seed)
    looks = [generator.standard_normal(shape) for shape in shapes]
    found = together(looks)
    assert found.size == max(look.size for look in looks)
    assert found.sum() == pytest.approx(sum(look.sum() for look in looks), abs=1e-9)


def test_what_a_coarse_look_saw_in_a_corner_lies_in_that_corner() -> None:
    coarse = np.zeros((2, 3))
    coarse[1, 2] = 6
    found = together([coarse, np.zeros((4, 6))])
    assert np.allclose(found[2:, 4:], 1.5)
    assert found[:2].sum() + found[2:, :4].sum() == pytest.approx(0)


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
