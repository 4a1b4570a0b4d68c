"""What a JPEG's bytes tell before a decoder sees them: frame, scans, a missing end, JPEGs inside other files."""

from dataclasses import dataclass
from typing import Final, Literal

Coding = Literal["baseline", "progressive", "lossless"]

_CODINGS: Final[dict[int, Coding]] = {0xC0: "baseline", 0xC1: "baseline", 0xC2: "progressive", 0xC3: "lossless"}
_BARE: Final = frozenset([0x01, *range(0xD0, 0xD9)])
_JUNK_LIMIT: Final = 1 << 20
_SCAN_LIMIT: Final = 200
_CANDIDATES: Final = 200


@dataclass(frozen=True, slots=True)
class Frame:
    """Width and height in pixels as stored, and how they are coded (ITU-T T.81, table B.1)."""

    width: int
    height: int
    coding: Coding


def frame_of(data: bytes, start: int = 0) -> Frame | None:
    """The first decodable frame of the JPEG that begins at ``start``; None where there is none before the scan data."""
    found = _frame_at(data, start)
    return None if found is None else found[1]


def upper_part(data: bytes, rows: int) -> bytes:
    """The same JPEG stating fewer rows than it has: a decoder stops there. The last one or two come out otherwise."""
    found = _frame_at(data, 0)
    if found is None:
        return data
    mark, _ = found
    return data[: mark + 5] + rows.to_bytes(2) + data[mark + 7 :]


def _frame_at(data: bytes, start: int) -> tuple[int, Frame] | None:
    position, junk = start + 2, 0
    while 0 <= (mark := data.find(b"\xff", position)) < len(data) - 9:
        junk += mark - position
        code = data[mark + 1]
        position = mark + 1
        if junk > _JUNK_LIMIT or code in (0xD9, 0xDA):
            return None
        if code in _CODINGS:
            height, width = int.from_bytes(data[mark + 5 : mark + 7]), int.from_bytes(data[mark + 7 : mark + 9])
            return (mark, Frame(width, height, _CODINGS[code])) if width and height else None
        if code not in (0x00, 0xFF) and code not in _BARE:
            position = mark + 2 + max(2, int.from_bytes(data[mark + 2 : mark + 4]))
    return None


def too_many_scans(data: bytes) -> bool:
    """Whether a progressive JPEG has more scans than any encoder writes; each costs a pass over the whole picture."""
    return data.count(b"\xff\xda") > _SCAN_LIMIT


def has_scan(data: bytes) -> bool:
    """Whether any picture data begin at all."""
    return b"\xff\xda" in data


def is_whole(data: bytes) -> bool:
    """Whether an end mark follows the last scan; a thumbnail's own lies before it."""
    return data.rfind(b"\xff\xd9") > data.rfind(b"\xff\xda")


def lost_tail(data: bytes) -> bytes | None:
    """The sound part of a JPEG whose end was never written (zeros to the end, no end mark); None for any other.

    Interrupted copies often have their full size already; decoders take the zeros for picture data.
    """
    if data[-64:].strip(b"\x00"):
        return None
    return None if is_whole(data) else data.rstrip(b"\x00")


def largest_inside(data: bytes) -> bytes | None:
    """The JPEG with the most pixels among those that lie in a RAW file of unknown make, None without any.

    RAW formats store their previews as plain JPEG streams; a decoder stops at the end mark, so the start is enough.
    """
    best, best_area = -1, 0
    position, seen = data.find(b"\xff\xd8\xff"), 0
    while position >= 0 and seen < _CANDIDATES:
        frame = frame_of(data[position : position + (1 << 18)])
        # Lossless streams hold the sensor's data, not a picture.
        if frame is not None and frame.coding != "lossless" and frame.width * frame.height > best_area:
            best, best_area = position, frame.width * frame.height
        position, seen = data.find(b"\xff\xd8\xff", position + 2), seen + 1
    return None if best < 0 else data[best:]
