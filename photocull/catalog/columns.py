"""What every list and every count reads of all photos, as columns in memory: numpy arrays, replaced and never changed.

Photos lie in the order of their paths, so that whatever is sorted stably by a value is by path where values tie. What a
model said lies apart, by content; see `judged`.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.catalog.paths import counted_digits, from_text, start_in

Ints = NDArray[np.int32]
Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
Rows = NDArray[np.intp]


UNKNOWN_SHAPE: Final = 1.5
"""Width by height of a photo that was not decoded yet: most cameras' landscape format."""


class Coding(dict[Any, int]):
    """Numbers for words in the order in which they come."""

    def __init__(self, known: Iterable[Any] = ()) -> None:
        super().__init__((word, number) for number, word in enumerate(known))

    def __missing__(self, word: Any) -> int:
        number = self[word] = len(self)
        return number

    def of(self, words: Iterable[Any], count: int) -> Ints:
        """The numbers of so many words; unknown ones get the next number."""
        return np.fromiter(map(self.__getitem__, words), np.int32, count)


def spread(first: NDArray[Any], count: NDArray[Any]) -> tuple[Rows, Rows]:
    """Of stretches that lie anywhere: all their positions, and for each the number of its stretch."""
    owner = np.repeat(np.arange(len(count)), count)
    begun = np.cumsum(count) - count
    return np.arange(len(owner)) + np.repeat(first - begun, count), owner


@dataclass(frozen=True, eq=False)
class Names:
    """Folded file names, end to end with a zero after each; entries are never changed, new ones come last."""

    text: NDArray[np.uint8]
    starts: NDArray[np.int64]

    @classmethod
    def of(cls, names: Sequence[str]) -> "Names":
        """With these entries."""
        encoded = [name.encode() for name in names]
        lengths = np.fromiter(map(len, encoded), np.int64, len(encoded)) + 1
        text = np.frombuffer(b"\0".join([*encoded, b""]), np.uint8)
        return cls(text, np.cumsum(lengths) - lengths)

    def with_more(self, names: Sequence[str]) -> "Names":
        """With further entries."""
        more = Names.of(names)
        return Names(
            np.concatenate([self.text, more.text]), np.concatenate([self.starts, more.starts + len(self.text)])
        )

    def entry(self, number: int) -> str:
        """One of them."""
        end = self.starts[number + 1] if number + 1 < len(self.starts) else len(self.text)
        return self.text[self.starts[number] : end - 1].tobytes().decode()

    def having(self, word: str, entries: Ints) -> Mask:
        """Which of these entries hold a word."""
        if len(entries) * 8 > len(self.starts):
            return self._holding(word.encode(), self.text, self.starts)[entries]
        ends = np.append(self.starts[1:], len(self.text))
        count = ends[entries] - self.starts[entries]
        positions, _ = spread(self.starts[entries], count)
        return self._holding(word.encode(), self.text[positions], np.cumsum(count) - count)

    @staticmethod
    def _holding(word: bytes, text: NDArray[np.uint8], starts: NDArray[Any]) -> Mask:
        held = np.zeros(len(starts), np.bool_)
        last = len(text) - len(word) + 1
        if last > 0:
            fits = text[:last] == word[0]
            for place, letter in enumerate(word[1:], 1):
                fits &= text[place : place + last] == letter
            held[np.searchsorted(starts, np.flatnonzero(fits), "right") - 1] = True
        return held


@dataclass(frozen=True, eq=False)
class Columns:
    """All photos, in the order of their paths.

    Attributes:
        ids, contents: of the catalogue. places: checksums of the paths, to see that a photo moved.
        folder, camera, pick, label: numbers of what stands in `folders`, `cameras`, `picks` and `labels`.
        entry: of `names`. name: where the file's name stands among all names, equal names alike.
        aspect: width by height. taken: microseconds since 1970, not a number where unknown. rating: -1 for none.
    """

    ids: Ints
    contents: Ints
    places: NDArray[np.uint32]
    folder: Ints
    camera: Ints
    pick: Ints
    label: Ints
    entry: Ints
    name: Ints
    aspect: Numbers
    taken: Numbers
    rating: NDArray[np.int8]
    missing: Mask
    problem: Mask
    folders: tuple[str, ...]
    cameras: tuple[str, ...]
    picks: tuple[str | None, ...]
    labels: tuple[str | None, ...]
    names: Names

    @cached_property
    def starts(self) -> list[str]:
        """How the paths of the photos in each folder start."""
        return [start_in(folder) for folder in self.folders]

    @cached_property
    def _row_of(self) -> Ints:
        """By id; the last, for ids that are not here, is -1."""
        row_of = np.full(int(self.ids.max(initial=0)) + 2, -1, np.int32)
        row_of[self.ids] = np.arange(len(self.ids), dtype=np.int32)
        return row_of

    def rows_of(self, ids: NDArray[Any]) -> Ints:
        """Where photos lie, -1 for those that are not here."""
        found: Ints = self._row_of[np.minimum(ids, len(self._row_of) - 1)]
        return found

    def contents_of(self, ids: Sequence[int]) -> Ints:
        """The contents that photos show, those that are here."""
        rows = self.rows_of(np.array(ids, np.int64))
        return self.contents[rows[rows >= 0]]

    def shapes(self, ids: Sequence[int]) -> list[float]:
        """As `query.shapes`."""
        rows = self.rows_of(np.array(ids, np.int64))
        found: list[float] = np.where(rows < 0, UNKNOWN_SHAPE, np.append(self.aspect, UNKNOWN_SHAPE)[rows]).tolist()
        return found

    def in_sight(self) -> dict[Path, int]:
        """As `query.folders`."""
        return self.by_folder(np.bincount(self.folder[~self.missing], minlength=len(self.folders)).tolist())

    def by_folder(self, counts: Sequence[int]) -> dict[Path, int]:
        """Counts in the order of `folders` by the folders' paths; those of nothing are left out."""
        return {from_text(folder): count for folder, count in zip(self.folders, counts, strict=True) if count}

    def each(self, change: Callable[[str, NDArray[Any]], NDArray[Any]]) -> "Columns":
        """With every column made anew from its name and what it was."""
        made: dict[str, Any] = {name: change(name, getattr(self, name)) for name in ARRAYS}
        return replace(self, **made)


ARRAYS: Final = (
    "ids", "contents", "places", "folder", "camera", "pick", "label", "entry", "name", "aspect", "taken", "rating",
    "missing", "problem",
)  # fmt: skip
CODES: Final = ("folders", "cameras", "picks", "labels")


def ranked(keys: Sequence[str]) -> Ints:
    """Where each name stands among all, equal names alike."""
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    return np.fromiter(map(place.__getitem__, keys), np.int32, len(keys))


def ranked_among(columns: Columns, keys: Sequence[str]) -> tuple[Ints, Ints]:
    """Where the names of all photos stand once further names are there: of those that were here, and of the further."""
    example = np.full(int(columns.name.max(initial=-1)) + 1, -1, np.intp)
    example[columns.name] = np.arange(len(columns.name))
    held = example >= 0  # a name that no photo has any more leaves its place empty
    rank, example = np.cumsum(held) - 1, example[held]
    size = len(example)

    def key(place: int) -> str:
        return counted_digits(columns.names.entry(int(columns.entry[example[place]])))

    places = {new: bisect_left(range(size), new, key=key) for new in sorted(set(keys))}
    fresh = {new: at for new, at in places.items() if at == size or key(at) != new}
    before = np.fromiter(fresh.values(), np.int64, len(fresh))
    moved = np.arange(size) + np.searchsorted(before, np.arange(size), "right")
    final = {new: int(moved[at]) for new, at in places.items() if new not in fresh}
    final |= {new: at + number for number, (new, at) in enumerate(fresh.items())}
    return moved.astype(np.int32)[rank[columns.name]], np.fromiter((final[one] for one in keys), np.int32, len(keys))
