"""How far the shown scores agree with people on the validation photos of the rated sets, through the whole product.

The shown score is a logistic function of a head's answer, so its log odds are that answer up to slope and offset; they
are what linear correlation is taken of, since people's opinions are not bent at their ends as a score of 0 to 10 is.
"""

from collections.abc import Callable
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Judgement
from photocull.models.registry import ModelResult
from photocull.training.datasets import Example, LabelledSet, read_beauty, read_biq2021, read_snapshots
from photocull.training.near_twins import without_twin
from photocull.training.objectives import Values, bootstrap, plcc, srcc, within_groups
from photocull.training.reproducing import log_odds
from photocull.training.subject import Subject

_FEW: Final = 5
"""A group of fewer photos gets no figure of its own."""
BEAUTY_HEAD: Final = "beauty"
"""The fact under which the scorer tells its beauty head's answer."""
Score = Literal["technical", "aesthetic"]
Reader = Callable[[Judgement], float]


def measure_biq2021(subject: Subject) -> tuple[ModelResult, ...]:
    """Technical score against BIQ2021's opinions: whole, by subset, and on photos without a near twin in training."""
    judged = _judged(subject, read_biq2021(subject.data))
    given, wanted, groups = judged.values(_shown("technical")), judged.opinions, judged.groups
    whole = _agreement("technical", "BIQ2021", given, wanted)
    alone = np.isin(judged.names, list(without_twin()))
    results = (*whole, *_by_group("technical", "BIQ2021", given, wanted, groups))
    if alone.sum() < _FEW:
        return results
    return (*results, _agreement("technical", "BIQ2021 without near twin", given[alone], wanted[alone])[0])


def measure_snapshots(subject: Subject) -> tuple[ModelResult, ...]:
    """Technical and aesthetic score against the opinions on ordinary people's snapshots."""
    judged = _judged(subject, read_snapshots(subject.data))
    scores: tuple[Score, ...] = ("technical", "aesthetic")
    return tuple(
        result
        for score in scores
        for result in _agreement(score, "snapshots", judged.values(_shown(score)), judged.opinions)
    )


def measure_beauty(subject: Subject) -> tuple[ModelResult, ...]:
    """Aesthetic score, and the beauty head where the scorer tells it, against the ratings of beauty in a category."""
    judged = _judged(subject, read_beauty(subject.data))
    results = _within("aesthetic", judged.values(_shown("aesthetic")), judged)
    if all(BEAUTY_HEAD in one.facts for one in judged.judgements):
        results = (*_within("beauty head", judged.values(lambda one: one.facts[BEAUTY_HEAD]), judged), *results)
    return results


class _Judged:
    """Judgements of a set's photos with what people said of them."""

    def __init__(self, examples: tuple[Example, ...], judgements: tuple[Judgement, ...]) -> None:
        self.judgements = judgements
        self.opinions: Values = np.array([example.opinion for example in examples])
        self.groups: NDArray[np.str_] = np.array([example.group for example in examples])
        self.names: NDArray[np.str_] = np.array([example.path.name for example in examples])

    def values(self, reader: Reader) -> Values:
        return np.array([reader(one) for one in self.judgements])


def _judged(subject: Subject, labelled: LabelledSet) -> _Judged:
    examples = subject.examples(labelled)
    return _Judged(examples, tuple(subject.judged(example) for example in examples))


def _shown(score: Score) -> Reader:
    return lambda judgement: float(log_odds(np.array([getattr(judgement, score)]))[0])


def _within(score: str, given: Values, judged: _Judged) -> tuple[ModelResult, ...]:
    wanted = within_groups(judged.opinions, judged.groups)
    pooled = _agreement(score, "beauty within category", within_groups(given, judged.groups), wanted)
    return pooled[:1] + _by_group(score, "beauty", given, judged.opinions, judged.groups)


def _agreement(score: str, data: str, given: Values, wanted: Values) -> tuple[ModelResult, ...]:
    place = f"{data}, validation"
    found = (("SRCC", bootstrap(srcc, given, wanted)), ("PLCC", bootstrap(plcc, given, wanted)))
    return tuple(ModelResult(score, place, name, one.value, one.low, one.high, len(given)) for name, one in found)


def _by_group(
    score: str, data: str, given: Values, wanted: Values, groups: NDArray[np.str_]
) -> tuple[ModelResult, ...]:
    results = []
    for group in np.unique(groups):
        rows = groups == group
        if rows.sum() >= _FEW:
            results.append(_agreement(score, f"{data} {group}", given[rows], wanted[rows])[0])
    return tuple(results)
