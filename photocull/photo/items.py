"""What a HEIF or AVIF file says of its main picture: the properties of its main item (ISO/IEC 23008-12, 9.3)."""

from photocull.photo.boxes import boxes_in

Property = tuple[bytes, bytes]
"""Its type and its content."""


def main_properties(data: bytes) -> list[Property] | None:
    """The properties of the main item, in the order in which they are to be applied; None where there is no main item.

    Never raises.
    """
    inside = index_of(data)
    main = inside.get(b"pitm", b"")
    return _properties_of(int.from_bytes(main[4:8]), inside) if main else None


def part_properties(data: bytes) -> list[Property]:
    """The properties of the first item that the main one is put together from; empty where it is of one piece.

    Never raises.
    """
    inside = index_of(data)
    parts = parts_of(int.from_bytes(inside.get(b"pitm", b"")[4:8]), inside)
    return _properties_of(parts[0], inside) if parts else []


def index_of(data: bytes) -> dict[bytes, bytes]:
    """The boxes of the file's index, by type."""
    return dict(boxes_in(dict(boxes_in(data)).get(b"meta", b"")[4:]))


def parts_of(item: int, inside: dict[bytes, bytes]) -> list[int]:
    """The items that one is put together from (ISO/IEC 14496-12, 8.11.12; dimg), in their order.

    Args:
        inside: the boxes of the file's index.
    """
    references = inside.get(b"iref", b"")
    wide = 4 if references[:1] > b"\0" else 2
    for kind, content in boxes_in(references[4:]):
        if kind == b"dimg" and int.from_bytes(content[:wide]) == item:
            places = range(wide + 2, len(content) - wide + 1, wide)
            return [int.from_bytes(content[place : place + wide]) for place in places]
    return []


def _properties_of(item: int, inside: dict[bytes, bytes]) -> list[Property]:
    properties = dict(boxes_in(inside.get(b"iprp", b"")))
    there = list(boxes_in(properties.get(b"ipco", b"")))
    numbers = _numbers_of(item, properties.get(b"ipma", b""))
    return [there[number - 1] for number in numbers if 0 < number <= len(there)]


def _numbers_of(item: int, table: bytes) -> list[int]:
    """The numbers of an item's properties; the first is 1."""
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
