"""The palette harmony is held against people's ratings, which lie outside the repository."""

from pathlib import Path

import numpy as np
import pytest

from photocull.core.errors import TrainingError
from photocull.training.palettes import FILE, measure_palettes, read_palettes

_HEADER = "id,rating," + ",".join(f"{channel}{k}" for k in range(1, 6) for channel in "rgb")


def _themes(folder: Path, rows: list[str], header: str = _HEADER) -> Path:
    (folder / FILE).write_text("\n".join([header, *rows]) + "\n")
    return folder


def _row(rating: float, colour: float) -> str:
    return f"1,{rating}," + ",".join([str(colour)] * 15)


def test_the_palette_harmony_agrees_with_people(shared: Path) -> None:
    liked, pairs = measure_palettes(shared / "labels/palettes")
    assert liked.photos == 5371
    assert liked.value >= 0.6
    assert liked.low is not None
    assert pairs.high is not None
    assert liked.low >= 0.55 > pairs.high


def test_themes_that_are_liked_the_lighter_they_are_agree_wholly(tmp_path: Path) -> None:
    lights = np.linspace(0.5, 1, 30)
    folder = _themes(tmp_path, [_row(float(light), float(light)) for light in lights])
    result = measure_palettes(folder)[0]
    assert result.measure == "SRCC"
    # Greys alone: harmony falls with activity towards white and rises with lightness, which is the steeper.
    assert result.value > 0.9


def test_a_folder_without_the_file_is_said_in_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="cannot be read"):
        read_palettes(tmp_path)


@pytest.mark.parametrize(
    ("rows", "header"),
    [
        (["1,2.5,red"], _HEADER),
        ([_row(2, 0.5), "1,3"], _HEADER),
        ([_row(2, 0.5), _row(3, 1.5)], _HEADER),
        ([_row(2, 0.5), _row(float("nan"), 0.5)], _HEADER),
        ([_row(2, 0.5), _row(3, 0.6)], "a,b,c"),
        ([], _HEADER),
    ],
)
def test_rows_that_make_no_sense_are_refused(tmp_path: Path, rows: list[str], header: str) -> None:
    with pytest.raises(TrainingError, match="themes"):
        read_palettes(_themes(tmp_path, rows, header))
