"""Which model judges which score: a joined model name to choices and back, and what can be chosen. No Qt here."""

from collections.abc import Mapping, Sequence
from itertools import permutations, product
from typing import Final

from photocull.models.registry import ModelCard

SCORES: Final[tuple[str, ...]] = ("aesthetic", "colour", "technical")
JOIN: Final = "+"
Choice = Mapping[str, str]
"""Score -> name of the model that gives it."""


def names_of(name: str) -> tuple[str, ...]:
    """The models that a joined name stands for."""
    return tuple(part for part in name.split(JOIN) if part)


def without(name: str, gone: str) -> str:
    """A joined name without one of its models; empty where none is left."""
    return JOIN.join(part for part in names_of(name) if part != gone)


def judges_of(name: str, cards: Sequence[ModelCard], own: str) -> dict[str, str]:
    """Who gives each score under this (joined) name: the first named that does, else ``own``, the built-in model."""
    given = {card.name: card.judges for card in cards}
    found = {}
    for score in SCORES:
        found[score] = next((part for part in names_of(name) if score in given.get(part, ())), own)
    return found


def joined(choice: Choice, cards: Sequence[ModelCard], own: str) -> str | None:
    """The name under which just these models judge; None where one would judge more than it was chosen for."""
    names = [name for name in dict.fromkeys(choice[score] for score in SCORES) if name != own]
    if not names:
        return own
    orders = (JOIN.join(order) for order in permutations(names))
    return next((name for name in orders if judges_of(name, cards, own) == dict(choice)), None)


def offers(score: str, cards: Sequence[ModelCard], own: str) -> list[ModelCard]:
    """The models that can give this score, the built-in one first."""
    return sorted((card for card in cards if score in card.judges), key=lambda card: card.name != own)


def settled(choice: Choice, score: str, cards: Sequence[ModelCard], own: str) -> dict[str, str]:
    """The choice nearest to this one that can be had, with this score's model as chosen.

    A model that gives two scores gives both, unless a model named before it takes one of them over.
    """
    ways = [[card.name for card in offers(s, cards, own)] if s != score else [choice[s]] for s in SCORES]
    wished = [choice[s] for s in SCORES]
    possible = (names for names in product(*ways) if joined(_choice(names), cards, own) is not None)

    def distance(names: Sequence[str]) -> tuple[int, int]:
        """Scores that change hands, then models at work: no further network is taken in without need."""
        return sum(name != wish for name, wish in zip(names, wished, strict=True)), len(set(names))

    return _choice(min(possible, key=distance, default=tuple(wished)))


def _choice(names: Sequence[str]) -> dict[str, str]:
    return dict(zip(SCORES, names, strict=True))
