"""How well a score can be fitted to one person from few of their ratings: the few-shot protocol of FLICKR-AES.

Ren et al., Personalized Image Aesthetics, ICCV 2017: for each test worker 10 (100) of their photos are drawn
and the model is fitted to them; rank correlation is measured on all other photos of that worker; ten draws a worker.
"""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.training.objectives import Interval, Values, srcc

SHOTS: Final = (10, 100)
DRAWS: Final = 10
LEAST_LEFT: Final = 5
"""Fewer photos than this to measure on say nothing of a person's order."""
_RIDGES: Final[Values] = np.append(2.0 ** np.arange(0, 9), np.inf)
"""Noise over taste, in variance: a rating is never trusted to be more taste than noise. Infinite: no deviation."""
_USUAL: Final = (0.5, 10.0)
"""Before a person rates: they follow the general score with this correlation, which is worth so many photos."""
_LEAST_SLOPE: Final = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What the model says of n photos.

    Attributes:
        general: (n,) the score that is fitted to people.
        scores: (n, s) all its scores. embedding: (n, d), d may be 0.
    """

    general: Values
    scores: Values
    embedding: Values

    def of(self, rows: NDArray[np.intp]) -> "Seen":
        """These photos alone, in this order."""
        return Seen(self.general[rows], self.scores[rows], self.embedding[rows])


@dataclass(frozen=True, slots=True, eq=False)
class Taste:
    """One person's fitted score: general score times ``slope`` plus a deviation that is linear in what the model sees.

    Attributes:
        seen: the photos that were fitted on. weights: (n,) of each in the deviation; zero follows the general score.
        ridge: as chosen; infinite where no deviation was fitted.
    """

    seen: Seen
    slope: float
    mean: float
    weights: Values
    ridge: float

    def predict(self, seen: Seen) -> Values:
        """(n,) expected ratings, in the unit that was fitted."""
        general = self.slope * (seen.general - self.seen.general.mean())
        return np.asarray(self.mean + general + _likeness(self.seen, seen) @ self.weights)


def fit_person(seen: Seen, ratings: Values) -> Taste:
    """Fit one person by ridge regression in closed form (Hoerl and Kennard 1970; dual form).

    The person's slope on the general score is pulled towards the usual one; what is left of the ratings is regressed on
    the model's scores and embedding. The ridge is the strongest, no deviation at all included, whose
    leave-one-out error (Allen's PRESS, 1974) is within one standard error of the least: nothing but ``seen`` and
    ``ratings`` is looked at.

    Args:
        seen: n photos. ratings: (n,) the person's.
    """
    mean = float(ratings.mean())
    slope = _slope(seen.general, ratings)
    left = ratings - mean - slope * (seen.general - seen.general.mean())
    ridge, weights = _deviation(_likeness(seen, seen), left)
    return Taste(seen, slope, mean, weights, ridge)


def _slope(general: Values, ratings: Values) -> float:
    """Rating units for one unit of the general score: this person's own, shrunk; never against the general score."""
    spread = float(general.std())
    if spread < 1e-9:
        return _LEAST_SLOPE
    usual, worth = _USUAL
    own = float(((general - general.mean()) * (ratings - ratings.mean())).mean()) / spread**2
    expected = usual * float(ratings.std()) / spread
    share = len(ratings) / (len(ratings) + worth)
    return max(share * own + (1 - share) * expected, _LEAST_SLOPE * float(ratings.std()) / spread, 1e-9)


def _likeness(fitted: Seen, asked: Seen) -> Values:
    """(asked, fitted) inner products of centred embeddings and scores; each has a mean square of 1 over the fitted."""
    total = np.zeros((len(asked.general), len(fitted.general)))
    for known, new in ((fitted.embedding, asked.embedding), (_standard(fitted, fitted), _standard(asked, fitted))):
        centre = known.mean(axis=0) if known.size else 0.0
        size = float(((known - centre) ** 2).sum() / max(1, len(known)))
        if size > 1e-12:
            total += (new - centre) @ (known - centre).T / size
    return total


def _standard(seen: Seen, by: Seen) -> Values:
    scale = by.scores.std(axis=0)
    return np.asarray((seen.scores - by.scores.mean(axis=0)) / np.where(scale > 1e-9, scale, 1.0))


def _deviation(likeness: Values, left: Values) -> tuple[float, Values]:
    """The ridge chosen by leave-one-out, and each photo's weight; ``left`` has mean 0."""
    sizes, vectors = np.linalg.eigh((likeness + likeness.T) / 2)
    sizes = np.maximum(sizes, 0.0)
    inside = vectors.T @ left
    errors = np.empty((len(_RIDGES), len(left)))
    for row, ridge in enumerate(_RIDGES):
        kept = sizes / (sizes + ridge)
        leverage = vectors**2 @ kept + 1 / len(left)
        errors[row] = ((left - vectors @ (kept * inside)) / np.maximum(1 - leverage, 1e-6)) ** 2
    ridge = float(_RIDGES[_cautious(errors)])
    if not np.isfinite(ridge):
        return ridge, np.zeros(len(left))
    return ridge, np.asarray(vectors @ (inside / (sizes + ridge)))


def _cautious(errors: Values) -> int:
    """The strongest ridge whose error exceeds the least one by no more than a standard error of their difference."""
    best = int(errors.mean(axis=1).argmin())
    excess = errors - errors[best]
    doubt = excess.std(axis=1, ddof=1) / np.sqrt(errors.shape[1])
    return int(np.flatnonzero(excess.mean(axis=1) <= doubt)[-1])


@dataclass(frozen=True, slots=True)
class Shots:
    """The protocol's outcome for one number of photos a person.

    Attributes:
        photos: how many were fitted on. people: how many were measured; left_out: rated too few photos for it.
        fitted, general: mean SRCC over people, with the interval over redrawn people; general: without fitting.
        gain: mean of each person's difference. spread: standard deviation of the fitted SRCC over people.
        better: share of people whom the fitted score follows better.
    """

    photos: int
    people: int
    left_out: int
    fitted: Interval
    general: Interval
    gain: Interval
    spread: float
    better: float


Ratings = Mapping[str, tuple[NDArray[np.intp], Values]]
"""Person -> (rows of the photos that they rated, their ratings)."""


def measure_people(
    seen: Seen, people: Ratings, *, shots: Sequence[int] = SHOTS, draws: int = DRAWS, seed: int = 0
) -> tuple[Shots, ...]:
    """The protocol for each number of photos; a draw depends on seed and person alone."""
    return tuple(found for count in shots if (found := _measured(seen, people, count, draws, seed)) is not None)


def _measured(seen: Seen, people: Ratings, count: int, draws: int, seed: int) -> Shots | None:
    able = {name: rated for name, rated in people.items() if len(rated[0]) >= count + LEAST_LEFT}
    pairs = np.array([_person(seen, name, *rated, count, draws, seed) for name, rated in sorted(able.items())])
    pairs = pairs[np.isfinite(pairs).all(axis=1)] if len(pairs) else pairs
    if not len(pairs):
        return None
    fitted, general = pairs.T
    return Shots(
        photos=count,
        people=len(pairs),
        left_out=len(people) - len(pairs),
        fitted=_over_people(fitted, seed),
        general=_over_people(general, seed),
        gain=_over_people(fitted - general, seed),
        spread=float(fitted.std(ddof=1)) if len(fitted) > 1 else 0.0,
        better=float((fitted > general).mean()),
    )


def _person(
    seen: Seen, name: str, rows: NDArray[np.intp], ratings: Values, count: int, draws: int, seed: int
) -> tuple[float, float]:
    """Mean SRCC over draws on the photos not drawn: fitted, and of the general score; nan where none can be had."""
    outcomes = []
    for draw in range(draws):
        order = np.random.default_rng([seed, draw, zlib.crc32(name.encode())]).permutation(len(rows))
        known, held = order[:count], order[count:]
        taste = fit_person(seen.of(rows[known]), ratings[known])
        asked = seen.of(rows[held])
        outcomes.append((srcc(taste.predict(asked), ratings[held]), srcc(asked.general, ratings[held])))
    sound = [pair for pair in outcomes if np.isfinite(pair).all()]
    fitted, general = np.mean(sound, axis=0) if sound else (np.nan, np.nan)
    return float(fitted), float(general)


def _over_people(values: Values, seed: int, rounds: int = 2000) -> Interval:
    drawn = np.random.default_rng(seed).integers(0, len(values), (rounds, len(values)))
    low, high = np.percentile(values[drawn].mean(axis=1), [2.5, 97.5])
    return Interval(float(values.mean()), float(low), float(high))
