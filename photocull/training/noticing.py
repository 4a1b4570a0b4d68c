"""Whether a judge notices what people notice: spoilt copies score lower, and what nobody sees changes nothing."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

import numpy as np

from photocull.core.types import Judgement, Pixels
from photocull.models.registry import ModelResult
from photocull.training.damage import DAMAGES, STRENGTHS, VISIBLE, Damage, spoilt
from photocull.training.looking import Judge
from photocull.training.objectives import Values, bootstrap, mean_interval
from photocull.training.unseen import encoded, halved, mirrored

STEADY: Final = 0.15
"""Of 10: what a score may move by where nobody sees a difference."""
SHOWN: Final[Mapping[str, Callable[[Judgement], float]]] = {
    "technical": lambda judgement: judgement.technical,
    "overall": lambda judgement: judgement.overall,
}
"""The scores that are measured, by name."""
LEAST_SIDE: Final = 2000
"""Longer side in pixels from which a sharp photo must score alike at half its size."""
_SHARP: Final = 0.3
"""``focus_native`` of the sharpest place of a large photo that is sharp; see `judge.softness`."""
_QUALITY: Final = 92


def measure_noticing(
    judge: Judge, photos: Iterable[Pixels], *, damages: Sequence[Damage] = DAMAGES, seed: int = 0
) -> tuple[ModelResult, ...]:
    """How often a spoilt copy scores lower than the untouched photo, and how often in the order of the strengths.

    Args:
        photos: sharp, well-exposed ones, (H, W, 3) uint8 sRGB; each is judged 1 + 4 * ``len(damages)`` times.
        seed: of what is drawn for a damage; photo i takes seed + i.

    Returns:
        for every damage and each of `SHOWN`: ``lower at visible strength``, the share of pairs of photo and copy at
        the strengths in `VISIBLE`, and ``order of strengths``, the share of pairs of neighbouring strengths, the photo
        itself being strength 0. Intervals redraw the photos.
    """
    series: dict[tuple[str, str], list[list[float]]] = {}
    for number, pixels in enumerate(photos):
        sound = judge(pixels)
        for damage in damages:
            row = [sound, *(judge(spoilt(damage, pixels, strength, seed + number)) for strength in STRENGTHS)]
            for score, reader in SHOWN.items():
                series.setdefault((damage.name, score), []).append([reader(one) for one in row])
    results = []
    for (damage_name, score), rows in series.items():
        given = np.array(rows)
        lower = (given[:, list(VISIBLE)] < given[:, :1]).mean(axis=1)
        ordered = (np.diff(given, axis=1) < 0).mean(axis=1)
        data = f"damage: {damage_name}"
        results.append(_share(score, data, "lower at visible strength", lower))
        results.append(_share(score, data, "order of strengths", ordered))
    return tuple(results)


def measure_invariance(judge: Judge, photos: Iterable[Pixels], large: Iterable[Pixels] = ()) -> tuple[ModelResult, ...]:
    """How often a score moves by less than `STEADY` where people see no difference.

    Args:
        photos: any, encoded again as JPEG of quality 92 and mirrored.
        large: full-size photos; those with a longer side of `LEAST_SIDE` that are sharp are halved, others left out.

    Returns:
        for each of `SHOWN` and each change: ``unmoved``, the share of photos; no figure of a change that met no photo.
    """
    moved: dict[tuple[str, str], list[float]] = {}
    for pixels in photos:
        before = judge(pixels)
        _note(moved, f"encoded at quality {_QUALITY}", before, judge(encoded(pixels, _QUALITY)))
        _note(moved, "mirrored", before, judge(mirrored(pixels)))
    for pixels in large:
        if max(pixels.shape[:2]) < LEAST_SIDE:
            continue
        before = judge(pixels)
        if before.facts.get("focus_native", 0.0) >= _SHARP:
            _note(moved, "at half size", before, judge(halved(pixels)))
    return tuple(
        _share(score, f"unseen change: {change}", "unmoved", (np.array(steps) < STEADY).astype(np.float64))
        for (score, change), steps in moved.items()
    )


def measure_spread(judgements: Sequence[Judgement]) -> tuple[ModelResult, ...]:
    """Standard deviation of each of `SHOWN` over judged photos, two or more: steadiness is worth nothing without."""
    results = []
    for score, reader in SHOWN.items():
        given = np.array([reader(one) for one in judgements])
        found = bootstrap(lambda values, _: float(values.std()), given, given)
        results.append(
            ModelResult(
                score, "validation photos", "standard deviation", found.value, found.low, found.high, len(given)
            )
        )
    return tuple(results)


def _note(moved: dict[tuple[str, str], list[float]], change: str, before: Judgement, after: Judgement) -> None:
    for score, reader in SHOWN.items():
        moved.setdefault((score, change), []).append(abs(reader(after) - reader(before)))


def _share(score: str, data: str, measure: str, shares: Values) -> ModelResult:
    found = mean_interval(shares)
    return ModelResult(score, data, measure, found.value, found.low, found.high, len(shares))
