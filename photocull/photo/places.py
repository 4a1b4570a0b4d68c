"""Where a photo was taken, from EXIF's GPS directory."""

from typing import Final

from photocull.core.types import GpsPosition
from photocull.photo.exiftags import Tags, first, numbers, text

_HIGHEST: Final = 100_000.0
"""Metres; balloons carry cameras to 40,000."""


def gps_of(tags: Tags) -> GpsPosition | None:
    """The position; None where there is none, none of this earth, or a receiver that had not found itself."""
    latitude = _degrees(tags, "GPS GPSLatitude", "S", 90.0)
    longitude = _degrees(tags, "GPS GPSLongitude", "W", 180.0)
    if latitude is None or longitude is None or (latitude, longitude) == (0.0, 0.0):
        return None
    return GpsPosition(latitude, longitude, _altitude(tags))


def _degrees(tags: Tags, name: str, negative: str, most: float) -> float | None:
    """Degrees from degrees, minutes and seconds; the letter beside them says on which side."""
    degrees, minutes, seconds = [*numbers(tags, name), None, None, None][:3]
    if degrees is None:
        return None
    value = degrees + (minutes or 0.0) / 60 + (seconds or 0.0) / 3600
    if not 0 <= value <= most:
        return None
    return -value if (text(tags, f"{name}Ref") or "").upper().startswith(negative) and value else value


def _altitude(tags: Tags) -> float | None:
    metres = next(iter(numbers(tags, "GPS GPSAltitude")), None)
    if metres is None or not 0 <= metres <= _HIGHEST:
        return None
    return -metres if first(tags, "GPS GPSAltitudeRef") == 1 and metres else metres
