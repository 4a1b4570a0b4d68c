"""Names of models that judge together, and which choices of judges there are a name for."""

from dataclasses import replace
from itertools import product

import pytest

from photocull.core.settings import resources
from photocull.models.registry import published_card, read_card
from photocull.ui.model_choice import SCORES, joined, judges_of, offers, rechosen, without
from tests.ui.fake_models import OWN

TANET, COLOUR, SPAQ, AVA = "tanet-tad66k", "delegate-icaa17k", "delegate-spaq", "tanet-ava"
CARDS = [read_card(resources() / "models" / f"{OWN}.json"), *map(published_card, (TANET, AVA, COLOUR, SPAQ))]
MINE = "my-colours"
TWICE = [*CARDS, replace(published_card(COLOUR), name=MINE)]
"""Two models that each give two scores among them."""


FAST = "builtin-1-fast"
LOOKING_ONCE = [replace(CARDS[0], name=FAST), *TWICE]


def choice(aesthetic: str = OWN, colour: str = OWN, technical: str = OWN) -> dict[str, str]:
    return {"aesthetic": aesthetic, "colour": colour, "technical": technical}


@pytest.mark.parametrize(
    ("name", "judges"),
    [
        (OWN, choice()),
        (TANET, choice(TANET)),
        (SPAQ, choice(colour=SPAQ)),
        (COLOUR, choice(COLOUR, COLOUR)),
        (f"{TANET}+{COLOUR}", choice(TANET, COLOUR)),
        (f"{COLOUR}+{TANET}", choice(COLOUR, COLOUR)),
        (f"{TANET}+{OWN}", choice(TANET)),
        (f"{COLOUR}:colour", choice(colour=COLOUR)),
        (f"{COLOUR}:aesthetic", choice(COLOUR)),
        (f"{COLOUR}:aesthetic,colour", choice(COLOUR, COLOUR)),
        (f"{COLOUR}:colour+{TANET}", choice(TANET, COLOUR)),
        (f"{TANET}:colour+{COLOUR}:beauty", choice()),
        ("gone", choice()),
    ],
)
def test_each_score_comes_from_the_first_that_gives_it(name: str, judges: dict[str, str]) -> None:
    assert judges_of(name, CARDS, OWN) == judges


def test_every_choice_of_judges_has_a_name_that_means_it() -> None:
    ways = [[card.name for card in offers(score, TWICE, OWN)] for score in SCORES]
    names = {}
    for judges in product(*ways):
        wished = dict(zip(SCORES, judges, strict=True))
        name = joined(wished, TWICE, OWN)
        assert judges_of(name, TWICE, OWN) == wished
        names[name] = judges
    assert len(names) == 5 * 4


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        (choice(), OWN),
        (choice(COLOUR, COLOUR), COLOUR),
        (choice(TANET, COLOUR), f"{TANET}+{COLOUR}"),
        (choice(colour=COLOUR), f"{COLOUR}:colour"),
        (choice(COLOUR), f"{COLOUR}:aesthetic"),
        (choice(COLOUR, SPAQ), f"{SPAQ}+{COLOUR}"),
        (choice(COLOUR, MINE), f"{COLOUR}:aesthetic+{MINE}:colour"),
    ],
)
def test_scores_are_asked_for_only_where_plain_names_would_say_something_else(
    wished: dict[str, str], name: str
) -> None:
    assert joined(wished, TWICE, OWN) == name


def test_the_built_in_model_is_offered_first_and_each_model_where_it_gives_the_score() -> None:
    assert [card.name for card in offers("colour", CARDS[::-1], OWN)] == [OWN, SPAQ, COLOUR]
    assert [card.name for card in offers("technical", CARDS, OWN)] == [OWN]


def test_a_name_without_one_of_its_models() -> None:
    assert without(f"{TANET}+{COLOUR}", TANET) == COLOUR
    assert without(f"{TANET}+{COLOUR}:colour", TANET) == f"{COLOUR}:colour"
    assert without(f"{TANET}+{COLOUR}:colour", COLOUR) == TANET
    assert without(TANET, TANET) == ""
    assert without(TANET, COLOUR) == TANET


@pytest.mark.parametrize(
    ("wished", "name"),
    [
        (choice(FAST, FAST, FAST), FAST),
        (choice(TANET, FAST, FAST), f"{TANET}+{FAST}"),
        (choice(TANET, SPAQ, FAST), f"{TANET}+{SPAQ}+{FAST}"),
        (choice(FAST, COLOUR, FAST), f"{COLOUR}:colour+{FAST}"),
    ],
)
def test_another_built_in_model_stands_last_in_the_name(wished: dict[str, str], name: str) -> None:
    assert joined(wished, LOOKING_ONCE, OWN) == name
    assert judges_of(name, LOOKING_ONCE, OWN) == wished


def test_one_built_in_model_takes_over_all_that_another_gave() -> None:
    assert rechosen(choice(), "technical", FAST) == choice(FAST, FAST, FAST)
    assert rechosen(choice(TANET, FAST, FAST), "technical", OWN) == choice(TANET)
    assert rechosen(choice(FAST, FAST, FAST), "aesthetic", TANET) == choice(TANET, FAST, FAST)
    assert rechosen(choice(TANET, COLOUR), "colour", TANET) == choice(TANET, TANET)


def test_the_built_in_models_are_offered_first() -> None:
    assert [card.name for card in offers("technical", LOOKING_ONCE, OWN)] == [OWN, FAST]
    assert [card.name for card in offers("colour", LOOKING_ONCE, OWN)][:2] == [OWN, FAST]
