"""The marks that other programs left in a photo's XMP: rating, flag, label, and the burst it belongs to.

Parsed as a stream within bounds; a document that defines entities is refused, so that none can grow.
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final
from xml.parsers import expat

from photocull.core.errors import one_line
from photocull.photo import marking

_MOST_BYTES: Final = 4 << 20
_MOST_TEXT: Final = 200
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_BURST: Final = "http://ns.google.com/photos/1.0/camera/ BurstID"
_WANTED: Final = marking.PROPERTIES | {_BURST}
_LABEL_LIMIT: Final = 60


@dataclass(frozen=True, slots=True)
class Marks:
    """What XMP says; None where it is silent. rating: -1 (rejected) to 5. pick: "pick", "reject" or "none"."""

    rating: int | None = None
    pick: str | None = None
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
            for key in _WANTED.intersection(attributes):
                self.found.setdefault(key, attributes[key][:_MOST_TEXT])
        described = self._open[-3:-1] == [f"{_RDF} RDF", f"{_RDF} Description"]
        self._text = [] if described and name in _WANTED else None

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
    return Marks(_stars(found), _flag(found), _label(found), _word(found.get(_BURST)))


def _stars(found: Mapping[str, str]) -> int | None:
    if marking.RATING in found:
        return marking.whole_number(found[marking.RATING], -1, 5)
    beside = marking.stars_beside(found.get)
    return None if beside is None else beside[0]


def _flag(found: Mapping[str, str]) -> str | None:
    """One word of all; nothing where they disagree, as nobody can be asked here."""
    words = {word for word, _ in marking.flags(found.get)}
    verdicts = words - {marking.NONE}
    if len(verdicts) > 1:
        return None
    return next(iter(verdicts or words), None)


def _label(found: Mapping[str, str]) -> str | None:
    """A word; where digiKam gives a colour that is no label it leaves the word of the one before."""
    number = found.get(marking.DIGIKAM_COLOUR) or ""
    written = _word(marking.DIGIKAM_OTHERS.get(number)) or _word(found.get(marking.LABEL))
    colour = marking.DIGIKAM_COLOURS.get(number, marking.NONE)
    return written or (None if colour == marking.NONE else colour)


def _read(packet: bytes | str) -> dict[str, str]:
    reader, parser = _Reader(), expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler, parser.EndElementHandler = reader.start, reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _refuse
    with suppress(expat.ExpatError, ValueError, LookupError, _RefusedError):
        parser.Parse(packet, True)
    return {name: text.strip() for name, text in reader.found.items()}


def _refuse(*_: object) -> None:
    raise _RefusedError


def _word(written: str | None) -> str | None:
    return one_line(written or "", _LABEL_LIMIT) or None
