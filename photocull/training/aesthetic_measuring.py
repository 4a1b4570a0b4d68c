"""Whether the aesthetic score knows a spoilt photo and is fair to every subject."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.models.registry import ModelResult
from photocull.training.aesthetic import draws
from photocull.training.datasets import Split
from photocull.training.label_files import parsed
from photocull.training.looking import Judge
from photocull.training.material import product_pixels
from photocull.training.objectives import Interval, Values, bootstrap, mean_interval, plcc, ranks

_ROUNDS: Final = 1000
_FLAT: Final = 1e-3
_COLUMNS: Final = ("file", "category", "beauty", "valence", "split")


@dataclass(frozen=True, slots=True)
class BeautyPhoto:
    """One photo of OASIS.

    Attributes:
        path: the photo. category: "Animal", "Object", "Person" or "Scene".
        beauty: people's mean rating, 1..7. valence: how pleasant they found what it shows, 1..7.
    """

    path: Path
    category: str
    beauty: float
    valence: float

    def pixels(self) -> Pixels:
        """As the product sees it; raises `UnreadablePhotoError`."""
        return product_pixels(self.path)


def beauty_photos(data: Path, split: Split = "validation") -> tuple[BeautyPhoto, ...]:
    """A split's photos that are there, in the order of the label file.

    Raises:
        TrainingError: the label file is missing or malformed.
    """
    folder = data / "beauty"

    def photo(file: str, category: str, beauty: str, valence: str, of: str) -> tuple[BeautyPhoto, str]:
        return BeautyPhoto(folder / "photos" / file, category, float(beauty), float(valence)), of

    read = parsed(folder / "labels.csv", _COLUMNS, lambda entries: photo(*entries))
    return tuple(one for _, (one, of) in read if of == split and one.path.is_file())


def measure_aesthetic(judge: Judge, photos: Sequence[BeautyPhoto]) -> tuple[ModelResult, ...]:
    """All of this module's figures of the shown aesthetic score; agreement with ratings is `agreeing`'s."""
    return (*measure_spoilt_pairs(judge, photos), *measure_fairness(judge, photos))


def measure_spoilt_pairs(judge: Judge, photos: Sequence[BeautyPhoto], *, seed: int = 0) -> tuple[ModelResult, ...]:
    """Share of pairs in which the spoilt photo's aesthetic score is the lower one, by kind, intervals over photos."""
    found: dict[str, list[tuple[int, bool]]] = {}
    for number, photo in enumerate(photos):
        pixels = photo.pixels()
        for draw in draws(number, pixels, seed=seed):
            pair = draw.pair(pixels)
            in_order = judge(pair.good).aesthetic > judge(pair.spoilt).aesthetic
            found.setdefault(draw.spoiling.name, []).append((number, in_order))
    return tuple(_share(kind, pairs) for kind, pairs in found.items())


def _share(kind: str, pairs: Sequence[tuple[int, bool]]) -> ModelResult:
    numbers = np.unique([number for number, _ in pairs])
    # A photo's pairs hang together, so photos are redrawn, not pairs.
    each = np.array([np.mean([won for number, won in pairs if number == one]) for one in numbers])
    found = mean_interval(each)
    place = f"beauty, validation: {kind}"
    return ModelResult("aesthetic", place, "pairs in order", found.value, found.low, found.high, len(numbers))


def measure_fairness(judge: Judge, photos: Sequence[BeautyPhoto]) -> tuple[ModelResult, ...]:
    """How far the score follows what a photo shows instead of how beautiful people find it."""
    given = np.array([judge(photo.pixels()).aesthetic for photo in photos])
    groups = np.array([photo.category for photo in photos])
    beauty, valence = (np.array([getattr(photo, name) for photo in photos]) for name in ("beauty", "valence"))

    def result(measure: str, found: Interval) -> ModelResult:
        place = "beauty, validation"
        return ModelResult("aesthetic", place, measure, found.value, found.low, found.high, len(photos))

    rows = np.arange(len(photos), dtype=np.float64)
    pleasant = bootstrap(lambda drawn, _: _partial(given, valence, beauty, drawn), rows, rows, rounds=_ROUNDS)
    spread = bootstrap(lambda drawn, _: _category_range(given, groups, drawn), rows, rows, rounds=_ROUNDS)
    return (
        result("range of the categories' means", spread),
        result("standard deviation", bootstrap(lambda one, _: float(one.std()), given, given, rounds=_ROUNDS)),
        result("partial correlation with valence", pleasant),
    )


def _category_range(given: Values, groups: NDArray[np.str_], drawn: Values) -> float:
    rows = drawn.astype(np.int64)
    means = [float(given[rows][groups[rows] == group].mean()) for group in np.unique(groups[rows])]
    return max(means) - min(means)


def _partial(given: Values, other: Values, held: Values, drawn: Values) -> float:
    """Rank correlation of two, with a third held fixed; 0 where the third leaves nothing to correlate."""
    rows = drawn.astype(np.int64)
    a, b, c = (ranks(values[rows]) for values in (given, other, held))
    ab, ac, bc = plcc(a, b), plcc(a, c), plcc(b, c)
    rest = (1 - ac**2) * (1 - bc**2)
    return (ab - ac * bc) / float(np.sqrt(rest)) if rest > _FLAT**2 else 0.0
