"""The figures that papers give for the published sets, each with its source, as data beside the program."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import TrainingError
from photocull.core.settings import resources

MEASURES: Final[tuple[str, ...]] = ("SRCC", "LCC", "MSE", "EMD", "accuracy", "R")
_WORDS: Final = frozenset(("model", "variant", "source"))


@dataclass(frozen=True, slots=True)
class PublishedFigure:
    """One number of one paper.

    Attributes:
        model: as its authors call it.
        dataset: one of `rated.DATASETS`.
        measure: one of `MEASURES`, computed as in `measures.Agreement`.
        value: the number as printed.
        source: paper and, where it is known, table.
        variant: which part, output or protocol it is for; empty for the whole on the test split.
    """

    model: str
    dataset: str
    measure: str
    value: float
    source: str
    variant: str = ""


def tables(folder: Path | None = None) -> tuple[PublishedFigure, ...]:
    """All figures, set by set, in the order of their files.

    Raises:
        TrainingError: a file cannot be read or a result in it is incomplete.
    """
    files = sorted((folder or resources() / "published").glob("*.toml"))
    return tuple(figure for file in files for figure in _figures(file))


def figures(dataset: str, *, model: str | None = None, variant: str | None = None) -> tuple[PublishedFigure, ...]:
    """The figures of one set, of one model or variant where these are given."""
    return tuple(
        figure
        for figure in tables()
        if figure.dataset == dataset and model in (None, figure.model) and variant in (None, figure.variant)
    )


def _figures(file: Path) -> Iterator[PublishedFigure]:
    try:
        content = tomllib.loads(file.read_text("utf-8"))
        for result in content["result"]:
            yield from _of_result(content["dataset"], result)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise TrainingError(f"The published figures cannot be read: {error}.", path=file) from error
    except (KeyError, TypeError, ValueError) as error:
        raise TrainingError(f"A published figure is incomplete: {error}.", path=file) from error


def _of_result(dataset: str, result: dict[str, Any]) -> Iterator[PublishedFigure]:
    unknown = result.keys() - _WORDS - set(MEASURES)
    if unknown:
        raise ValueError(f"unknown entry '{min(unknown)}'")
    for measure in MEASURES:
        if measure in result:
            value = float(result[measure])
            yield PublishedFigure(result["model"], dataset, measure, value, result["source"], result.get("variant", ""))
