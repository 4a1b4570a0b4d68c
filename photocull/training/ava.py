"""AVA (Murray, Marchesotti and Perronnin, CVPR 2012): how often each photo was given each vote from 1 to 10, as the
authors of TANet split it (``train.csv``, ``val.csv``, ``test.csv``) or as first published (``AVA.txt``)."""

from collections.abc import Iterator, Sequence
from operator import mul
from pathlib import Path
from typing import Final

from photocull.core.errors import TrainingError
from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import number, parsed, words
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet, Split

_VOTES: Final = range(1, 11)
_SCALE: Final = Scale("ava", "votes", 0.0, 10.0, tuple(str(vote) for vote in _VOTES))
_COLUMNS: Final = ("image_id", *(f"score{vote + 1}" for vote in _VOTES))
_MOST_VOTES: Final = 1e9
_TEST_LIST: Final = Path("aesthetics_image_lists") / "generic_test.jpgl"


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """The split lists; photos are ``<image_id>.jpg``.

    The targets are the shares of the votes 1 to 10 (columns score2 to score11), the opinion is their mean (1 to 10).
    """
    return assemble(_SCALE, _labels(files), folder, base)


def read_classic(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``AVA.txt``, a line a photo: index, image, ten counts, two tags, challenge; the photos that
    ``aesthetics_image_lists/generic_test.jpgl`` names are the test split, all others train.

    Raises:
        TrainingError: that list is missing, or a line is malformed.
    """
    listed = base / _TEST_LIST
    if listed not in folder.labels:
        remedy = "Put the list of test photos there: without it, they would be trained on."
        raise TrainingError("AVA's list of test photos is missing.", path=listed, remedy=remedy)
    tested = {entries[0] for _, entries in words(listed, list)}
    return assemble(_SCALE, _classic_labels(files[0].path, tested), folder, base)


def _labels(files: Sequence[LabelFile]) -> Iterator[Label]:
    for file in files:
        for line, (image, counts) in parsed(file.path, _COLUMNS, lambda entries: _entry(entries[0], entries[1:])):
            yield _label(image, counts, file.split or "train", file.path, line)


def _classic_labels(path: Path, tested: set[str]) -> Iterator[Label]:
    for line, (image, counts) in words(path, _classic_entry):
        yield _label(image, counts, "test" if image in tested else "train", path, line)


def _classic_entry(entries: list[str]) -> tuple[str, list[float]]:
    if len(entries) < 2 + len(_VOTES):
        raise ValueError(f"it has {len(entries)} entries instead of {5 + len(_VOTES)}")
    return _entry(entries[1], entries[2 : 2 + len(_VOTES)])


def _entry(image: str, counts: list[str]) -> tuple[str, list[float]]:
    if not image.isdigit():
        raise ValueError(f"'{image}' is not the number of an image")
    votes = [number(count, "the number of votes", 0, _MOST_VOTES) for count in counts]
    if not any(votes):
        raise ValueError(f"image {image} has no votes")
    return image, votes


def _label(image: str, counts: list[float], split: Split, file: Path, line: int) -> Label:
    total = sum(counts)
    mean = sum(map(mul, counts, _VOTES)) / total
    shares = tuple([count / total for count in counts])
    return Label(f"{image}.jpg", split, mean, shares, file=file, line=line)


def _base(file: LabelFile) -> Path | None:
    return file.path.parent if file.has(*_COLUMNS) and file.split else None


def _classic_base(file: LabelFile) -> Path | None:
    return file.path.parent if file.path.name.lower() == "ava.txt" else None


LAYOUT: Final = Layout("ava", "train.csv, val.csv and test.csv with image_id,score2 to score11", _base, read)
CLASSIC: Final = Layout("ava", "AVA.txt and aesthetics_image_lists/generic_test.jpgl", _classic_base, read_classic)
