"""Whether a model's card tells the truth: each of its figures on a set measured again through the whole product.

The card of the built-in model was measured on its heads' answers, before these are brought to 0 to 10. The shown score
is a logistic function of that answer, so its log odds are the answer up to slope and offset, which neither rank nor
linear correlation, nor the redraws of the interval, can tell from it.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.models.registry import ModelCard, ModelResult
from photocull.training.comparing import SCORES, groups_of
from photocull.training.evaluation import Evaluation
from photocull.training.objectives import Interval, Measure, Values, bootstrap, plcc, srcc, within_groups

_MEASURES: Final[dict[str, Measure]] = {"SRCC": srcc, "PLCC": plcc}
_WITHIN: Final = "within category"
_PLACE: Final = re.compile(rf"(\w+)(?: ({_WITHIN}|\w+))?, (\w+)")
"""Where a card measured: "BIQ2021 ss01, validation"."""


@dataclass(frozen=True, slots=True)
class Reproduced:
    """One figure of the card and what this evaluation finds in its place."""

    card: ModelResult
    found: Interval

    @property
    def difference(self) -> float:
        """How far apart they are: the largest of figure and bounds."""
        pairs = [
            (self.card.value, self.found.value),
            (self.card.low, self.found.low),
            (self.card.high, self.found.high),
        ]
        return max(abs(stated - found) for stated, found in pairs if stated is not None)


def reproduce(evaluation: Evaluation, card: ModelCard) -> tuple[Reproduced, ...]:
    """The card's figures of shown scores on this set and split that rest on the very same number of photos."""
    found = ((result, _again(evaluation, result)) for result in card.results)
    return tuple(Reproduced(result, interval) for result, interval in found if interval is not None)


def _again(evaluation: Evaluation, result: ModelResult) -> Interval | None:
    place = _PLACE.fullmatch(result.data)
    measure = _MEASURES.get(result.measure)
    if place is None or measure is None or result.score not in SCORES:
        return None
    dataset, group, split = place.groups()
    if (dataset.lower(), split) != (evaluation.dataset, evaluation.chosen.split):
        return None
    return _measured(evaluation, result, measure, group)


def _measured(evaluation: Evaluation, result: ModelResult, measure: Measure, group: str | None) -> Interval | None:
    name = next(score for score in SCORES if score == result.score)
    given, wanted = log_odds(evaluation.score(name)), np.array([photo.opinion for photo in evaluation.measured])
    groups = np.array([(groups_of(photo) or ("",))[0] for photo in evaluation.measured])
    if group == _WITHIN:
        given, wanted = within_groups(given, groups), within_groups(wanted, groups)
    elif group is not None:
        given, wanted = given[groups == group], wanted[groups == group]
    return bootstrap(measure, given, wanted) if len(given) == result.photos else None


def log_odds(shown: Values) -> Values:
    """What a shown score of 0 to 10 was before it was brought there, up to slope and offset."""
    share = np.clip(shown / 10, 1e-12, 1 - 1e-12)
    return np.asarray(np.log(share / (1 - share)))
