"""What a click does to a filter, and how a filter reads as chips."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from photocull.catalog.records import Filter
from photocull.core.vocabulary import COLOUR_TYPES, FLAGS, HARMONIES, LABELS, THEMES
from photocull.ui.filters import (
    chips,
    cleared,
    is_on,
    swatch,
    toggled,
    with_minimum,
    with_problems,
    with_stars,
    without,
)


def some(words: tuple[str, ...]) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(words), max_size=4)


STARS = st.none() | st.integers(0, 5)
FILTERS = st.builds(
    Filter,
    folders=st.frozensets(st.sampled_from([Path("/a"), Path("/b")])),
    paths=st.frozensets(st.sampled_from([Path("/a/1.jpg"), Path("/a/2.jpg")])),
    themes=some(THEMES),
    schemes=some(COLOUR_TYPES),
    harmonies=some(HARMONIES),
    ratings=st.frozensets(st.integers(0, 5)),
    min_rating=STARS,
    max_rating=STARS,
    picks=some(("pick", "reject", "none")),
    labels=some((*LABELS, "none")),
    flags=some(FLAGS),
    problems_only=st.booleans(),
    minimum=st.lists(st.tuples(st.sampled_from(["overall", "colour"]), st.floats(0, 10)), unique_by=lambda p: p[0]).map(
        tuple
    ),
    text=st.text(max_size=8),
)


@given(FILTERS)
def test_removing_every_chip_leaves_the_folders_alone(filter: Filter) -> None:
    left = filter
    for chip in chips(filter):
        assert chip.word
        left = without(left, chip)
    assert left == cleared(filter) == Filter(folders=filter.folders)


@given(FILTERS)
def test_each_chip_takes_away_itself_and_nothing_else(filter: Filter) -> None:
    shown = chips(filter)
    for chip in shown:
        assert set(chips(without(filter, chip))) == set(shown) - {chip}


@given(FILTERS, st.sampled_from(THEMES))
def test_a_second_click_takes_the_first_back(filter: Filter, theme: str) -> None:
    once = toggled(filter, "themes", theme)
    if filter.themes != {theme}:
        assert once.themes == {theme}
        assert toggled(once, "themes", theme).themes == frozenset()
    assert toggled(toggled(filter, "themes", theme, add=True), "themes", theme, add=True).themes == filter.themes


def test_a_click_with_control_adds() -> None:
    both = toggled(toggled(Filter(), "schemes", "orange_blue"), "schemes", "green", add=True)
    assert both.schemes == {"orange_blue", "green"}
    assert is_on(both, "schemes", "green")
    assert toggled(both, "schemes", "green").schemes == {"green"}


def test_a_click_in_one_group_leaves_the_others() -> None:
    filter = toggled(with_stars(with_problems(Filter()), 3), "picks", "pick")
    assert (filter.min_rating, filter.problems_only, filter.picks) == (3, True, {"pick"})
    assert with_stars(filter, 3).min_rating is None
    assert with_stars(filter, 4).min_rating == 4


def test_chips_read_as_people_say_it() -> None:
    filter = Filter(
        schemes=frozenset({"orange_blue"}),
        themes=frozenset({"citysky"}),
        picks=frozenset({"none"}),
        labels=frozenset({"red"}),
        min_rating=3,
        text="iceland",
    )
    words = [chip.word for chip in chips(with_minimum(filter, "overall", 6))]
    assert words == [
        "orange and blue",
        "city sky",
        "no flag",
        "red label",
        "★★★ or more",
        "score 6.0 or more",
        "“iceland”",
    ]


def test_a_minimum_is_replaced_and_lifted() -> None:
    filter = with_minimum(with_minimum(Filter(), "overall", 6), "overall", 7)
    assert filter.minimum == (("overall", 7),)
    assert with_minimum(filter, "overall", None) == Filter()


def test_every_colour_type_has_two_colours_that_differ() -> None:
    for name in COLOUR_TYPES:
        first, second = swatch("schemes", name)
        assert first != second
