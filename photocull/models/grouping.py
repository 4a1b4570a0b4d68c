"""A card's figures in groups by what they tell, so that a hundred of them stay legible wherever they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from photocull.models.registry import ModelCard, ModelResult

SPEED: Final = "photos/s"
UNITS: Final = (SPEED, "ms", "s", "MB", "%")
"""Measures of the machine that a card was written on, which no other machine repeats."""
STEADY: Final = "does not depend on the seed"
"""In place of an interval over seeds, where all trainings reached the very same."""
EACH_THEME: Final = "Each theme"
_THEME: Final = "theme "
_GROUPS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    ("Quality", ("technical", "overall")),
    ("Beauty", ("aesthetic", "beauty")),
    ("What it notices", ("notice", "noticing", "damage", "order", "native")),
    ("What leaves it alone", ("invariance", "spread", "deviation")),
    ("Colour", ("colour", "palette", "harmony", "scheme")),
    ("Themes", ("themes",)),
    (EACH_THEME, ("theme",)),
    ("Look-alikes and series", ("embedding", "series", "look-alike")),
    ("Maps", ("attention", "map")),
    ("Branches of the aesthetic score", ("ablation", "branch", "without")),
    ("Speed", ("speed",)),
)
"""Title and first words of the scores in it; the first group that fits takes a figure."""
_STRAINED: Final = ("technical", "overall")
_BY_DATA: Final = (("What it notices", ("damage",)), ("What leaves it alone", ("unseen change", "validation photos")))
"""Scores of which more is measured than agreement with people, and where that was measured."""
_OTHER: Final = "Further figures"
_ORDER: Final = (*(title for title, _ in _GROUPS), _OTHER)


@dataclass(frozen=True, slots=True)
class Group:
    """Figures that tell of one thing."""

    title: str
    results: tuple[ModelResult, ...]


def grouped(results: Iterable[ModelResult]) -> tuple[Group, ...]:
    """All figures, each in one group, in the order in which people ask."""
    kept: dict[str, list[ModelResult]] = {}
    for result in results:
        kept.setdefault(_title(result), []).append(result)
    return tuple(Group(title, tuple(kept[title])) for title in _ORDER if title in kept)


def notes_of(card: ModelCard, group: Group) -> tuple[str, ...]:
    """What a card says of a group of its figures beside the figures."""
    return tuple(text for title, text in card.notes if title == group.title)


def tabled(results: Sequence[ModelResult]) -> list[tuple[str, ...]]:
    """Headings, then rows, of the figures of one group: a row a figure, or a row a theme where all are of themes."""
    if results and all(result.score.startswith(_THEME) for result in results):
        return _per_theme(results)
    return [HEADINGS, *map(row, results)]


HEADINGS: Final = ("score", "data", "measure", "value", "interval", "photos")


def row(result: ModelResult) -> tuple[str, ...]:
    """``("technical", "BIQ2021, validation", "SRCC", "0.876", "0.853 to 0.895", "636")``; the unknown is empty."""
    interval = "" if result.low is None or result.high is None else f"{result.low:.3f} to {result.high:.3f}"
    value = f"{result.value:.{1 if result.measure in UNITS else 3}f}"
    return (result.score, result.data, result.measure, value, interval, counted(result.photos))


def _per_theme(results: Sequence[ModelResult]) -> list[tuple[str, ...]]:
    """A table with a row a theme and a column a measure."""
    measures = tuple(dict.fromkeys(result.measure for result in results))
    rows: dict[str, dict[str, ModelResult]] = {}
    for result in results:
        rows.setdefault(result.score.removeprefix(_THEME), {})[result.measure] = result
    made = [
        (name, *(f"{known[m].value:.3f}" if m in known else "" for m in measures), counted(_photos(known.values())))
        for name, known in rows.items()
    ]
    return [("theme", *measures, "photos"), *made]


def counted(photos: int) -> str:
    """A number of photos; empty where it is not known."""
    return f"{photos:,}" if photos else ""


def _photos(results: Iterable[ModelResult]) -> int:
    return max(result.photos for result in results)


def _title(result: ModelResult) -> str:
    words = result.score.lower().split()
    if result.measure in UNITS:
        return "Speed"
    if words and words[0] in _STRAINED:
        told = next((title for title, firsts in _BY_DATA if result.data.startswith(firsts)), "")
        if told:
            return told
    return next((title for title, firsts in _GROUPS if words and words[0].startswith(firsts)), _OTHER)
