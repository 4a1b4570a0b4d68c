"""Where the camera focused, from the maker's notes, else the subject that EXIF names, as a share of the picture."""

from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.types import FocusPoint
from photocull.photo.exiftags import Tags, first, numbers, signed, text, whole
from photocull.photo.makernotes import NOTE, ORDER, maker_of
from photocull.photo.orientation import Share, shown_point, shown_size
from photocull.photo.shooting import canon_settings

_SHAPE_TOLERANCE: Final = 0.03


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place in the stored picture, 0..1, and the size of the frame that it was given in, where that was told."""

    x: float
    y: float
    frame: tuple[int, int] | None = None


def focus_of(tags: Tags, orientation: int, shown: tuple[int, int] | None) -> FocusPoint | None:
    """Where was focused in the upright picture.

    Args:
        orientation: by which the stored picture becomes upright.
        shown: width and height of the upright picture, if known: where the camera's frame has another shape, another
            program cropped or turned the picture, and nobody knows what lies there now.
    """
    read = _READERS.get(maker_of(text(tags, "Image Make") or ""))
    spot = (None if read is None else read(tags)) or _subject(tags)
    if spot is None or not (0 <= spot.x <= 1 and 0 <= spot.y <= 1) or not _fits(spot, orientation, shown):
        return None
    return FocusPoint(*shown_point((spot.x, spot.y), orientation))


def _fits(spot: _Spot, orientation: int, shown: tuple[int, int] | None) -> bool:
    if shown is None or spot.frame is None or 0 in shown:
        return True
    width, height = shown_size(spot.frame, orientation)
    return abs(width * shown[1] / (height * shown[0]) - 1) < _SHAPE_TOLERANCE


def _spot(x: float, y: float, frame: tuple[int, int]) -> _Spot | None:
    """A place in pixels of a frame; None for a frame without area, and for the corner that stands for nothing."""
    if min(frame) <= 0 or (x, y) == (0, 0):
        return None
    return _Spot(x / frame[0], y / frame[1], frame)


def _frame(tags: Tags) -> tuple[int, int]:
    """The size that the camera gave the stored picture."""
    exif = first(tags, "EXIF ExifImageWidth"), first(tags, "EXIF ExifImageLength")
    width, height = exif if all(exif) else (first(tags, "Image ImageWidth"), first(tags, "Image ImageLength"))
    return width or 0, height or 0


def _subject(tags: Tags) -> _Spot | None:
    """EXIF 2.32, tags 0x9214 (its first two numbers are the middle of any form) and 0xA214."""
    for name in ("EXIF SubjectArea", "EXIF SubjectLocation"):
        values = whole(tags, name)
        if 2 <= len(values) <= 4:
            return _spot(values[0], values[1], _frame(tags))
    return None


def _canon(tags: Tags) -> _Spot | None:
    newer = canon_settings(tags, "0026") or canon_settings(tags, "003C")
    if len(newer) > 8:
        return _canon_spot(tags, newer[2:8], newer[8 + 2 * newer[2] :])
    older = signed(whole(tags, NOTE + "0012"))
    return _canon_spot(tags, older[:6], older[8:]) if len(older) > 8 else None


def _canon_spot(tags: Tags, sizes: list[int], lists: list[int]) -> _Spot | None:
    """The middle of the points that are in focus.

    Args:
        sizes: how many points there are, how many of them count, width and height of the picture, and of the frame
            that points are given in.
        lists: x of each point, y of each, from the frame's middle, then a bit for each that is in focus.
    """
    count, valid, *picture = sizes[:4]
    width, height = sizes[4:]
    bits = lists[2 * count : 2 * count + (count + 15) // 16]
    if not 0 < valid <= count or len(bits) < (count + 15) // 16 or min(width, height, *picture) <= 0:
        return None
    points = [i for i in range(valid) if bits[i // 16] >> i % 16 & 1]
    if not points:
        return None
    x = sum(lists[i] for i in points) / len(points) / width
    y = sum(lists[count + i] for i in points) / len(points) / height
    upwards = "EOS" in (text(tags, "Image Model") or "").upper()
    return _Spot(0.5 + x, 0.5 - y if upwards else 0.5 + y, (picture[0], picture[1]))


_NIKON_FRAMES: Final = {"0100": 0x10, "0101": 0x46, "03": 0x2A, "04": 0x3E}
"""Version, or how it begins -> the byte from which on the frame and the place in it are written."""


def _nikon(tags: Tags) -> _Spot | None:
    data = bytes(value & 0xFF for value in whole(tags, NOTE + "00B7"))
    version = data[:4].decode("latin-1")
    start = next((place for name, place in _NIKON_FRAMES.items() if version.startswith(name)), None)
    if start is None or len(data) < start + 8 or not _placed(version, data[4]):
        return None
    order: Literal["little", "big"] = "little" if tags.get(ORDER) == "little" else "big"
    width, height, x, y = (int.from_bytes(data[start + i : start + i + 2], order) for i in range(0, 8, 2))
    return _spot(x, y, (width, height))


def _placed(version: str, contrast: int) -> bool:
    """Whether a place is written: before the Z 9 only where the sensor itself looked for contrast."""
    if version.startswith("03"):
        return contrast == 2 or (contrast == 1 and version == "0301")
    return contrast > 0 or version.startswith("04")


def _sony(tags: Tags) -> _Spot | None:
    values = whole(tags, NOTE + "2027")
    return _spot(values[2], values[3], (values[0], values[1])) if len(values) == 4 else None


def _fuji(tags: Tags) -> _Spot | None:
    values = whole(tags, NOTE + "1023")
    return _spot(values[0], values[1], _frame(tags)) if len(values) == 2 else None


def _panasonic(tags: Tags) -> _Spot | None:
    x, y = [*numbers(tags, NOTE + "004D"), None, None][:2]
    return None if x is None or y is None or (x, y) == (0, 0) else _Spot(x, y, _shape(tags))


def _olympus(tags: Tags) -> _Spot | None:
    corners = numbers(tags, "CameraSettings Tag 0x0305")[1:5]
    place = _middle(corners) if len(corners) == 4 and None not in corners else None
    for area in whole(tags, "CameraSettings Tag 0x0304"):
        if place is None and area:
            place = _middle([byte / 255 for byte in (area & 0xFFFFFFFF).to_bytes(4)])
    return None if place is None else _Spot(*place, _shape(tags))


def _middle(corners: list[float | None] | list[float]) -> Share | None:
    left, top, right, bottom = (corner or 0.0 for corner in corners)
    return ((left + right) / 2, (top + bottom) / 2) if any(corners) else None


def _shape(tags: Tags) -> tuple[int, int] | None:
    frame = _frame(tags)
    return frame if min(frame) > 0 else None


_READERS: Final = {
    "canon": _canon,
    "nikon": _nikon,
    "sony": _sony,
    "fujifilm": _fuji,
    "panasonic": _panasonic,
    "olympus": _olympus,
}
"""By `makernotes.maker_of`."""
