"""From a sidecar's bytes to a `Document`: the encoding told, hostile XML refused, known properties found."""

import codecs
import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

from photocull.sidecar.document import MOST_BYTES, Document, Form, Home, Item, Property, Span, refused
from photocull.sidecar.names import KNOWN, RDF

_MOST_DEPTH: Final = 100
_TAG: Final = re.compile(rb"<([^\s/>]+)((?:\s+[^\s=]+\s*=\s*(?:\"[^\"]*\"|'[^']*'))*)\s*(/?)>")
_ATTRIBUTE: Final = re.compile(rb"\s+([^\s=]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
_DECLARED: Final = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_ENCODINGS: Final = frozenset(("utf-8", "utf-16-le", "utf-16-be", "iso8859-1", "cp1252"))
_CONTAINERS: Final = frozenset(f"{RDF} {kind}" for kind in ("Bag", "Seq", "Alt"))
_DESCRIPTION: Final = f"{RDF} Description"


def parse(content: bytes) -> Document:
    """Read a sidecar.

    XMP specification part 1 (ISO 16684-1), clause 7: properties are attributes or elements of the ``rdf:Description``s
    right below ``rdf:RDF``; what they hold inside belongs to them.

    Raises:
        SidecarError: empty, larger than `MOST_BYTES`, not well-formed, with a document type, too deep, or no XMP.
    """
    if not content.strip(b"\0 \t\r\n"):
        raise refused("is empty")
    if len(content) > MOST_BYTES:
        raise refused(f"is larger than {MOST_BYTES >> 20} MB")
    mark, encoding, data = _decoded(content)
    reader = _Reader(data)
    home = reader.read()
    return Document(data, encoding, mark, tuple(reader.found), home)


def _decoded(content: bytes) -> tuple[bytes, str, bytes]:
    """Byte order mark, encoding, and the content as UTF-8; only where the way back gives the very same bytes."""
    mark, encoding = next(((m, e) for m, e in _MARKS if content.startswith(m)), (b"", ""))
    body = content[len(mark) :]
    if not encoding:
        encoding = {b"<\0": "utf-16-le", b"\0<": "utf-16-be"}.get(body[:2], "") or _declared(body)
    if encoding not in _ENCODINGS:
        raise refused(f"is written in an encoding that is not read ({encoding})")
    try:
        text = body.decode(encoding)
        same = text.encode(encoding) == body
    except UnicodeError:
        same = False
    if not same:
        raise refused("holds bytes that are no text")
    return mark, encoding, text.encode("utf-8")


def _declared(body: bytes) -> str:
    found = _DECLARED.match(body)
    if found is None:
        return "utf-8"
    name = found[1].decode("ascii")
    try:
        known = codecs.lookup(name).name
    except LookupError:
        return name
    return "utf-8" if known == "ascii" else known


@dataclass(slots=True)
class _Draft:
    """A property that is being read."""

    name: str
    start: int
    tag: str
    tag_end: int
    empty: bool
    qualified: bool
    text: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    container: tuple[str, int, bool] | None = None
    container_close: int = 0
    item: tuple[int, list[str]] | None = None
    other: bool = False


class _Reader:
    """Walks the document once; knows its place by the names of the open elements."""

    def __init__(self, data: bytes) -> None:
        self.found: list[Property] = []
        self._data = data
        self._open: list[str] = []
        self._scopes: list[dict[str, str]] = [{}]
        self._new: dict[str, str] = {}
        self._rdf = 0
        self._home: Home | None = None
        self._home_open: tuple[int, int, str, dict[str, str]] | None = None
        self._draft: _Draft | None = None
        self._parser = expat.ParserCreate("utf-8", namespace_separator=" ")

    def read(self) -> Home:
        """Walk; the first description of the photo."""
        parser = self._parser
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_type
        parser.StartNamespaceDeclHandler = lambda prefix, uri: self._new.__setitem__(prefix or "", uri or "")
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(self._data, True)
        except expat.ExpatError as error:
            raise refused(f"is not well-formed XML (line {error.lineno})") from error
        except ValueError as error:
            raise refused("is not well-formed XML") from error
        if self._home is None:
            raise refused("holds no description of a photo (XMP)")
        return self._home

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._open.append(name)
        if len(self._open) > _MOST_DEPTH:
            raise refused("is nested deeper than any sidecar")
        self._scopes.append({**self._scopes[-1], **self._new} if self._new else self._scopes[-1])
        self._new = {}
        depth = len(self._open)
        if not self._rdf and depth <= 2 and name == f"{RDF} RDF":
            self._rdf = depth
        below = depth - self._rdf if self._rdf else 0
        if below == 1 and name == _DESCRIPTION:
            self._describe(attributes)
        elif below == 2 and self._open[-2] == _DESCRIPTION and name in KNOWN:
            self._begin(name)
        elif below > 2 and self._draft is not None:
            self._inside(self._draft, name, below)

    def _tag(self) -> "re.Match[bytes]":
        found = _TAG.match(self._data, self._parser.CurrentByteIndex)
        if found is None:  # expat accepts what the pattern does not; nothing is edited that is not understood
            raise refused("is written in a way that is not understood")
        return found

    def _describe(self, attributes: dict[str, str]) -> None:
        tag, scope = self._tag(), self._scopes[-1]
        if self._home is None and self._home_open is None:
            self._home_open = (tag.end(2), tag.end(), tag[1].decode("utf-8"), scope)
        for found in _ATTRIBUTE.finditer(self._data, tag.start(2), tag.end(2)):
            prefix, _, local = found[1].decode("utf-8").partition(":")
            name = f"{scope.get(prefix, '')} {local}"
            if local and prefix not in ("xmlns", "xml") and name in KNOWN:
                quoted = 2 if found[2] is not None else 3
                whole, inner = Span(found.start(1), found.end()), Span(*found.span(quoted))
                self.found.append(
                    Property(name, "attribute", attributes[name], (), whole, inner, found[1].decode("utf-8"))
                )

    def _begin(self, name: str) -> None:
        tag = self._tag()
        attributes = [found[1] for found in _ATTRIBUTE.finditer(self._data, tag.start(2), tag.end(2))]
        qualified = any(not (a == b"xmlns" or a.startswith(b"xmlns:")) for a in attributes)
        self._draft = _Draft(name, tag.start(), tag[1].decode("utf-8"), tag.end(), bool(tag[3]), qualified)

    def _inside(self, draft: _Draft, name: str, below: int) -> None:
        if below == 3 and name in _CONTAINERS and draft.container is None:
            tag = self._tag()
            draft.container = (tag[1].decode("utf-8"), tag.end(), bool(tag[3]))
        elif below == 4 and name == f"{RDF} li" and draft.container is not None:
            draft.item = (self._parser.CurrentByteIndex, [])
        elif below <= 3:
            draft.other = True

    def _text(self, text: str) -> None:
        draft = self._draft
        if draft is not None:
            below = len(self._open) - self._rdf
            if below == 2:
                draft.text.append(text)
            elif below == 4 and draft.item is not None:
                draft.item[1].append(text)

    def _end(self, name: str) -> None:
        below = len(self._open) - self._rdf if self._rdf else 0
        if below == 1 and self._home is None and self._home_open is not None:
            self._close_home(*self._home_open)
        elif self._draft is not None:
            self._leave(self._draft, below)
        self._open.pop()
        self._scopes.pop()

    def _close_home(self, grow: int, tag_end: int, tag: str, scope: dict[str, str]) -> None:
        empty = self._data[tag_end - 2 : tag_end] == b"/>"
        close = tag_end if empty else self._parser.CurrentByteIndex
        self._home = Home(grow, tag_end, empty, close, tag, dict(scope))

    def _leave(self, draft: _Draft, below: int) -> None:
        at = self._parser.CurrentByteIndex
        if below == 4 and draft.item is not None:
            start, texts = draft.item
            tag = _TAG.match(self._data, start)
            end = tag.end() if tag is not None and tag[3] else self._after(at)
            draft.items.append(Item("".join(texts), Span(start, end)))
            draft.item = None
        elif below == 3 and draft.container is not None and not draft.container_close:
            draft.container_close = at
        elif below == 2:
            self.found.append(_finished(draft, at, draft.tag_end if draft.empty else self._after(at)))
            self._draft = None

    def _after(self, at: int) -> int:
        """Behind the end tag that begins here."""
        return self._data.index(b">", at) + 1


def _finished(draft: _Draft, close: int, end: int) -> Property:
    form: Form = "other" if draft.other or draft.qualified else "text"
    inner: Span | None = None if draft.empty else Span(draft.tag_end, close)
    tag = draft.tag
    if draft.container is not None and not draft.other and not draft.qualified:
        form, (tag, start, empty) = "array", draft.container
        inner = None if empty else Span(start, draft.container_close)
    return Property(draft.name, form, "".join(draft.text), tuple(draft.items), Span(draft.start, end), inner, tag)


def _refuse_type(*_: object) -> None:
    raise refused("defines a document type, as no sidecar does")
