"""What a person types: names in any spelling, near matches named, star conditions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.cli.words import one_of, stars_between
from photocull.core.errors import UsageError
from photocull.core.vocabulary import COLOUR_TYPES, THEMES, shown


@pytest.mark.parametrize("word", [*THEMES, *COLOUR_TYPES])
def test_every_word_is_understood_as_stored_and_as_shown(word: str) -> None:
    words = THEMES if word in THEMES else COLOUR_TYPES
    assert one_of(words, word, "word") == word
    assert one_of(words, shown(word).upper(), "word") == word


@pytest.mark.parametrize(("typed", "meant"), [("Orange-Blue", "orange_blue"), ("orange and blue", "orange_blue")])
def test_separators_do_not_matter(typed: str, meant: str) -> None:
    assert one_of(COLOUR_TYPES, typed, "colour scheme") == meant


def test_a_slip_of_the_pen_names_the_nearest_words_in_one_line() -> None:
    with pytest.raises(UsageError) as caught:
        one_of(THEMES, "sunet", "theme")
    assert "sunset" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 2


def test_a_word_like_none_of_them_lists_them_all() -> None:
    with pytest.raises(UsageError) as caught:
        one_of(THEMES, "qqqqqqq", "theme")
    assert all(word in str(caught.value) for word in ("art", "sea", "flower"))


@pytest.mark.parametrize(
    ("typed", "between"),
    [(">=3", (3, None)), ("> 3", (4, None)), ("<=2", (None, 2)), ("<2", (None, 1)), ("4", (4, 4)), ("=0", (0, 0)),
     ("≥5", (5, None)), (" 1 ", (1, 1)), ("==2", (2, 2))],
)  # fmt: skip
def test_star_conditions(typed: str, between: tuple[int | None, int | None]) -> None:
    assert stars_between(typed) == between


@pytest.mark.parametrize("typed", ["", "6", ">5", "<0", "three", ">=", "=>3", "3.5", "-1", "33"])
def test_what_is_no_star_condition_is_refused_with_an_example(typed: str) -> None:
    with pytest.raises(UsageError, match='">=3"'):
        stars_between(typed)


@given(st.text(max_size=8))
def test_any_text_is_a_condition_or_refused(typed: str) -> None:
    try:
        least, most = stars_between(typed)
    except UsageError:
        return
    assert 0 <= (least or 0) <= 5
    assert 0 <= (5 if most is None else most) <= 5
