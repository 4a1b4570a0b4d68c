"""SPAQ (Fang et al., CVPR 2020): smartphone photos with a mean opinion of quality and of five attributes."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import number, parsed
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet

_RATED: Final = ("MOS", "Brightness", "Colorfulness", "Contrast", "Noisiness", "Sharpness")
_SCALE: Final = Scale("spaq", "score", 0.0, 10.0, _RATED)
_COLUMNS: Final = ("image_id", *_RATED)


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """``spaqTrain.csv`` and ``spaqTest.csv`` as the authors of the Delegate Transformer split it.

    The opinion is the MOS (0 to 10: a tenth of SPAQ's own 0 to 100), the targets are it and the attributes / 10.
    """
    return assemble(_SCALE, _labels(files), folder, base)


def _labels(files: Sequence[LabelFile]) -> Iterator[Label]:
    for file in files:
        for line, (name, values) in parsed(file.path, _COLUMNS, _entry):
            targets = tuple(value / 10 for value in values)
            yield Label(name, file.split or "train", values[0], targets, file=file.path, line=line)


def _entry(entries: list[str]) -> tuple[str, list[float]]:
    name, *values = entries
    if not name:
        raise ValueError("the photo has no name")
    return name, [number(text, f"the {what}", 0, 10) for what, text in zip(_RATED, values, strict=True)]


def _base(file: LabelFile) -> Path | None:
    return file.path.parent if file.has(*_COLUMNS) and file.split else None


LAYOUT: Final = Layout("spaq", "spaqTrain.csv and spaqTest.csv with image_id,MOS,Brightness...", _base, read)
