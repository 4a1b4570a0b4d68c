"""The harmony model gives the values of its formula, and the score behaves."""

import csv
from pathlib import Path

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


def test_the_score_agrees_with_people_who_rated_colour_themes(shared: Path) -> None:
    rows = list(csv.DictReader((shared / "labels/palettes/mturk_themes.csv").read_text().splitlines()))[::4]
    names = [f"{channel}{k}" for k in range(1, 6) for channel in "rgb"]
    codes = np.array([[float(row[name]) for name in names] for row in rows]).reshape(-1, 5, 3)
    pixels = (codes * 255).round().astype(np.uint8)
    shares = np.full(5, 0.2, np.float32)
    scores = [
        harmony.score(harmony.palette_harmony(cielab(linear_light(theme)), shares), harmony.colourfulness(theme[None]))
        for theme in pixels
    ]
    ratings = [float(row["rating"]) for row in rows]
    ranks = [np.argsort(np.argsort(values, kind="stable")) for values in (scores, ratings)]
    assert np.corrcoef(*ranks)[0, 1] >= 0.43
