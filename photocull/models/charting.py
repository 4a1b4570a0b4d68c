"""The curve of agreement against time: as text for a terminal, and as an SVG for documents; written by hand."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from photocull.models.registry import CurvePoint

_WIDE: Final = 64
_HIGH: Final = 12
_MARKS: Final = "ox+*#"
_SIZE: Final = (720, 420)
_MARGIN: Final = (56, 24, 200, 52)
"""Left, top, right (where the legend stands), bottom."""
_COLOURS: Final = ("#2f6fb0", "#c46a1c", "#3b8a4e", "#8a4fa3", "#7a6a58")
_STEPS: Final = 4


def views_words(point: CurvePoint) -> str:
    """``288 + 448``."""
    return " + ".join(map(str, point.views))


def curve_rows(points: Sequence[CurvePoint]) -> list[tuple[str, ...]]:
    """Headings, then a row a point: views, heads, time as a ratio, milliseconds, photos a second, each set's SRCC."""
    sets = sets_of(points)
    rows = [
        (
            views_words(point),
            point.heads,
            f"{point.ratio:.2f}",
            f"{point.milliseconds:.1f}",
            f"{point.photos_per_second:.1f}",
            *(f"{point.srcc[name]:.3f}" if name in point.srcc else "" for name in sets),
        )
        for point in points
    ]
    return [("views", "heads", "time", "ms", "photos/s", *sets), *rows]


def sets_of(points: Sequence[CurvePoint]) -> list[str]:
    """The sets that any point was measured on."""
    return list(dict.fromkeys(name for point in points for name in point.srcc))


def text_chart(points: Sequence[CurvePoint], data: str) -> list[str]:
    """Time across, agreement on one set up; a mark a kind of heads, views below as numbers in order of time.

    >>> text_chart([], "BIQ2021")
    []
    """
    shown = [point for point in points if data in point.srcc]
    if not shown:
        return []
    marks = _marks(shown)
    low, high = _range([point.srcc[data] for point in shown])
    last = max(point.ratio for point in shown)
    field = [[" "] * (_WIDE + 1) for _ in range(_HIGH + 1)]
    for point in shown:
        across = round(point.ratio / last * _WIDE)
        up = round((point.srcc[data] - low) / (high - low) * _HIGH)
        field[_HIGH - up][across] = marks[point.heads]
    lines = [f"{_scale(row, low, high):>6} |{''.join(cells).rstrip()}" for row, cells in enumerate(field)]
    foot = f"{'':6} +{'-' * _WIDE}"
    legend = ", ".join(f"{mark} {heads}" for heads, mark in marks.items())
    return [
        f"SRCC on {data}: {legend}",
        *lines,
        foot,
        f"{'':7}0{'time, as a ratio to one view of 224':^{_WIDE - 5}}{last:.1f}",
    ]


def _scale(row: int, low: float, high: float) -> str:
    """A number beside every fourth row."""
    return f"{high - (high - low) * row / _HIGH:.3f}" if row % _STEPS == 0 else ""


def _range(values: Sequence[float]) -> tuple[float, float]:
    low, high = min(values), max(values)
    room = max(0.002, 0.05 * (high - low))
    return low - room, high + room


def _marks(points: Sequence[CurvePoint]) -> Mapping[str, str]:
    kinds = dict.fromkeys(point.heads for point in points)
    return {heads: _MARKS[number % len(_MARKS)] for number, heads in enumerate(kinds)}


def svg_chart(points: Sequence[CurvePoint]) -> str:
    """All sets and kinds of heads in one picture: a colour a set and kind, points in order of time with their views."""
    lines = _series(points)
    low, high = _range([value for point in points for value in point.srcc.values()])
    last = max(point.ratio for point in points) * 1.04
    frame = _Frame(low, high, last)
    parts = [*frame.axes(), *(part for number, line in enumerate(lines) for part in frame.line(number, *line))]
    wide, high_px = _SIZE
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high_px}" width="{wide}" height="{high_px}" '
        'font-family="sans-serif" font-size="12"><rect width="100%" height="100%" fill="#ffffff"/>'
    )
    return "\n".join([head, *parts, "</svg>", ""])


def _series(points: Sequence[CurvePoint]) -> list[tuple[str, list[CurvePoint], str]]:
    """Name, points by time and set of each line."""
    kinds = dict.fromkeys(point.heads for point in points)
    return [
        (f"{data}, {heads}", sorted((p for p in points if p.heads == heads and data in p.srcc), key=_time), data)
        for data in sets_of(points)
        for heads in kinds
    ]


def _time(point: CurvePoint) -> float:
    return point.ratio


class _Frame:
    """From ratios and SRCC to places in the picture."""

    def __init__(self, low: float, high: float, last: float) -> None:
        self._low, self._high, self._last = low, high, last
        self._left, self._top = _MARGIN[0], _MARGIN[1]
        self._wide = _SIZE[0] - _MARGIN[0] - _MARGIN[2]
        self._deep = _SIZE[1] - _MARGIN[1] - _MARGIN[3]

    def place(self, ratio: float, value: float) -> tuple[float, float]:
        across = self._left + ratio / self._last * self._wide
        return across, self._top + (self._high - value) / (self._high - self._low) * self._deep

    def axes(self) -> Iterator[str]:
        bottom, right = self._top + self._deep, self._left + self._wide
        for step in range(_STEPS + 1):
            value = self._low + (self._high - self._low) * step / _STEPS
            _, y = self.place(0, value)
            yield f'<path d="M{self._left} {y:.1f}H{right}" stroke="#dddddd" fill="none"/>'
            yield f'<text x="{self._left - 6}" y="{y + 4:.1f}" text-anchor="end">{value:.3f}</text>'
        for ratio in range(int(self._last) + 1):
            x, _ = self.place(ratio, self._low)
            yield f'<text x="{x:.1f}" y="{bottom + 16}" text-anchor="middle">{ratio}</text>'
        centre, words = self._left + self._wide / 2, "time of the network, one view of 224 is 1"
        yield f'<text x="{centre}" y="{bottom + 38}" text-anchor="middle">{words}</text>'
        yield f'<text x="{self._left}" y="{self._top - 8}">SRCC on validation photos</text>'

    def line(self, number: int, name: str, points: Sequence[CurvePoint], data: str) -> Iterator[str]:
        colour = _COLOURS[number % len(_COLOURS)]
        places = [self.place(point.ratio, point.srcc[data]) for point in points]
        for (x, y), point in zip(places, points, strict=True):
            shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}">'
            yield f"{shape}<title>{views_words(point)}: {point.srcc[data]:.3f}</title></circle>"
            below = 15 if len(point.views) > 1 else -7  # so that a pair's words keep off those of a single view
            words = f'font-size="9" fill="{colour}" text-anchor="middle">{views_words(point)}</text>'
            yield f'<text x="{x:.1f}" y="{y + below:.1f}" {words}'
        x, y = _SIZE[0] - _MARGIN[2] + 40, self._top + 14 + 20 * number
        yield f'<circle cx="{x}" cy="{y - 4}" r="4" fill="{colour}"/><text x="{x + 10}" y="{y}">{escape(name)}</text>'
