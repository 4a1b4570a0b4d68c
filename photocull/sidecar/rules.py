"""From marks and scores to the properties that a sidecar is to have; a pure function of them, the file and settings."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, cast, get_args

from photocull.core.errors import UsageError
from photocull.core.settings import Settings
from photocull.core.types import DecisionField
from photocull.sidecar import names
from photocull.sidecar.dialects import (
    NONE,
    Recorded,
    Side,
    colour_of,
    of_its_own,
    recorded,
    rejected_by_stars,
    stars_hidden,
)
from photocull.sidecar.document import Document
from photocull.sidecar.editing import Changes, ListChange
from photocull.sidecar.naming import Naming

Reject = Literal["stars-kept", "portable", "both"]
"""How a reject is written: Lightroom's flag beside the stars; ``xmp:Rating`` -1, stars kept by us; or both."""
_MICROSOFT: Final = {"0": "0", "1": "1", "2": "25", "3": "50", "4": "75", "5": "99"}
_DARKTABLE: Final = {"red": "0", "yellow": "1", "green": "2", "blue": "3", "purple": "4"}
_DIGIKAM: Final = {NONE: "0", "red": "1", "yellow": "3", "green": "4", "blue": "5", "purple": "6"}
_BRANCH: Final = "Photocull|"


@dataclass(frozen=True, slots=True)
class Rules:
    """What a person chose: names of new sidecars, how rejects are written, whether themes become keywords."""

    naming: Naming = "stem"
    reject: Reject = "both"
    keywords: bool = False


def rules_of(settings: Settings) -> Rules:
    """The rules that a person has set.

    Raises:
        UsageError: a word that no rule has.
    """
    naming = _one_of("sidecar_names", settings.sidecar_names, get_args(Naming))
    reject = _one_of("sidecar_rejects", settings.sidecar_rejects, get_args(Reject))
    return Rules(cast("Naming", naming), cast("Reject", reject), settings.sidecar_keywords)


def _one_of(setting: str, word: str, known: tuple[str, ...]) -> str:
    if word not in known:
        raise UsageError(f"The setting '{setting}' cannot be '{word}'.", remedy=f"It can be {', '.join(known)}.")
    return word


@dataclass(frozen=True, slots=True)
class Scores:
    """What a model said of the photo, 0..10 each, and the identities of model and content."""

    aesthetic: float
    colour: float
    technical: float
    overall: float
    model: str
    model_fingerprint: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Record:
    """All that is to be said of a photo.

    Attributes:
        marks: the fields that someone decided, `NONE` where they were cleared; others are not touched.
        scores: None where no model judged it. keywords: themes as words.
    """

    marks: Mapping[DecisionField, Recorded]
    scores: Scores | None = None
    keywords: tuple[str, ...] = ()


def wishes(record: Record, document: Document, rules: Rules) -> Changes:
    """The changes that make a sidecar say this; other programs' properties follow only where they are there already.

    A value that is none of ours stays until a photographer gives one here.
    """
    others = of_its_own(document)
    given = {name: mark for name, mark in record.marks.items() if mark.by == "photographer" or name not in others}
    marks = {**_kept_stars(given, document), **given}
    values: dict[str, str | None] = {}
    lists: dict[str, ListChange] = {}
    values.update(_stars(marks, document, rules))
    if "pick" in marks:
        values.update(_flag(marks["pick"], document, rules))
    if "label" in marks:
        values.update(_label(marks["label"], document))
        lists.update(_darktable(marks["label"], document))
    if record.scores is not None:
        values.update(_scores(record.scores))
    if rules.keywords:
        lists.update(_keywords(record.keywords, document))
    return Changes(values, lists)


def _kept_stars(given: Mapping[DecisionField, Recorded], document: Document) -> Mapping[DecisionField, Recorded]:
    """Stars that the file alone knows, which a reject written as -1 would take away."""
    own = recorded(document).get("rating")
    written = document.text(names.RATING)
    ends = "pick" in given and stars_hidden(document)
    if own is not None and (ends or rejected_by_stars(document)):
        return {"rating": own}
    if "pick" in given and written in ("1", "2", "3", "4", "5"):
        return {"rating": own if own is not None and own.value == written else Recorded(written, "photographer")}
    return {}


def _stars(marks: Mapping[DecisionField, Recorded], document: Document, rules: Rules) -> dict[str, str | None]:
    rating, pick = marks.get("rating"), marks.get("pick")
    stars = "0" if rating is None or rating.value == NONE else rating.value
    rejected = pick is not None and pick.value == "reject" and rules.reject != "stars-kept"
    values: dict[str, str | None] = {}
    if pick is not None:
        values.update({names.OWN_WRITTEN: "-1"} if rejected else _present(document, {names.OWN_WRITTEN: None}))
    if rejected:
        values[names.RATING] = "-1"
    elif pick is not None or not rejected_by_stars(document):  # a reject that is not ours to judge keeps its -1
        there = document.first(names.RATING) is not None
        if (rating is not None and (there or stars != "0")) or rejected_by_stars(document):
            values[names.RATING] = stars
    if rating is not None:
        values |= {names.OWN_RATING: stars, names.OWN_RATING_BY: rating.by}
        microsoft = _MICROSOFT[stars]
        others = {names.MICROSOFT_RATING: microsoft, names.MICROSOFT_RATING_BARE: microsoft, names.ACDSEE_RATING: stars}
        values.update(_present(document, others))
    return values


def _flag(mark: Recorded, document: Document, rules: Rules) -> dict[str, str | None]:
    """Lightroom 13.2 and later writes both: 1 and true, -1 and false; 0 alone for neither."""
    pick = {"pick": "1", "reject": "-1", NONE: "0"}[mark.value]
    good = {"pick": "true", "reject": "false", NONE: None}[mark.value]
    lightroom: dict[str, str | None] = {names.PICK: pick, names.GOOD: good}
    if mark.value == NONE or (mark.value == "reject" and rules.reject == "portable"):
        lightroom = _present(document, lightroom)
    others: dict[str, str | None] = {names.TAGGED: "True" if mark.value == "pick" else "False"}
    if mark.value != NONE or "pick" not in of_its_own(document):
        others[names.DIGIKAM_PICK] = {"pick": "3", "reject": "1", NONE: "0"}[mark.value]
    return {**lightroom, **_present(document, others), names.OWN_PICK: mark.value, names.OWN_PICK_BY: mark.by}


def _label(mark: Recorded, document: Document) -> dict[str, str | None]:
    """The English word, which every program reads, where no word of another language says the same already.

    A label with another text stays until a colour is given.
    """
    values: dict[str, str | None] = {names.OWN_LABEL: mark.value, names.OWN_LABEL_BY: mark.by}
    there = document.text(names.LABEL) or ""
    if mark.value != NONE:
        values[names.LABEL] = there if colour_of(there) == mark.value else mark.value.capitalize()
    elif colour_of(there) is not None:
        values[names.LABEL] = None
    if mark.value == NONE and "label" in of_its_own(document):
        return values
    return values | _present(document, {names.DIGIKAM_COLOUR: _DIGIKAM[mark.value]})


def _darktable(mark: Recorded, document: Document) -> Iterator[tuple[str, ListChange]]:
    """Where ``xmp:Label`` is there darktable reads it, and writes its own list all the same."""
    if document.first(names.DARKTABLE_COLOURS) is not None:
        wanted = (_DARKTABLE[mark.value],) if mark.value != NONE else ()
        drop = tuple(n for n in document.items(names.DARKTABLE_COLOURS) if n in _DARKTABLE.values() and n not in wanted)
        yield names.DARKTABLE_COLOURS, ListChange(wanted, drop)


def _scores(scores: Scores) -> dict[str, str | None]:
    """Four decimals: more than anybody sees, and the same text for the same photo on every machine."""
    return {
        names.OWN_AESTHETIC: f"{scores.aesthetic:.4f}",
        names.OWN_COLOUR: f"{scores.colour:.4f}",
        names.OWN_TECHNICAL: f"{scores.technical:.4f}",
        names.OWN_OVERALL: f"{scores.overall:.4f}",
        names.OWN_MODEL: scores.model,
        names.OWN_MODEL_FINGERPRINT: scores.model_fingerprint,
        names.OWN_FINGERPRINT: scores.fingerprint,
    }


def _keywords(words: tuple[str, ...], document: Document) -> dict[str, ListChange]:
    """Ours are added and, when they no longer hold, taken away; one that a person removed is not added again."""
    before = document.items(names.OWN_KEYWORDS)
    there = document.items(names.SUBJECT)
    removed = {word for word in before if word not in there}
    known = {word.casefold() for word in there}
    add = tuple(w for w in words if w not in removed and (w in before or w.casefold() not in known))
    drop = tuple(word for word in before if word not in words and word not in removed)
    kept = tuple(dict.fromkeys((*(w for w in before if w not in drop), *add)))
    if not add and not drop:
        return {}
    return {
        names.SUBJECT: ListChange(add, drop),
        names.HIERARCHY: ListChange(tuple(_BRANCH + w for w in add), tuple(_BRANCH + w for w in drop)),
        names.OWN_KEYWORDS: ListChange(kept, drop),
    }


def _present(document: Document, values: Mapping[str, str | None]) -> dict[str, str | None]:
    """Those of these properties that the document has."""
    return {name: value for name, value in values.items() if document.first(name) is not None}


__all__ = ["Record", "Reject", "Rules", "Scores", "Side", "rules_of", "wishes"]
