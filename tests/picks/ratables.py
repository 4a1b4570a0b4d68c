"""Photos as a policy sees them, made up."""

from pathlib import Path
from typing import Any

from photocull.catalog.marks import Mark, Side
from photocull.catalog.ratable import Ratable
from photocull.core.types import DecisionField


def photo(n: int, overall: float | None = 5.0, *, folder: str = "/shoot", name: str = "", **more: Any) -> Ratable:
    """``IMG_n.jpg``; its other scores are the overall one unless ``scores`` says otherwise."""
    scores = None if overall is None else dict.fromkeys(("overall", "aesthetic", "colour", "technical"), overall)
    other = more.pop("scores", {})
    scores = None if scores is None else scores | other
    return Ratable(n, Path(folder) / (name or f"IMG_{n:03}.jpg"), scores=scores, **more)


def shoot(count: int, **more: Any) -> tuple[Ratable, ...]:
    """So many photos, each a little better than the one before; ids from 1."""
    return tuple(photo(n, 10 * n / count, **more) for n in range(1, count + 1))


def marked(value: str | int | None, by: Side, field: DecisionField = "rating") -> dict[DecisionField, Mark]:
    return {field: Mark(None if value is None else str(value), by)}
