"""Measures the embedding in triples through the whole product: a photo, its twin and a stranger.

A triple holds where the twin lies nearer than the stranger. Twins are other encodings, crops and exposures of the same
file, and other frames of the same series.
"""

import csv
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.core.types import Pixels
from photocull.judge.spaces import linear_light, srgb_of
from photocull.models.registry import ModelResult
from photocull.training.datasets import Example, read_beauty, read_biq2021, read_themes
from photocull.training.material import product_pixels
from photocull.training.objectives import Values, mean_interval
from photocull.training.subject import Subject
from photocull.training.unseen import encoded

Flags = NDArray[np.bool_]
NEAREST: Final = 20
"""The hardest strangers of a photo: so many of all others that lie nearest to it."""
_EVERY: Final = 3
_CROPS: Final = (0.1, 0.15, 0.2)
_BRIGHTER: Final = 2**0.5
_QUALITY: Final = 60


def measure_embedding(subject: Subject) -> tuple[ModelResult, ...]:
    """Shares of triples in order: twins of files and frames of series against strangers, easy and hard.

    Raises:
        TrainingError: themes or beauty is not here. CancelledError: stopped.
    """
    photos, kinds = _photos(subject)
    stored = _embeddings(subject, [product_pixels(photo.path) for photo in photos])
    return (*_file_twins(subject, photos, kinds, stored), *_frames(subject, stored))


def reencoded(pixels: Pixels) -> Pixels:
    """The picture through a JPEG of quality 60."""
    return encoded(pixels, _QUALITY)


def cropped(pixels: Pixels, number: int) -> Pixels:
    """10, 15 or 20 % of both sides cut away, here more from one edge and there from the other, as ``number`` says."""
    share, place = _CROPS[number % len(_CROPS)], (number * 0.382) % 1
    rows, columns = (max(1, round(side * (1 - share))) for side in pixels.shape[:2])
    top, left = round((pixels.shape[0] - rows) * place), round((pixels.shape[1] - columns) * (1 - place))
    return np.ascontiguousarray(pixels[top : top + rows, left : left + columns])


def brightened(pixels: Pixels) -> Pixels:
    """Half a stop more light; what was nearly white is clipped."""
    light = linear_light(np.arange(256, dtype=np.uint8)) * _BRIGHTER
    return np.asarray(srgb_of(light)[pixels])


def _photos(subject: Subject) -> tuple[tuple[Example, ...], list[frozenset[str]]]:
    """Validation photos of themes and beauty, and the kinds of each: its themes, or its category."""
    for name in ("themes", "beauty"):
        subject.required(name)
    themed, others = (subject.examples(read(subject.data)) for read in (read_themes, read_beauty))
    kinds = [frozenset(photo.themes) for photo in themed] + [frozenset([photo.group]) for photo in others]
    return (*themed, *others), kinds


def _embeddings(subject: Subject, pictures: Sequence[Pixels]) -> Values:
    rows = []
    for pixels in pictures:
        subject.token.check()
        embedding = subject.judge(pixels).embedding
        if embedding is None:
            raise TrainingError("This model gives no embedding.", remedy="Measure a built-in model.")
        rows.append(embedding.astype(np.float64))
    return np.stack(rows)


def _file_twins(
    subject: Subject, photos: Sequence[Example], kinds: Sequence[frozenset[str]], stored: Values
) -> tuple[ModelResult, ...]:
    rows = list(range(0, len(photos), _EVERY))
    others = np.arange(len(photos))[None, :] != np.array(rows)[:, None]
    alike = others & np.array([[bool(kinds[row] & kind) for kind in kinds] for row in rows])
    strangers = stored[rows] @ stored.T
    nearest = _nearest(strangers, others)
    changes: Mapping[str, Callable[[Pixels, int], Pixels]] = {
        "re-encoded": lambda pixels, _: reencoded(pixels),
        "cropped": cropped,
        "brightened": lambda pixels, _: brightened(pixels),
    }
    results = []
    for word, change in changes.items():
        twins = _embeddings(subject, [change(product_pixels(photos[row].path), row) for row in rows])
        wins = (stored[rows] * twins).sum(axis=1)[:, None] > strangers
        for against, chosen in (("strangers", others), ("strangers of its kind", alike), ("the nearest", nearest)):
            results.append(_share(f"{word} against {against}", _rates(wins, chosen)))
    return tuple(results)


def _frames(subject: Subject, strangers: Values) -> tuple[ModelResult, ...]:
    """Frames of a series in validation against strangers, all other series, and the nearest frames of those."""
    photos, names = _in_series(subject)
    if len(set(names)) < 2:
        return ()
    stored = _embeddings(subject, [product_pixels(photo.path) for photo in photos])
    likeness = stored @ stored.T
    groups = np.array(names)
    other = groups[:, None] != groups[None, :]
    same = ~other & ~np.eye(len(names), dtype=np.bool_)
    against = (
        ("strangers", stored @ strangers.T, np.ones((len(names), len(strangers)), dtype=np.bool_)),
        ("frames of other series", likeness, other),
        ("the nearest of other series", likeness, _nearest(likeness, other)),
    )
    return tuple(
        _share(f"frames of a series against {word}", _frame_rates(likeness, same, given, chosen))
        for word, given, chosen in against
    )


def _in_series(subject: Subject) -> tuple[list[Example], list[str]]:
    """Validation's photos of the series of which it has two or more, each with its series' name."""
    folder = subject.place("series")
    if folder is None or subject.place("biq2021") is None:
        return [], []
    path = folder / "series.csv"
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            listed = {row["file"]: row["group"] for row in csv.DictReader(stream)}
    except (OSError, KeyError, ValueError, csv.Error) as error:
        remedy = "It needs the columns file and group."
        raise TrainingError("The list of series cannot be read.", path=path, remedy=remedy) from error
    photos = [photo for photo in subject.examples(read_biq2021(subject.data)) if photo.path.name in listed]
    names = [listed[photo.path.name] for photo in photos]
    kept = [k for k, name in enumerate(names) if names.count(name) > 1]
    return [photos[k] for k in kept], [names[k] for k in kept]


def _nearest(likeness: Values, allowed: Flags) -> Flags:
    """The `NEAREST` of every row's allowed columns."""
    order = np.argsort(-np.where(allowed, likeness, -np.inf), axis=1, kind="stable")[:, :NEAREST]
    chosen = np.zeros(allowed.shape, dtype=np.bool_)
    np.put_along_axis(chosen, order, values=True, axis=1)
    return chosen & allowed


def _rates(wins: Flags, chosen: Flags) -> Values:
    """(n,) of each photo that has any, the share of its chosen triples that hold."""
    counts = chosen.sum(axis=1)
    return np.asarray((wins & chosen).sum(axis=1)[counts > 0] / counts[counts > 0])


def _frame_rates(likeness: Values, same: Flags, given: Values, chosen: Flags) -> Values:
    rates = [
        (likeness[row, same[row]][:, None] > given[row, chosen[row]][None, :]).mean()
        for row in range(len(likeness))
        if chosen[row].any()
    ]
    return np.array(rates)


def _share(data: str, rates: Values) -> ModelResult:
    """Redrawn by photo, since the triples of one photo stand and fall together."""
    if not len(rates):
        return ModelResult("embedding", data, "triples in order", float("nan"), None, None, 0)
    found = mean_interval(rates)
    return ModelResult("embedding", data, "triples in order", found.value, found.low, found.high, len(rates))
