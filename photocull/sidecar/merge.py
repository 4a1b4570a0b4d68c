"""One word a field out of many statements: of the properties in a file, of a photo's files, of file and photo.

What changed outside since we wrote wins over what we wrote. Where two others differ, the difference is told and nothing
is guessed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from photocull.core.types import DecisionField
from photocull.sidecar.dialects import NONE, Recorded, Statement, recorded, stars_hidden, statements
from photocull.sidecar.document import Document

FIELDS: Final[tuple[DecisionField, ...]] = get_args(DecisionField)
_WORDS: Final = {NONE: "nothing", "1": "1 star", **{str(n): f"{n} stars" for n in range(2, 6)}}


@dataclass(frozen=True, slots=True)
class Word:
    """What lies outside on one field.

    Attributes:
        value: a journal's value or `NONE`; None where sources disagree.
        ours: it is what Photocull itself put there by a policy, and nobody changed it since.
        unchanged: it is what Photocull put there, whoever's mark it was.
        weak: it is `NONE`, and nothing shows that this field was ever used.
        said: the words of sources that disagree.
    """

    value: str | None
    ours: bool = False
    unchanged: bool = False
    weak: bool = False
    said: tuple[tuple[str, str], ...] = ()

    @property
    def key(self) -> str:
        """To know the same word again."""
        return "|".join(value for _, value in self.said) if self.value is None else self.value

    @property
    def sentence(self) -> str:
        """The disagreement in words, "xmp:Rating says 4 stars, …"; empty where there is none."""
        if self.value is not None:
            return ""
        return ", ".join(f"{source} says {words(value)}" for source, value in self.said)


def words(value: str | None) -> str:
    """A value as people say it."""
    return _WORDS.get(value or NONE, value or "nothing")


def in_file(document: Document) -> dict[DecisionField, Word]:
    """What one sidecar says, by field; fields on which it is silent are absent."""
    said, own = statements(document), recorded(document)
    found = {field: _of_field([s for s in said if s.field == field], own.get(field)) for field in FIELDS}
    if stars_hidden(document):
        found["rating"] = _hidden_stars([s for s in said if s.field == "rating"], own.get("rating"))
    return {field: word for field, word in found.items() if word is not None}


def of_photo(files: Sequence[tuple[str, Mapping[DecisionField, Word]]]) -> dict[DecisionField, Word]:
    """What all of a photo's sidecars say together.

    Args:
        files: name and words of each.
    """
    found: dict[DecisionField, Word] = {}
    for field in FIELDS:
        spoken = [(name, words[field]) for name, words in files if field in words]
        if spoken:
            found[field] = _together(spoken)
    return found


def _of_field(said: Sequence[Statement], own: Recorded | None) -> Word | None:
    """Statements that repeat our record are as we left them; the others were made outside.

    "Nothing" beside a value is no contradiction: programs write it for fields that nobody used.
    """
    news = said if own is None else [s for s in said if s.one_of_several or s.value != own.value]
    values = _distinct(s.value for s in news)
    if len(values) > 1:
        return Word(None, said=tuple((s.source, s.value) for s in news if s.value != NONE))
    if values:
        return Word(values[0])
    if own is None:
        return Word(NONE, weak=True) if said else None
    taken_back = own.value != NONE and (news or not said)
    return Word(NONE) if taken_back else _as_left(own)


def _hidden_stars(said: Sequence[Statement], own: Recorded | None) -> Word | None:
    """Only stars are news: none that another program states may be those that it never saw."""
    stars = [s for s in said if s.value != NONE]
    return _of_field(stars or said, own) if own is None or stars else _as_left(own)


def _as_left(own: Recorded) -> Word:
    return Word(own.value, ours=own.by == "photocull", unchanged=True)


def _together(spoken: Sequence[tuple[str, Word]]) -> Word:
    unclear = [(f"{source} in {name}", value) for name, word in spoken for source, value in word.said]
    if unclear:
        return Word(None, said=tuple(unclear))
    strong = [pair for pair in spoken if not pair[1].weak] or list(spoken)
    news = [pair for pair in strong if not pair[1].unchanged] or strong
    values = list(dict.fromkeys(word.value for _, word in news))
    if len(values) > 1:
        return Word(None, said=tuple((name, word.value or NONE) for name, word in news))
    return news[0][1]


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(value for value in values if value != NONE))
