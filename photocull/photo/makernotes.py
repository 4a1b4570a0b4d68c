"""The few tags of makers' own notes that tell where was focused and how shots belong together.

The notes' forms are undocumented; ExifTool's tables, https://exiftool.org/TagNames, are where they are collected.
"""

from dataclasses import dataclass
from typing import Final

from photocull.photo.exifparser import Parser, Place

NOTE: Final = "MakerNote Tag 0x"
"""What the names of the notes' tags begin with, four hexadecimal digits after it."""
ORDER: Final = "MakerNote ByteOrder"
"""The name under which the notes' byte order is kept, "little" or "big"."""
CANON: Final = frozenset({0x0001, 0x0004, 0x0012, 0x0026, 0x003C, 0x0093, 0x0095})
_NIKON: Final = frozenset({0x0002, 0x0084, 0x0089, 0x00B7})
_SONY: Final = frozenset({0x2027, 0xB049, 0xB04A})
_FUJI: Final = frozenset({0x1023, 0x1100, 0x1101, 0x1103})
_PANASONIC: Final = frozenset({0x002A, 0x002B, 0x002E, 0x004D})
_OLYMPUS: Final = frozenset({0x2020})
_OLYMPUS_SETTINGS: Final = frozenset({0x0304, 0x0305, 0x0600})
_APPLE: Final = frozenset({0x000B})


@dataclass(frozen=True, slots=True)
class _Form:
    """How the notes begin that start with these bytes.

    Attributes:
        directory: where their directory is, from their beginning. own: offsets in it count from there, too.
        order_at: where their byte order is written, None if it is the file's.
    """

    start: bytes
    tags: frozenset[int]
    directory: int
    own: bool = False
    order_at: int | None = None


_FORMS: Final = (
    _Form(b"Nikon\x00\x02", _NIKON, 18, own=True, order_at=10),
    _Form(b"OLYMPUS\x00", _OLYMPUS, 12, own=True, order_at=8),
    _Form(b"OM SYSTEM\x00", _OLYMPUS, 16, own=True, order_at=12),
    _Form(b"OLYMP\x00", _OLYMPUS, 8),
    _Form(b"FUJIFILM", _FUJI, 12, own=True),
    _Form(b"Panasonic\x00", _PANASONIC, 12),
    _Form(b"Apple iOS\x00", _APPLE, 14, own=True, order_at=12),
    _Form(b"SONY ", _SONY, 12),
)
_BY_MAKE: Final = {"canon": CANON, "nikon": _NIKON, "sony": _SONY}
"""Makers whose notes may be a directory and nothing else."""
_SAME_NOTES: Final = {"leica": "panasonic", "om": "olympus"}
_ORDERS: Final = {b"II": "I", b"MM": "M"}
_NAMES: Final = {"I": "little", "M": "big"}


def maker_of(make: str) -> str:
    """The first word of a make, lower case, or of the maker whose notes it writes; empty for none."""
    words = make.lower().split()
    return _SAME_NOTES.get(words[0], words[0]) if words else ""


def read_notes(parser: Parser, place: Place, make: str) -> None:
    """Add a maker's tags to the parser's as "MakerNote Tag 0x0026", and `ORDER`; nothing for notes of unknown form."""
    start, _ = place
    begin = parser.block((start, 20))
    form = next((form for form in _FORMS if begin.startswith(form.start)), None)
    if form is None:
        tags = _BY_MAKE.get(maker_of(make))
        if tags:
            read_directory(parser, "MakerNote", start, tags)
        return
    directory = _into(parser, form, start, begin)
    read_directory(parser, "MakerNote", directory, form.tags)
    if form.tags is _OLYMPUS:
        settings = parser.tags.get("MakerNote Tag 0x2020")
        if settings is not None:
            read_directory(parser, "CameraSettings", _inner(settings), _OLYMPUS_SETTINGS)


def _into(parser: Parser, form: _Form, start: int, begin: bytes) -> int:
    """Set byte order and origin as the notes have them; where their directory lies then."""
    if form.order_at is not None:
        parser.endian = _ORDERS.get(begin[form.order_at : form.order_at + 2], parser.endian)
    if form.start == b"FUJIFILM":
        parser.endian = "I"
    if not form.own:
        return start + form.directory
    # Nikon's notes hold a TIFF header, from which its offsets count.
    header = form.order_at if form.start.startswith(b"Nikon") and form.order_at else 0
    parser.offset += start + header
    return form.directory - header


def _inner(tag: object) -> int:
    """A directory within: its offset is the tag's value, or the directory is the value."""
    values, offset, length = (getattr(tag, name) for name in ("values", "field_offset", "field_length"))
    return int(values[0]) if length <= 4 else int(offset)


def read_directory(parser: Parser, name: str, directory: int, tags: frozenset[int]) -> None:
    """Add these tags of a directory under a name, each in one piece."""
    parser.only = tags
    parser.dump_ifd(directory, name, tag_dict={})
    parser.only = frozenset()
    parser.tags[ORDER] = _NAMES[parser.endian]
