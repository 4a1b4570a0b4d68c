"""FLICKR-AES (Ren et al., Personalized Image Aesthetics, ICCV 2017): who gave which photo which rating."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import bad_line, number, parsed, words
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet, Split

_RATINGS: Final = (1.0, 5.0)
_COLUMNS: Final = ("worker", "imagePair", "score")
_SCORES: Final = "FLICKR-AES_image_score.txt"
_TESTED: Final = range(105, 172)
"""How many ratings each test worker gave, as public loaders of the set part them (Ren et al. 2017 have 37)."""

Ratings = Mapping[str, Mapping[str, float]]
"""Photo -> person -> rating."""


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``FLICKR-AES_image_labeled_by_each_worker.csv`` (columns worker, imagePair, score) and, where it is there,
    ``FLICKR-AES_image_score.txt`` (a photo and its score a line); photos in ``40K/``.

    The opinion and target are the published score (0 to 1), or where none is published the mean rating brought from 1
    to 5 to 0 to 1; each person's ratings stay in ``workers``. The test split is every photo that one of the test
    workers rated: those with 105 to 171 ratings, 37 people in the published file. A person who rated a photo twice
    counts once, with the mean of both.
    """
    path = files[0].path
    ratings = _ratings(path)
    scores = _scores(next((label for label in folder.labels if label.name == _SCORES), None))
    counts = Counter(worker for by_worker in ratings.values() for worker in by_worker)
    tested = tuple(sorted(worker for worker, count in counts.items() if count in _TESTED))
    unscored = sum(name not in scores for name in ratings)
    notes = (f"{unscored:,} photos have no published score; the mean of their ratings stands for it.",)
    scale = Scale("flickr-aes", "score", 0.0, 1.0, ("score",), _RATINGS, tested, notes if unscored else ())
    return assemble(scale, _labels(ratings, scores, frozenset(tested), path), folder, base)


def _ratings(path: Path) -> Ratings:
    given: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for _, (worker, name, rating) in parsed(path, _COLUMNS, _entry):
        given[name][worker].append(rating)
    return {
        name: {worker: sum(values) / len(values) for worker, values in by_worker.items()}
        for name, by_worker in given.items()
    }


def _entry(entries: list[str]) -> tuple[str, str, float]:
    worker, name, rating = entries
    if not worker or not name:
        raise ValueError("the person or the photo has no name")
    return worker, name, number(rating, "the rating", *_RATINGS)


def _scores(path: Path | None) -> Mapping[str, float]:
    scores: dict[str, float] = {}
    if path is not None:
        for line, (name, score) in words(path, _score):
            if scores.setdefault(name, score) != score:
                raise bad_line(path, line, f"'{name}' has another score further up")
    return scores


def _score(entries: list[str]) -> tuple[str, float]:
    if len(entries) != 2:
        raise ValueError(f"it has {len(entries)} entries instead of 2")
    return entries[0], number(entries[1], "the score", 0, 1)


def _labels(ratings: Ratings, scores: Mapping[str, float], tested: frozenset[str], path: Path) -> Iterator[Label]:
    low, high = _RATINGS
    for name, by_worker in ratings.items():
        mean = sum(by_worker.values()) / len(by_worker)
        opinion = scores.get(name, (mean - low) / (high - low))
        split: Split = "train" if tested.isdisjoint(by_worker) else "test"
        yield Label(name, split, opinion, (opinion,), workers=tuple(by_worker.items()), file=path)
    for name, score in scores.items():
        if name not in ratings:
            yield Label(name, "train", score, (score,), file=path)


def _base(file: LabelFile) -> Path | None:
    return file.path.parent if file.has(*_COLUMNS) else None


LAYOUT: Final = Layout(
    "flickr-aes", "FLICKR-AES_image_labeled_by_each_worker.csv with worker,imagePair,score", _base, read
)
