"""Names of exported photos: templates such as ``{date}/{camera}-{sequence}``, read once, filled for each photo."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from string import Formatter
from typing import Final

from photocull.catalog.records import PhotoDetail
from photocull.core import showing
from photocull.core.errors import UsageError, one_line
from photocull.picks.choose import local_seconds
from photocull.picks.safe_names import safe

DEFAULT: Final = "{name}"
UNKNOWN: Final = "unknown"
"""What stands for a value that the photo does not have."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A photo to be named.

    Attributes:
        rank: its place in the choice, 1 is best. sequence: its place in time, from 1. count: how many there are.
    """

    detail: PhotoDetail
    rank: int
    sequence: int
    count: int


@dataclass(frozen=True, slots=True)
class Field:
    """One word that a template may hold in braces.

    Attributes:
        about: what it stands for. value: for a photo and what follows the colon in the braces, None where unknown.
        check: raises `ValueError` for what may not follow the colon. scored: the photo must have been read before.
    """

    about: str
    value: Callable[[Subject, str], str | None]
    check: Callable[[str], object]
    scored: bool = True


class Template:
    """A naming template that was found to be sound.

    Raises:
        UsageError: a word that there is not, a brace left open, a path that leads out of the folder.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            if not text.isprintable():
                raise ValueError("it holds characters that no name can have")
            self._parts = [(before, name, form or "") for before, name, form, _ in _parsed(text)]
            for _, name, form in self._parts:
                if name is not None:
                    FIELDS[name].check(form)
        except (ValueError, KeyError) as error:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            what = one_line(str(error).strip("'"), 80)
            raise UsageError(f"This is no template: {what}.", path=text, remedy=f"It may hold {known}.") from error
        if not text.strip("/ ") or text.startswith("/"):
            raise UsageError("A template names a file below the folder.", path=text, remedy=f"For instance: {DEFAULT}")

    @property
    def needs_scores(self) -> bool:
        """Whether photos must have been read and judged before they can be named."""
        return any(name is not None and FIELDS[name].scored for _, name, _ in self._parts)

    def fill(self, subject: Subject) -> PurePosixPath:
        """Folders and name, without an ending, below the export's folder; safe on every file system."""
        filled = "".join(before + self._word(subject, name, form) for before, name, form in self._parts)
        parts = [safe(part) for part in filled.split("/") if part.strip(" ")]
        return PurePosixPath(*parts or [safe("")])

    def _word(self, subject: Subject, name: str | None, form: str) -> str:
        if name is None:
            return ""
        value = FIELDS[name].value(subject, form)
        if value is None:
            return UNKNOWN
        if "/" in form:
            return value
        # Only the template makes folders, not a camera's name; and no photo called by a blank takes its folder's place.
        return value.replace("/", "-") if value.strip(" ") else safe("")


def subjects(details: Sequence[PhotoDetail]) -> list[Subject]:
    """Photos of a choice, best first, with their places in it and in time; those without a time come last."""
    in_time = sorted(range(len(details)), key=lambda i: _moment(details[i]))
    places = {index: place for place, index in enumerate(in_time, 1)}
    return [Subject(one, i + 1, places[i], len(details)) for i, one in enumerate(details)]


def preview(text: str, details: Sequence[PhotoDetail], count: int = 3) -> list[str]:
    """What the template makes of the first photos of a choice, endings included, before names that meet are told apart.

    Raises:
        UsageError: the template is not sound.
    """
    template = Template(text)
    return [f"{template.fill(one)}{one.detail.row.path.suffix}" for one in subjects(details)[:count]]


def _parsed(text: str) -> list[tuple[str, str | None, str | None, str | None]]:
    parsed = list(Formatter().parse(text))
    for _, name, form, conversion in parsed:
        if conversion is not None or (form is not None and "{" in form):
            raise ValueError("only a word and a form may stand in braces")
        if name is not None and name not in FIELDS:
            raise KeyError(f"there is no {{{name}}}")
    return parsed


def _moment(detail: PhotoDetail) -> tuple[bool, float, str]:
    taken = detail.exif.taken
    return taken is None, 0.0 if taken is None else local_seconds(taken), str(detail.row.path)


def _number(place: int, form: str, count: int) -> str:
    return str(place).zfill(int(form or len(str(count))))


def _width(form: str) -> None:
    if form and not (form.isdecimal() and form.isascii() and 1 <= int(form) <= 12):
        raise ValueError(f"'{form}' is no number of digits from 1 to 12")


def _decimals(form: str) -> None:
    if form and form not in ("0", "1", "2", "3"):
        raise ValueError(f"'{form}' is no number of decimals from 0 to 3")


def _nothing(form: str) -> None:
    if form:
        raise ValueError(f"nothing may follow the colon, not '{form}'")


_DATE_LETTERS: Final = frozenset("aAbBdHIjmMpSyY%")
"""Of strftime, what gives the same on every system."""


def _date_form(form: str) -> None:
    letters = form.split("%%")
    if any(piece[:1] not in _DATE_LETTERS for part in letters for piece in part.split("%")[1:]):
        raise ValueError(f"'{form}' is no form of a date, such as %Y-%m-%d")


def _taken(default: str) -> Callable[[Subject, str], str | None]:
    def value(subject: Subject, form: str) -> str | None:
        taken = subject.detail.exif.taken
        return None if taken is None else taken.strftime(form or default)

    return value


def _score(name: str) -> Callable[[Subject, str], str | None]:
    def value(subject: Subject, form: str) -> str | None:
        score: float | None = getattr(subject.detail.row, name)
        return None if score is None else f"{score:.{form or 1}f}"

    return value


def _scheme(subject: Subject, _: str) -> str | None:
    scheme = subject.detail.scheme
    return None if scheme is None else scheme.name or scheme.harmony


FIELDS: Final[dict[str, Field]] = {
    "name": Field("its name, without the ending", lambda s, _: s.detail.row.path.stem, _nothing, scored=False),
    "folder": Field("the folder it lies in", lambda s, _: s.detail.row.path.parent.name or None, _nothing, False),
    "date": Field("the day it was taken, or {date:%Y/%m}", _taken("%Y-%m-%d"), _date_form),
    "time": Field("the time it was taken: 102030", _taken("%H%M%S"), _date_form),
    "camera": Field("the camera", lambda s, _: s.detail.exif.camera, _nothing),
    "lens": Field("the lens", lambda s, _: s.detail.exif.lens, _nothing),
    "sequence": Field("its place in time, or {sequence:4}", lambda s, f: _number(s.sequence, f, s.count), _width),
    "rank": Field("its place in the choice, 1 is best", lambda s, f: _number(s.rank, f, s.count), _width),
    "score": Field("the overall score, or {score:2} for two decimals", _score("overall"), _decimals),
    "aesthetic": Field("the aesthetic score", _score("aesthetic"), _decimals),
    "colour": Field("the colour score", _score("colour"), _decimals),
    "technical": Field("the technical score", _score("technical"), _decimals),
    "theme": Field("what it shows", lambda s, _: showing.subject(s.detail.themes), _nothing),
    "colours": Field("its colour scheme, else its harmony", _scheme, _nothing),
    "stars": Field("its stars, 0 to 5", lambda s, _: str(s.detail.row.rating or 0), _nothing, scored=False),
    "label": Field("its label, else none", lambda s, _: s.detail.row.label or "none", _nothing, scored=False),
}
"""Every word that a template may hold."""
