"""Camera facts as people read them, from EXIF and XMP; what makes no sense is unknown."""

import re
from typing import BinaryIO, Final

from photocull.core.types import Exif, FocusPoint
from photocull.photo.exiftags import XMP, Tags, first, numbers, tags_of, text, whole, within
from photocull.photo.focuspoint import focus_of
from photocull.photo.moments import taken
from photocull.photo.orientation import sane, shown_size
from photocull.photo.places import gps_of
from photocull.photo.shooting import shooting_of
from photocull.photo.xmp import Marks, marks_of

_COMPANY: Final = re.compile(
    r"\b(corporation|corp|company|imaging|optical|electric|techwin|co|ltd|inc|gmbh|ag)\b[.,]*", re.IGNORECASE
)
_MOST_STOPS: Final = 20.0
_PROGRAMS: Final = {
    1: "manual", 2: "program", 3: "aperture priority", 4: "shutter priority", 5: "creative", 6: "action",
    7: "portrait", 8: "landscape", 9: "bulb",
}  # fmt: skip
_METERINGS: Final = {1: "average", 2: "centre-weighted", 3: "spot", 4: "multi-spot", 5: "pattern", 6: "partial"}
_STARS_OF_PERCENT: Final = ((1, 0), (13, 1), (38, 2), (63, 3), (88, 4), (101, 5))
"""Percent below which as many stars are meant; programs write 1, 25, 50, 75 and 99."""


def exif_of(
    metadata: bytes | BinaryIO | None,
    xmp: bytes | str | None = None,
    *,
    size: tuple[int, int] | None = None,
    upright: bool = False,
    orientation: int | None = None,
) -> Exif:
    """Camera facts from a block of EXIF bytes or from an open TIFF-like file; empty where there are none.

    Never raises for broken content.

    Args:
        xmp: the file's XMP, where it lies beside the EXIF.
        size: width and height of the picture as its decoder gives it, so that a focus point is known to lie in it.
        upright: whether the decoder turns it. orientation: how it is to be turned, if that is not EXIF's to say.
    """
    tags = tags_of(metadata)
    turn = sane(orientation or _orientation(tags))
    shown = size if size is None or upright else shown_size(size, turn)
    return _exif_from(tags, marks_of(xmp or tags.get(XMP)), focus_of(tags, turn, shown))


def _exif_from(tags: Tags, marks: Marks, focus: FocusPoint | None) -> Exif:
    shooting = shooting_of(tags)
    return Exif(
        taken=taken(tags),
        camera=camera_name(text(tags, "Image Make"), text(tags, "Image Model")),
        lens=_lens(tags),
        exposure_time=within(tags, "EXIF ExposureTime", 1e6) or _apex(tags, "EXIF ShutterSpeedValue", -1.0),
        f_number=within(tags, "EXIF FNumber", 1e3) or _apex(tags, "EXIF ApertureValue", 0.5),
        iso=_iso(tags),
        focal_length=within(tags, "EXIF FocalLength", 2e4),
        flash=_flash(tags),
        orientation=_orientation(tags),
        focal_length_35mm=within(tags, "EXIF FocalLengthIn35mmFilm", 2e4),
        exposure_bias=_bias(tags),
        program=_PROGRAMS.get(first(tags, "EXIF ExposureProgram") or 0),
        metering=_METERINGS.get(first(tags, "EXIF MeteringMode") or 0),
        focus_point=focus,
        drive=shooting.drive,
        bracket=shooting.bracket,
        burst=shooting.burst or marks.burst,
        sequence=shooting.sequence,
        gps=gps_of(tags),
        rating=_rating(tags) if marks.rating is None else marks.rating,
        pick=marks.pick,
        label=marks.label,
    )


def _apex(tags: Tags, name: str, factor: float) -> float | None:
    """Exposure time or f-number from its APEX value (EXIF 2.32, annex C): two to the power of factor times value."""
    value = next(iter(numbers(tags, name)), None)
    return None if value is None or not 0 < abs(value) < 20 else 2.0 ** (factor * value)


def _bias(tags: Tags) -> float | None:
    stops = next(iter(numbers(tags, "EXIF ExposureBiasValue")), None)
    return stops if stops is not None and abs(stops) <= _MOST_STOPS else None


def _iso(tags: Tags) -> int | None:
    # 65535 says: more than this 16-bit tag can hold, see the others.
    for name in ("EXIF ISOSpeedRatings", "EXIF RecommendedExposureIndex", "EXIF ISOSpeed"):
        number = within(tags, name, 1e7)
        if number is not None and number != 65535:
            return round(number) or None
    nikon = whole(tags, "MakerNote Tag 0x0002")
    return nikon[1] if len(nikon) == 2 and 0 < nikon[1] < 65535 else None


def _flash(tags: Tags) -> bool | None:
    number = next(iter(numbers(tags, "EXIF Flash")), None)
    return None if number is None or not 0 <= number < 128 else bool(int(number) & 1)


def _orientation(tags: Tags) -> int | None:
    number = within(tags, "Image Orientation", 8)
    return None if number is None else int(number)


def _rating(tags: Tags) -> int | None:
    """Stars as Windows writes them into EXIF; cameras do, too."""
    stars = first(tags, "Image Rating")
    if stars is not None:
        return stars if 0 <= stars <= 5 else None
    percent = first(tags, "Image Tag 0x4749")
    return (
        None if percent is None or percent < 0 else next((s for most, s in _STARS_OF_PERCENT if percent < most), None)
    )


def _lens(tags: Tags) -> str | None:
    for name in ("EXIF LensModel", "MakerNote Tag 0x0095"):
        lens = text(tags, name)
        if lens is not None and re.search("[1-9A-Za-z]", lens) and not re.fullmatch(r"[0.\s]*mm f/[0.\s]*", lens):
            return lens
    return _lens_in_numbers(numbers(tags, "EXIF LensSpecification") or numbers(tags, "MakerNote Tag 0x0084"))


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
