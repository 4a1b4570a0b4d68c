"""EXIF blocks with makers' notes, written byte by byte as cameras do, for what no library writes."""

import struct
from collections.abc import Callable, Sequence
from typing import Literal

Order = Literal["<", ">"]
Entry = tuple[int, int, Sequence[int | float] | bytes]
"""Tag, type as in TIFF, values; of rationals numerators and denominators in turn."""

TEXT, SHORT, LONG, RATIONAL, UNDEFINED, SIGNED_SHORT, SIGNED_RATIONAL = 2, 3, 4, 5, 7, 8, 10
_FORMATS = {1: "B", 2: "B", 3: "H", 4: "I", 5: "I", 7: "B", 8: "h", 9: "i", 10: "i"}
_PARTS = {5: 2, 10: 2}
_EXIF, _GPS, _NOTE = 0x8769, 0x8825, 0x927C


def directory(entries: Sequence[Entry], at: int, order: Order = "<") -> bytes:
    """A directory that lies at ``at`` from where its offsets count, with its values behind it."""
    behind = at + 2 + 12 * len(entries) + 4
    table, values = struct.pack(order + "H", len(entries)), b""
    for tag, kind, content in sorted(entries, key=lambda entry: entry[0]):
        data = (
            content if isinstance(content, bytes) else struct.pack(f"{order}{len(content)}{_FORMATS[kind]}", *content)
        )
        count = len(data) // struct.calcsize(_FORMATS[kind]) // _PARTS.get(kind, 1)
        place = data.ljust(4, b"\0") if len(data) <= 4 else struct.pack(order + "I", behind + len(values))
        table += struct.pack(order + "HHI", tag, kind, count) + place
        values += data + bytes(len(data) % 2) if len(data) > 4 else b""
    return table + bytes(4) + values


def words(content: str) -> bytes:
    return content.encode() + b"\0"


def block(
    main: Sequence[Entry] = (),
    exif: Sequence[Entry] = (),
    gps: Sequence[Entry] = (),
    note: Callable[[int], bytes] | None = None,
    order: Order = "<",
) -> bytes:
    """A TIFF header with main, EXIF and GPS directory.

    Args:
        note: makes the maker's note, given where it will lie.
    """

    def written(exif_at: int, gps_at: int, note_at: int) -> tuple[bytes, bytes, bytes, bytes]:
        pointers: list[Entry] = [(_EXIF, LONG, [exif_at]), (_GPS, LONG, [gps_at])]
        content = b"" if note is None else note(note_at)
        # The note lies behind all, where its offset is known whatever its length.
        inner = [*exif, (_NOTE, UNDEFINED, content)] if note is not None else list(exif)
        return (
            directory([*main, *pointers], 8, order),
            directory(inner, exif_at, order),
            directory(gps, gps_at, order),
            content,
        )

    first = written(0, 0, 0)
    exif_at, gps_at = 8 + len(first[0]), 8 + len(first[0]) + len(first[1])
    parts = written(exif_at, gps_at, 0)
    # Notes are the last value of the EXIF directory: tag 0x927C is followed by none that is long.
    note_at = exif_at + parts[1].rfind(first[3]) if note is not None else 0
    parts = written(exif_at, gps_at, note_at)
    head = b"II*\0" if order == "<" else b"MM\0*"
    return head + struct.pack(order + "I", 8) + b"".join(parts[:3])


Note = Callable[[int], bytes]


def camera(make: str, model: str = "Model 1") -> list[Entry]:
    return [(0x010F, TEXT, words(make)), (0x0110, TEXT, words(model))]


def plain(*entries: Entry, start: bytes = b"", order: Order = "<") -> Note:
    """A note that is a directory behind some bytes, whose offsets count from the file's header."""
    return lambda at: start + directory(entries, at + len(start), order)


def own(*entries: Entry, start: bytes, order: Order = "<") -> Note:
    """A note whose offsets count from its own beginning."""
    return lambda at: start + directory(entries, len(start), order)


def nikon(*entries: Entry, order: Order = ">") -> Note:
    head = b"MM\0*" if order == ">" else b"II*\0"
    return lambda at: b"Nikon\0\2\x10\0\0" + head + struct.pack(order + "I", 8) + directory(entries, 8, order)


def olympus(*settings: Entry) -> Note:
    start = b"OLYMPUS\0II\3\0"
    inner = len(start) + 2 + 12 + 4
    return lambda at: start + directory([(0x2020, LONG, [inner])], len(start)) + directory(settings, inner)


def size(width: int, height: int) -> list[Entry]:
    return [(0xA002, LONG, [width]), (0xA003, LONG, [height])]


def canon_list(*values: int) -> list[int]:
    """A list as Canon writes it: its length in bytes first."""
    return [value & 0xFFFF for value in (2 * (len(values) + 1), *values)]


def described(attributes: str = "", namespaces: str = "", inside: str = "") -> bytes:
    """An XMP packet as programs write it."""
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:xmp="http://ns.adobe.com/xap/1.0/" {namespaces} {attributes}>{inside}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
