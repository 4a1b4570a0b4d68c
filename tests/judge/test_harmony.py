"""The harmony model gives the values of its formula, and the score behaves."""

import numpy as np
import pytest

from photocull.judge import harmony
from photocull.judge.spaces import cielab, linear_light


def test_identical_mid_greys_have_the_value_of_the_published_formula() -> None:
    grey = np.array([[50.0, 0.0, 0.0]], np.float32)
    chromatic = 0.04 + 0.53 * np.tanh(0.8)
    light = 0.28 + 0.54 * np.tanh(-3.88 + 2.9) + 0.14 + 0.15 * np.tanh(-2)
    hue = 2 * (0.5 + 0.5 * np.tanh(-2)) * (-0.08 - 0.07)
    assert harmony.pair_harmony(grey, grey)[0] == pytest.approx(chromatic + light + hue, abs=0.03)


def test_harmony_is_symmetric_and_prefers_light_and_near_to_dark_and_far() -> None:
    pale = np.array([[85.0, -10.0, 25.0]], np.float32)
    near = np.array([[75.0, -15.0, 30.0]], np.float32)
    far = np.array([[30.0, 60.0, -60.0]], np.float32)
    assert harmony.pair_harmony(pale, far) == pytest.approx(harmony.pair_harmony(far, pale))
    assert harmony.pair_harmony(pale, near)[0] > harmony.pair_harmony(pale, far)[0] + 0.5


def test_large_areas_count_more_than_small_ones() -> None:
    colours = np.array([[85, -10, 25], [75, -15, 30], [30, 60, -60]], np.float32)
    quiet = harmony.palette_harmony(colours, np.array([0.48, 0.48, 0.04], np.float32))
    loud = harmony.palette_harmony(colours, np.array([0.3, 0.3, 0.4], np.float32))
    assert quiet > loud


def test_grey_is_not_colourful_and_primaries_are() -> None:
    grey = np.full((20, 20, 3), 90, np.uint8)
    primaries = np.zeros((20, 20, 3), np.uint8)
    primaries[:10, :, 0], primaries[10:, :, 2] = 255, 255
    assert harmony.colourfulness(grey) == 0
    assert harmony.colourfulness(primaries) > 109


def test_the_score_stays_within_its_ends_and_leaves_black_and_white_alone() -> None:
    scores = [harmony.score(value, colourful) for value in (-1.2, 0, 1.3) for colourful in (0, 15, 70, 200)]
    assert all(0 < score < 10 for score in scores)
    assert harmony.score(0.2, 0) > harmony.score(0.2, 14)
    assert harmony.score(0.2, 70) > harmony.score(0.2, 14)


def test_a_palette_drawn_by_chance_scores_about_nought() -> None:
    codes = np.random.default_rng(3).integers(0, 256, (3000, 5, 3)).astype(np.uint8)
    parts = np.array([harmony.theme_harmony(cielab(linear_light(theme))) for theme in codes])
    assert abs(parts.mean()) < 0.05
    assert 0.4 < parts.std() < 0.9


def test_people_like_palettes_that_are_light_alike_and_calm() -> None:
    plain = np.array([[60, 20, 20], [50, -15, 25], [55, 5, -30]], np.float32)
    liked = harmony.theme_harmony(plain)
    assert harmony.theme_harmony(plain + np.array([20, 0, 0], np.float32)) > liked
    assert harmony.theme_harmony(plain * np.array([1, 0.4, 0.4], np.float32)) > liked
    louder = plain.copy()
    louder[0, 1:] *= 4
    assert harmony.theme_harmony(louder) < liked


def test_the_order_of_a_palette_does_not_matter() -> None:
    palette = np.array([[60, 20, 20], [50, -15, 25], [55, 5, -30], [90, 0, 5]], np.float32)
    assert harmony.theme_harmony(palette[::-1]) == pytest.approx(harmony.theme_harmony(palette))


def test_colour_emotions_have_the_values_of_the_published_formulas() -> None:
    red = np.array([50.0, 30.0, 40.0])
    assert harmony.heaviness(red) == pytest.approx(-2.1 + 0.05 * 50)
    assert harmony.activity(red) == pytest.approx(-1.1 + 0.03 * 50)
