"""Camera facts as columns of a content, and back; both directions in one place, so that nothing is lost on the way."""

from datetime import datetime, timedelta, timezone
from typing import Any, Final

from photocull.catalog.paths import fold, plain
from photocull.core.types import Exif, FocusPoint, GpsPosition

_NUMBERS: Final = (
    "exposure_time", "f_number", "iso", "focal_length", "flash", "orientation", "focal_length_35mm", "exposure_bias",
    "drive", "bracket", "sequence",
)  # fmt: skip
"""Fields that are kept as they are."""
_TEXTS: Final = ("camera", "lens", "program", "metering", "burst")
_OF_FILE: Final = {"rating_in_file": "rating", "label_in_file": "label"}
"""Columns that must not be taken for the photo's own marks."""
COLUMNS: Final = (
    *_NUMBERS, *_TEXTS, *_OF_FILE, "pick_in_file",
    "taken", "zone", "focus_x", "focus_y", "latitude", "longitude", "altitude",
)  # fmt: skip
"""What `exif_of` reads."""


def columns_of(exif: Exif) -> dict[str, Any]:
    """The values of a content's columns."""
    taken, focus, gps = exif.taken, exif.focus_point, exif.gps
    return {
        "taken": None if taken is None else taken.replace(tzinfo=None).isoformat(),
        "zone": _zone(taken),
        **{name: getattr(exif, name) for name in _NUMBERS},
        **{name: _plain(getattr(exif, name)) for name in _TEXTS},
        "focus_x": None if focus is None else focus.x,
        "focus_y": None if focus is None else focus.y,
        "latitude": None if gps is None else gps.latitude,
        "longitude": None if gps is None else gps.longitude,
        "altitude": None if gps is None else gps.altitude,
        "rating_in_file": exif.rating,
        "label_in_file": _plain(exif.label),
        "pick_in_file": exif.pick or "",
        "words": fold(" ".join(filter(None, (exif.camera, exif.lens)))),
    }


def exif_of(row: Any) -> Exif:
    """The facts from a row that has all of `COLUMNS`."""
    taken = None if row.taken is None else datetime.fromisoformat(row.taken)
    if taken is not None and row.zone is not None:
        taken = taken.replace(tzinfo=timezone(timedelta(seconds=row.zone)))
    return Exif(
        taken=taken,
        focus_point=None if row.focus_x is None else FocusPoint(row.focus_x, row.focus_y),
        pick=row.pick_in_file or None,
        gps=None if row.latitude is None else GpsPosition(row.latitude, row.longitude, row.altitude),
        **{name: getattr(row, name) for name in (*_NUMBERS, *_TEXTS)},
        **{field: getattr(row, column) for column, field in _OF_FILE.items()},
    )


def _plain(text: str | None) -> str | None:
    return None if text is None else plain(text)


def _zone(taken: datetime | None) -> int | None:
    offset = None if taken is None else taken.utcoffset()
    return None if offset is None else round(offset.total_seconds())
