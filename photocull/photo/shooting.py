"""How shots belong together: single, continuous or by timer, what was bracketed, and the place in a burst."""

from dataclasses import dataclass
from typing import Final

from photocull.core.types import Bracket, Drive
from photocull.photo.exiftags import Tags, first, signed, text, whole
from photocull.photo.makernotes import NOTE, maker_of

_AUTO_BRACKET: Final = 2


@dataclass(frozen=True, slots=True)
class Shooting:
    """See `core.types.Exif` for each; None where unknown."""

    drive: Drive | None = None
    bracket: Bracket | None = None
    burst: str | None = None
    sequence: int | None = None


def shooting_of(tags: Tags) -> Shooting:
    """What the maker's notes say, and EXIF's exposure mode where they are silent."""
    read = _READERS.get(maker_of(text(tags, "Image Make") or ""))
    shooting = Shooting() if read is None else read(tags)
    if shooting.bracket is None and first(tags, "EXIF ExposureMode") == _AUTO_BRACKET:
        return Shooting(shooting.drive, "exposure", shooting.burst, shooting.sequence)
    return shooting


def canon_settings(tags: Tags, tag: str) -> list[int]:
    """One of Canon's lists of numbers, signed; empty if it is not as long as its first number says."""
    values = whole(tags, NOTE + tag)
    if not values or values[0] not in (2 * len(values), 2 * len(values) - 2):
        return []
    return signed(values)


def _at(values: list[int], place: int) -> int | None:
    return values[place] if place < len(values) else None


def _counted(number: int | None) -> int | None:
    """A place in a series as makers write it: 0 and the highest number are none."""
    return number if number is not None and 0 < number < 10_000 else None


_CANON_DRIVES: Final[dict[int, Drive]] = {
    0: "single", 1: "continuous", 3: "continuous", 4: "continuous", 5: "continuous", 6: "single", 8: "continuous",
    9: "single", 10: "continuous",
}  # fmt: skip
_CANON_BRACKETS: Final[dict[int, Bracket]] = {1: "exposure", 2: "focus", 3: "other", 4: "white-balance"}


def _canon(tags: Tags) -> Shooting:
    settings, file = canon_settings(tags, "0001"), canon_settings(tags, "0093")
    drive = _CANON_DRIVES.get(settings[5]) if len(settings) > 5 else None
    if drive == "single" and settings[2] > 0:
        drive = "timer"
    bracket = _CANON_BRACKETS.get(_at(file, 3) or 0)
    counted = _at(file, 5) if bracket else _at(canon_settings(tags, "0004"), 9)
    return Shooting(drive, bracket, sequence=_counted(counted))


def _nikon(tags: Tags) -> Shooting:
    mode = first(tags, NOTE + "0089")
    if mode is None:
        return Shooting()
    drive: Drive = "continuous" if mode & 1 else "timer" if mode & 8 else "single"
    bracket: Bracket | None = None
    if mode & 0x150:
        bracket = "white-balance" if mode & 0x40 else "other" if mode & 0x100 else "exposure"
    return Shooting(drive, bracket)


_SONY_DRIVES: Final[dict[int, Drive]] = {0: "single", 2: "continuous"}
_SONY_BRACKETS: Final[dict[int, Bracket]] = {5: "exposure", 6: "white-balance", 8: "other"}


def _sony(tags: Tags) -> Shooting:
    mode = first(tags, NOTE + "B049")
    if mode is None:
        return Shooting()
    return Shooting(_SONY_DRIVES.get(mode), _SONY_BRACKETS.get(mode), sequence=_counted(first(tags, NOTE + "B04A")))


_FUJI_DRIVES: Final[dict[int, Drive]] = {0: "single", 1: "continuous", 2: "continuous"}
_FUJI_BRACKETS: Final[dict[int, Bracket]] = {1: "exposure", 2: "other", 6: "other"}


def _fuji(tags: Tags) -> Shooting:
    settings = first(tags, NOTE + "1103")
    drive = None if settings is None else _FUJI_DRIVES.get(settings & 0xFF)
    bracket = _FUJI_BRACKETS.get(first(tags, NOTE + "1100") or 0)
    return Shooting(drive, bracket, sequence=_counted(first(tags, NOTE + "1101")))


_PANASONIC_DRIVES: Final[dict[int, Drive]] = {0: "single", 1: "continuous", 4: "continuous", 17: "continuous"}
_PANASONIC_BRACKETS: Final[dict[int, Bracket]] = {2: "exposure", 3: "focus", 8: "white-balance", 18: "other"}
_PANASONIC_NO_TIMER: Final = (None, 0, 1)


def _panasonic(tags: Tags) -> Shooting:
    mode = first(tags, NOTE + "002A")
    if mode is None:
        return Shooting()
    drive = _PANASONIC_DRIVES.get(mode)
    if drive == "single" and first(tags, NOTE + "002E") not in _PANASONIC_NO_TIMER:
        drive = "timer"
    return Shooting(drive, _PANASONIC_BRACKETS.get(mode), sequence=_counted(first(tags, NOTE + "002B")))


_OLYMPUS_DRIVES: Final[dict[int, Drive]] = {0: "single", 1: "continuous"}
_OLYMPUS_BRACKETS: Final[dict[int, Bracket]] = {2: "exposure", 3: "white-balance", 4: "exposure"}
_OLYMPUS_BITS: Final[tuple[tuple[int, Bracket], ...]] = (
    (1, "exposure"),
    (32, "exposure"),
    (64, "focus"),
    (2, "white-balance"),
)


def _olympus(tags: Tags) -> Shooting:
    values = whole(tags, "CameraSettings Tag 0x0600")
    mode = _at(values, 0)
    if mode is None:
        return Shooting()
    bracket = _OLYMPUS_BRACKETS.get(mode)
    if mode == 5:
        bracket = next((kind for bit, kind in _OLYMPUS_BITS if (_at(values, 2) or 0) & bit), "other")
    return Shooting(_OLYMPUS_DRIVES.get(mode), bracket, sequence=_counted(_at(values, 1) if mode else None))


def _apple(tags: Tags) -> Shooting:
    burst = text(tags, NOTE + "000B")
    return Shooting("continuous" if burst else None, burst=burst)


_READERS: Final = {
    "canon": _canon,
    "nikon": _nikon,
    "sony": _sony,
    "fujifilm": _fuji,
    "panasonic": _panasonic,
    "olympus": _olympus,
    "apple": _apple,
}
"""By `makernotes.maker_of`."""
