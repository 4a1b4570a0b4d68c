"""Holds the palette harmony against people: how 5,371 rated colour themes are ordered, measured and never fitted.

Data: O'Donovan, Agarwala and Hertzmann, "Color compatibility from large datasets", SIGGRAPH 2011 (non-commercial).
"""

import csv
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.judge import harmony
from photocull.judge.spaces import Floats, cielab, linear_light
from photocull.models.registry import ModelResult
from photocull.training.objectives import Values, bootstrap, srcc

FILE: Final = "mturk_themes.csv"
_COLOURS: Final = 5
_DATA: Final = "colour themes rated by people (O'Donovan 2011)"
_COLUMNS: Final = tuple(f"{channel}{number}" for number in range(1, _COLOURS + 1) for channel in "rgb")


@dataclass(frozen=True, slots=True, eq=False)
class RatedThemes:
    """Five-colour themes: (n, 5, 3) CIELAB and the (n,) mean ratings, 1 to 5."""

    lab: Floats
    ratings: Values


def read_palettes(folder: Path) -> RatedThemes:
    """The rated themes of ``mturk_themes.csv`` in a folder.

    Raises:
        TrainingError: the file is missing, or a row of it makes no sense.
    """
    path = folder / FILE
    try:
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError) as error:
        raise TrainingError(f"The rated colour themes cannot be read: {path}.", remedy="Name their folder.") from error
    try:
        codes = np.array([[float(row[name]) for name in _COLUMNS] for row in rows]).reshape(-1, _COLOURS, 3)
        ratings = np.array([float(row["rating"]) for row in rows])
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"{path} does not hold themes of five colours with a rating.") from error
    if len(rows) < 2 or not np.isfinite(ratings).all() or not ((codes >= 0) & (codes <= 1)).all():
        raise TrainingError(f"{path} holds too few themes, or colours outside 0 to 1.")
    return RatedThemes(cielab(linear_light((codes * 255).round().astype(np.uint8))), ratings)


def measure_palettes(folder: Path) -> tuple[ModelResult, ...]:
    """How far the palette harmony orders themes as people did, and Ou and Luo's pairs alone beside it.

    Raises:
        TrainingError: as `read_palettes`.
    """
    themes = read_palettes(folder)
    even = np.full(_COLOURS, 1 / _COLOURS, dtype=np.float32)
    answers: dict[str, NDArray[np.float64]] = {
        "palette harmony": np.array([harmony.theme_harmony(lab) for lab in themes.lab]),
        "harmony of pairs": np.array([harmony.palette_harmony(lab, even) for lab in themes.lab]),
    }
    return tuple(_result(name, values, themes.ratings) for name, values in answers.items())


def _result(name: str, values: Values, ratings: Values) -> ModelResult:
    found = bootstrap(srcc, values, ratings)
    return ModelResult(name, _DATA, "SRCC", found.value, found.low, found.high, len(ratings))
