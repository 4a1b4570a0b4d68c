"""Holds the colour score against damaged copies: pairs in order, order by strength, and what must not change it."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.models.registry import ModelResult
from photocull.training.colour_damage import KINDS, Kind, change, damaged
from photocull.training.colour_pairs import STRENGTHS, fault_seed
from photocull.training.looking import Judge
from photocull.training.noticing import LEAST_SIDE, STEADY
from photocull.training.objectives import Values, bootstrap
from photocull.training.unseen import encoded, halved, mirrored

VISIBLE: Final = 1.5
"""Change from which a pair counts; a hue shift of a grey picture is none."""
APART: Final = 1.0
"""Further change that a stronger damage must have brought for the two to count as a pair of strengths."""
_SCORE: Final = "colour"
_HARMLESS: Final[tuple[tuple[str, Callable[[Pixels], Pixels]], ...]] = (
    ("a mirror image", mirrored),
    ("an encoding at quality 92", encoded),
    ("half the size", halved),
)


@dataclass(frozen=True, slots=True)
class Trial:
    """One photo's colour scores.

    Attributes:
        score: of the photo.
        falls: by kind, how far the score of each visible damage lies under the photo's.
        steps: how far the score falls from a weaker to a stronger damage that is visibly more.
        moved: by kind of harmless copy, how far the score differs.
    """

    score: float
    falls: dict[Kind, tuple[float, ...]]
    steps: tuple[float, ...]
    moved: dict[str, float]


def measure_colour(judge: Judge, photos: Iterable[Pixels], token: CancelToken | None = None) -> tuple[ModelResult, ...]:
    """Every figure of the colour score that needs no opinions, over photos of good colour.

    Args:
        judge: the whole product on a picture in memory.
        photos: (H, W, 3) uint8 sRGB each, looked at one after another, so an iterator will do.

    Raises:
        CancelledError: stopped.
    """
    trials = []
    for number, pixels in enumerate(photos):
        if token is not None:
            token.check()
        trials.append(try_photo(lambda picture: judge(picture).colour, pixels, number))
    return tuple(_results(trials)) if trials else ()


def try_photo(colour: Callable[[Pixels], float], pixels: Pixels, number: int) -> Trial:
    """One photo against its copies; ``number`` seeds the damages."""
    score = colour(pixels)
    falls: dict[Kind, tuple[float, ...]] = {}
    steps: list[float] = []
    for place, kind in enumerate(KINDS):
        spoilt = [damaged(pixels, kind, strength, fault_seed(number, place)) for strength in STRENGTHS]
        changes = [change(pixels, copy) for copy in spoilt]
        scores = [colour(copy) if far >= VISIBLE else score for copy, far in zip(spoilt, changes, strict=True)]
        falls[kind] = tuple(score - each for each, far in zip(scores, changes, strict=True) if far >= VISIBLE)
        steps += _steps(scores, changes)
    moved = {name: abs(colour(copy(pixels)) - score) for name, copy in _HARMLESS if _expected(name, pixels)}
    return Trial(score, falls, tuple(steps), moved)


def _steps(scores: Sequence[float], changes: Sequence[float]) -> list[float]:
    pairs = [(weak, strong) for strong in range(len(scores)) for weak in range(strong)]
    seen = [(a, b) for a, b in pairs if changes[a] >= VISIBLE and changes[b] >= changes[a] + APART]
    return [scores[weak] - scores[strong] for weak, strong in seen]


def _expected(name: str, pixels: Pixels) -> bool:
    return name != "half the size" or max(pixels.shape[:2]) >= LEAST_SIDE


def _results(trials: Sequence[Trial]) -> Iterable[ModelResult]:
    for kind in KINDS:
        yield from _share(f"{kind}, pairs in order", [_positive(trial.falls[kind]) for trial in trials])
    yield from _share("damaged copies, pairs in order", [_positive(sum(trial.falls.values(), ())) for trial in trials])
    yield from _share("stronger damage below weaker", [_positive(trial.steps) for trial in trials])
    for name, _ in _HARMLESS:
        moved = [[trial.moved[name] < STEADY] for trial in trials if name in trial.moved]
        yield from _share(f"{name} changes it by less than {STEADY}", moved)
    scores = np.array([trial.score for trial in trials])
    yield ModelResult(_SCORE, _place(len(trials)), "standard deviation", float(scores.std()), None, None, len(trials))


def _positive(values: Iterable[float]) -> list[bool]:
    return [value > 0 for value in values]


def _share(measure: str, by_photo: Sequence[Sequence[bool]]) -> Iterable[ModelResult]:
    """A share over all pairs; photos are redrawn whole, since the pairs of one photo stand and fall together."""
    known = [outcomes for outcomes in by_photo if outcomes]
    if not known:
        return
    hits, counts = (np.array([float(part(each)) for each in known]) for part in (sum, len))
    found = bootstrap(_ratio, hits, counts)
    yield ModelResult(_SCORE, _place(len(known)), measure, found.value, found.low, found.high, len(known))


def _ratio(hits: Values, counts: Values) -> float:
    return float(hits.sum() / counts.sum())


def _place(photos: int) -> str:
    return f"{photos} photos of good colour and damaged copies"
