"""The words are those of the two datasets, and each can be shown to people."""

from typing import get_args

import pytest

from photocull.core import vocabulary as words
from photocull.core.vocabulary import shown


def test_there_are_the_47_themes_of_tad66k_in_order() -> None:
    assert len(words.THEMES) == len(set(words.THEMES)) == 47
    assert list(words.THEMES) == sorted(words.THEMES)


def test_there_are_the_30_colour_types_of_icaa17k() -> None:
    assert len(words.COMPLEMENTARY_TYPES) == len(words.MONOCHROMATIC_TYPES) == 15
    assert len(set(words.COLOUR_TYPES)) == 30


def test_complementary_types_are_pairs_and_monochromatic_ones_are_not() -> None:
    assert all(len(word.split("_")) == 2 for word in words.COMPLEMENTARY_TYPES)
    assert not any("_" in word for word in words.MONOCHROMATIC_TYPES)


@pytest.mark.parametrize(
    ("constants", "kind"),
    [(words.HARMONIES, words.Harmony), (words.LABELS, words.Label), (words.OVERLAY_KINDS, words.OverlayKind)],
)
def test_lists_and_types_hold_the_same_words(constants: tuple[str, ...], kind: object) -> None:
    assert constants == get_args(kind)


@pytest.mark.parametrize("word", [*words.THEMES, *words.COLOUR_TYPES, *words.FLAGS, *words.HARMONIES])
def test_every_word_is_shown_without_signs_of_programs(word: str) -> None:
    assert "_" not in shown(word)
    assert shown(word) == shown(word).strip().lower()


@pytest.mark.parametrize(
    ("word", "text"),
    [("orange_blue", "orange and blue"), ("lightblue", "light blue"), ("citysky", "city sky"), ("sunset", "sunset")],
)
def test_words_are_shown_as_people_say_them(word: str, text: str) -> None:
    assert shown(word) == text
