"""When a photo was taken, from EXIF's times; a zone is known only if the file has it, by name or by GPS time."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from photocull.photo.exiftags import Tags, numbers, text

_TIME: Final = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})")
_TIMES: Final = (
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
)
_ODD_ZONES: Final = frozenset({-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})
"""Minutes east of UTC that are no whole hours and are or were a zone."""
_CLOCK_ERROR: Final = timedelta(seconds=30)


def taken(tags: Tags) -> datetime | None:
    """The moment of the exposure, else of digitising, else of the last change; None for none of this world."""
    for time, fraction, offset in _TIMES:
        moment = parse_time(text(tags, time), text(tags, fraction), text(tags, offset))
        if moment is not None:
            return moment if moment.tzinfo is not None else moment.replace(tzinfo=_zone_by_gps(moment, tags))
    return None


def parse_time(written: str | None, fraction: str | None, offset: str | None) -> datetime | None:
    """A moment from "2024:05:01 10:20:30", "87" and "+02:00"; naive without a zone, None for no date of this world."""
    match = _TIME.match(written or "")
    if match is None or int(match[1]) < 1826:  # Niepce's view from his window
        return None
    part = re.fullmatch(r"\d{1,9}", fraction or "")
    microseconds = int(part[0].ljust(6, "0")[:6]) if part else 0
    try:
        year, month, day, hour, minute = (int(match[i]) for i in range(1, 6))
        return datetime(year, month, day, hour, minute, int(match[6] or 0), microseconds, _zone(offset))
    except ValueError:
        return None


def _zone(offset: str | None) -> timezone | None:
    match = _OFFSET.fullmatch(offset or "")
    if offset == "Z":
        return UTC
    if match is None or int(match[2]) > 14 or int(match[3]) > 59:
        return None
    minutes = int(match[2]) * 60 + int(match[3])
    return timezone(timedelta(minutes=-minutes if match[1] == "-" else minutes))


def _zone_by_gps(local: datetime, tags: Tags) -> timezone | None:
    """The zone that makes the local time GPS's, which is UTC; None unless they differ by a zone to half a minute.

    A receiver without a view of the sky writes the time of its last fix, which differs by anything.
    """
    utc = _gps_time(tags)
    if utc is None or text(tags, "GPS GPSStatus") == "V":
        return None
    ahead = local - utc
    minutes = 15 * round(ahead / timedelta(minutes=15))
    known = minutes in _ODD_ZONES or (minutes % 60 == 0 and -12 <= minutes // 60 <= 14)
    near = abs(ahead - timedelta(minutes=minutes)) <= _CLOCK_ERROR
    return timezone(timedelta(minutes=minutes)) if known and near else None


def _gps_time(tags: Tags) -> datetime | None:
    date = re.fullmatch(r"(\d{4})[:-](\d{2})[:-](\d{2})", text(tags, "GPS GPSDate") or "")
    hour, minute, second = [*numbers(tags, "GPS GPSTimeStamp"), None, None, None][:3]
    if date is None or hour is None or minute is None or second is None:
        return None
    try:
        day = datetime(int(date[1]), int(date[2]), int(date[3]))
        return day + timedelta(hours=hour, minutes=minute, seconds=second)
    except (ValueError, OverflowError):
        return None
