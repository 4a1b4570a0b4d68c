"""A rated photo set, whichever paper it came with: its photos, their splits, people's opinions, what is missing."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, get_args

Split = Literal["train", "validation", "test"]
Kind = Literal["score", "votes"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)


@dataclass(frozen=True, slots=True)
class RatedPhoto:
    """One photo with people's opinion of it.

    Attributes:
        path: the photo.
        split: the published test photos are "test" and never anything else.
        opinion: people's mean opinion in the set's own unit (`RatedSet.low` to `RatedSet.high`).
        targets: what a network learns, one number for each of `RatedSet.columns`: 0 to 1, the first one the opinion
            in that unit; for votes the share of each vote, which sum to 1.
        theme: the first of its themes; empty where none is known.
        colour_type: one of `core.vocabulary.COLOUR_TYPES`; empty where the set has none.
        workers: (person, rating) pairs in the order of the file, in the unit of `RatedSet.ratings`.
        themes: every theme that it was published under, by name.
        name: the name in the label file, which the photo was found by.
    """

    path: Path
    split: Split
    opinion: float
    targets: tuple[float, ...]
    theme: str = ""
    colour_type: str = ""
    workers: tuple[tuple[str, float], ...] = ()
    themes: tuple[str, ...] = ()
    name: str = ""

    @property
    def groups(self) -> tuple[str, ...]:
        """What figures are told apart by: its themes, or its colour type."""
        return self.themes or ((self.theme,) if self.theme else (self.colour_type,) if self.colour_type else ())


@dataclass(frozen=True, slots=True)
class MissingPhoto:
    """A photo that the label file names and the folder lacks."""

    name: str
    split: Split
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RatedSet:
    """A published set as it lies in a folder, in the order of its label files.

    Attributes:
        name: one of `rated.DATASETS`.
        photos: those that are there.
        missing: the names of those that are not.
        kind: "score" (targets are values) or "votes" (targets are a distribution over the votes 1 to 10).
        low, high: the ends of the scale of `RatedPhoto.opinion` in which the papers compute squared errors; the middle
            between them decides what counts as a good photo.
        columns: what each of `RatedPhoto.targets` is.
        withheld: names of training rows that show a photo of the published test split; they are in no split.
        absent: the missing photos with their split and groups.
        ratings: the ends of the scale of one person's ratings, where the set has them.
        test_workers: the people whose photos are the test split of the personal protocol.
        notes: what else a person should know of how these labels were read, in sentences.
    """

    name: str
    photos: tuple[RatedPhoto, ...]
    missing: tuple[str, ...]
    kind: Kind
    low: float
    high: float
    columns: tuple[str, ...]
    absent: tuple[MissingPhoto, ...] = ()
    withheld: tuple[str, ...] = ()
    ratings: tuple[float, float] | None = None
    test_workers: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def of(self, split: Split) -> tuple[RatedPhoto, ...]:
        """The photos of one split."""
        return tuple(photo for photo in self.photos if photo.split == split)
