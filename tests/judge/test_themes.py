"""Themes: calibrated numbers in, the few worth reporting out, with the pixels' veto on night and snow."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from photocull.core.errors import ModelError
from photocull.core.types import Pixels, Theme
from photocull.core.vocabulary import THEMES
from photocull.judge.networks.heads import FEATURES, POOLED, LinearHeads
from photocull.judge.small import small_of
from photocull.judge.themes import (
    COLOUR_THEMES,
    NETWORK_THEMES,
    THEME_INPUTS,
    best_first,
    best_network_theme,
    network_confidences,
    read_theme_heads,
    tempered,
    theme_gradient,
    theme_numbers,
)
from photocull.training.datasets import read_snapshots, read_themes
from tests.building import draw
from tests.judge.drawing import flat


def _sure() -> dict[str, float]:
    return dict.fromkeys(NETWORK_THEMES, 0.9)


def test_network_and_colour_themes_are_all_47() -> None:
    assert len(NETWORK_THEMES) == 39
    assert sorted(NETWORK_THEMES + COLOUR_THEMES) == sorted(THEMES)


def test_log_odds_become_confidences() -> None:
    bias = np.linspace(-4, 4, 39)
    heads = LinearHeads(np.zeros(FEATURES), np.ones(FEATURES), np.zeros((FEATURES, 39)), bias)
    found = network_confidences(heads, np.ones(FEATURES))
    assert found[NETWORK_THEMES[19]] == pytest.approx(0.5)
    assert found[NETWORK_THEMES[38]] == pytest.approx(1 / (1 + np.exp(-4)))


def test_weak_themes_are_left_out_and_the_best_comes_first() -> None:
    assert best_first({"sea": 0.2, "sunset": 0.9, "cat": 0.049}) == (Theme("sunset", 0.9), Theme("sea", 0.2))


@pytest.mark.parametrize(("subject", "theme"), [("night", "night"), ("snow", "snow")])
def test_what_the_pixels_support_stays(subject: str, theme: str) -> None:
    assert tempered(_sure(), small_of(draw((400, 300), subject=subject)))[theme] > 0.8


@pytest.mark.parametrize(("level", "theme"), [(190, "night"), (5, "snow")])
def test_what_the_pixels_speak_against_is_doubted(level: int, theme: str) -> None:
    pixels = draw((400, 300), seed=1) // 4 + np.uint8(level)
    assert tempered(_sure(), small_of(pixels))[theme] < 0.05
    assert tempered(_sure(), small_of(pixels))["sea"] == 0.9


def _without_content() -> dict[str, Pixels]:
    random = np.random.default_rng(0)
    ramp = np.broadcast_to(np.linspace(20, 200, 640)[None, :, None], (420, 640, 3))
    soft = Image.fromarray(draw((640, 420), seed=3)).filter(ImageFilter.GaussianBlur(640 * 0.12))
    return {
        "black": flat((0, 0, 0)),
        "white": flat((255, 255, 255)),
        "grey": flat((128, 128, 128)),
        "one colour": flat((255, 0, 0)),
        "one pixel": flat((90, 20, 200), 1, 1),
        "a gradient": ramp.astype(np.uint8),
        "faint noise": random.normal(128, 3, (420, 640, 3)).astype(np.uint8),
        "strong noise": random.normal(128, 50, (420, 640, 3)).clip(0, 255).astype(np.uint8),
        "blurred to nothing": np.asarray(soft),
    }


@pytest.mark.parametrize("kind", list(_without_content()))
def test_nothing_is_seen_where_there_is_nothing(kind: str) -> None:
    assert max(tempered(_sure(), small_of(_without_content()[kind])).values()) == 0


def test_a_small_thing_before_an_even_ground_is_enough_to_be_seen() -> None:
    sky = flat((90, 140, 220), 800, 1200)
    sky[300:316, 600:618] = 30
    assert tempered(_sure(), small_of(sky))["bird"] == 0.9


def test_doubt_comes_little_by_little() -> None:
    picture = draw((640, 420), seed=3)
    veiled = [128 + (picture.astype(np.float32) - 128) * share for share in np.linspace(0, 0.3, 40)]
    seen = [tempered(_sure(), small_of(one.astype(np.uint8)))["sea"] for one in veiled]
    assert (seen[0], seen[-1]) == (0, 0.9)
    assert np.abs(np.diff(seen)).max() < 0.3


@pytest.mark.slow
def test_no_photo_of_the_validation_sets_is_doubted_but_blank_ones(shared: Path) -> None:
    examples = [*read_snapshots(shared / "data").examples, *read_themes(shared / "data").examples]
    paths = [example.path for example in examples if example.split == "validation"]
    pictures = (np.asarray(Image.open(path).convert("RGB")) for path in paths)
    assert all(tempered(_sure(), small_of(pixels))["bird"] == 0.9 for pixels in pictures)


def test_the_map_follows_the_best_theme_that_the_network_read() -> None:
    themes = (Theme("blue", 0.9), Theme("sea", 0.8))
    assert best_network_theme(themes) == NETWORK_THEMES.index("sea")
    assert best_network_theme((Theme("blue", 0.9),)) is None


def _stored(inputs: int) -> dict[str, np.ndarray]:
    generator = np.random.default_rng(0)
    weight = generator.normal(0, 0.05, size=(inputs, 39)).astype(np.float32)
    parts = {"centre": np.zeros(inputs), "scale": np.ones(inputs), "weight": weight, "bias": np.zeros(39)}
    return {f"heads.themes.{name}": np.asarray(part, dtype=np.float32) for name, part in parts.items()}


@pytest.mark.parametrize("inputs", [FEATURES, THEME_INPUTS])
def test_the_gradient_says_how_a_theme_moves_with_the_trunk(inputs: int) -> None:
    heads = read_theme_heads(_stored(inputs))
    numbers = np.random.default_rng(1).normal(size=FEATURES)
    step = np.random.default_rng(2).normal(size=FEATURES) * 1e-4
    ends = [network_confidences(heads, numbers + sign * step)["sea"] for sign in (1, -1)]
    odds = [np.log(end / (1 - end)) for end in ends]
    column = NETWORK_THEMES.index("sea")
    assert theme_gradient(heads, numbers, column) @ step == pytest.approx((odds[0] - odds[1]) / 2, rel=1e-3)


def test_probes_of_an_earlier_model_read_the_trunk_alone() -> None:
    heads = read_theme_heads(_stored(FEATURES))
    numbers = np.random.default_rng(3).normal(size=FEATURES)
    expected = 1 / (1 + np.exp(-heads.values(numbers)[0]))
    assert network_confidences(heads, numbers)[NETWORK_THEMES[0]] == pytest.approx(expected)


def test_class_groups_follow_the_trunks_numbers_unchanged() -> None:
    numbers = np.random.default_rng(4).normal(size=(2, FEATURES + 7))
    inputs = theme_numbers(numbers)
    assert inputs.shape == (2, THEME_INPUTS)
    assert np.array_equal(inputs[:, :FEATURES], numbers[:, :FEATURES])
    assert np.array_equal(inputs[0], theme_numbers(numbers[0]))


def test_odds_beyond_all_bounds_are_still_a_confidence() -> None:
    heads = LinearHeads(np.zeros(FEATURES), np.ones(FEATURES), np.zeros((FEATURES, 39)), np.full(39, -4000.0))
    assert 0 <= network_confidences(heads, np.zeros(FEATURES))["sea"] < 1e-20


def test_probes_that_do_not_fit_are_refused_with_a_sentence() -> None:
    with pytest.raises(ModelError, match=r"lacks 'heads\.themes\.centre'"):
        read_theme_heads({})
    with pytest.raises(ModelError, match="wrong shape"):
        read_theme_heads(_stored(POOLED))
