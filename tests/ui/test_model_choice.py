"""Names of models that judge together, and which choices of judges there are a name for."""

from itertools import product

import pytest

from photocull.core.settings import resources
from photocull.models.registry import published_card, read_card
from photocull.ui.model_choice import SCORES, joined, judges_of, names_of, offers, settled, without
from tests.ui.fake_models import OWN

TANET, COLOUR, SPAQ, AVA = "tanet-tad66k", "delegate-icaa17k", "delegate-spaq", "tanet-ava"
CARDS = [read_card(resources() / f"{OWN}.json"), *map(published_card, (TANET, AVA, COLOUR, SPAQ))]


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
        ("gone", choice()),
    ],
)
def test_each_score_comes_from_the_first_that_gives_it(name: str, judges: dict[str, str]) -> None:
    assert judges_of(name, CARDS, OWN) == judges


def test_every_choice_that_has_a_name_is_what_the_name_means() -> None:
    ways = [[card.name for card in offers(score, CARDS, OWN)] for score in SCORES]
    for names in product(*ways):
        wished = dict(zip(SCORES, names, strict=True))
        name = joined(wished, CARDS, OWN)
        if name is None:
            assert {wished["aesthetic"], wished["colour"]} == {OWN, COLOUR}
        else:
            assert judges_of(name, CARDS, OWN) == wished


def test_what_was_chosen_stays_and_the_others_give_way_as_little_as_can_be() -> None:
    assert settled(choice(colour=COLOUR), "colour", CARDS, OWN) == choice(COLOUR, COLOUR)
    assert settled(choice(OWN, COLOUR), "aesthetic", CARDS, OWN)["aesthetic"] == OWN
    assert settled(choice(TANET, COLOUR), "colour", CARDS, OWN) == choice(TANET, COLOUR)
    assert settled(choice(TANET), "aesthetic", CARDS, OWN) == choice(TANET)


def test_whatever_is_chosen_can_be_had() -> None:
    ways = [[card.name for card in offers(score, CARDS, OWN)] for score in SCORES]
    for names in product(*ways):
        for score in SCORES:
            found = settled(dict(zip(SCORES, names, strict=True)), score, CARDS, OWN)
            assert joined(found, CARDS, OWN) is not None
            assert found[score] == names[SCORES.index(score)]


def test_the_built_in_model_is_offered_first_and_each_model_where_it_gives_the_score() -> None:
    assert [card.name for card in offers("colour", CARDS[::-1], OWN)] == [OWN, SPAQ, COLOUR]
    assert [card.name for card in offers("technical", CARDS, OWN)] == [OWN]


def test_a_name_without_one_of_its_models() -> None:
    assert without(f"{TANET}+{COLOUR}", TANET) == COLOUR
    assert without(TANET, TANET) == ""
    assert without(TANET, COLOUR) == TANET
    assert names_of(f"{TANET}+{COLOUR}") == (TANET, COLOUR)
