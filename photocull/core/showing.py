"""What a photo shows, of the themes that a model named: the same wherever it is told, filtered by or written."""

from collections.abc import Iterable

from photocull.core.types import Theme
from photocull.core.vocabulary import COLOUR_THEMES, THEME_PRESENT


def present(themes: Iterable[Theme]) -> tuple[str, ...]:
    """The themes that a photo shows, in their order; the others are guesses."""
    return tuple(theme.name for theme in themes if theme.confidence >= THEME_PRESENT)


def subject(themes: Iterable[Theme]) -> str | None:
    """The first of them, best one first, that is no colour, which the colour scheme names already; else the first."""
    names = present(themes)
    return next((name for name in names if name not in COLOUR_THEMES), next(iter(names), None))
