"""Measures the themes that the product reports: precision, recall and F1 at a confidence of one half, and calibration.

Labels are incomplete: what counts as a false alarm here is there in many cases, so precision is a lower bound; by eye
it is told in docs/decisions/0015-themes.md.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Judgement
from photocull.core.vocabulary import THEME_PRESENT
from photocull.judge.themes import LEAST, NETWORK_THEMES
from photocull.models.registry import ModelResult
from photocull.training.datasets import Example, read_themes
from photocull.training.objectives import Measure, Values, average_precision, bootstrap
from photocull.training.subject import Subject

Flags = NDArray[np.bool_]
ENOUGH: Final = 10
"""Photos that a theme needs to take part in the means over themes."""
_PLACE: Final = "themes, validation"
_BINS: Final = 10


def measure_themes(subject: Subject) -> tuple[ModelResult, ...]:
    """Figures of the themes that a network reads, first over all with `ENOUGH` photos, then of each that has any.

    Raises:
        TrainingError: the labelled photos are not here. CancelledError: stopped.
    """
    subject.required("themes")
    examples = subject.examples(read_themes(subject.data))
    labels = labels_of(examples)
    confidences = np.stack([confidences_of(subject.judged(example)) for example in examples])
    counts = labels.sum(axis=0)
    results = [*_over_themes(confidences, labels), *_over_photos(confidences, labels)]
    for column in np.flatnonzero(counts):
        results += _of_theme(NETWORK_THEMES[column], confidences[:, column], labels[:, column])
    return tuple(results)


def labels_of(examples: Sequence[Example]) -> Flags:
    """(n, 39) whether a photo is known to show the theme."""
    rows = [[theme in example.themes for theme in NETWORK_THEMES] for example in examples]
    return np.array(rows, dtype=np.bool_).reshape(len(examples), len(NETWORK_THEMES))


def confidences_of(judgement: Judgement) -> Values:
    """(39,) confidences as reported; 0 for a theme under `LEAST`, which is not reported."""
    found = {theme.name: theme.confidence for theme in judgement.themes}
    return np.array([found.get(theme, 0.0) for theme in NETWORK_THEMES])


def _over_themes(confidences: Values, labels: Flags) -> list[ModelResult]:
    columns = labels.sum(axis=0) >= ENOUGH
    if not columns.any():
        return []
    given, wanted = confidences[:, columns], labels[:, columns].astype(np.float64)
    what = f"{_PLACE}, {int(columns.sum())} themes of {ENOUGH} photos or more"
    results = []
    for name, rate in (("macro precision", 0), ("macro recall", 1), ("macro F1", 2)):
        if np.isnan(_mean_rate(rate)(given, wanted)):
            continue
        found = bootstrap(_mean_rate(rate), given, wanted)
        results.append(ModelResult("themes", what, name, found.value, found.low, found.high, len(labels)))
    precisions = [_precision_of_order(given[:, k], wanted[:, k] > 0) for k in range(given.shape[1])]
    return [*results, ModelResult("themes", what, "mean AP", float(np.mean(precisions)), None, None, len(labels))]


def _mean_rate(rate: int) -> Measure:
    def measure(confidences: Values, wanted: Values) -> float:
        # A theme that a redrawn set lacks has no figure there; the mean is over the rest.
        known = _rates(confidences, wanted > 0)[rate]
        return float(known[~np.isnan(known)].mean()) if not np.isnan(known).all() else float("nan")

    return measure


def _over_photos(confidences: Values, labels: Flags) -> list[ModelResult]:
    shown = confidences >= THEME_PRESENT
    best = labels[np.arange(len(labels)), confidences.argmax(axis=1)] & (confidences.max(axis=1) > 0)
    figures = {
        "none of these": float((~shown.any(axis=1)).mean()),
        "best theme is labelled": float(best.mean()),
        "calibration error": calibration_error(confidences, labels),
    }
    return [ModelResult("themes", _PLACE, name, value, None, None, len(labels)) for name, value in figures.items()]


def calibration_error(confidences: Values, labels: Flags) -> float:
    """Expected calibration error (Naeini et al., AAAI 2015) over all reported confidences, in ten equal ranges.

    nan where nothing is reported.
    """
    reported = confidences >= LEAST
    given, there = confidences[reported], labels[reported]
    if not len(given):
        return float("nan")
    ranges = np.minimum((given * _BINS).astype(np.int64), _BINS - 1)
    gaps = [
        (ranges == k).mean() * abs(float(given[ranges == k].mean()) - float(there[ranges == k].mean()))
        for k in np.unique(ranges)
    ]
    return float(sum(gaps))


def _of_theme(theme: str, confidences: Values, labels: Flags) -> list[ModelResult]:
    precision, recall, f1 = (float(rates[0]) for rates in _rates(confidences[:, None], labels[:, None]))
    figures = {"precision": precision, "recall": recall, "F1": f1, "AP": _precision_of_order(confidences, labels)}
    count = int(labels.sum())
    return [
        ModelResult(f"theme {theme}", _PLACE, name, value, None, None, count)
        for name, value in figures.items()
        if not np.isnan(value)
    ]


def _rates(confidences: Values, labels: Flags) -> tuple[Values, Values, Values]:
    """(t,) precision, recall and F1 of each theme; nan where there is nothing to divide by."""
    shown = confidences >= THEME_PRESENT
    right, said, there = ((shown & labels).sum(axis=0), shown.sum(axis=0), labels.sum(axis=0))
    with np.errstate(invalid="ignore", divide="ignore"):
        f1 = np.where(there > 0, 2 * right / (said + there), np.nan)
        return right / said, right / there, f1


def _precision_of_order(confidences: Values, labels: Flags) -> float:
    """Average precision; what is not reported counts as one tie at the end, its labelled photos at the base rate."""
    reported = confidences >= LEAST
    found = average_precision(confidences[reported], labels[reported]) if labels[reported].any() else 0.0
    inside, total = int(labels[reported].sum()), int(labels.sum())
    return (inside * found + (total - inside) * total / len(labels)) / total
