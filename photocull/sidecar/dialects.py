"""What the properties of Lightroom, darktable, digiKam, Capture One, Photo Mechanic and FastRawViewer say of a photo.

Each property that states a rating, a flag or a label becomes one statement in our words; `merge` makes one of them all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from photocull.core.types import DecisionField
from photocull.photo import marking
from photocull.sidecar import names
from photocull.sidecar.document import Document

NONE: Final = marking.NONE
"""No stars, no flag, no label, said outright."""
Side = Literal["photographer", "photocull"]

_DARKTABLE_COLOURS: Final = ("red", "yellow", "green", "blue", "purple")
_COLOUR_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "red": ("red", "rot", "rouge", "rood", "rojo", "rosso", "vermelho", "röd", "赤", "红色"),
    "yellow": ("yellow", "gelb", "jaune", "geel", "amarillo", "giallo", "amarelo", "gul", "黄", "黄色"),
    "green": ("green", "grün", "vert", "groen", "verde", "grön", "緑", "绿色"),
    "blue": ("blue", "blau", "bleu", "blauw", "azul", "blu", "blå", "青", "蓝色"),
    "purple": ("purple", "lila", "violet", "paars", "púrpura", "viola", "roxo", "magenta", "紫", "紫色"),
}
"""Lightroom writes the name of the label in the language that it is set to."""
_BY_WORD: Final = {word: colour for colour, words in _COLOUR_WORDS.items() for word in words}


_RECORDED: Final[Mapping[DecisionField, frozenset[str]]] = {
    "rating": frozenset((NONE, *"012345")),
    "pick": frozenset((NONE, "pick", "reject")),
    "label": frozenset((NONE, *_COLOUR_WORDS)),
}
"""All that we ever write; whatever else stands there is no record, for anybody can write into a file."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One property's word on one field: a value of the journal or `NONE`, and the property as people know it."""

    field: DecisionField
    value: str
    source: str
    one_of_several: bool = False
    """Of a list that says more than one, which as a whole is another word than each of its parts."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What our own namespace records that Photocull wrote, and whose mark it was."""

    value: str
    by: Side


def statements(document: Document) -> tuple[Statement, ...]:
    """Everything that a sidecar states, strongest first; values that make no sense state nothing."""
    return (*_ratings(document), *_picks(document), *_labels(document))


def recorded(document: Document) -> dict[DecisionField, Recorded]:
    """Our own record of each field, where there is one that we can have written."""
    own: tuple[tuple[DecisionField, str, str], ...] = (
        ("rating", names.OWN_RATING, names.OWN_RATING_BY),
        ("pick", names.OWN_PICK, names.OWN_PICK_BY),
        ("label", names.OWN_LABEL, names.OWN_LABEL_BY),
    )
    found: dict[DecisionField, Recorded] = {}
    for name, value, by in own:
        text = document.text(value)
        if text in _RECORDED[name]:
            side: Side = "photocull" if document.text(by) == "photocull" else "photographer"
            found[name] = Recorded(NONE if text == "0" else text, side)
    return found


def colour_of(text: str) -> str | None:
    """The label that a text stands for, in any of the languages that programs write; None for any other text."""
    return _BY_WORD.get(text.strip().casefold())


def of_its_own(document: Document) -> frozenset[DecisionField]:
    """The fields in which another program keeps a value that is none of ours: only a photographer may replace it."""
    text = document.text(names.LABEL) or "none"
    label = text.lower() != "none" and colour_of(text) is None
    label = label or document.text(names.DIGIKAM_COLOUR) in marking.DIGIKAM_OTHERS
    pending = document.text(names.DIGIKAM_PICK) == marking.DIGIKAM_PENDING
    fields: dict[DecisionField, bool] = {"label": label, "pick": pending}
    return frozenset(name for name, kept in fields.items() if kept)


def rejected_by_stars(document: Document) -> bool:
    """Whether ``xmp:Rating`` is used for a reject: -1, or the 6 that darktable once wrote (its issue 5010)."""
    return _number(document.text(names.RATING)) in (-1, 6)


def stars_hidden(document: Document) -> bool:
    """Whether stars have no place but our record: a reject stands in theirs, or stood there and nothing took its place.

    Programs end a reject by 0 or by no rating at all, which says nothing of stars that they never saw.
    """
    ended = document.text(names.OWN_WRITTEN) == "-1" and _number(document.text(names.RATING)) not in range(1, 6)
    return ended or rejected_by_stars(document)


def _ratings(document: Document) -> Iterator[Statement]:
    """Stars; what is rejected has none to tell, and only where ``xmp:Rating`` is absent others are asked.

    XMP part 2: -1 rejected, 0 unrated, 1 to 5.
    """
    written = _number(document.text(names.RATING))
    if written is not None:
        if 0 <= written <= 5:
            yield _stars(str(written), "xmp:Rating")
        return
    beside = marking.stars_beside(document.text)
    if beside is not None:
        yield _stars(str(beside[0]), beside[1])


def _stars(text: str, source: str) -> Statement:
    return Statement("rating", NONE if text == "0" else text, source)


def _picks(document: Document) -> Iterator[Statement]:
    """Flags. Where we wrote a reject as -1 and stars stand now, another program took the reject back by them."""
    if rejected_by_stars(document):
        yield Statement("pick", "reject", "xmp:Rating")
    elif document.text(names.OWN_WRITTEN) == "-1":
        yield Statement("pick", NONE, "xmp:Rating")
    for word, source in marking.flags(document.text):
        yield Statement("pick", word, source)


def _labels(document: Document) -> Iterator[Statement]:
    """Colours; one that is none of ours, in words ("To do") or in digiKam's numbers, is no label here.

    Where digiKam gives a colour of its own it leaves the word of the one before, which says nothing then unless our
    record tells that it came later.
    """
    other = document.text(names.DIGIKAM_COLOUR) in marking.DIGIKAM_OTHERS
    text = document.text(names.LABEL)
    if text is not None and not (other and document.text(names.OWN_LABEL) is None):
        yield Statement("label", colour_of(text) or NONE, "xmp:Label")
    numbers = [number for number in document.items(names.DARKTABLE_COLOURS) if number in ("0", "1", "2", "3", "4")]
    for number in numbers:
        yield Statement("label", _DARKTABLE_COLOURS[int(number)], "darktable:colorlabels", len(numbers) > 1)
    colour = NONE if other else marking.DIGIKAM_COLOURS.get(document.text(names.DIGIKAM_COLOUR) or "")
    if colour is not None:
        yield Statement("label", colour, "digiKam:ColorLabel")


def _number(text: str | None) -> int | None:
    return marking.whole_number(text, -10, 10)
