"""BIQ2021 (Ahmed and Asif, J. Electronic Imaging 31(5), 2022): photos with a mean opinion of their quality, as first
published (two lists of images and MOS) or as one ``labels.csv`` with a split."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import number, parsed
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import SPLITS, RatedSet, Split

_SCALE: Final = Scale("biq2021", "score", 0.0, 1.0, ("mos",))
_COLUMNS: Final = ("Image Name", "MOS")
_OWN: Final = ("file", "mos", "split")


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``Train (Images and MOS).csv`` and ``Test (Images and MOS).csv``; opinion and target are the MOS (0 to 1)."""
    return assemble(_SCALE, _labels(files), folder, base)


def read_own(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``labels.csv`` with file,mos,split (train, validation or test), the photos beside it or below."""
    return assemble(_SCALE, _own_labels(files[0].path), folder, base)


def _labels(files: Sequence[LabelFile]) -> Iterator[Label]:
    for file in files:
        for line, (name, mos) in parsed(file.path, _COLUMNS, _entry):
            yield Label(name, file.split or "train", mos, (mos,), file=file.path, line=line)


def _own_labels(path: Path) -> Iterator[Label]:
    for line, (name, mos, split) in parsed(path, _OWN, _own_entry):
        yield Label(name, split, mos, (mos,), file=path, line=line)


def _entry(entries: list[str]) -> tuple[str, float]:
    name, mos = entries
    if not name:
        raise ValueError("the photo has no name")
    return name, number(mos, "the MOS", 0, 1)


def _own_entry(entries: list[str]) -> tuple[str, float, Split]:
    name, mos = _entry(entries[:2])
    for split in SPLITS:
        if entries[2] == split:
            return name, mos, split
    raise ValueError(f"the split '{entries[2]}' is none of {', '.join(SPLITS)}")


def _base(file: LabelFile) -> Path | None:
    return file.path.parent if file.columns[:2] == _COLUMNS and file.split else None


def _own_base(file: LabelFile) -> Path | None:
    return file.path.parent if file.path.name == "labels.csv" and file.columns == _OWN else None


LAYOUT: Final = Layout("biq2021", "Train and Test (Images and MOS).csv with Image Name,MOS", _base, read)
OWN: Final = Layout("biq2021", "labels.csv with file,mos,split", _own_base, read_own)
