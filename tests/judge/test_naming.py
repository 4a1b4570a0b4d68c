"""Joined names of models: to their parts and back, whatever people write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import ModelError
from photocull.judge.naming import Part, asked, joined, parts

words = st.text("abcdefghij-._0123456789", min_size=1, max_size=12)
some_parts = st.lists(st.builds(Part, words, st.lists(words, max_size=3, unique=True).map(tuple)), min_size=1)


@given(some_parts)
def test_a_name_means_the_parts_that_it_was_made_of(made: list[Part]) -> None:
    assert parts(joined(made)) == tuple(made)


@given(st.text(max_size=40))
def test_any_text_has_parts_and_a_name_that_means_the_same(text: str) -> None:
    assert parts(joined(parts(text))) == parts(text)


def test_spaces_and_repetitions_do_not_count() -> None:
    assert parts(" a + b : colour , aesthetic,colour") == (Part("a"), Part("b", ("colour", "aesthetic")))


@given(st.lists(st.sampled_from(["aesthetic", "colour"]), min_size=1).map(tuple))
def test_the_same_scores_are_always_asked_in_the_same_words(scores: tuple[str, ...]) -> None:
    one = asked(Part("a", scores), ["aesthetic", "colour", "technical"])
    assert one.scores == tuple(sorted(set(scores)))
    assert asked(Part("a", scores), sorted(set(scores))) == Part("a")


def test_a_score_that_is_not_given_is_told_with_those_that_are() -> None:
    with pytest.raises(ModelError, match=r"The model 'a' gives no score 'sharpness'\. It gives: colour\."):
        asked(Part("a", ("sharpness",)), ["colour"])
