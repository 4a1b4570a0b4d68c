"""Colour themes say what people say: skin, wood and paper are not orange or yellow, half a grey road is not grey."""

import numpy as np
import pytest

from photocull.core.types import Pixels
from photocull.judge.colour import read_colours
from photocull.judge.colour_themes import colour_themes
from tests.judge.drawing import flat, noisy


def _halves(first: Pixels, second: Pixels, share: float) -> Pixels:
    picture = second.copy()
    picture[: round(share * len(picture))] = first[: round(share * len(picture))]
    return picture


@pytest.mark.parametrize("colour", [(205, 165, 140), (130, 95, 65), (150, 120, 90), (235, 225, 195)])
def test_skin_wood_and_old_paper_are_neither_orange_nor_yellow(colour: tuple[int, int, int]) -> None:
    found = colour_themes(read_colours(noisy(flat(colour), 3)).tones)
    assert max(found["orange"], found["yellow"]) < 0.3


@pytest.mark.parametrize(("colour", "theme"), [((235, 125, 20), "orange"), ((245, 205, 20), "yellow")])
def test_vivid_orange_or_yellow_rules_from_half_a_picture(colour: tuple[int, int, int], theme: str) -> None:
    picture = _halves(noisy(flat(colour), 3), noisy(flat((40, 40, 42)), 3), 0.45)
    assert colour_themes(read_colours(picture).tones)[theme] > 0.5


def test_half_a_grey_picture_is_no_grey_photo() -> None:
    picture = _halves(noisy(flat((128, 128, 128)), 3), noisy(flat((150, 180, 120)), 3), 0.55)
    assert colour_themes(read_colours(picture).tones)["grey"] < 0.3


def test_confidences_stay_within_bounds_for_any_picture() -> None:
    noise = np.random.default_rng(0).integers(0, 256, (60, 90, 3)).astype(np.uint8)
    assert all(0 <= value <= 1 for value in colour_themes(read_colours(noise).tones).values())
