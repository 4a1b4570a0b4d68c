"""Colour schemes: the classical harmony and ICAA17K's types, right where anyone would agree."""

import numpy as np
import pytest

from photocull.core.vocabulary import COLOUR_TYPES, COMPLEMENTARY_TYPES, MONOCHROMATIC_TYPES
from photocull.judge.colour import colour_scheme
from tests.judge.drawing import flat, halves, lit, noisy, scene, stripes

RED, ORANGE, YELLOW = (205, 30, 35), (230, 130, 40), (245, 215, 40)
GREEN, BLUE, VIOLET = (50, 140, 50), (45, 95, 200), (120, 50, 170)


def test_a_blue_sky_over_an_orange_desert_is_orange_and_blue() -> None:
    sky = np.linspace((70, 120, 200), (150, 190, 235), 120)[:, None, :].repeat(360, axis=1)
    sand = np.linspace((200, 140, 80), (170, 100, 50), 120)[:, None, :].repeat(360, axis=1)
    scheme = colour_scheme(noisy(np.vstack([sky, sand]).astype(np.uint8), 8))
    assert (scheme.kind, scheme.name, scheme.harmony) == ("complementary", "orange_blue", "complementary")


@pytest.mark.parametrize(
    ("first", "second", "name"),
    [
        (ORANGE, BLUE, "orange_blue"),
        (RED, GREEN, "red_green"),
        (YELLOW, VIOLET, "yellow_violet"),
        (BLUE, RED, "red_blue"),
        (GREEN, YELLOW, "yellow_green"),
        (VIOLET, GREEN, "green_violet"),
        (BLUE, YELLOW, "yellow_blue"),
        (GREEN, BLUE, "green_blue"),
    ],
)
def test_two_colours_are_named_in_the_vocabularys_order(
    first: tuple[int, int, int], second: tuple[int, int, int], name: str
) -> None:
    for scheme in (colour_scheme(halves(first, second)), colour_scheme(halves(second, first))):
        assert (scheme.kind, scheme.name) == ("complementary", name)
        assert name in COMPLEMENTARY_TYPES


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((60, 150, 60), "green"),
        ((20, 60, 25), "darkgreen"),
        ((40, 90, 190), "blue"),
        ((150, 200, 240), "lightblue"),
        ((235, 140, 40), "orange"),
        ((140, 80, 35), "darkorange"),
        ((245, 220, 60), "yellow"),
        ((150, 135, 40), "darkyellow"),
        ((190, 30, 40), "red"),
        ((235, 110, 165), "pink"),
        ((250, 205, 215), "lightpink"),
        ((110, 60, 170), "violet"),
    ],
)
def test_one_colour_gets_its_word(colour: tuple[int, int, int], name: str) -> None:
    scheme = colour_scheme(noisy(flat(colour), 4))
    assert (scheme.kind, scheme.name, scheme.harmony) == ("monochromatic", name, "monochromatic")


@pytest.mark.parametrize(("level", "name"), [(128, "gray"), (20, "black"), (246, "white")])
def test_a_black_and_white_photo_is_achromatic_and_named_by_its_lightness(level: int, name: str) -> None:
    grey = np.clip(level + (scene()[..., :1].astype(int) - 128) // 8, 0, 255).repeat(3, axis=2).astype(np.uint8)
    scheme = colour_scheme(grey)
    assert (scheme.harmony, scheme.kind, scheme.name) == ("achromatic", "monochromatic", name)


@pytest.mark.parametrize(
    ("colours", "harmony"),
    [
        ((RED, GREEN), "complementary"),
        ((ORANGE, BLUE), "complementary"),
        ((YELLOW, VIOLET), "complementary"),
        ((RED, YELLOW, BLUE), "triadic"),
        ((ORANGE, GREEN, VIOLET), "triadic"),
        ((ORANGE, YELLOW), "analogous"),
        ((YELLOW, GREEN), "analogous"),
        ((BLUE, BLUE), "monochromatic"),
        ((ORANGE, (40, 150, 160), (70, 60, 200)), "split-complementary"),
        ((RED, GREEN, ORANGE, BLUE), "tetradic"),
    ],
)
def test_classical_harmonies_on_the_artists_wheel(colours: tuple[tuple[int, int, int], ...], harmony: str) -> None:
    assert colour_scheme(stripes(*colours)).harmony == harmony


def test_grey_has_no_say_in_the_harmony() -> None:
    picture = flat((118, 120, 122))
    picture[:80, :120] = ORANGE
    picture[160:, 200:] = BLUE
    scheme = colour_scheme(noisy(picture, 5))
    assert (scheme.harmony, scheme.name) == ("complementary", "orange_blue")


def test_every_scheme_is_of_the_vocabulary() -> None:
    for seed in range(12):
        gains = tuple(np.random.default_rng(seed).uniform(0.2, 1.5, 3))
        scheme = colour_scheme(lit(scene(seed), gains))
        assert scheme.name is None or scheme.name in COLOUR_TYPES
        if scheme.kind == "monochromatic":
            assert scheme.name in MONOCHROMATIC_TYPES
        assert (scheme.kind is None) == (scheme.name is None)
