"""HEIC and HEIF by pi-heif, which is spared what brings it down: broken texts in the list of items end the process."""

import io
from typing import BinaryIO, Final

from PIL import ImageFile

from photocull.photo.boxes import boxes_in
from photocull.photo.orientation import Share, shown_point

_ROTATIONS: Final = {0: 1, 1: 8, 2: 3, 3: 6}
"""Quarter turns against the clock -> EXIF's orientation."""
_MIRRORS: Final = {0: 4, 1: 2}
"""Top to bottom, left to right."""
_PROBE: Final[Share] = (0.25, 0.125)


def open_heif(file: BinaryIO) -> ImageFile.ImageFile:
    """Read the header of a HEIC or HEIF file; the library turns it upright while decoding.

    ``info`` tells by ``orientation`` how it does, where the file says it in the usual way.

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged.
    """
    data = file.read()
    if not _items_are_named(data):
        raise ValueError("the list of items is damaged")
    from pi_heif import HeifImageFile  # libraries that most folders never need

    image: ImageFile.ImageFile = HeifImageFile(io.BytesIO(data))
    image.info["orientation"] = turn_of(data)
    return image


def turn_of(data: bytes) -> int | None:
    """The EXIF orientation that does what the main item's turns and mirrors do; None where there is no main item.

    Format: ISO/IEC 23008-12, 6.5.10 (irot), 6.5.12 (imir), 9.3 (ipma). Never raises.
    """
    inside = dict(boxes_in(dict(boxes_in(data)).get(b"meta", b"")[4:]))
    main, properties = inside.get(b"pitm", b""), dict(boxes_in(inside.get(b"iprp", b"")))
    if not main:
        return None
    there = list(boxes_in(properties.get(b"ipco", b"")))
    point = _PROBE
    for index in _properties_of(int.from_bytes(main[4:8]), properties.get(b"ipma", b"")):
        kind, content = there[index - 1] if 0 < index <= len(there) else (b"", b"")
        value = content[0] if content else 0
        turn = _ROTATIONS[value & 3] if kind == b"irot" else _MIRRORS[value & 1] if kind == b"imir" else 1
        point = shown_point(point, turn)
    return next(turn for turn in range(1, 9) if shown_point(_PROBE, turn) == point)


def _properties_of(item: int, table: bytes) -> list[int]:
    """The numbers of an item's properties, in the order in which they are to be applied; the first is 1."""
    wide_item, wide_index = (4 if table[:1] > b"\0" else 2), (2 if table[3:4] and table[3] & 1 else 1)
    position = 8
    for _ in range(min(int.from_bytes(table[4:8]), len(table))):
        found = int.from_bytes(table[position : position + wide_item])
        position += wide_item
        count = table[position] if position < len(table) else 0
        end = position + 1 + count * wide_index
        if found == item:
            places = range(position + 1, end, wide_index)
            return [int.from_bytes(table[p : p + wide_index]) & (0x7FFF if wide_index == 2 else 0x7F) for p in places]
        position = end
    return []


def _items_are_named(data: bytes) -> bool:
    """Whether types and names in all item entries (ISO/IEC 14496-12, 8.11.6) are text.

    pi-heif 1.4 makes Python strings of them without looking whether that worked, and follows a null pointer.
    """
    position = data.find(b"infe")
    while position >= 4:
        size = int.from_bytes(data[position - 4 : position])
        entry = data[position + 4 : position - 4 + size]
        # Version and flags, then an identity of two bytes (four from version 3 on) and the protection index.
        texts = entry[10 if entry[:1] >= b"\x03" else 8 :]
        if 12 <= size <= 4096 and not _is_text(texts):
            return False
        position = data.find(b"infe", position + 4)
    return True


def _is_text(content: bytes) -> bool:
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
