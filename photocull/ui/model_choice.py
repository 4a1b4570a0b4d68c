"""Which model judges which score: a joined model name to choices and back, and what can be chosen. No Qt here."""

from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Final

from photocull.judge.naming import Part, asked, parts
from photocull.judge.naming import joined as named_together
from photocull.models.registry import BUILT_IN, ModelCard

SCORES: Final[tuple[str, ...]] = ("aesthetic", "colour", "technical")
Choice = Mapping[str, str]
"""Score -> name of the model that gives it."""


def without(name: str, gone: str) -> str:
    """A joined name without one of its models; empty where none is left."""
    return named_together(part for part in parts(name) if part.name != gone)


def judges_of(name: str, cards: Sequence[ModelCard], own: str) -> dict[str, str]:
    """Who gives each score under this (joined) name: the first named that does, else ``own``, the default model."""
    known = {card.name: card.judges for card in cards}
    given = [(part.name, _given(part, known.get(part.name, ()))) for part in parts(name)]
    return {score: next((model for model, scores in given if score in scores), own) for score in SCORES}


def joined(choice: Choice, cards: Sequence[ModelCard], own: str) -> str:
    """A name under which just these models judge, each just what it was chosen for.

    Plain names where they say it, since a model may have judged under them before; else each with its scores. A
    built-in model gives what is left and stands last, unless it is ``own``, which does so unnamed.
    """
    base = next((choice[score] for score in SCORES if choice[score] in BUILT_IN), own)
    names = [name for name in dict.fromkeys(choice[score] for score in SCORES) if name not in (own, base)]
    if not names:
        return base
    last = () if base == own else (Part(base),)
    plain = (named_together((*map(Part, order), *last)) for order in permutations(names))
    parted = named_together((*(_part(name, choice, cards) for name in names), *last))
    return next((name for name in plain if judges_of(name, cards, own) == dict(choice)), parted)


def rechosen(choice: Choice, score: str, name: str) -> dict[str, str]:
    """The choice with this model for this score; a built-in one takes all that another built-in one gave.

    Two of them would look at every photo more often than the better one alone, and agree with people less.
    """
    swapped = {s: name if name in BUILT_IN and other in BUILT_IN else other for s, other in choice.items()}
    return {**swapped, score: name}


def offers(score: str, cards: Sequence[ModelCard], own: str) -> list[ModelCard]:
    """The models that can give this score, ``own`` first, then other built-in ones."""
    able = (card for card in cards if score in card.judges)
    return sorted(able, key=lambda card: (card.name != own, card.name not in BUILT_IN))


def _part(name: str, choice: Choice, cards: Sequence[ModelCard]) -> Part:
    chosen = tuple(score for score in SCORES if choice[score] == name)
    return asked(Part(name, chosen), next(card.judges for card in cards if card.name == name))


def _given(part: Part, judges: Sequence[str]) -> Sequence[str]:
    return [score for score in judges if score in part.scores] if part.scores else judges
