"""The table for people: best first; scores, theme, colours, stars, the strongest reason; legible at 100 columns."""

import io
import os
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from photocull.catalog.records import PhotoDetail, SchemeRecord
from photocull.core.errors import printable
from photocull.core.showing import subject as best_theme
from photocull.core.vocabulary import shown

if TYPE_CHECKING:
    from rich.table import Table

WIDTH: Final = 100
"""Columns where standard output is no terminal."""
_COLUMNS: Final = (("Score", 5), ("Aes.", 4), ("Col.", 4), ("Tec.", 4), ("Theme", 8), ("Colours", 13), ("Stars", 5))
_LEAST_NAME: Final = 8


def table(photos: Iterable[tuple[PhotoDetail, Mapping[str, Any]]]) -> Iterator[str]:
    """The whole table as text, coloured on a terminal only."""
    from rich.console import Console  # JSON, the scripts' format, must not wait for it

    rows = list(photos)
    terminal = sys.stdout.isatty()
    page = io.StringIO()
    console = Console(file=page, width=None if terminal else WIDTH, force_terminal=terminal, highlight=False)
    console.print(_filled(rows, console.width))
    yield page.getvalue()


def _filled(rows: list[tuple[PhotoDetail, Mapping[str, Any]]], width: int) -> "Table":
    base = common([detail.row.path for detail, _ in rows])
    names = [printable(detail.row.path if base is None else detail.row.path.relative_to(base)) for detail, _ in rows]
    places = len(str(len(rows)))
    room = width - places - sum(size + 1 for _, size in _COLUMNS) - 2
    room_for_name = max(_LEAST_NAME, min(room // 2, max(map(len, names), default=0)))
    grid = _headed(places, room_for_name, room - room_for_name)
    place = 0
    for (detail, record), name in zip(rows, names, strict=True):
        place += detail.judged
        number = str(place) if detail.judged else ""
        grid.add_row(number, *map(_plain, _cells(detail, shortened(name, room_for_name), record["error"])))
    return grid


def _headed(places: int, names: int, reasons: int) -> "Table":
    from rich.table import Table

    grid = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    grid.add_column("#", justify="right", width=places, no_wrap=True)
    for heading, size in _COLUMNS[:4]:
        grid.add_column(heading, justify="right", width=size, no_wrap=True)
    grid.add_column("Photo", width=names, no_wrap=True)
    for heading, size in _COLUMNS[4:]:
        grid.add_column(heading, width=size, no_wrap=True)
    grid.add_column("Why", width=max(reasons, 4), no_wrap=True, overflow="ellipsis")
    return grid


def _cells(detail: PhotoDetail, name: str, error: str | None) -> list[str]:
    row = detail.row
    scores = [_score(value) for value in (row.overall, row.aesthetic, row.colour, row.technical)]
    why = error if error is not None else detail.reasons[0].text if detail.reasons else ""
    return [*scores, name, subject(detail), colours(detail.scheme), stars(row.rating, row.rated_by == "photocull"), why]


def subject(detail: PhotoDetail) -> str:
    """The best theme that it shows, in words; colours stand in a column of their own."""
    name = best_theme(detail.themes)
    return "" if name is None else shown(name)


def colours(scheme: SchemeRecord | None) -> str:
    """A colour scheme in few characters: ``orange/blue``; the harmony where there is no name for it."""
    if scheme is None:
        return ""
    if scheme.name is None:
        return scheme.harmony
    return scheme.name.replace("_", "/") if scheme.kind == "complementary" else shown(scheme.name)


def stars(rating: int | None, by_program: bool) -> str:
    """Solid stars are the photographer's, hollow ones the program's."""
    return ("☆" if by_program else "★") * (rating or 0)


def shortened(name: str, size: int) -> str:
    """A long name loses its beginning, never its end, where photos' names differ."""
    return name if len(name) <= size else "…" + name[len(name) - size + 1 :]


def common(paths: list[Path]) -> Path | None:
    """The deepest folder that holds all of these, None where there is none."""
    if not paths:
        return None
    try:
        return Path(os.path.commonpath([path.parent for path in paths]))
    except ValueError:  # on different drives
        return None


def _score(value: float | None) -> str:
    return "–" if value is None else f"{value:.1f}"


def _plain(text: str) -> str:
    from rich.markup import escape

    return escape(text)
