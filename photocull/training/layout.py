"""How a published set is recognised: by the names of its label files and the columns in them."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet, Split

_SPLITS: Final[tuple[tuple[str, Split], ...]] = (("train", "train"), ("val", "validation"), ("test", "test"))
_WORD: Final = re.compile("train|val|test")


@dataclass(frozen=True, slots=True)
class LabelFile:
    """A file that may hold labels, with the names of its columns."""

    path: Path
    columns: tuple[str, ...]

    def has(self, *columns: str) -> bool:
        """Whether it has all these columns."""
        return set(columns) <= set(self.columns)

    @property
    def split(self) -> Split | None:
        """The split that its name tells ("1train.csv", "Test (Images and MOS).csv"), if any."""
        word = _WORD.search(self.path.stem.lower())
        return dict(_SPLITS)[word.group()] if word else None


@dataclass(frozen=True, slots=True)
class Layout:
    """One published form of one set.

    Attributes:
        name: one of `rated.DATASETS`.
        looks: what its label files look like, for people.
        base: the folder that the set lies in when this file is one of its own, else None.
        read: reads the set from its own label files in the folder ``base``.
    """

    name: str
    looks: str
    base: Callable[[LabelFile], Path | None]
    read: Callable[[DataFolder, Path, Sequence[LabelFile]], RatedSet]


def found(layout: Layout, files: Sequence[LabelFile]) -> Mapping[Path, Sequence[LabelFile]]:
    """The folders in which a set of this layout lies, each with its label files."""
    places: dict[Path, list[LabelFile]] = {}
    for file in files:
        base = layout.base(file)
        if base is not None:
            places.setdefault(base, []).append(file)
    return places
