"""A `Filter` as conditions of SQL, kept apart by what they restrict, so that facets can leave one of them out."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final, Literal

from sqlalchemy import ColumnElement, FromClause, Select, and_, false, func, or_, select, true

from photocull.catalog.long_lists import among
from photocull.catalog.paths import below, fold, to_text
from photocull.catalog.records import Filter, Sort
from photocull.catalog.schema import SCORE_NAMES, contents, flags, judgements, models, photos, themes
from photocull.core.vocabulary import THEMES, shown

Condition = ColumnElement[bool]
Part = Literal["themes", "schemes", "harmonies", "ratings", "picks", "labels", "flags", "rest"]
"""What a condition restricts; "rest" is all that has no facet of its own."""
PARTS: Final[tuple[Part, ...]] = ("themes", "schemes", "harmonies", "ratings", "picks", "labels", "flags", "rest")
SCORES: Final = {name: judgements.c[name] for name in SCORE_NAMES}
PROBLEM: Final[Condition] = or_(
    contents.c.status == "unreadable", contents.c.noted, func.coalesce(photos.c.noted, false())
)
# Null-safe on purpose: a plain comparison turns the outer join into an inner one, and SQLite then may walk the
# judgements of all folders to find those of one.
AT_LEAST: Final = {name: func.coalesce(column, -1.0) for name, column in SCORES.items()}
SCHEME: Final = func.coalesce(judgements.c.scheme, "")
HARMONY: Final = func.coalesce(judgements.c.harmony, "")
STARS: Final = func.coalesce(photos.c.rating, 0)
FLAGGED: Final = func.coalesce(photos.c.pick, "none")
LABELLED: Final = func.coalesce(photos.c.label, "none")


def joined(model: str) -> FromClause:
    """Photos, their contents, and what this model (its fingerprint) said of them, if anything."""
    number = select(models.c.id).where(models.c.fingerprint == model).scalar_subquery()
    said = and_(judgements.c.content_id == photos.c.content_id, judgements.c.model_id == number)
    return photos.join(contents).outerjoin(judgements, said)


@dataclass(frozen=True)
class Conditions:
    """The conditions of one filter."""

    filter: Filter

    @cached_property
    def place(self) -> Condition:
        """The photos of the folders and paths, in sight unless asked otherwise."""
        wanted = self.filter
        where: list[Condition] = []
        if wanted.folders or wanted.paths:
            where.append(_places(wanted.folders, wanted.paths))
        if not wanted.missing:
            where.append(photos.c.missing.is_(False))
        return and_(true(), *where)

    @cached_property
    def parts(self) -> dict[Part, Condition]:
        """What the filter restricts besides the place; parts that do not restrict are absent."""
        wanted = self.filter
        made: dict[Part, Condition | None] = {
            "themes": self.themed(wanted.themes) if wanted.themes else None,
            "schemes": SCHEME.in_(sorted(wanted.schemes)) if wanted.schemes else None,
            "harmonies": HARMONY.in_(sorted(wanted.harmonies)) if wanted.harmonies else None,
            "ratings": _stars(wanted),
            "picks": FLAGGED.in_(sorted(wanted.picks)) if wanted.picks else None,
            "labels": LABELLED.in_(sorted(wanted.labels)) if wanted.labels else None,
            "flags": _flagged(wanted.flags) if wanted.flags else None,
            "rest": self._rest(),
        }
        return {part: condition for part, condition in made.items() if condition is not None}

    def themed(self, names: Iterable[str]) -> Condition:
        """With one of these themes, confident enough."""
        found = (themes.c.judgement_id == judgements.c.id) & themes.c.name.in_(sorted(names))
        return select(1).where(found, themes.c.confidence >= self.filter.min_theme).correlate(judgements).exists()

    @property
    def everything(self) -> Condition:
        """The whole filter."""
        return and_(self.place, *self.parts.values())

    def _rest(self) -> Condition | None:
        wanted = self.filter
        where: list[Condition] = [AT_LEAST[name] >= max(least, 0.0) for name, least in wanted.minimum]
        if wanted.problems_only:
            where.append(PROBLEM)
        where += [self._mentions(word) for word in fold(wanted.text).split()]
        return and_(*where) if where else None

    def _mentions(self, word: str) -> Condition:
        meant = meant_themes(word)
        named = or_(photos.c.words.contains(word, autoescape=True), contents.c.words.contains(word, autoescape=True))
        return or_(named, self.themed(meant)) if meant else named


def meant_themes(word: str) -> list[str]:
    """The themes that a folded word of the text search may mean."""
    return [name for name in THEMES if word in name or word in fold(shown(name))]


def at_or_below(column: ColumnElement[str], path: Path) -> ColumnElement[bool]:
    """Whether a path text is this one, or lies in the folder or deeper."""
    start, end = below(path)
    return or_(column == to_text(path), (column >= start) & (column < end))


def _places(folders: Iterable[Path], paths: Iterable[Path]) -> Condition:
    ranges = [below(folder) for folder in sorted(folders)]
    places: list[Condition] = [and_(photos.c.path >= start, photos.c.path < end) for start, end in ranges]
    texts = [to_text(path) for path in sorted(paths)]
    if texts:
        places.append(among(photos.c.path, texts))
    return or_(false(), *places)


def _stars(wanted: Filter) -> Condition | None:
    where: list[Condition] = []
    if wanted.ratings:
        where.append(STARS.in_(sorted(wanted.ratings)))
    if wanted.min_rating is not None:
        where.append(wanted.min_rating <= STARS)
    if wanted.max_rating is not None:
        where.append(wanted.max_rating >= STARS)
    return and_(*where) if where else None


def _flagged(names: Iterable[str]) -> Condition:
    found = (flags.c.judgement_id == judgements.c.id) & flags.c.name.in_(sorted(names))
    return select(1).where(found).correlate(judgements).exists()


_KEYS: Final[dict[str, ColumnElement[Any]]] = {
    **SCORES,
    "taken": contents.c.taken,
    "name": photos.c.name_key,
    "rating": photos.c.rating,
}


def ordered(query: Select[Any], sort: Sort) -> Select[Any]:
    """The query in the order asked for: photos without the value last, ties by path."""
    key = _KEYS[sort.key]
    return query.order_by(key.is_(None), key.desc() if sort.descending else key.asc(), photos.c.path)
