"""The sets that the built-in model learns from, as rated sets: `evaluate` measures on them as on published ones."""

from pathlib import Path
from typing import Final

from photocull.core.errors import TrainingError
from photocull.training.datasets import Example, LabelledSet, read_beauty, read_snapshots
from photocull.training.rated import DATASETS, RatedPhoto, RatedSet, read_set

OWN: Final = ("snapshots", "beauty")
EVALUATED: Final[tuple[str, ...]] = (*DATASETS, *OWN)
_LOOKS: Final = tuple(f"with --dataset {name}: labels.csv in a folder '{name}'" for name in OWN)
_CONTENT: Final = "Beauty follows what a photo shows: people's order is best compared within a category."


def read_rated(data: Path, name: str | None = None) -> RatedSet:
    """A published set, or one of `OWN` by name, in or below ``data``.

    Raises:
        TrainingError: as `rated.read_set`.
    """
    if name not in OWN:
        return read_set(data, name, also=_LOOKS)
    parent = data.parent if data.name == name and (data / "labels.csv").is_file() else data
    if not (parent / name / "labels.csv").is_file():
        remedy = f"Name the folder with --data in which the folder '{name}' lies."
        raise TrainingError(f"No label file of '{name}' lies here.", path=data, remedy=remedy)
    return _beauty(read_beauty(parent)) if name == "beauty" else _rated(read_snapshots(parent), "mos", 0.0, 1.0)


def _beauty(labelled: LabelledSet) -> RatedSet:
    return _rated(labelled, "beauty", 1.0, 7.0, (_CONTENT,))


def _rated(labelled: LabelledSet, column: str, low: float, high: float, notes: tuple[str, ...] = ()) -> RatedSet:
    photos = tuple(_photo(example, low, high) for example in labelled.examples)
    missing = tuple(path.name for path in labelled.missing)
    gone = (f"{len(missing):,} photos of both splits are missing.",) if missing else ()
    return RatedSet(labelled.name, photos, missing, "score", low, high, (column,), notes=(*notes, *gone))


def _photo(example: Example, low: float, high: float) -> RatedPhoto:
    share = (example.opinion - low) / (high - low)
    return RatedPhoto(example.path, example.split, example.opinion, (share,), example.group, name=example.path.name)
