"""The published photo sets with people's opinions, recognised by how their label files lie in a folder."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from photocull.core.errors import TrainingError
from photocull.training import ava, biq2021, flickr, icaa17k, spaq, tad66k
from photocull.training.label_files import header
from photocull.training.layout import LabelFile, Layout, found
from photocull.training.photos_on_disk import DataFolder, scan_data
from photocull.training.rated_photo import SPLITS, Kind, MissingPhoto, RatedPhoto, RatedSet, Split

DATASETS: Final[tuple[str, ...]] = ("tad66k", "ava", "icaa17k", "spaq", "flickr-aes", "biq2021")
_LAYOUTS: Final[tuple[Layout, ...]] = (
    tad66k.LAYOUT,
    ava.LAYOUT,
    ava.CLASSIC,
    icaa17k.LAYOUT,
    spaq.LAYOUT,
    flickr.LAYOUT,
    biq2021.LAYOUT,
    biq2021.OWN,
)
Group = TypeVar("Group", bound=str)
_NAMED: Final = 3
"""How many missing photos are told by name."""


@dataclass(frozen=True, slots=True)
class _Place:
    layout: Layout
    base: Path
    files: Sequence[LabelFile]


def read_set(data: Path, name: str | None = None, *, also: Sequence[str] = ()) -> RatedSet:
    """The set that lies in or below ``data``, recognised by its label files; ``name`` chooses where there are several.

    Args:
        also: what sets look like that the caller reads itself, for the remedy where no set is found.

    Raises:
        TrainingError: no set or several lie there, a label file is malformed, two different photos have one name, or
            none of the photos is there.
    """
    if name is not None and name not in DATASETS:
        raise TrainingError(f"'{name}' is not a known set.", remedy=f"Known sets: {', '.join(DATASETS)}.")
    folder = scan_data(data)
    place = _chosen(_places(folder), data, name, also)
    return place.layout.read(folder, place.base, place.files)


def report(rated: RatedSet) -> list[str]:
    """What is there and what is missing, in lines for people."""
    return [_counted(rated), *_missing(rated), *_withheld(rated), *rated.notes]


def _places(folder: DataFolder) -> list[_Place]:
    files = [LabelFile(path, header(path) if path.suffix.lower() == ".csv" else ()) for path in folder.labels]
    return [_Place(layout, base, own) for layout in _LAYOUTS for base, own in sorted(found(layout, files).items())]


def _chosen(places: Sequence[_Place], data: Path, name: str | None, also: Sequence[str]) -> _Place:
    named = {place.layout.name for place in places}
    own = [place for place in places if name in (None, place.layout.name)]
    if not own:
        known = (f"{layout.name}: {layout.looks}" for layout in _LAYOUTS if name in (None, layout.name))
        looks = "; ".join((*known, *(also if name is None else ())))
        what = "a known set" if name is None else f"'{name}'"
        raise TrainingError(f"No label file of {what} lies here.", path=data, remedy=f"Expected {looks}.")
    if name is None and len(named) > 1:
        remedy = "Choose one with --dataset."
        raise TrainingError(f"Several sets lie here: {', '.join(sorted(named))}.", path=data, remedy=remedy)
    bases = [place.base for place in own if place.layout is own[0].layout]
    if len(bases) > 1:
        where = " and ".join(str(base) for base in bases[:2])
        sentence = f"The labels of {own[0].layout.name} lie in {len(bases)} places: {where}."
        raise TrainingError(sentence, path=data, remedy="Name one of these folders with --data.")
    return own[0]


def _counted(rated: RatedSet) -> str:
    splits = Counter(photo.split for photo in rated.photos)
    there = ", ".join(f"{splits[split]:,} {split}" for split in SPLITS if splits[split])
    end = f"; {len(rated.missing):,} missing" if rated.missing else ""
    return f"{rated.name}: {len(rated.photos):,} photos ({there}){end}."


def _missing(rated: RatedSet) -> Iterator[str]:
    if not rated.absent:
        return
    names = ", ".join(photo.name for photo in rated.absent[:_NAMED])
    more = len(rated.absent) - _NAMED
    splits = Counter(photo.split for photo in rated.absent)
    parts = ", ".join(f"{splits[split]:,} {split}" for split in SPLITS if splits[split])
    yield f"Missing: {names}{f' and {more:,} more' if more > 0 else ''} ({parts})."
    yield from _all_missing("split", splits, Counter(photo.split for photo in rated.photos))
    kind = "colour type" if rated.name == "icaa17k" else "theme"
    absent = Counter(group for photo in rated.absent for group in photo.groups)
    yield from _all_missing(kind, absent, Counter(group for photo in rated.photos for group in photo.groups))


def _all_missing(kind: str, absent: Mapping[Group, int], there: Mapping[Group, int]) -> Iterator[str]:
    for name in sorted(name for name in absent if not there.get(name)):
        count = absent[name]
        yield (
            f"The only photo of the {kind} '{name}' is missing."
            if count == 1
            else (f"All {count:,} photos of the {kind} '{name}' are missing.")
        )


def _withheld(rated: RatedSet) -> Iterator[str]:
    if rated.withheld:
        yield (
            f"{len(rated.withheld):,} training rows show a photo of the test split and are left out of training; "
            "networks that others trained on the whole list have seen these photos."
        )


__all__ = ["DATASETS", "SPLITS", "Kind", "MissingPhoto", "RatedPhoto", "RatedSet", "Split", "read_set", "report"]
