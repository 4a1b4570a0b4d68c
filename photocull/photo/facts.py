"""Camera facts as people read them, from EXIF tags; what makes no sense is unknown."""

import re
from datetime import UTC, datetime, timedelta, timezone
from typing import BinaryIO, Final

from photocull.core.types import Exif
from photocull.photo.exiftags import Tags, numbers, tags_of, text, within

_TIME: Final = re.compile(r"(\d{4})[:/.-](\d{1,2})[:/.-](\d{1,2})[ T](\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_OFFSET: Final = re.compile(r"([+-])(\d{2}):?(\d{2})")
_COMPANY: Final = re.compile(
    r"\b(corporation|corp|company|imaging|optical|electric|techwin|co|ltd|inc|gmbh|ag)\b[.,]*", re.IGNORECASE
)
_TIMES: Final = (
    ("EXIF DateTimeOriginal", "EXIF SubSecTimeOriginal", "EXIF OffsetTimeOriginal"),
    ("EXIF DateTimeDigitized", "EXIF SubSecTimeDigitized", "EXIF OffsetTimeDigitized"),
    ("Image DateTime", "EXIF SubSecTime", "EXIF OffsetTime"),
)


def exif_of(metadata: bytes | BinaryIO | None) -> Exif:
    """Camera facts from a block of EXIF bytes or from an open TIFF-like file; empty where there are none.

    Never raises for broken content.
    """
    return _exif_from(tags_of(metadata))


def _exif_from(tags: Tags) -> Exif:
    return Exif(
        taken=_taken(tags),
        camera=camera_name(text(tags, "Image Make"), text(tags, "Image Model")),
        lens=_lens(tags),
        exposure_time=within(tags, "EXIF ExposureTime", 1e6) or _apex(tags, "EXIF ShutterSpeedValue", -1.0),
        f_number=within(tags, "EXIF FNumber", 1e3) or _apex(tags, "EXIF ApertureValue", 0.5),
        iso=_iso(tags),
        focal_length=within(tags, "EXIF FocalLength", 2e4),
        flash=_flash(tags),
        orientation=_orientation(tags),
    )


def _apex(tags: Tags, name: str, factor: float) -> float | None:
    """Exposure time or f-number from its APEX value (EXIF 2.32, annex C): two to the power of factor times value."""
    value = next(iter(numbers(tags, name)), None)
    return None if value is None or not 0 < abs(value) < 20 else 2.0 ** (factor * value)


def _iso(tags: Tags) -> int | None:
    # 65535 says: more than this 16-bit tag can hold, see the others.
    for name in ("EXIF ISOSpeedRatings", "EXIF RecommendedExposureIndex", "EXIF ISOSpeed"):
        number = within(tags, name, 1e7)
        if number is not None and number != 65535:
            return round(number) or None
    return None


def _flash(tags: Tags) -> bool | None:
    number = next(iter(numbers(tags, "EXIF Flash")), None)
    return None if number is None or not 0 <= number < 128 else bool(int(number) & 1)


def _orientation(tags: Tags) -> int | None:
    number = within(tags, "Image Orientation", 8)
    return None if number is None else int(number)


def _lens(tags: Tags) -> str | None:
    lens = text(tags, "EXIF LensModel")
    if lens is not None and re.search("[1-9A-Za-z]", lens) and not re.fullmatch(r"[0.\s]*mm f/[0.\s]*", lens):
        return lens
    return _lens_in_numbers(numbers(tags, "EXIF LensSpecification"))


def _lens_in_numbers(specification: list[float | None]) -> str | None:
    """ "24-105 mm f/4" from least and greatest focal length and the f-numbers there."""
    if len(specification) < 4 or not specification[0] or not 0 < specification[0] < 1e4:
        return None
    low, high, wide, narrow = specification[:4]
    length = f"{low:g}" if not high or high == low else f"{low:g}-{high:g}"
    if not wide:
        return f"{length} mm"
    return f"{length} mm f/{wide:g}" + ("" if not narrow or narrow == wide else f"-{narrow:g}")


def camera_name(make: str | None, model: str | None) -> str | None:
    """Make and model as people say them: "Canon EOS 6D", "NIKON D70s", "OLYMPUS C8080WZ"."""
    if make is None or model is None:
        return model or make
    maker = _COMPANY.sub(" ", make).split() or make.split()
    if model.split()[0].casefold() in {word.casefold() for word in maker}:
        return model
    return " ".join([*maker, model])


def _taken(tags: Tags) -> datetime | None:
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
