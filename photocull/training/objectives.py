"""What is aimed at and what is measured: losses of the heads, rank and linear correlation, intervals, precision."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor

Values = NDArray[np.float64]
Measure = Callable[[Values, Values], float]
_TINY: Final = 1e-12
PAIR_MARGIN: Final = 0.15
"""Standard deviations by which the better of two pictures is to lead."""
_TELLING: Final = 0.5
"""Standard deviations by which opinions must differ for their order to be more than chance."""


def opinion_loss(predicted: "Tensor", wanted: "Tensor", weight: "Tensor", correlation: float) -> "Tensor":
    """Weighted squared error plus ``correlation`` times (1 - weighted Pearson correlation within the batch)."""
    share = weight / weight.sum()
    loss = (share * (predicted - wanted) ** 2).sum()
    if correlation:
        p, w = predicted - (share * predicted).sum(), wanted - (share * wanted).sum()
        spread = ((share * p * p).sum() * (share * w * w).sum() + 1e-8).sqrt()
        loss = loss + correlation * (1 - (share * p * w).sum() / spread)
    return loss


def order_loss(predicted: "Tensor", wanted: "Tensor", group: "Tensor | None" = None) -> "Tensor":
    """Logistic loss of pairs in the wrong order (Burges et al., ICML 2005): those that differ by over half a unit.

    Args:
        group: only photos of one group are compared, where given.
    """
    from torch.nn.functional import softplus

    above = wanted[:, None] - wanted[None] > _TELLING
    if group is not None:
        above &= group[:, None] == group[None]
    differences = (predicted[:, None] - predicted[None])[above]
    return softplus(-2 * differences).mean() if len(differences) else predicted.sum() * 0


def pair_loss(better: "Tensor", worse: "Tensor") -> "Tensor":
    """Logistic loss of pairs whose better picture does not lead by `PAIR_MARGIN`, each (n,)."""
    from torch.nn.functional import softplus

    return softplus(2 * (PAIR_MARGIN - (better - worse))).mean()


def label_loss(odds: "Tensor", labels: "Tensor", absent: float) -> "Tensor":
    """Binary cross entropy summed over labels; an absent label weighs ``absent``, since it may just not be noted."""
    from torch.nn.functional import binary_cross_entropy_with_logits

    each = binary_cross_entropy_with_logits(odds, labels, reduction="none")
    return (each * (labels + absent * (1 - labels))).sum(dim=1).mean()


def srcc(first: Values, second: Values) -> float:
    """Spearman's rank correlation; ties share their mean rank; nan where one side is constant."""
    return plcc(ranks(first), ranks(second))


def plcc(first: Values, second: Values) -> float:
    """Pearson's linear correlation; nan where one side is constant."""
    a, b = first - first.mean(), second - second.mean()
    spread = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / spread if spread > _TINY else float("nan")


def ranks(values: Values) -> Values:
    """Ranks from 0; equal values get the mean of their places."""
    _, inverse, counts = np.unique(values, return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    return np.asarray((ends - (counts + 1) / 2)[inverse], dtype=np.float64)


def average_precision(scores: Values, positive: NDArray[np.bool_]) -> float:
    """Mean precision at every positive, best score first; nan without positives."""
    hits = positive[np.argsort(-scores, kind="stable")]
    if not hits.any():
        return float("nan")
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def roc_area(scores: Values, positive: NDArray[np.bool_]) -> float:
    """Probability that a positive is ranked above a negative; nan where there is only one kind."""
    ones = int(positive.sum())
    zeros = len(positive) - ones
    if not ones or not zeros:
        return float("nan")
    return float((ranks(scores)[positive].sum() - ones * (ones - 1) / 2) / (ones * zeros))


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure with the bounds of its 95 % bootstrap interval."""

    value: float
    low: float
    high: float


def bootstrap(measure: Measure, first: Values, second: Values, *, rounds: int = 1000, seed: int = 0) -> Interval:
    """The measure and the interval in which it lies in 95 of 100 redrawn sets of the same photos (Efron 1979)."""
    generator = np.random.default_rng(seed)
    drawn: list[float] = []
    for _ in range(rounds):
        rows = generator.integers(0, len(first), len(first))
        drawn.append(measure(first[rows], second[rows]))
    low, high = np.nanpercentile(drawn, [2.5, 97.5])
    return Interval(measure(first, second), float(low), float(high))


def mean_interval(values: Values) -> Interval:
    """The mean, such as the share of trials that came out well, with its `bootstrap` interval."""
    return bootstrap(lambda first, _: float(first.mean()), values, values)


def within_groups(values: Values, groups: NDArray[Any], reference: NDArray[np.bool_] | None = None) -> Values:
    """Standard scores of each value within its group, by mean and spread of the group's ``reference`` rows."""
    result = np.zeros(len(values))
    for group in np.unique(groups):
        rows = groups == group
        known = values[rows if reference is None else rows & reference]
        spread = float(known.std()) or 1.0
        result[rows] = (values[rows] - known.mean()) / spread
    return result
