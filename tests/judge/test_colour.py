"""One reading of a picture's colours: score, map and facts."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.judge.colour import colour_map, colour_score, read_colours
from photocull.judge.colour_themes import colour_themes
from tests.judge.drawing import flat, halves, noisy, scene


def test_the_map_shows_where_the_schemes_colours_lie() -> None:
    picture = flat((128, 128, 128))
    picture[:, :120] = (230, 130, 40)
    picture[:, 240:] = (45, 95, 200)
    grid = colour_map(picture)
    assert grid.dtype == np.float16
    assert max(grid.shape) <= 24
    columns = grid.mean(axis=0)
    assert columns[1] > 0.5
    assert columns[-2] > 0.5
    assert columns[len(columns) // 2] < 0.05


def test_a_reading_is_the_same_every_time() -> None:
    first, second = read_colours(scene(3)), read_colours(scene(3).copy())
    assert first.score == second.score
    assert first.palette == second.palette
    assert first.scheme == second.scheme
    assert first.facts == second.facts
    np.testing.assert_array_equal(first.map, second.map)


def test_facts_tell_warm_from_cold_and_grey_from_coloured() -> None:
    warm = read_colours(noisy(flat((220, 130, 50)), 5)).facts
    cold = read_colours(noisy(flat((60, 110, 210)), 5)).facts
    grey = read_colours(noisy(flat((120, 120, 120)), 2)).facts
    assert warm["warm_share"] > 0.95
    assert cold["warm_share"] < 0.05
    assert grey["grey_share"] > 0.95
    assert grey["colourfulness"] < 5 < warm["colourfulness"]
    assert grey["mean_lightness"] == pytest.approx(50.4, abs=1)


def test_a_harmonious_pair_scores_above_a_garish_mixture() -> None:
    calm = halves((150, 190, 225), (190, 215, 190))
    garish = np.hstack([flat(c, width=80) for c in ((255, 0, 0), (0, 255, 0), (255, 0, 255), (0, 0, 120))])
    assert colour_score(calm) > colour_score(garish) + 2


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 60), st.integers(1, 700), st.integers(0, 99))
def test_any_shape_is_read(height: int, width: int, seed: int) -> None:
    picture = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    colours = read_colours(picture)
    assert 0 <= colours.score <= 10
    assert all(np.isfinite(value) for value in colours.facts.values())
    assert colours.map.min() >= 0
    assert colours.map.max() <= 1


def test_reading_a_preview_takes_little_time() -> None:
    picture = scene(1, 960, 1440)
    spent = []
    for _ in range(5):
        start = time.process_time()
        read_colours(picture)
        spent.append(time.process_time() - start)
    assert min(spent) < 0.06


@pytest.mark.parametrize(
    ("colour", "theme"),
    [
        ((10, 10, 12), "black"),
        ((60, 110, 210), "blue"),
        ((60, 140, 50), "green"),
        ((128, 128, 128), "grey"),
        ((225, 125, 40), "orange"),
        ((240, 130, 175), "pink"),
        ((250, 250, 250), "white"),
        ((245, 220, 60), "yellow"),
    ],
)
def test_a_photo_ruled_by_one_colour_has_that_theme(colour: tuple[int, int, int], theme: str) -> None:
    confidences = colour_themes(read_colours(noisy(flat(colour), 3)).tones)
    assert confidences[theme] > 0.8
    assert all(value < 0.2 for name, value in confidences.items() if name != theme)


def test_a_busy_colourful_photo_has_no_colour_theme() -> None:
    assert all(value < 0.3 for value in colour_themes(read_colours(scene()).tones).values())
