"""What a photo shows: one confidence decides everywhere, and a guess is none of its themes."""

from photocull.catalog.records import Filter
from photocull.core.showing import present, subject
from photocull.core.types import Theme
from photocull.core.vocabulary import THEME_PRESENT


def test_a_theme_is_shown_from_half_a_confidence_on() -> None:
    assert present((Theme("sea", 0.9), Theme("sky", 0.5), Theme("beach", 0.499))) == ("sea", "sky")
    assert present((Theme("beach", 0.499),)) == ()


def test_a_photo_is_of_the_best_theme_that_is_no_colour() -> None:
    assert subject((Theme("blue", 0.9), Theme("sea", 0.6))) == "sea"
    assert subject((Theme("blue", 0.9), Theme("sea", 0.4))) == "blue"
    assert subject((Theme("sea", 0.4), Theme("blue", 0.3))) is None


def test_filters_ask_for_what_is_shown() -> None:
    assert Filter().min_theme == THEME_PRESENT
