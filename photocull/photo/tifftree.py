"""How far the data that a TIFF-like RAW promises reach, so that a cut-off file is known before anything decodes it."""

from typing import Final, Literal

_OFFSETS: Final = {0x0111: 0x0117, 0x0144: 0x0145, 0x0201: 0x0202}
"""Tag of offsets -> tag of byte counts: strips, tiles, JPEG stream."""
_STARTS: Final = (b"II*\x00", b"MM\x00*", b"IIU\x00", b"IIRO", b"IIRS", b"MMOR")
"""TIFF, and what Panasonic and Olympus write in its place."""
_NOWHERE: Final = 0xFFFFFFFF
"""Panasonic's offset of data that another tag points to."""
_SUB_IFDS: Final = 0x014A
_WIDTHS: Final = {3: 2, 4: 4, 13: 4}
_MOST_DIRECTORIES: Final = 32
_MOST_VALUES: Final = 100_000

_Order = Literal["little", "big"]
_Tags = dict[int, list[int]]


def data_end(data: bytes) -> int:
    """The byte behind the last strip, tile or preview that the directories promise; 0 for what is no TIFF inside.

    Format: TIFF 6.0, sections 2, 3 and 15; sub-directories as in TIFF/EP and DNG. Never raises.
    """
    if data[:4] not in _STARTS or len(data) < 8:
        return 0
    order: _Order = "little" if data[:2] == b"II" else "big"
    end, seen = 0, set[int]()
    waiting = [int.from_bytes(data[4:8], order)]
    while waiting and len(seen) < _MOST_DIRECTORIES:
        start = waiting.pop()
        if start in seen or not 8 <= start < len(data) - 2:
            continue
        seen.add(start)
        tags, following = _directory(data, start, order)
        end = max(end, _end_of(tags))
        waiting += [*tags.get(_SUB_IFDS, [])[:_MOST_DIRECTORIES], following]
    return end


def _directory(data: bytes, start: int, order: _Order) -> tuple[_Tags, int]:
    count = int.from_bytes(data[start : start + 2], order)
    tags: _Tags = {}
    for entry in range(start + 2, min(start + 2 + 12 * count, len(data) - 11), 12):
        tag = int.from_bytes(data[entry : entry + 2], order)
        if tag == _SUB_IFDS or tag in _OFFSETS or tag in _OFFSETS.values():
            tags[tag] = _values(data, entry, order)
    behind = start + 2 + 12 * count
    return tags, int.from_bytes(data[behind : behind + 4], order)


def _values(data: bytes, entry: int, order: _Order) -> list[int]:
    width = _WIDTHS.get(int.from_bytes(data[entry + 2 : entry + 4], order), 0)
    count = int.from_bytes(data[entry + 4 : entry + 8], order)
    if not width or count > _MOST_VALUES:
        return []
    place = entry + 8 if width * count <= 4 else int.from_bytes(data[entry + 8 : entry + 12], order)
    block = data[place : place + width * count]
    return [int.from_bytes(block[i : i + width], order) for i in range(0, len(block) - width + 1, width)]


def _end_of(tags: _Tags) -> int:
    ends = [0]
    for offsets, counts in _OFFSETS.items():
        places = zip(tags.get(offsets, []), tags.get(counts, []), strict=False)
        ends += [at + size for at, size in places if at != _NOWHERE]
    return max(ends)
