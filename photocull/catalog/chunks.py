"""Long lists in portions that every database takes as bound values of one statement."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")


def chunked(items: Sequence[T], size: int = 900) -> Iterator[Sequence[T]]:
    """The items in order, at most ``size`` at a time (SQLite before 3.32 takes 999 bound values)."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
