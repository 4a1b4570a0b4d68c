"""Camera facts, sizes and times as a photographer writes them; what is not known is left out. No Qt here."""

from pathlib import Path

from photocull.catalog.records import PhotoDetail
from photocull.core.errors import printable
from photocull.core.types import Exif


def photo_lines(detail: PhotoDetail) -> list[str]:
    """The lines under "Photo": when, with what, how, how large; lines without a fact are left out."""
    lines = [taken_words(detail.exif), camera_words(detail.exif), detail.exif.lens or "", size_words(detail)]
    return [line for line in lines if line]


def taken_words(exif: Exif) -> str:
    """Date and time as the camera wrote them, with the zone if the file has one."""
    if exif.taken is None:
        return ""
    zone = exif.taken.strftime("%z")
    return exif.taken.strftime("%Y-%m-%d %H:%M:%S") + (f" {zone[:3]}:{zone[3:5]}" if zone else "")


def camera_words(exif: Exif) -> str:
    """``Nikon Z8, 600 mm, 1/2000 s, f/6.3, ISO 800``."""
    parts = [
        exif.camera or "",
        f"{_short(exif.focal_length)} mm" if exif.focal_length else "",
        exposure_words(exif.exposure_time),
        f"f/{_short(exif.f_number)}" if exif.f_number else "",
        f"ISO {exif.iso:,}" if exif.iso else "",
        "flash" if exif.flash else "",
    ]
    return ", ".join(part for part in parts if part)


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


def bytes_words(size: int) -> str:
    """``52 MB``, ``640 kB``."""
    if size >= 1e9:
        return f"{size / 1e9:.1f} GB"
    if size >= 1e6:
        return f"{size / 1e6:.0f} MB" if size >= 1e7 else f"{size / 1e6:.1f} MB"
    return f"{size / 1e3:.0f} kB" if size >= 1e3 else f"{size} bytes"


def time_words(seconds: float) -> str:
    """A span as people say it: "8 s", "1 min 18 s", "2 h 5 min"."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s" if whole % 60 else f"{whole // 60} min"
    hours, minutes = divmod(round(whole / 60), 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def _partner(main: Path, partner: Path) -> str:
    same = partner.stem == main.stem
    return printable(partner.suffix.lstrip(".").upper() if same and partner.suffix else partner.name)


def _short(value: float) -> str:
    return f"{value:.1f}".rstrip("0").rstrip(".")
