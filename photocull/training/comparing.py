"""Which of a model's scores answers which question that people were asked, and how well it agrees with them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np

from photocull.training.measures import Agreement, GroupAgreement, agreement, by_group
from photocull.training.objectives import Values
from photocull.training.rated import RatedPhoto, RatedSet

ScoreName = Literal["aesthetic", "colour", "technical", "overall"]
SCORES: Final[tuple[ScoreName, ...]] = get_args(ScoreName)
VOTES: Final = 10
_LEAST_GROUP: Final = 5
"""A group of fewer photos gets no figure of its own."""
_OF_SET: Final[dict[str, ScoreName]] = {"spaq": "technical", "biq2021": "technical", "snapshots": "technical"}
_OF_COLUMN: Final[dict[tuple[str, str], ScoreName]] = {
    ("icaa17k", "color"): "colour",
    ("spaq", "Colorfulness"): "colour",  # what the Delegate Transformer learns there
}
_FEATURES: Final = frozenset({"Brightness", "Contrast", "Noisiness", "Sharpness"})
"""What SPAQ asks of single features that no score stands for."""
Groups = Sequence[Sequence[str]]
_PART: Final = re.compile(r"(ss\d\d)_")


@dataclass(frozen=True, slots=True)
class Comparison:
    """One of the model's scores against one of the set's opinions.

    Attributes:
        score: the model's. opinion: the set's column. agreement: over all photos.
        groups: over those of each theme, colour type or part with five photos or more.
    """

    score: ScoreName
    opinion: str
    agreement: Agreement
    groups: tuple[GroupAgreement, ...] = ()


def compare(
    rated: RatedSet,
    photos: Sequence[RatedPhoto],
    numbers: Values,
    score: ScoreName | None = None,
    *,
    grouped: bool = True,
) -> tuple[Comparison, ...]:
    """Every opinion of the set against the score that belongs to it, or against ``score``.

    Args:
        numbers: (photos, 4 or 14) the scores of `SCORES`, 0 to 10, then the ten shares of the votes where given.
        grouped: also by theme, colour type or part.
    """
    groups = _groups(photos) if grouped else [()] * len(photos)
    if rated.kind == "votes":
        return (_compared_votes(rated, photos, numbers, score or "aesthetic", groups),)
    return tuple(
        _compared(photos, numbers, score or belonging(rated.name, column), (row, column), groups)
        for row, column in enumerate(rated.columns)
        if column not in _FEATURES
    )


def belonging(dataset: str, column: str = "") -> ScoreName:
    """The score that answers what a set's column asks people."""
    return _OF_COLUMN.get((dataset, column), _OF_SET.get(dataset, "aesthetic"))


def _compared(
    photos: Sequence[RatedPhoto], numbers: Values, score: ScoreName, column: tuple[int, str], groups: Groups
) -> Comparison:
    given = numbers[:, SCORES.index(score)] / 10
    wanted = np.array([photo.targets[column[0]] for photo in photos])
    whole = agreement(given, wanted, low=0.0, high=1.0)
    return Comparison(score, column[1], whole, by_group(given, wanted, groups, low=0.0, high=1.0))


def _compared_votes(
    rated: RatedSet, photos: Sequence[RatedPhoto], numbers: Values, score: ScoreName, groups: Groups
) -> Comparison:
    """Mean votes; the votes themselves where the model gives them and its aesthetic score is what is asked for."""
    low, high = rated.low, rated.high
    given, wanted = low + (high - low) * numbers[:, SCORES.index(score)] / 10, np.array([p.opinion for p in photos])
    votes = numbers[:, len(SCORES) :]
    pair: tuple[Values | None, Values | None] = (None, None)
    if votes.shape[1] == VOTES and score == "aesthetic":
        pair = votes, np.array([photo.targets for photo in photos])
    whole = agreement(given, wanted, low=low, high=high, votes_given=pair[0], votes_wanted=pair[1])
    parts = by_group(given, wanted, groups, low=low, high=high, votes_given=pair[0], votes_wanted=pair[1])
    return Comparison(score, "mean vote", whole, parts)


def _groups(photos: Sequence[RatedPhoto]) -> list[tuple[str, ...]]:
    """Each photo's groups, those left out that are too small for figures of their own."""
    counts: dict[str, int] = {}
    for photo in photos:
        for group in groups_of(photo):
            counts[group] = counts.get(group, 0) + 1
    return [tuple(group for group in groups_of(photo) if counts[group] >= _LEAST_GROUP) for photo in photos]


def groups_of(photo: RatedPhoto) -> tuple[str, ...]:
    """What figures are told apart by: themes, colour type, or the part of BIQ2021 that its file name tells."""
    part = _PART.match(photo.path.name)
    return photo.groups or ((part[1],) if part else ())
