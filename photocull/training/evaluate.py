"""Measures fitted heads on the validation split: agreement with people, with intervals and by subset."""

import numpy as np
from numpy.typing import NDArray

from photocull.judge.themes import NETWORK_THEMES
from photocull.models.registry import ModelResult
from photocull.training.fitting import FittedHeads, answers, theme_labels
from photocull.training.material import Material, Materials
from photocull.training.objectives import (
    Values,
    average_precision,
    bootstrap,
    plcc,
    roc_area,
    srcc,
    within_groups,
)

_FEW = 5
"""A group of fewer photos gets no figure of its own."""


def measure(fitted: FittedHeads, validation: Materials) -> tuple[ModelResult, ...]:
    """Every figure of the model card that needs labels."""
    biq, snapshots, beauty = validation.biq2021, validation.snapshots, validation.beauty
    shown = [answers(fitted.quality, part.plain) for part in (biq, snapshots)]
    mixed, pretty = fitted.aesthetic_value(beauty.plain), answers(fitted.beauty, beauty.plain)
    return (
        *_agreement("technical", "BIQ2021", shown[0], biq.opinions),
        *_by_group("technical", "BIQ2021", shown[0], biq),
        *_agreement("technical", "snapshots", shown[1], snapshots.opinions),
        *_beauty("beauty head", pretty, beauty),
        *_beauty("aesthetic", mixed, beauty),
        *_agreement("aesthetic", "snapshots", fitted.aesthetic_value(snapshots.plain), snapshots.opinions),
        *measure_themes(fitted, validation.themes),
    )


def _agreement(score: str, data: str, given: Values, wanted: Values) -> tuple[ModelResult, ...]:
    place = f"{data}, validation"
    rank = bootstrap(srcc, given, wanted)
    line = bootstrap(plcc, given, wanted)
    return (
        ModelResult(score, place, "SRCC", rank.value, rank.low, rank.high, len(given)),
        ModelResult(score, place, "PLCC", line.value, line.low, line.high, len(given)),
    )


def _by_group(score: str, data: str, given: Values, part: Material) -> tuple[ModelResult, ...]:
    results = []
    for group in np.unique(part.groups):
        rows = part.groups == group
        if rows.sum() >= _FEW:
            results.append(_agreement(score, f"{data} {group}", given[rows], part.opinions[rows])[0])
    return tuple(results)


def _beauty(score: str, given: Values, beauty: Material) -> tuple[ModelResult, ...]:
    wanted = within_groups(beauty.opinions, beauty.groups)
    pooled = _agreement(score, "beauty within category", within_groups(given, beauty.groups), wanted)
    return pooled[:1] + _by_group(score, "beauty", given, beauty)


def measure_themes(fitted: FittedHeads, themes: Material) -> tuple[ModelResult, ...]:
    """Average precision and area under the ROC curve: the mean over themes, then each theme that validation has."""
    odds = np.array([fitted.themes.values(row) for row in themes.plain.astype(np.float64)])
    labels = theme_labels(themes) > 0
    rows = [_theme(odds[:, k], labels[:, k]) for k in range(len(NETWORK_THEMES))]
    known = [(name, *row) for name, row in zip(NETWORK_THEMES, rows, strict=True) if row[2]]
    best = labels[np.arange(len(labels)), odds.argmax(axis=1)]
    place, count = "themes, validation", len(themes)
    return (
        ModelResult("themes", place, "mean AP", float(np.mean([row[1] for row in known])), None, None, count),
        ModelResult("themes", place, "mean AUC", float(np.mean([row[2] for row in known])), None, None, count),
        ModelResult("themes", place, "best theme is labelled", float(best.mean()), None, None, count),
        *(ModelResult(f"theme {name}", place, "AP", ap, None, None, positives) for name, ap, _, positives in known),
        *(
            ModelResult(f"theme {name}", place, "AUC", area, None, None, positives)
            for name, _, area, positives in known
        ),
    )


def _theme(odds: Values, labels: NDArray[np.bool_]) -> tuple[float, float, int]:
    return average_precision(odds, labels), roc_area(odds, labels), int(labels.sum())
