"""A card's figures in groups: each in one, none lost, themes as a table."""

from photocull.models.grouping import EACH_THEME, grouped, tabled
from photocull.models.registry import ModelResult
from photocull.models.store import cards


def result(score: str, measure: str = "SRCC", data: str = "photos") -> ModelResult:
    return ModelResult(score, data, measure, 0.5, None, None, 1200)


def test_every_figure_of_the_shipped_cards_is_in_one_group() -> None:
    for card in cards():
        found = [one for group in grouped(card.results) for one in group.results]
        assert sorted(map(repr, found)) == sorted(map(repr, card.results))


def test_a_row_a_theme_has_a_column_a_measure() -> None:
    results = [result("theme sea", "precision"), result("theme sea", "recall"), result("theme dog", "recall")]
    (group,) = grouped(results)
    assert group.title == EACH_THEME
    assert tabled(group.results) == [
        ("theme", "precision", "recall", "photos"),
        ("sea", "0.500", "0.500", "1,200"),
        ("dog", "", "0.500", "1,200"),
    ]


def test_what_no_group_knows_stands_last_and_speed_is_told_by_its_measure() -> None:
    titles = [g.title for g in grouped([result("zest"), result("the network", "photos/s"), result("technical")])]
    assert titles == ["Quality", "Speed", "Further figures"]
