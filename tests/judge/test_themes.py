"""Themes: calibrated numbers in, the few worth reporting out, with the pixels' veto on night and snow."""

import numpy as np
import pytest

from photocull.core.types import Pixels, Theme
from photocull.core.vocabulary import THEMES
from photocull.judge.networks.heads import FEATURES, LinearHeads
from photocull.judge.themes import (
    COLOUR_THEMES,
    NETWORK_THEMES,
    best_first,
    best_network_theme,
    network_confidences,
    tempered,
)
from tests.building import draw


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
    assert tempered(_sure(), draw((400, 300), subject=subject))[theme] > 0.8


@pytest.mark.parametrize(("level", "theme"), [(230, "night"), (20, "snow")])
def test_what_the_pixels_speak_against_is_doubted(level: int, theme: str) -> None:
    pixels: Pixels = np.full((60, 80, 3), level, dtype=np.uint8)
    assert tempered(_sure(), pixels)[theme] < 0.05
    assert tempered(_sure(), pixels)["sea"] == 0.9


def test_the_map_follows_the_best_theme_that_the_network_read() -> None:
    themes = (Theme("blue", 0.9), Theme("sea", 0.8))
    assert best_network_theme(themes) == NETWORK_THEMES.index("sea")
    assert best_network_theme((Theme("blue", 0.9),)) is None
