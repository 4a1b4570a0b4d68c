"""The papers' figures of agreement with people: SRCC, LCC, MSE, EMD, accuracy and R, each with a bootstrap interval.

All measures share one set of redraws (the same as `objectives.bootstrap`). A redraw is kept as how often each photo
came up, so that ranks need two sorts in all instead of two a round: a photo's rank in the redraw follows from a running
sum of those counts, and every other measure is a product of the counts with a column that is computed once.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.training.objectives import Interval, Values

if TYPE_CHECKING:
    from torch import Tensor

_TINY: Final = 1e-12
_CELLS: Final = 1 << 18
"""Photos times rounds that are worked on at once: what stays in a processor's cache."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """How well given scores follow people's; a figure that cannot be had (one side is constant) is nan.

    Attributes:
        srcc: Spearman's rank correlation.
        lcc: Pearson's linear correlation.
        mse: mean squared error, both sides in 0 to 1 of the scale.
        emd: mean earth mover's distance of the votes with r = 1; None without votes.
        accuracy: share of photos that both sides put on the same side of the scale's middle.
        ratio: R = SRCC / accuracy (He et al., IJCAI 2022).
        photos: how many were compared.
    """

    srcc: Interval
    lcc: Interval
    mse: Interval
    emd: Interval | None
    accuracy: Interval
    ratio: Interval
    photos: int = 0


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """The agreement on the photos of one theme or colour type."""

    group: str
    agreement: Agreement


def agreement(
    given: Values,
    wanted: Values,
    *,
    low: float,
    high: float,
    votes_given: Values | None = None,
    votes_wanted: Values | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> Agreement:
    """Every figure of ``given`` (N,) against people's ``wanted`` (N,), both in the unit of ``low`` to ``high``.

    Args:
        votes_given: (N, votes) distributions of the model, votes_wanted: those of people; both or neither.
        rounds: redraws of the bootstrap (Efron 1979); seed: of the redraws.

    Raises:
        TrainingError: no photo, lengths that differ, values that are not finite, or a scale without extent.
    """
    return _Pairs.of(given, wanted, votes_given, votes_wanted).agreement(low, high, rounds, seed)


def by_group(
    given: Values,
    wanted: Values,
    groups: Sequence[Sequence[str]],
    *,
    low: float,
    high: float,
    votes_given: Values | None = None,
    votes_wanted: Values | None = None,
    rounds: int = 1000,
    seed: int = 0,
) -> tuple[GroupAgreement, ...]:
    """`agreement` for each group by name; a photo counts in every group of its own (``groups[i]``)."""
    pairs = _Pairs.of(given, wanted, votes_given, votes_wanted)
    members: dict[str, list[int]] = {}
    for row, names in zip(range(len(pairs.given)), groups, strict=True):
        for name in dict.fromkeys(names):
            members.setdefault(name, []).append(row)
    return tuple(
        GroupAgreement(name, pairs.rows(members[name]).agreement(low, high, rounds, seed)) for name in sorted(members)
    )


def emd_test(given: Values, wanted: Values) -> Values:
    """Earth mover's distance of each row of two (N, votes) distributions, r = 1: mean absolute difference of the
    cumulative sums, as the papers test (Talebi and Milanfar, NIMA, IEEE TIP 2018, equation 1)."""
    return np.asarray(np.abs(_cumulated(given, wanted)).mean(axis=-1), dtype=np.float64)


def emd_train(given: Values, wanted: Values) -> Values:
    """The same with r = 2: root of the mean squared difference of the cumulative sums, as the papers train."""
    return np.asarray(np.sqrt((_cumulated(given, wanted) ** 2).mean(axis=-1)), dtype=np.float64)


def emd_loss(given: "Tensor", wanted: "Tensor") -> "Tensor":
    """`emd_train` of (B, votes) distributions, averaged over the batch; its gradient is finite where they are equal."""
    difference = (given - wanted).cumsum(dim=-1)
    return ((difference * difference).mean(dim=-1) + _TINY).sqrt().mean()


def mean_vote(votes: Values) -> Values:
    """The mean of each distribution (..., votes) over the votes 1, 2, 3..."""
    shares = np.asarray(votes, dtype=np.float64)
    return np.asarray(shares @ np.arange(1, shares.shape[-1] + 1, dtype=np.float64), dtype=np.float64)


def _cumulated(given: Values, wanted: Values) -> Values:
    difference = np.asarray(given, dtype=np.float64) - np.asarray(wanted, dtype=np.float64)
    return np.asarray(difference.cumsum(axis=-1), dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class _Pairs:
    """Both sides' scores (N,) and, where there are votes, the distance of each photo's votes (N,)."""

    given: Values
    wanted: Values
    distances: Values | None

    @classmethod
    def of(cls, given: Values, wanted: Values, votes_given: Values | None, votes_wanted: Values | None) -> "_Pairs":
        first, second = np.asarray(given, dtype=np.float64), np.asarray(wanted, dtype=np.float64)
        if first.shape != second.shape or first.ndim != 1:
            raise TrainingError(f"{first.shape} scores cannot be compared with {second.shape} opinions.")
        if not (np.isfinite(first).all() and np.isfinite(second).all()):
            raise TrainingError("A score or an opinion is not a number.")
        return cls(first, second, _distances(votes_given, votes_wanted, len(first)))

    def rows(self, chosen: Sequence[int]) -> "_Pairs":
        distances = None if self.distances is None else self.distances[chosen]
        return _Pairs(self.given[chosen], self.wanted[chosen], distances)

    def agreement(self, low: float, high: float, rounds: int, seed: int) -> Agreement:
        photos = len(self.given)
        if not photos:
            remedy = "Check the split and the filter."
            raise TrainingError("There is no photo to measure the agreement on.", remedy=remedy)
        if not low < high:
            raise TrainingError(f"A scale from {low:g} to {high:g} has no middle.")
        columns = _columns(self.given, self.wanted, low, high, self.distances)
        ranked = (_Ranking.of(self.given), _Ranking.of(self.wanted))
        whole = _figures(np.ones((1, photos)), columns, ranked)
        draws = [_figures(counts, columns, ranked) for counts in _redraws(photos, rounds, seed)]
        srcc, lcc, mse, accuracy, ratio, *emd = _intervals(whole, np.concatenate(draws, axis=1) if draws else whole)
        return Agreement(srcc, lcc, mse, emd[0] if emd else None, accuracy, ratio, photos)


def _distances(given: Values | None, wanted: Values | None, photos: int) -> Values | None:
    if given is None and wanted is None:
        return None
    if given is None or wanted is None or np.shape(given) != np.shape(wanted) or len(given) != photos:
        raise TrainingError("The votes of the model and of people do not match.")
    return emd_test(given, wanted)


def _columns(first: Values, second: Values, low: float, high: float, distances: Values | None) -> Values:
    """(N, 7 or 8): what is averaged over photos; both sides are centred, so that no variance drowns in its mean."""
    a, b = first - first.mean(), second - second.mean()
    error = ((first - second) / (high - low)) ** 2
    middle = (low + high) / 2
    agree = ((first > middle) == (second > middle)).astype(np.float64)
    columns = [a, b, a * a, b * b, a * b, error, agree]
    return np.stack(columns if distances is None else [*columns, distances], axis=1)


@dataclass(frozen=True, slots=True)
class _Ranking:
    """One side's order: where each photo's value stands among the distinct values."""

    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    inverse: NDArray[np.intp]

    @classmethod
    def of(cls, values: Values) -> "_Ranking":
        order = np.argsort(values, kind="stable")
        ordered = values[order]
        starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
        inverse = np.empty(len(values), dtype=np.intp)
        inverse[order] = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(values))))
        return cls(order, starts, inverse)

    def centred(self, counts: Values) -> Values:
        """(rounds, N) counts -> the rank that each photo has in each redraw, less the mean rank."""
        tied = np.add.reduceat(counts[:, self.order], self.starts, axis=1)
        ranks = tied.cumsum(axis=1) - (tied + 1) / 2
        ranks -= (counts.shape[1] - 1) / 2
        return np.asarray(ranks[:, self.inverse], dtype=np.float64)


def _redraws(photos: int, rounds: int, seed: int) -> Iterator[Values]:
    generator = np.random.default_rng(seed)
    step = max(1, _CELLS // photos)
    for start in range(0, rounds, step):
        height = min(step, rounds - start)
        drawn = generator.integers(0, photos, (height, photos)) + photos * np.arange(height)[:, None]
        counts = np.bincount(drawn.ravel(), minlength=height * photos).reshape(height, photos)
        yield counts.astype(np.float64)


def _figures(counts: Values, columns: Values, ranked: tuple[_Ranking, _Ranking]) -> Values:
    """(figures, rounds): SRCC, LCC, MSE, accuracy, R and, with votes, EMD."""
    a, b, aa, bb, ab, error, agree, *emd = (counts @ columns / counts.shape[1]).T
    first, second = (ranking.centred(counts) for ranking in ranked)
    weighted = counts * first
    spread = ((weighted * first).sum(axis=1), (counts * second * second).sum(axis=1))
    srcc = _correlation((weighted * second).sum(axis=1), *spread)
    lcc = _correlation(ab - a * b, aa - a * a, bb - b * b)
    ratio = np.divide(srcc, agree, out=np.full_like(srcc, np.nan), where=agree > 0)
    return np.stack([srcc, lcc, error, agree, ratio, *emd])


def _correlation(product: Values, first: Values, second: Values) -> Values:
    spread = np.sqrt(np.maximum(first, 0) * np.maximum(second, 0))
    found: Values = np.divide(product, spread, out=np.full_like(spread, np.nan), where=spread > _TINY)
    return found


def _intervals(whole: Values, drawn: Values) -> list[Interval]:
    found = []
    for value, rounds in zip(whole[:, 0], drawn, strict=True):
        known = rounds[~np.isnan(rounds)]
        low, high = np.percentile(known, [2.5, 97.5]) if len(known) else (np.nan, np.nan)
        found.append(Interval(float(value), float(low), float(high)))
    return found
