"""The marks that other programs left in a photo's XMP: rating, label, and the burst it belongs to.

Parsed as a stream within bounds; a document that defines entities is refused, so that none can grow.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from photocull.core.errors import one_line

_MOST_BYTES: Final = 4 << 20
_MOST_TEXT: Final = 200
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XAP: Final = "http://ns.adobe.com/xap/1.0/"
_RATING: Final = f"{_XAP} Rating"
_LABEL: Final = f"{_XAP} Label"
_BURST: Final = "http://ns.google.com/photos/1.0/camera/ BurstID"
_LABEL_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Marks:
    """What XMP says; None where it is silent. rating: -1 (rejected) to 5."""

    rating: int | None = None
    label: str | None = None
    burst: str | None = None


class _RefusedError(Exception):
    """The document defines what documents of photos have no need of."""


class _Reader:
    """Collects the wanted properties of the photo itself, not those of what it was made from."""

    def __init__(self) -> None:
        self.found: dict[str, str] = {}
        self._open: list[str] = []
        self._text: list[str] | None = None

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name)
        if self._open[-2:] == [f"{_RDF} RDF", f"{_RDF} Description"]:
            for key in (_RATING, _LABEL, _BURST):
                if key in attributes:
                    self.found.setdefault(key, attributes[key][:_MOST_TEXT])
        described = self._open[-3:-1] == [f"{_RDF} RDF", f"{_RDF} Description"]
        self._text = [] if described and name in (_RATING, _LABEL, _BURST) else None

    def text(self, content: str) -> None:
        if self._text is not None and len(self._text) < _MOST_TEXT:
            self._text.append(content[:_MOST_TEXT])

    def end(self, name: str) -> None:
        if self._text is not None:
            self.found.setdefault(name, "".join(self._text)[:_MOST_TEXT])
        self._text = None
        self._open.pop()


def marks_of(packet: bytes | str | None) -> Marks:
    """The marks in an XMP packet; never raises for its content, and keeps what stands before a fault."""
    if not packet or len(packet) > _MOST_BYTES:
        return Marks()
    found = _read(packet.strip("\0 ") if isinstance(packet, str) else packet.strip(b"\0 "))
    return Marks(whole_number(found.get(_RATING), -1, 5), _word(found.get(_LABEL)), _word(found.get(_BURST)))


def _read(packet: bytes | str) -> dict[str, str]:
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    with suppress(expat.ExpatError, ValueError, LookupError, _RefusedError):
        parser.Parse(packet, True)
    return reader.found


def _refuse(*_: object) -> None:
    raise _RefusedError


def whole_number(written: str | None, least: int, most: int) -> int | None:
    """A property as a whole number, also where it is written as a decimal; None for anything outside these bounds."""
    try:
        number = float(written or "")
    except ValueError:
        return None
    return round(number) if least <= number <= most else None


def _word(written: str | None) -> str | None:
    return one_line(written or "", _LABEL_LIMIT) or None
