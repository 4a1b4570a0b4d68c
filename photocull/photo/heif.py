"""HEIC and HEIF by pi-heif, which is spared what brings it down: broken texts in the list of items end the process."""

import io
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.photo.items import main_properties
from photocull.photo.nclx import in_named_colours
from photocull.photo.orientation import Box, Share, shown_point, shown_size
from photocull.photo.tiles import missing_of

_ROTATIONS: Final = {0: 1, 1: 8, 2: 3, 3: 6}
"""Quarter turns against the clock -> EXIF's orientation."""
_MIRRORS: Final = {0: 4, 1: 2}
"""Top to bottom, left to right."""
_MOST_ADDED: Final = 64 << 20
_PROBE: Final[Share] = (0.25, 0.125)


def open_heif(file: BinaryIO) -> Image.Image:
    """Read the header of a HEIC or HEIF file; the library turns it upright while decoding.

    ``info`` tells by ``orientation`` how it does, where the file says it in the usual way, and by ``missing`` which
    boxes of the shown picture are not there, if the file is cut off. EXIF's own orientation turns
    nothing, also where it is the only one (ISO/IEC 23008-12, 6.5.10 and annex A; docs/decisions/0019).

    Raises:
        ValueError, SyntaxError, OSError: the file is damaged.
    """
    data = file.read()
    missing = missing_of(data)
    if missing is not None and missing.boxes is not None:
        # The library gives up where EXIF or a thumbnail are missing, too.
        data += bytes(min(missing.bytes, _MOST_ADDED))
    if not _items_are_named(data):
        raise ValueError("the list of items is damaged")
    from pi_heif import HeifImageFile  # libraries that most folders never need

    image: Image.Image = HeifImageFile(io.BytesIO(data))
    image.info["orientation"] = turn = turn_of(data)
    if missing is not None and missing.boxes is not None:
        stored = shown_size(image.size, turn or 1)
        image.info["missing"] = tuple(_shown_box(box, stored, turn or 1) for box in missing.boxes)
    return in_named_colours(image, data, lambda: _deep(data))


def _deep(data: bytes) -> tuple[NDArray[Any], int]:
    from pi_heif import HeifFile

    file = HeifFile(io.BytesIO(data), convert_hdr_to_8bit=False)
    main = file[file.primary_index]
    # A copy: its memory is the library's, which ends with `main`.
    samples, bits = np.array(main), main.info["bit_depth"]
    return samples, 255 if samples.itemsize == 1 else ((1 << bits) - 1) << (16 - bits)


def _shown_box(box: Box, stored: tuple[int, int], turn: int) -> Box:
    (width, height), (left, top, right, bottom) = stored, box
    across, down = shown_size(stored, turn)
    corners = [shown_point((x / width, y / height), turn) for x, y in ((left, top), (right, bottom))]
    (x0, x1), (y0, y1) = (sorted(axis) for axis in zip(*corners, strict=True))
    return round(x0 * across), round(y0 * down), round(x1 * across), round(y1 * down)


def turn_of(data: bytes) -> int | None:
    """The EXIF orientation that does what the main item's turns and mirrors do; None where there is no main item.

    Format: ISO/IEC 23008-12, 6.5.10 (irot), 6.5.12 (imir). Never raises.
    """
    properties = main_properties(data)
    if properties is None:
        return None
    point = _PROBE
    for kind, content in properties:
        value = content[0] if content else 0
        turn = _ROTATIONS[value & 3] if kind == b"irot" else _MIRRORS[value & 1] if kind == b"imir" else 1
        point = shown_point(point, turn)
    return next(turn for turn in range(1, 9) if shown_point(_PROBE, turn) == point)


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
