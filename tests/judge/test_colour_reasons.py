"""A low colour score is explained by what was measured, the surest fault first."""

from typing import get_args

import pytest

from photocull.core.vocabulary import Harmony
from photocull.judge.colour_head import tone_facts
from photocull.judge.colour_reasons import colour_fault
from photocull.judge.networks.colour_input import point_colours, small_picture, tones
from photocull.training.colour_damage import damaged
from tests.judge.drawing import scene

_ORDINARY = {
    "cast": 0.1,
    "cast_agreement": 0.2,
    "colour_darkest": 0.15,
    "colour_lightest": 0.95,
    "colour_strongest": 0.12,
    "colourfulness": 45.0,
    "harmony": 0.3,
}


@pytest.mark.parametrize(
    ("changed", "harmony", "words"),
    [
        ({}, "triadic", "colours rated low"),
        ({"cast": 0.5, "cast_agreement": 0.9}, "analogous", "the light leans to one colour"),
        ({"cast": 0.5, "cast_agreement": 0.1}, "analogous", "colours rated low"),
        ({"colour_darkest": 0.4, "colour_lightest": 0.8}, "triadic", "faded colours, nothing is black"),
        ({"colour_darkest": 0.4, "colour_lightest": 0.8}, "achromatic", "faded tones, nothing is black"),
        ({"colour_darkest": 0.6, "colour_lightest": 0.62}, "monochromatic", "colours rated low"),
        ({"colour_darkest": 0.6, "colour_lightest": 0.6}, "achromatic", "tones rated low"),
        ({"colourfulness": 0.0}, "achromatic", "tones rated low"),
        ({"colour_strongest": 0.22}, "complementary", "colours too strong"),
        ({"colourfulness": 120.0}, "complementary", "colours too strong"),
        ({"colourfulness": 12.0}, "complementary", "dull colours"),
        ({"harmony": -0.3}, "complementary", "colours that compete"),
        ({"harmony": -0.3}, "analogous", "colours rated low"),
    ],
)
def test_the_fault_that_stands_out_is_named(changed: dict[str, float], harmony: Harmony, words: str) -> None:
    assert colour_fault({**_ORDINARY, **changed}, harmony) == words


@pytest.mark.parametrize("harmony", get_args(Harmony))
def test_without_facts_nothing_is_claimed(harmony: Harmony) -> None:
    assert colour_fault({}, harmony) in {"colours rated low", "tones rated low"}


def test_a_faded_photo_is_called_faded() -> None:
    faded = damaged(scene(height=160, width=160), "faded", 1.0, 0)
    facts = tone_facts(tones(point_colours(small_picture(faded))))
    assert colour_fault({**_ORDINARY, **facts}, "triadic") == "faded colours, nothing is black"
