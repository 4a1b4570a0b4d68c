"""A report as sections of sentences and tables, and what is made of them: Markdown, figures as people read them, files.

The terminal, the Markdown file and the JSON file say the same; the JSON has the figures in full.
"""

import json
import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from photocull.core.errors import OutputError
from photocull.training.builtin import write_atomically
from photocull.training.objectives import Interval
from photocull.training.published import PublishedFigure


@dataclass(frozen=True, slots=True)
class Table:
    """Columns with headings; the first ``words`` of them are words, the others figures, but for a source."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1

    def is_words(self, column: int) -> bool:
        """Whether a column is read from the left."""
        return column < self.words or self.headings[column] == "source"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with sentences and, below them, a table."""

    title: str
    sentences: tuple[str, ...] = ()
    table: Table | None = None


def markdown(title: str, sections: Iterable[Section]) -> str:
    """The whole report."""
    return "\n".join([f"# {title}", "", *(line for section in sections for line in _lines(section))]).rstrip() + "\n"


def _lines(section: Section) -> Iterator[str]:
    yield from (f"## {section.title}", "")
    for sentence in section.sentences:
        yield from (_plain(sentence), "")
    if section.table is not None:
        yield from (*_table(section.table), "")


def _table(table: Table) -> Iterator[str]:
    yield _row(table.headings)
    yield _row("---" if table.is_words(column) else "---:" for column in range(len(table.headings)))
    yield from (_row(map(_plain, row)) for row in table.rows)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown shows as it is: photos' and models' names may hold anything."""
    return "".join(f"\\{character}" if character in "\\|`*_<>[]" else character for character in text)


def number(value: float | None, places: int = 3) -> str:
    """A figure; a dash where there is none."""
    return "–" if value is None or not math.isfinite(value) else f"{value:.{places}f}"


def interval(figure: Interval | None, places: int = 3) -> str:
    """``0.513 (0.500 to 0.526)``; a dash where there is none."""
    if figure is None or not math.isfinite(figure.value):
        return "–"
    return f"{number(figure.value, places)} ({number(figure.low, places)} to {number(figure.high, places)})"


def interval_record(figure: Interval | None) -> dict[str, float | None] | None:
    """As JSON has it; null for what cannot be had."""
    if figure is None:
        return None
    return {"value": finite(figure.value), "low": finite(figure.low), "high": finite(figure.high)}


def finite(value: float) -> float | None:
    """JSON knows no nan."""
    return value if math.isfinite(value) else None


def published_table(figures: Sequence[PublishedFigure]) -> Table:
    """The papers' figures, a row a model and variant, with their source."""
    measures = [name for name in _MEASURES if any(figure.measure == name for figure in figures)]
    rows: dict[tuple[str, str, str], dict[str, float]] = {}
    for figure in figures:
        rows.setdefault((figure.model, figure.variant, figure.source), {})[figure.measure] = figure.value
    return Table(
        ("model", "of", *measures, "source"),
        tuple(
            (model, variant or "all", *(number(values.get(name)) for name in measures), source)
            for (model, variant, source), values in rows.items()
        ),
        words=2,
    )


_MEASURES = ("SRCC", "LCC", "MSE", "EMD", "accuracy", "R")


def save(folder: Path, name: str, record: Any, text: str) -> tuple[Path, Path]:
    """Write ``name.json`` and ``name.md`` into a folder, made if absent; each appears whole or stays as it was.

    Raises:
        OutputError: the folder cannot be written, or the disk is full.
    """
    content = json.dumps(record, indent=1, ensure_ascii=True, allow_nan=False) + "\n"
    files = folder / f"{name}.json", folder / f"{name}.md"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file, written in zip(files, (content, text), strict=True):
            write_atomically(file, written.encode("utf-8", "backslashreplace"))
    except OSError as error:
        remedy = "Choose another folder with --output."
        reason = error.strerror or "it failed"
        raise OutputError(f"The report cannot be written: {reason}.", path=folder, remedy=remedy) from error
    return files
