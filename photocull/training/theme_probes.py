"""Fits the theme probes: penalised logistic regressions, calibrated on photos that each was not fitted to.

Labels that are absent weigh less than those that are there, in the fit as in the calibration, since they may just not
be noted (learning from positive and unlabelled examples; Elkan and Noto, KDD 2008). Calibration is Platt's (1999), with
every theme drawn towards all themes' common line. Imported by training alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn.functional import softplus

from photocull.judge.networks.heads import FEATURES, LinearHeads
from photocull.judge.networks.layout import CHANNELS, STAGE_WIDTHS
from photocull.judge.themes import THEME_INPUTS, theme_numbers
from photocull.training.objectives import average_precision

Matrix = NDArray[np.float32]
Values = NDArray[np.float64]
_FLAT: Final = 1e-3
_EARLY: Final = 3
"""Stages of colour and texture, which say more of light and season than their few channels' share in the penalty."""


@dataclass(frozen=True, slots=True)
class ProbeRecipe:
    """How the probes are fitted.

    Attributes:
        penalties: of the squared weights; the best by mean average precision out of fold is taken.
        absent: weight of an absent label; 1 would take it for a no.
        folds: parts of the training photos; near twins share a part.
        twin: cosine of standardised pooled numbers from which photos are near twins.
        shrinkage: how many photos' worth each theme's calibration is drawn to the common one.
        emphasis_groups, emphasis_early: factors of the class groups' and the first stages' standardised numbers.
        least: positives that a theme needs to have a say in the choice of the penalty.
    """

    penalties: tuple[float, ...] = (0.1,)
    absent: float = 0.5
    folds: int = 5
    twin: float = 0.75
    shrinkage: float = 16.0
    emphasis_groups: float = 5.0
    emphasis_early: float = 1.5
    least: int = 20


def fit_theme_probes(plain: Matrix, mirrored: Matrix, labels: Matrix, recipe: ProbeRecipe | None = None) -> LinearHeads:
    """Probes whose odds, through a logistic curve, are calibrated confidences.

    Args:
        plain, mirrored: (n, 2568) features of the photos and of their mirror images.
        labels: (n, t) 1 where a photo is known to show the theme.
        recipe: every choice; the shipped one by default.
    """
    recipe = recipe or ProbeRecipe()
    inputs = theme_numbers(plain)
    centre, scale = inputs.mean(axis=0), np.maximum(inputs.std(axis=0), _FLAT)
    factors = emphasis(recipe)
    views = [((part - centre) / scale * factors).astype(np.float32) for part in (inputs, theme_numbers(mirrored))]
    parts = folds_of(near_twins(plain[:, : 2 * CHANNELS], recipe.twin), recipe.folds)
    outside = {penalty: out_of_fold(views, labels, parts, penalty, recipe.absent) for penalty in recipe.penalties}
    penalty = max(recipe.penalties, key=lambda one: mean_precision(outside[one], labels, recipe.least))
    weight, bias = _fit(np.vstack(views), np.vstack([labels, labels]), penalty, recipe.absent)
    slope, offset = calibration(outside[penalty], labels, recipe.absent, recipe.shrinkage)
    return LinearHeads(centre, scale, weight * factors[:, None] * slope, bias * slope + offset)


def emphasis(recipe: ProbeRecipe) -> Values:
    """(2587,) factors of the standardised inputs: a larger input is penalised less."""
    factors = np.ones(THEME_INPUTS)
    early = sum(STAGE_WIDTHS[:_EARLY])
    for start in (0, CHANNELS):
        factors[start : start + early] = recipe.emphasis_early
    factors[FEATURES:] = recipe.emphasis_groups
    return factors


def near_twins(pooled: Matrix, cosine: float) -> NDArray[np.int64]:
    """(n,) a number for each photo, the same for all that chains of near twins link."""
    standard = (pooled - pooled.mean(axis=0)) / np.maximum(pooled.std(axis=0), _FLAT)
    unit = standard / np.maximum(np.linalg.norm(standard, axis=1, keepdims=True), _FLAT)
    linked = unit @ unit.T >= cosine
    group = np.arange(len(pooled))
    for row in range(len(pooled)):
        for other in group[np.flatnonzero(linked[row, :row])]:
            group[group == other] = group[row]
    return group


def folds_of(groups: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """(n,) a part for each photo: groups are dealt out whole, the largest first, to the smallest part."""
    names, sizes = np.unique(groups, return_counts=True)
    parts, filled = np.zeros(len(groups), dtype=np.int64), np.zeros(min(count, len(names)))
    for k in np.argsort(-sizes, kind="stable"):
        smallest = int(filled.argmin())
        parts[groups == names[k]] = smallest
        filled[smallest] += sizes[k]
    return parts


def out_of_fold(views: list[Matrix], labels: Matrix, parts: NDArray[np.int64], penalty: float, absent: float) -> Values:
    """(n, t) odds of every photo from probes that saw neither it nor its near twins."""
    odds = np.zeros(labels.shape)
    for part in np.unique(parts):
        known, asked = parts != part, parts == part
        if known.any():
            seen = np.vstack([view[known] for view in views])
            weight, bias = _fit(seen, np.vstack([labels[known]] * len(views)), penalty, absent)
            odds[asked] = views[0][asked] @ weight + bias
    return odds


def mean_precision(odds: Values, labels: Matrix, least: int) -> float:
    """Mean average precision over the themes of at least so many photos, over all that have any if none has."""
    counts = labels.sum(axis=0)
    columns = np.flatnonzero(counts >= min(least, counts.max(initial=0)))
    return float(np.mean([average_precision(odds[:, k], labels[:, k] > 0) for k in columns if counts[k]] or [0.0]))


def calibration(odds: Values, labels: Matrix, absent: float, shrinkage: float) -> tuple[Values, Values]:
    """(t,) slopes and offsets that turn odds into calibrated odds; a theme of few photos keeps the common line.

    Args:
        odds: (n, t) of photos that the probes were not fitted to. labels: (n, t). absent: weight of an absent label.
        shrinkage: weight of the squared distance from the common line, in photos.
    """
    given, wanted = torch.from_numpy(odds), torch.from_numpy(labels.astype(np.float64))

    def loss(line: Tensor) -> Tensor:
        return _loss(given * line[0].exp() + line[1], wanted, absent).sum()

    # Slopes as logarithms: a calibration may not turn a theme's order round. A faint pull keeps empty labels finite.
    common = _minimised(lambda line: loss(line) + 0.5 * line.square().sum(), torch.zeros(2, 1, dtype=torch.double))
    apart = torch.zeros(2, labels.shape[1], dtype=torch.double)
    found = common + _minimised(lambda off: loss(common + off) + 0.5 * shrinkage * off.square().sum(), apart)
    return found[0].exp().numpy(), found[1].numpy()


def _fit(inputs: Matrix, labels: Matrix, penalty: float, absent: float) -> tuple[Values, Values]:
    x, wanted = torch.from_numpy(inputs), torch.from_numpy(labels.astype(np.float32))

    def loss(weights: Tensor) -> Tensor:
        misfit = _loss(x @ weights[:-1] + weights[-1], wanted, absent).sum() / len(x)
        return misfit + 0.5 * penalty * weights[:-1].square().sum() + 1e-4 * weights[-1].square().sum()

    found = _minimised(loss, torch.zeros(x.shape[1] + 1, wanted.shape[1])).double().numpy()
    return found[:-1], found[-1]


def _loss(odds: Tensor, wanted: Tensor, absent: float) -> Tensor:
    return (wanted + absent * (1 - wanted)) * (softplus(odds) - wanted * odds)


def _minimised(loss: Callable[[Tensor], Tensor], start: Tensor) -> Tensor:
    """The least of a smooth convex loss (Nocedal and Wright, chapter 7); one thread, since its sums show in weights."""
    values = start.clone().requires_grad_(True)
    steps = torch.optim.LBFGS([values], max_iter=80, history_size=10, line_search_fn="strong_wolfe")

    def step() -> Tensor:
        steps.zero_grad()
        result = loss(values)
        torch.autograd.backward(result)
        return result

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        steps.step(step)  # type: ignore[no-untyped-call]  # torch leaves this one method untyped
    finally:
        torch.set_num_threads(threads)
    return values.detach()
