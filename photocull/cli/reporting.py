"""A report's sections on standard output: sentences and tables as wide as the terminal allows."""

import io
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from photocull.cli.table import WIDTH
from photocull.training.pages import Section, Table

if TYPE_CHECKING:
    from rich.table import Table as Grid

_SHORTENED: Final = "Intervals of all figures are in what --output and --format json write."


def page(title: str, sections: Iterable[Section]) -> Iterator[str]:
    """The report as text, coloured on a terminal only."""
    from rich.console import Console  # JSON, the scripts' format, must not wait for it
    from rich.text import Text

    terminal = sys.stdout.isatty()
    held = io.StringIO()
    console = Console(file=held, width=None if terminal else WIDTH, force_terminal=terminal, highlight=False)
    console.print(Text(title, style="bold"))
    for section in sections:
        console.print()
        console.print(Text(section.title, style="bold"))
        for sentence in section.sentences:
            console.print(Text(sentence))
        if section.table is not None:
            fitting = fitted(section.table, console.width)
            console.print(_grid(fitting))
            if fitting != section.table:
                console.print(Text(_SHORTENED, style="dim"))
    yield held.getvalue()


def fitted(table: Table, width: int) -> Table:
    """A table that is too wide keeps the interval of its first figure alone."""
    if _width(table) <= width:
        return table
    first = table.words
    rows = (tuple(cell if k <= first else _figure(cell) for k, cell in enumerate(row)) for row in table.rows)
    return replace(table, rows=tuple(rows))


def _figure(cell: str) -> str:
    """Without the interval behind it."""
    figure, bracket, _ = cell.partition(" (")
    return figure if bracket and cell.endswith(")") and _is_number(figure) else cell


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _width(table: Table) -> int:
    return sum(2 + max(map(len, column)) for column in zip(table.headings, *table.rows, strict=True))


def _grid(table: Table) -> "Grid":
    from rich.markup import escape
    from rich.table import Table as Grid

    grid = Grid(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for column, heading in enumerate(table.headings):
        grid.add_column(escape(heading), justify="left" if table.is_words(column) else "right")
    for row in table.rows:
        grid.add_row(*map(escape, row))
    return grid
