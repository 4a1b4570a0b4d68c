"""Camera facts, sizes and times as a photographer writes them; what is not known is left out. No Qt here."""

from pathlib import Path
from typing import Final

from photocull.catalog.records import PhotoDetail
from photocull.core.amounts import bytes_words
from photocull.core.errors import printable
from photocull.core.types import Bracket, Exif, GpsPosition

_SAME_LENGTH: Final = 0.05
"""Share by which focal lengths may differ and still be the same to a photographer."""
_BRACKETS: Final[dict[Bracket, str]] = {
    "exposure": "exposure bracketing",
    "white-balance": "white balance bracketing",
    "focus": "focus bracketing",
    "other": "bracketing",
}


def photo_lines(detail: PhotoDetail) -> list[str]:
    """The lines under "Photo": when, with what, how, where, how large; lines without a fact are left out."""
    exif = detail.exif
    lines = [
        taken_words(exif),
        camera_words(exif),
        exif.lens or "",
        program_words(exif),
        shooting_words(exif),
        "" if exif.gps is None else place_words(exif.gps),
        marks_words(exif),
        size_words(detail),
    ]
    return [line for line in lines if line]


def rated_lines(detail: PhotoDetail) -> list[str]:
    """``Rated by Photocull (cautious): among the best 8 % of 212 photos``, a line for each mark of the program's."""
    did = {"rating": "Rated", "label": "Labelled", "pick": "Rejected" if detail.row.pick == "reject" else "Picked"}
    return [
        f"{did[because.field]} by Photocull ({because.policy}): {because.text}." for because in detail.rated_because
    ]


def taken_words(exif: Exif) -> str:
    """Date and time as the camera wrote them, with the zone if the file has one."""
    if exif.taken is None:
        return ""
    zone = exif.taken.strftime("%z")
    return exif.taken.strftime("%Y-%m-%d %H:%M:%S") + (f" {zone[:3]}:{zone[3:5]}" if zone else "")


def camera_words(exif: Exif) -> str:
    """``Nikon D5300, 44 mm (66 mm on full frame), 1/2000 s, f/6.3, ISO 800``."""
    parts = [
        exif.camera or "",
        focal_words(exif.focal_length, exif.focal_length_35mm),
        exposure_words(exif.exposure_time),
        f"f/{_short(exif.f_number)}" if exif.f_number else "",
        f"ISO {exif.iso:,}" if exif.iso else "",
        "flash" if exif.flash else "",
    ]
    return ", ".join(part for part in parts if part)


def focal_words(length: float | None, full_frame: float | None) -> str:
    """``44 mm (66 mm on full frame)``; the second where it is another and known, empty where the first is unknown."""
    if not length:
        return ""
    other = full_frame and abs(full_frame / length - 1) > _SAME_LENGTH
    return f"{_short(length)} mm" + (f" ({_short(full_frame)} mm on full frame)" if full_frame and other else "")


def program_words(exif: Exif) -> str:
    """``Aperture priority, +0.7 EV, spot metering``."""
    bias = "" if not exif.exposure_bias else f"{exif.exposure_bias:+.1f} EV".replace("-", "−")
    return _sentence([exif.program or "", bias, f"{exif.metering} metering" if exif.metering else ""])


def shooting_words(exif: Exif) -> str:
    """``Continuous, shot 2``, ``Exposure bracketing, shot 3``, ``Self-timer``; empty for a single shot."""
    drive = {"continuous": "continuous", "timer": "self-timer"}.get(exif.drive or "", "")
    bracket = "" if exif.bracket is None else _BRACKETS[exif.bracket]
    shot = f"shot {exif.sequence}" if exif.sequence and (drive or bracket) else ""
    return _sentence([bracket or drive, shot])


def place_words(gps: GpsPosition) -> str:
    """``46.89839° N, 102.76863° E, 1,633 m``."""
    north = f"{abs(gps.latitude):.5f}° {'N' if gps.latitude >= 0 else 'S'}"
    east = f"{abs(gps.longitude):.5f}° {'E' if gps.longitude >= 0 else 'W'}"
    height = "" if gps.altitude is None else f", {gps.altitude:,.0f} m".replace("-", "−")
    return f"{north}, {east}{height}"


def marks_words(exif: Exif) -> str:
    """``In the file: 3 stars, label Red``; empty where the file has none."""
    stars = {-1: "rejected", 1: "1 star"}.get(exif.rating or 0, f"{exif.rating} stars" if exif.rating else "")
    marks = ", ".join(part for part in (stars, f"label {exif.label}" if exif.label else "") if part)
    return f"In the file: {marks}" if marks else ""


def exposure_words(seconds: float | None) -> str:
    """``1/2000 s``, ``0.4 s``, ``30 s``; empty where unknown."""
    if not seconds or seconds < 0:
        return ""
    if seconds < 0.3:
        return f"1/{round(1 / seconds)} s"
    return f"{_short(seconds)} s"


def name_words(detail: PhotoDetail) -> str:
    """``DSC_4417.NEF + JPG``."""
    partners = "".join(f" + {_partner(detail.row.path, partner)}" for partner in detail.photo.partners)
    return f"{printable(detail.row.path.name)}{partners}"


def size_words(detail: PhotoDetail) -> str:
    """``8256 × 5504, 45.4 MP, 52 MB``."""
    row = detail.row
    pixels = ""
    if row.width and row.height:
        pixels = f"{row.width} × {row.height}, {row.width * row.height / 1e6:.1f} MP, "
    return f"{pixels}{bytes_words(detail.photo.size)}"


def time_words(seconds: float) -> str:
    """A span as people say it: "8 s", "1 min 18 s", "2 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _sentence(parts: list[str]) -> str:
    words = ", ".join(part for part in parts if part)
    return words[:1].upper() + words[1:]


def _partner(main: Path, partner: Path) -> str:
    same = partner.stem == main.stem
    return printable(partner.suffix.lstrip(".").upper() if same and partner.suffix else partner.name)


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
