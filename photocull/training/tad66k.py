"""TAD66K (He et al., IJCAI 2022): photos of 47 themes with a mean score, as one list (``merge/``) and by theme
(``unmerge/{train,test}/<theme>.csv``)."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from photocull.core.errors import TrainingError
from photocull.core.vocabulary import THEMES
from photocull.training.assembling import Label, Scale, assemble
from photocull.training.label_files import number, parsed
from photocull.training.layout import LabelFile, Layout
from photocull.training.photos_on_disk import DataFolder
from photocull.training.rated_photo import RatedSet, Split

_SCALE: Final = Scale("tad66k", "score", 0.0, 10.0, ("score",))
_COLUMNS: Final = ("image", "score")


def read(folder: DataFolder, base: Path, files: Sequence[LabelFile]) -> RatedSet:
    """The merged lists where they are there, with themes from the lists by theme; else the lists by theme alone.

    The opinion is the published score (1 to 10), the target score / 10. The two forms disagree on the split of 478
    photos, which `merge/test.csv` tests and the lists by theme train on: where both are there, the merged split
    holds. A photo that stands in several themes has them all.
    """
    merged = [file for file in files if _is_merged(file)]
    by_theme = [file for file in files if not _is_merged(file)]
    themes = _themes(by_theme)
    chosen = merged or sorted(by_theme, key=lambda file: file.path)
    return assemble(_SCALE, _labels(chosen, themes), folder, base)


def _labels(files: Sequence[LabelFile], themes: dict[str, tuple[str, ...]]) -> Iterator[Label]:
    for file in files:
        split = _split(file)
        for line, (name, score) in parsed(file.path, _COLUMNS, _entry):
            yield Label(name, split, score, (score / 10,), themes.get(name, ()), file=file.path, line=line)


def _entry(entries: list[str]) -> tuple[str, float]:
    name, score = entries
    if not name:
        raise ValueError("the photo has no name")
    return name, number(score, "the score", 0, 10)


def _themes(files: Sequence[LabelFile]) -> dict[str, tuple[str, ...]]:
    themes: dict[str, tuple[str, ...]] = {}
    for file in files:
        theme = file.path.stem
        if theme not in THEMES:
            remedy = "Name the file after one of the 47 themes, or take it out of this folder."
            raise TrainingError(f"'{theme}' is not a theme of TAD66K.", path=file.path, remedy=remedy)
        for _, (name, _score) in parsed(file.path, _COLUMNS, _entry):
            known = themes.get(name, ())
            themes[name] = known if theme in known else (*known, theme)
    return themes


def _is_merged(file: LabelFile) -> bool:
    return file.path.parent.name.lower() == "merge"


def _split(file: LabelFile) -> Split:
    named = file.split if _is_merged(file) else LabelFile(file.path.parent, ()).split
    return named or "train"


def _base(file: LabelFile) -> Path | None:
    folder = file.path.parent
    if not file.has(*_COLUMNS):
        return None
    if _is_merged(file) and file.split is not None:
        return folder.parent
    if folder.name.lower() in ("train", "test") and folder.parent.name.lower() == "unmerge":
        return folder.parent.parent
    return None


LAYOUT: Final = Layout("tad66k", "merge/train.csv, merge/test.csv and unmerge/ with image,score", _base, read)
