"""Names under which models judge together, ``tanet-tad66k+delegate-icaa17k:colour``: to their parts and back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from photocull.core.errors import ModelError, one_line

JOIN: Final = "+"
"""Between the names of models that judge together."""
_ASK: Final = ":"
_AND: Final = ","


@dataclass(frozen=True, slots=True)
class Part:
    """One model of a joined name.

    Attributes:
        scores: those that are asked of it; empty where that is all it gives.
    """

    name: str
    scores: tuple[str, ...] = ()

    def __str__(self) -> str:
        """``delegate-icaa17k:colour``."""
        return f"{self.name}{_ASK}{_AND.join(self.scores)}" if self.scores else self.name


def parts(name: str) -> tuple[Part, ...]:
    """The models that a joined name stands for, in order; whether there are such models and scores is not looked at."""
    return tuple(map(_part, name.split(JOIN)))


def joined(parts: Iterable[Part]) -> str:
    """The name that stands for these models."""
    return JOIN.join(map(str, parts))


def asked(part: Part, given: Sequence[str]) -> Part:
    """The one way to say this: scores in the order of ``given``, none where all are asked.

    Args:
        given: the scores that the model gives.

    Raises:
        ModelError: it does not give one that is asked of it.
    """
    for score in part.scores:
        if score not in given:
            sentence = f"The model '{part.name}' gives no score '{one_line(score, 40)}'."
            raise ModelError(sentence, remedy=f"It gives: {', '.join(given)}.")
    wanted = tuple(score for score in given if score in part.scores)
    return replace(part, scores=() if len(wanted) == len(given) else wanted)


def _part(text: str) -> Part:
    name, ask, scores = text.partition(_ASK)
    return Part(name.strip(), tuple(dict.fromkeys(score.strip() for score in scores.split(_AND))) if ask else ())
