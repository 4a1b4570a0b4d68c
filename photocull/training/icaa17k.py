"""ICAA17K (He et al., ICCV 2023): photos of 30 colour types with a mean score of their colour and of the whole."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from photocull.core.vocabulary import COMPLEMENTARY_TYPES, MONOCHROMATIC_TYPES
from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import number, parsed
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet

_SCALE: Final = Scale("icaa17k", "score", 0.0, 10.0, ("MOS", "color"))
_COLUMNS: Final = ("ID", "color", "MOS")
_TYPES: Final = {"complementary": COMPLEMENTARY_TYPES, "monochromatic": MONOCHROMATIC_TYPES}


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``1train.csv`` and ``1test.csv``; the ID is the photo's path, its first two folders are the colour type.

    The opinion is the MOS (0 to 10), the targets are MOS / 10 and color / 10. The published lists name many photos
    under several colour types, and 1,331 training rows show one of the test photos with the same labels: those rows
    are withheld, and the part kept for validation goes by file name, so that it shares no photo with the rest.
    """
    return assemble(_SCALE, _labels(files), folder, base)


def _labels(files: Sequence[LabelFile]) -> Iterator[Label]:
    for file in files:
        for line, (name, colour_type, overall, colour) in parsed(file.path, _COLUMNS, _entry):
            targets = (overall / 10, colour / 10)
            split = file.split or "train"
            yield Label(name, split, overall, targets, colour_type=colour_type, file=file.path, line=line)


def _entry(entries: list[str]) -> tuple[str, str, float, float]:
    name, colour, overall = entries
    scheme, colour_type, *rest = [*name.split("/"), "", ""]
    if not rest[0]:
        raise ValueError(f"'{name}' is not a path of two folders and a photo")
    if colour_type not in _TYPES.get(scheme, ()):
        raise ValueError(f"'{scheme}/{colour_type}' is not a colour type of ICAA17K")
    return name, colour_type, number(overall, "the MOS", 0, 10), number(colour, "the colour score", 0, 10)


def _base(file: LabelFile) -> Path | None:
    return file.path.parent if file.has(*_COLUMNS) and file.split else None


LAYOUT: Final = Layout("icaa17k", "1train.csv and 1test.csv with ID,color,MOS,probability", _base, read)
