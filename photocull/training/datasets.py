"""The labelled photo sets that the built-in model learns from, read from their folders' ``labels.csv``."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from photocull.core.errors import TrainingError
from photocull.core.vocabulary import THEMES

Split = Literal["train", "validation"]
_SPLITS: Final[tuple[Split, ...]] = ("train", "validation")


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
    return _collect(
        "biq2021",
        (
            Example(folder / "photos" / row["file"], _split(row), float(row["mos"]), row["file"].split("_")[0])
            for folder, row in _rows(data, "biq2021", ("file", "mos", "split"))
        ),
    )


def read_snapshots(data: Path) -> LabelledSet:
    """Snapshots of LIVE in the Wild (Ghadiyaram and Bovik 2016): quality 0..1."""
    return _collect(
        "snapshots",
        (
            Example(folder / "photos" / row["file"], _split(row), float(row["mos"]))
            for folder, row in _rows(data, "snapshots", ("file", "mos", "split"))
        ),
    )


def read_beauty(data: Path) -> LabelledSet:
    """OASIS with beauty ratings 1..7 (Brielmann and Pelli 2019); the group is its category."""
    return _collect(
        "beauty",
        (
            Example(folder / "photos" / row["file"], _split(row), float(row["beauty"]), row["category"])
            for folder, row in _rows(data, "beauty", ("file", "category", "beauty", "split"))
        ),
    )


def read_themes(data: Path) -> LabelledSet:
    """Photos with one or more of the 47 themes; themes of another vocabulary are left out."""
    return _collect(
        "themes",
        (
            Example(folder / row["file"], _split(row), themes=_known(row["themes"]))
            for folder, row in _rows(data, "themes", ("file", "themes", "split"))
        ),
    )


def _known(text: str) -> tuple[str, ...]:
    return tuple(theme for theme in text.split(";") if theme in THEMES)


def _split(row: dict[str, str]) -> Split:
    for split in _SPLITS:
        if row["split"] == split:
            return split
    raise ValueError(f"unknown split '{row['split']}'")


def _rows(data: Path, name: str, columns: tuple[str, ...]) -> Iterator[tuple[Path, dict[str, str]]]:
    folder = data / name
    labels = folder / "labels.csv"
    try:
        with labels.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            absent = set(columns) - set(reader.fieldnames or ())
            if absent:
                raise TrainingError(f"The label file lacks the column '{sorted(absent)[0]}'.", path=labels)
            for row in reader:
                yield folder, row
    except FileNotFoundError as error:
        remedy = "Name the folder that holds biq2021, snapshots, beauty and themes with --data."
        raise TrainingError("The label file is missing.", path=labels, remedy=remedy) from error
    except UnicodeDecodeError as error:
        raise TrainingError("The label file is not UTF-8 text.", path=labels) from error


def _collect(name: str, examples: Iterator[Example]) -> LabelledSet:
    found: list[Example] = []
    missing: list[Path] = []
    try:
        for example in examples:
            if example.path.is_file():
                found.append(example)
            else:
                missing.append(example.path)
    except (ValueError, TypeError, AttributeError) as error:
        line = len(found) + len(missing) + 2
        raise TrainingError(f"The label file of {name} has a bad entry in line {line}: {error}.") from error
    if not found:
        raise TrainingError(f"None of the photos of {name} is there.", remedy="Check the folder given with --data.")
    return LabelledSet(name, tuple(found), tuple(missing))
