"""The labelled photo sets that the built-in model learns from, read from their folders' ``labels.csv``."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from photocull.core.errors import TrainingError
from photocull.core.vocabulary import THEMES
from photocull.training.label_files import parsed

Split = Literal["train", "validation"]
_SPLITS: Final[tuple[Split, ...]] = ("train", "validation")
DISTORTED: Final = "ss01"
"""BIQ2021's photos that were spoilt on purpose: no measure of ordinary photos."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled photo.

    Attributes:
        path: the photo.
        split: "train" or "validation".
        opinion: people's mean opinion in the set's own unit; 0 where the set has none.
        group: what opinions may be compared within ("ss01", "Scene"); empty where all are comparable.
        themes: the themes it is known to show; one that is absent is unknown, not refused.
    """

    path: Path
    split: Split
    opinion: float = 0.0
    group: str = ""
    themes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """A set's photos that are there, in the order of its label file, and those that are missing."""

    name: str
    examples: tuple[Example, ...]
    missing: tuple[Path, ...] = ()


def read_biq2021(data: Path) -> LabelledSet:
    """BIQ2021 (Ahmed and Asif 2022): quality 0..1; the group is the file's prefix."""

    def example(folder: Path, file: str, mos: str, split: str) -> Example:
        return Example(folder / "photos" / file, _split(split), float(mos), file.split("_")[0])

    return _read(data, "biq2021", ("file", "mos", "split"), example)


def read_snapshots(data: Path) -> LabelledSet:
    """Snapshots of LIVE in the Wild (Ghadiyaram and Bovik 2016): quality 0..1."""

    def example(folder: Path, file: str, mos: str, split: str) -> Example:
        return Example(folder / "photos" / file, _split(split), float(mos))

    return _read(data, "snapshots", ("file", "mos", "split"), example)


def read_beauty(data: Path) -> LabelledSet:
    """OASIS with beauty ratings 1..7 (Brielmann and Pelli 2019); the group is its category."""

    def example(folder: Path, file: str, category: str, beauty: str, split: str) -> Example:
        return Example(folder / "photos" / file, _split(split), float(beauty), category)

    return _read(data, "beauty", ("file", "category", "beauty", "split"), example)


def read_themes(data: Path) -> LabelledSet:
    """Photos with one or more of the 47 themes; themes of another vocabulary are left out."""

    def example(folder: Path, file: str, themes: str, split: str) -> Example:
        return Example(folder / file, _split(split), themes=_known(themes))

    return _read(data, "themes", ("file", "themes", "split"), example)


def _known(text: str) -> tuple[str, ...]:
    return tuple(theme for theme in text.split(";") if theme in THEMES)


def _split(text: str) -> Split:
    for split in _SPLITS:
        if text == split:
            return split
    raise ValueError(f"unknown split '{text}'")


def _read(data: Path, name: str, columns: tuple[str, ...], example: Callable[..., Example]) -> LabelledSet:
    folder = data / name
    labels = folder / "labels.csv"
    if not labels.exists():
        remedy = "Name the folder that holds biq2021, snapshots, beauty and themes with --data."
        raise TrainingError("The label file is missing.", path=labels, remedy=remedy)
    found: list[Example] = []
    missing: list[Path] = []
    for _, one in parsed(labels, columns, lambda entries: example(folder, *entries)):
        if one.path.is_file():
            found.append(one)
        else:
            missing.append(one.path)
    if not found:
        raise TrainingError(f"None of the photos of {name} is there.", remedy="Check the folder given with --data.")
    return LabelledSet(name, tuple(found), tuple(missing))
