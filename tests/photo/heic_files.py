"""A small HEIC for tests, in each of the eight orientations as phones write them: in the container and in EXIF."""

import base64

from photocull.photo.boxes import boxes_in
from photocull.photo.tiles import places_of
from tests.photo.jxl_files import box

_TURNED = """
AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAattZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAADRpbG9jAAAAAERA
AAIAAQAAAAABzwABAAAAAAAAAdsAAgAAAAADqgABAAAAAAAAADgAAAA4aWluZgAAAAAAAgAAABVpbmZlAgAAAAABAABodmMxAAAAABVpbmZlAgAAAQAC
AABFeGlmAAAAAA5waXRtAAAAAAABAAAA6mlwcnAAAADJaXBjbwAAAHhodmNDAQNwAAAAkAAAAAAAHvAA/P34+AAADwNgAAEAGEABDAH//wNwAAADAJAA
AAMAAAMAHroCQGEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoDCBBZbqSSmubgIaDAgAAAMAyAAAAwAIQGIAAQAHRAHBcrAiQAAAABNjb2xybmNseAABAA0A
BoAAAAAUaXNwZQAAAAAAAABgAAAAQAAAABBwaXhpAAAAAAMICAgAAAAJaXJvdAMAAAAJaW1pcgEAAAAZaXBtYQAAAAAAAAABAAEGgQIDBIWGAAAAGmly
ZWYAAAAAAAAADmNkc2MAAgABAAEAAAIbbWRhdAAAAdcoAa8E+N9TjevOKAI48kzsqu1/z4V9WC52Dacm4s2C/6nYintO+v6Pq73J/YxvTJzg7OEOu/9O
xZ+T+4j7mvd9/BqFTf+F4p8r99DJ82Gla2yPGnXpBOE223Y4+dnPODsTzYxnZgPeFdeCZq3u0HJixxcF1MnNzFSGPWu1NjrxFiUym/qBmm7ExuDwSWdL
RM0q5IvakYJFRr6vGT8ggBcOHWPli+tQaifg/0OKE8rfD+732O/VHQdikOWmj2fVC4Srm+namMbx2/JR0aAtkY3SYhtrXHISy91JZ5itVrsfc3lTsLea
lwAbDZXj6w7E9M9mz5NpUPAlxZWvWILkgPDycRThg7fVh/sf9aE7+deERIIGdtRsZKFdkFq7C9L26LaEVb1HI/7mEC388HSZ7E2UsbBDx30SridudYjU
lhe2sU7EwrnzrrNT2ErTSQHsJP/GW9dj+mQh/sv9TOlmTSEX0XvdTpQRwMaBuHrOOZ7twNSQ5oBMdL4bL9T3mDfH0O76pGHXQWtDDfsbhdEF0Z9lwEFP
AyRwsmVR+w5mKdWD0BejH4MYZWUMZvizlN9dlcHwudpPSHwVcxVzpiUWfMjSnwVR/Nv4AVgGAq7XfqyZIkezz4Le6H8AAAAGRXhpZgAATU0AKgAAAAgA
AgEQAAIAAAAIAAAAJgESAAMAAAABAAUAAAAAAABNb2RlbCAxAA==
"""
"""96 x 64 in 8 bits by x265: red rises to the right, green to the bottom, the first corner is blue. Its main item is
turned by a quarter (irot 3), then mirrored (imir 1): EXIF's orientation 5."""
_ROTATIONS = {1: 0, 8: 1, 3: 2, 6: 3}
_MIRRORED = {4: (0, 0), 2: (0, 1), 5: (1, 0), 7: (1, 1)}
"""Quarters and axis."""


def turned_heic(orientation: int) -> bytes:
    """The picture as it is stored, to be shown in this orientation by its container, and EXIF says the same."""
    content = bytearray(base64.b64decode(_TURNED))
    rotation, mirror = content.index(b"irot"), content.index(b"imir")
    if orientation in _MIRRORED:
        content[rotation + 4], content[mirror + 4] = _MIRRORED[orientation]
    else:
        # A second quarter turn, of none, instead of the mirror.
        content[rotation + 4], content[mirror : mirror + 5] = _ROTATIONS[orientation], b"irot\0"
    tag = content.index(b"\x01\x12\x00\x03\x00\x00\x00\x01")
    content[tag + 8 : tag + 10] = orientation.to_bytes(2)
    return bytes(content)


def grid_heic(columns: int, rows: int, *, orientation: int = 1, spare: bytes = b"", hidden: bool = True) -> bytes:
    """The stored picture beside and below itself, as tiles, the way phones keep theirs; the tiles lie at the end.

    Args:
        spare: EXIF behind the tiles. hidden: tiles are no pictures of their own, as it should be.
    """
    single = turned_heic(1)
    inside = dict(boxes_in(dict(boxes_in(single))[b"meta"][4:]))
    tile = _content(single, inside[b"iloc"])
    kinds = dict(boxes_in(dict(boxes_in(inside[b"iprp"]))[b"ipco"]))
    count, turns = columns * rows, _turns(orientation)
    size = b"\0\0\0\0" + (96 * columns).to_bytes(4) + (64 * rows).to_bytes(4)
    shared = [
        box(b"hvcC", kinds[b"hvcC"]),
        box(b"ispe", kinds[b"ispe"]),
        box(b"ispe", size),
    ]
    numbers = [(1, [3, *range(4, 4 + len(turns))]), *((2 + i, [1, 2]) for i in range(count))]
    links = b"".join(item.to_bytes(2) + bytes([len(own), *own]) for item, own in numbers)
    properties = box(b"ipco", b"".join(shared + turns)) + box(b"ipma", bytes(4) + len(numbers).to_bytes(4) + links)
    names = [_entry(1, b"grid"), *(_entry(2 + i, b"hvc1", hidden=hidden) for i in range(count))] + [
        _entry(99, b"Exif")
    ] * bool(spare)
    parts = (1).to_bytes(2) + count.to_bytes(2) + b"".join((2 + i).to_bytes(2) for i in range(count))
    layout = bytes([0, 0, rows - 1, columns - 1]) + (96 * columns).to_bytes(2) + (64 * rows).to_bytes(2)

    def index(start: int) -> bytes:
        pieces = [(1, 1, 0, len(layout)), *((2 + i, 0, start + i * len(tile), len(tile)) for i in range(count))]
        pieces += [(99, 0, start + count * len(tile), len(spare))] * bool(spare)
        places = b"".join(
            item.to_bytes(2) + way.to_bytes(2) + bytes(2) + (1).to_bytes(2) + offset.to_bytes(4) + length.to_bytes(4)
            for item, way, offset, length in pieces
        )
        return box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"pitm", bytes(4) + (1).to_bytes(2))
            + box(b"iinf", bytes(4) + len(names).to_bytes(2) + b"".join(names))
            + box(b"iref", bytes(4) + box(b"dimg", parts) + (box(b"cdsc", b"\0\x63\0\1\0\1") if spare else b""))
            + box(b"iprp", properties)
            + box(b"idat", layout)
            + box(b"iloc", b"\1\0\0\0\x44\0" + len(pieces).to_bytes(2) + places),
        )

    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")
    start = len(head) + len(index(0)) + 8
    return head + index(start) + box(b"mdat", tile * count + spare)


def _turns(orientation: int) -> list[bytes]:
    if orientation in _MIRRORED:
        rotation, mirror = _MIRRORED[orientation]
        return [box(b"irot", bytes([rotation])), box(b"imir", bytes([mirror]))]
    return [box(b"irot", bytes([_ROTATIONS[orientation]]))]


def _entry(item: int, kind: bytes, *, hidden: bool = False) -> bytes:
    return box(b"infe", bytes([2, 0, 0, hidden]) + item.to_bytes(2) + bytes(2) + kind + b"\0")


def _content(data: bytes, table: bytes) -> bytes:
    """The main item's content, of the fixture above."""
    method, extents = places_of(table)[1]
    assert method == 0
    return b"".join(data[offset : offset + length] for offset, length in extents)
