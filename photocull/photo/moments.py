"""When a photo was taken, from EXIF's times; a zone is known only if the file names it."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import Final

from photocull.photo.exiftags import Tags, text

_TIME: Final = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})")
_TIMES: Final = (
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
)


def taken(tags: Tags) -> datetime | None:
    """The moment of the exposure, else of digitising, else of the last change; None for none of this world."""
    for time, fraction, offset in _TIMES:
        moment = parse_time(text(tags, time), text(tags, fraction), text(tags, offset))
        if moment is not None:
            return moment
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
