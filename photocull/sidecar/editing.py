"""Surgical edits: only the bytes of the wanted properties change, everything else stays as it was written."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from xml.sax.saxutils import escape

from photocull.sidecar.document import Document, Home, Property, Span, refused
from photocull.sidecar.names import META, PREFIXES, RDF
from photocull.sidecar.parsing import parse

BLANK: Final = (
    f'<?xml version="1.0" encoding="UTF-8"?>\n<x:xmpmeta xmlns:x="{META}" x:xmptk="Photocull">\n'
    f' <rdf:RDF xmlns:rdf="{RDF}">\n  <rdf:Description rdf:about=""/>\n </rdf:RDF>\n</x:xmpmeta>\n'
).encode()
"""A sidecar that says nothing yet (XMP specification part 1, 7.3 to 7.4)."""
_UNWRITABLE: Final = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write (2.2)."""


@dataclass(frozen=True, slots=True)
class ListChange:
    """Entries to be in an array, added at its end where they are not, and entries to be in it no more."""

    add: tuple[str, ...] = ()
    drop: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be different.

    Attributes:
        values: simple property -> text, or None for no such property.
        lists: array -> its changes.
    """

    values: Mapping[str, str | None] = field(default_factory=dict)
    lists: Mapping[str, ListChange] = field(default_factory=dict)


@dataclass(slots=True)
class _Work:
    """Replacements by place, and what is added to the description."""

    cuts: list[tuple[Span, bytes]] = field(default_factory=list)
    attributes: list[tuple[str, str]] = field(default_factory=list)
    arrays: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)


def edited(document: Document, changes: Changes) -> bytes:
    """The sidecar's new content, in its own encoding; the very same bytes where nothing has to change.

    Raises:
        SidecarError: a property to be changed is written in a form that only its writer understands.
    """
    work = _Work()
    for name, wanted in changes.values.items():
        _set(document, name, None if wanted is None else _UNWRITABLE.sub("", wanted), work)
    for name, change in changes.lists.items():
        _change_list(document, name, change, work)
    _grow(document.home, work)
    data = document.data
    for span, new in sorted(work.cuts, key=lambda cut: (cut[0].start, cut[0].end), reverse=True):
        data = data[: span.start] + new + data[span.end :]
    return document.in_file(data)


def checked(content: bytes, changes: Changes) -> bytes:
    """The content, if it reads as was wanted; a last look before anything is written.

    Raises:
        SidecarError: it does not.
    """
    document = parse(content)
    for name, wanted in changes.values.items():
        if document.text(name) != (None if wanted is None else _UNWRITABLE.sub("", wanted).strip()):
            raise refused("did not come out as it was meant")
    for name, change in changes.lists.items():
        items = set(document.items(name))
        if not set(change.add) <= items or items & set(change.drop):
            raise refused("did not come out as it was meant")
    return content


def _set(document: Document, name: str, wanted: str | None, work: _Work) -> None:
    places = document.all(name)
    if any(place.form in ("array", "other") for place in places):
        if wanted is None or document.text(name) != wanted:
            raise refused(f"has {name.rpartition(' ')[2]} in a form that is not understood")
        return
    for place in places:
        if wanted is None:
            work.cuts.append((_with_space(document.data, place.whole), b""))
        elif place.value.strip() != wanted:
            work.cuts.append(_replaced(document.data, place, wanted))
    if wanted is not None and not places:
        work.attributes.append((name, wanted))


def _replaced(data: bytes, place: Property, wanted: str) -> tuple[Span, bytes]:
    if place.inner is None:
        return place.whole, f"<{place.tag}>{escape(wanted)}</{place.tag}>".encode()
    if place.form == "text":
        return place.inner, escape(wanted).encode()
    return place.inner, _quoted(wanted).encode()


def _quoted(text: str) -> str:
    """For an attribute in either kind of quotes; line ends as references, or parsers make spaces of them."""
    return escape(text, {'"': "&quot;", "'": "&apos;", "\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})


def _with_space(data: bytes, span: Span) -> Span:
    """With the line end and the indentation before it, so that no empty line is left behind; not with more."""
    start = span.start
    while data[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    for end in (b"\r\n", b"\n", b"\r"):
        if data[start - len(end) : start] == end:
            return Span(start - len(end), span.end)
    return Span(start, span.end)


def _change_list(document: Document, name: str, change: ListChange, work: _Work) -> None:
    places = document.all(name)
    if any(place.form != "array" for place in places) and (change.add or change.drop):
        raise refused(f"has {name.rpartition(' ')[2]} in a form that is not understood")
    for place in places:
        for item in place.items:
            if item.text.strip() in change.drop:
                work.cuts.append((_with_space(document.data, item.whole), b""))
    missing = tuple(entry for entry in dict.fromkeys(change.add) if entry not in document.items(name))
    if not missing:
        return
    if places and places[0].inner is not None:
        work.cuts.append(_appended(document, places[0], missing))
    else:  # an empty container tag has no inside to add to
        work.cuts += [(_with_space(document.data, place.whole), b"") for place in places]
        work.arrays.append((name, missing))


def _appended(document: Document, place: Property, missing: Sequence[str]) -> tuple[Span, bytes]:
    prefix = place.tag.rpartition(":")[0]
    tag = f"{prefix}:li" if prefix else "li"
    assert place.inner is not None
    end = place.items[-1].whole.end if place.items else place.inner.start
    before = (
        document.data[_with_space(document.data, place.items[-1].whole).start : place.items[-1].whole.start]
        if place.items
        else b""
    )
    return Span(end, end), b"".join(before + f"<{tag}>{escape(entry)}</{tag}>".encode() for entry in missing)


def _grow(home: Home, work: _Work) -> None:
    """New attributes and elements of the description, with the namespaces that it does not know yet."""
    if not work.attributes and not work.arrays:
        return
    prefixes = _Prefixes(home.prefixes)
    attributes = [f'{prefixes.named(name)}="{_quoted(text)}"' for name, text in work.attributes]
    elements = "".join(_element(prefixes, name, entries) for name, entries in work.arrays)
    declared = [f'xmlns:{prefix}="{space}"' for prefix, space in prefixes.new.items()]
    grown = "".join(f"\n    {text}" for text in (*declared, *attributes)).encode()
    if elements and home.empty:
        end = f">{elements}\n  </{home.tag}>"
        work.cuts.append((Span(home.grow, home.tag_end), grown + end.encode()))
        return
    work.cuts.append((Span(home.grow, home.grow), grown))
    if elements:
        work.cuts.append((Span(home.tag_end, home.tag_end), elements.encode()))


@dataclass(slots=True)
class _Prefixes:
    """Prefixes that hold in the description; ``new`` are those that it has to declare."""

    known: Mapping[str, str]
    new: dict[str, str] = field(default_factory=dict)

    def named(self, name: str) -> str:
        """The property as it is written there."""
        space, _, local = name.rpartition(" ")
        return f"{self.of(space)}:{local}"

    def of(self, space: str) -> str:
        """A prefix for this namespace: one that holds, else the usual one or one like it."""
        for prefix, known in {**self.known, **self.new}.items():
            if known == space and prefix:
                return prefix
        usual = PREFIXES.get(space, "rdf" if space == RDF else "ns")
        prefix, number = usual, 1
        while prefix in self.known or prefix in self.new:
            prefix, number = f"{usual}{number}", number + 1
        self.new[prefix] = space
        return prefix


def _element(prefixes: _Prefixes, name: str, entries: Sequence[str]) -> str:
    tag, rdf = prefixes.named(name), prefixes.of(RDF)
    lines = "".join(f"\n     <{rdf}:li>{escape(entry)}</{rdf}:li>" for entry in entries)
    return f"\n   <{tag}>\n    <{rdf}:Bag>{lines}\n    </{rdf}:Bag>\n   </{tag}>"
