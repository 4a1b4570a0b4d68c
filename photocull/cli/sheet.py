"""`top --sheet`: the best photos and as many of the worst as one picture, to see at a glance what the scores mean."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from photocull.catalog.records import PhotoDetail, PhotoRow
from photocull.cli.overlay import save
from photocull.core.errors import UsageError
from photocull.core.named import expanded
from photocull.picks.choose import Order
from photocull.training.sheets import Shot, contact_sheet

_ENDINGS: Final = (".jpg", ".jpeg")
_MOST: Final = 120
"""Of the best and of the worst: more is no longer looked at, and a picture of it grows without bound."""


def check_sheet(file: Path) -> None:
    """Say before the scoring what is wrong with the file's name.

    Raises:
        UsageError: it is not a JPEG, or a file is there already.
    """
    if file.suffix.lower() not in _ENDINGS:
        raise UsageError("A sheet is a JPEG.", path=file, remedy="Name it, for instance, sheet.jpg.")
    if expanded(file).exists():
        raise UsageError("There is a file of this name already.", path=file, remedy="Name another after --sheet.")


def write_sheet(file: Path, best: Sequence[PhotoDetail], ordered: Sequence[PhotoDetail], sort: Order) -> None:
    """Write the chosen best and as many from the other end of ``ordered``, the worst first, none of them twice.

    Raises:
        OutputError: the file cannot be written.
    """
    chosen = [detail.row for detail in best[:_MOST]]
    rest = [detail.row for detail in ordered[len(chosen) :]]
    worst = rest[-len(chosen) :][::-1] if chosen else []
    parts = [(f"The best {len(chosen)} by {sort}", _shots(chosen)), (f"The worst {len(worst)}", _shots(worst))]
    save(contact_sheet(parts), expanded(file), "JPEG")


def _shots(rows: Sequence[PhotoRow]) -> list[Shot]:
    return [Shot(row.path, _figures(row)) for row in rows]


def _figures(row: PhotoRow) -> str:
    named = (("overall", row.overall), ("aes", row.aesthetic), ("col", row.colour), ("tech", row.technical))
    return "  ".join(f"{name} {value:.1f}" for name, value in named if value is not None)
