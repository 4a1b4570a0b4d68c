"""An XMP document with places: which known properties the photo has, and where in the bytes each of them stands.

Parsed by expat, whose places in the bytes make surgical edits possible; a document type is refused, so no entity can
grow and nothing outside is ever read. See docs/decisions/0022.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.errors import SidecarError

MOST_BYTES: Final = 32 << 20
"""Far above the largest sidecars of editors, which keep masks in them."""

Form = Literal["attribute", "text", "array", "other"]


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes ``start`` to ``end``, the end left out."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of an array, and where its whole element stands."""

    text: str
    whole: Span


@dataclass(frozen=True, slots=True)
class Property:
    """A known property as it stands in the document.

    Attributes:
        name: as in `names`. form: "other" is anything that only its writer understands (a structure, qualifiers).
        value: of an attribute or a text, white space as it stands. items: of an array.
        whole: the attribute, or the element with its tags.
        inner: what is between quotes or tags; of an array between the tags of its container; None for an empty tag.
        tag: the name as written; of an array, that of its container.
    """

    name: str
    form: Form
    value: str
    items: tuple[Item, ...]
    whole: Span
    inner: Span | None
    tag: str


@dataclass(frozen=True, slots=True)
class Home:
    """The first description of the photo: where new properties go.

    Attributes:
        grow: where a further attribute of its start tag goes. tag_end: after the start tag. empty: ``<.../>``.
        close: where its end tag begins; of an empty one, the end of the tag.
        tag: its name as written. prefixes: prefix -> namespace, as they hold inside.
    """

    grow: int
    tag_end: int
    empty: bool
    close: int
    tag: str
    prefixes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Document:
    """A parsed sidecar.

    Attributes:
        data: the content as UTF-8, without a byte order mark. encoding: what it came in. mark: its byte order mark.
        properties: known ones, in the order in which they stand.
    """

    data: bytes
    encoding: str
    mark: bytes
    properties: tuple[Property, ...]
    home: Home

    def all(self, name: str) -> tuple[Property, ...]:
        """Every place where this property is written; more than one is against the specification, and happens."""
        return tuple(p for p in self.properties if p.name == name)

    def first(self, name: str) -> Property | None:
        """Where it is written first."""
        return next((p for p in self.properties if p.name == name), None)

    def text(self, name: str) -> str | None:
        """A simple property's value, trimmed; None where it is absent or not simple."""
        found = self.first(name)
        return None if found is None or found.form not in ("attribute", "text") else found.value.strip()

    def items(self, name: str) -> tuple[str, ...]:
        """The entries of an array in all its places; a simple value counts as one entry."""
        texts = [
            text.strip()
            for p in self.all(name)
            for text in ([i.text for i in p.items] if p.form == "array" else [p.value])
        ]
        return tuple(dict.fromkeys(text for text in texts if text))

    def in_file(self, data: bytes) -> bytes:
        """Edited UTF-8 as the file keeps it: in its own encoding, with its own byte order mark."""
        if self.encoding == "utf-8":
            return self.mark + data
        return self.mark + data.decode("utf-8").encode(self.encoding, "xmlcharrefreplace")


def refused(reason: str) -> SidecarError:
    """The error for a document that is neither understood nor touched."""
    return SidecarError(f"The sidecar {reason}; it is left as it is.", remedy="Save it anew in the program it is of.")
