"""The questions that every list asks, answered from columns in memory: the same words as `filters` and `facets`.

What these answer and what SQL answers is held against each other by the tests, photo by photo and in order.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.catalog.columns import Columns, Ints, Mask, Numbers, Rows
from photocull.catalog.filters import Part, meant_themes
from photocull.catalog.judged import NO_TAGS, Judged, Tags
from photocull.catalog.paths import below, fold
from photocull.catalog.records import Facets, Filter, Rank, Sort
from photocull.catalog.schema import SCORE_NAMES

_NONE: Final = "none"


@dataclass(eq=False)
class View:
    """The photos with what one model said of them, at one moment; every question is about that.

    Attributes:
        orders: by key and direction the values that photos were ordered by, and the order; handed on from view to view
            as long as the photos' places are the same.
    """

    columns: Columns
    judged: Judged
    orders: dict[tuple[str, bool], tuple[Numbers, Rows]] = field(default_factory=dict)

    @cached_property
    def slots(self) -> Ints:
        """Of each photo's judgement."""
        return self.judged.slots(self.columns.contents)

    @property
    def themes(self) -> Tags:
        """Of the judgements; none before they were asked for."""
        return self.judged.themes or NO_TAGS

    @property
    def flags(self) -> Tags:
        """As `themes`."""
        return self.judged.flags or NO_TAGS

    def ids(self, filter: Filter, sort: Sort) -> list[int]:
        """As `query.photo_ids`."""
        chosen = Chosen(self, filter)
        ordered: list[int] = self.columns.ids[self._ordered(chosen.rows[chosen.passing()], sort)].tolist()
        return ordered

    def rank(self, photo_id: int, filter: Filter, key: str) -> Rank | None:
        """As `query.rank`."""
        chosen = Chosen(self, filter)
        rows = chosen.rows[chosen.passing()]
        scores = self.score(key, self.slots[rows])
        own = scores[self.columns.ids[rows] == photo_id]
        if not len(own) or np.isnan(own[0]):
            return None
        return Rank(int(np.count_nonzero(scores > own[0])) + 1, int(np.count_nonzero(~np.isnan(scores))))

    def score(self, key: str, slots: Ints) -> Numbers:
        """A score at these slots."""
        found: Numbers = self.judged.scores[SCORE_NAMES.index(key)][slots]
        return found

    def _ordered(self, rows: Rows, sort: Sort) -> Rows:
        if len(rows) * 8 < len(self.slots):
            return rows[_order(self._values(sort.key, rows), sort.descending)]
        order = self._order_of_all(sort)
        if len(rows) == len(order):
            return order
        chosen = np.zeros(len(order), np.bool_)
        chosen[rows] = True
        return order[chosen[order]]

    def _order_of_all(self, sort: Sort) -> Rows:
        """Sorted once, and again only when a value is another."""
        values = self._values(sort.key, slice(None))
        held = self.orders.get((sort.key, sort.descending))
        if held is None or not np.array_equal(held[0].view(np.int64), values.view(np.int64)):
            held = self.orders[sort.key, sort.descending] = (values, _order(values, sort.descending))
        return held[1]

    def _values(self, key: str, rows: Rows | slice) -> Numbers:
        columns = self.columns
        if key == "taken":
            return columns.taken[rows]
        if key == "name":
            return columns.name[rows].astype(np.float64)
        if key == "rating":
            rating = columns.rating[rows]
            return np.where(rating < 0, np.nan, rating.astype(np.float64))
        return self.score(key, self.slots[rows])


def _order(values: Numbers, descending: bool) -> Rows:
    """Places from first to last; those without a value last, ties as they lie."""
    return np.argsort(-values if descending else values, kind="stable")


@dataclass(frozen=True, eq=False)
class Chosen:
    """The photos of a filter's folders, and which of them each part of the filter lets pass."""

    view: View
    filter: Filter

    @cached_property
    def rows(self) -> Rows:
        """Of the photos in the folders, in sight unless asked otherwise."""
        columns = self.view.columns
        within = np.ones(len(columns.ids), np.bool_)
        if self.filter.folders:
            within = _within(columns.starts, self.filter.folders)[columns.folder]
        return np.flatnonzero(within if self.filter.missing else within & ~columns.missing)

    @cached_property
    def slots(self) -> Ints:
        """Of these photos' judgements."""
        return self.view.slots[self.rows]

    @cached_property
    def parts(self) -> dict[Part, Mask]:
        """What the filter restricts besides the place; parts that do not restrict are absent."""
        wanted, columns, judged, rows = self.filter, self.view.columns, self.view.judged, self.rows
        made: dict[Part, Mask | None] = {
            "themes": self._themed(wanted.themes) if wanted.themes else None,
            "schemes": _one_of(wanted.schemes, judged.schemes, judged.scheme[self.slots]),
            "harmonies": _one_of(wanted.harmonies, judged.harmonies, judged.harmony[self.slots]),
            "ratings": self._stars(),
            "picks": _one_of(wanted.picks, columns.picks, columns.pick[rows], _NONE),
            "labels": _one_of(wanted.labels, columns.labels, columns.label[rows], _NONE),
            "flags": self.view.flags.any_of(wanted.flags, 0.0, self.slots) if wanted.flags else None,
            "rest": self._rest(),
        }
        return {part: mask for part, mask in made.items() if mask is not None}

    def passing(self, left_out: Part | None = None) -> Mask:
        """Which of `rows` the filter leaves, or would leave without one of its parts."""
        masks = [mask for part, mask in self.parts.items() if part != left_out]
        passed: Mask = np.logical_and.reduce([np.ones(len(self.rows), np.bool_), *masks])
        return passed

    def _themed(self, names: Iterable[str]) -> Mask:
        return self.view.themes.any_of(frozenset(names), self.filter.min_theme, self.slots)

    def _stars(self) -> Mask | None:
        wanted = self.filter
        if not wanted.ratings and wanted.min_rating is None and wanted.max_rating is None:
            return None
        stars = np.maximum(self.view.columns.rating[self.rows], 0)
        held = np.isin(stars, list(wanted.ratings)) if wanted.ratings else np.ones(len(stars), np.bool_)
        if wanted.min_rating is not None:
            held &= stars >= wanted.min_rating
        if wanted.max_rating is not None:
            held &= stars <= wanted.max_rating
        return held

    def _rest(self) -> Mask | None:
        wanted = self.filter
        masks = [self.view.score(name, self.slots) >= max(least, 0.0) for name, least in wanted.minimum]
        if wanted.problems_only:
            masks.append(self.view.columns.problem[self.rows])
        masks += [self._mentions(word) for word in fold(wanted.text).split()]
        return np.logical_and.reduce(masks) if masks else None

    def _mentions(self, word: str) -> Mask:
        columns, rows = self.view.columns, self.rows
        held = np.array([word in camera for camera in columns.cameras], np.bool_)[columns.camera[rows]]
        held |= columns.names.having(word, columns.entry[rows])
        meant = meant_themes(word)
        return held | self._themed(meant) if meant else held


def facets(view: View, filter: Filter) -> Facets:
    """As `facets.facets`."""
    chosen = Chosen(view, filter)
    columns, judged, rows = view.columns, view.judged, chosen.rows
    shown = chosen.passing()

    def counted(part: Part, codes: Ints, words: tuple[Any, ...], none: str | None = None) -> dict[str, int]:
        counts = np.bincount(codes[chosen.passing(part)], minlength=len(words)).tolist()
        named = ((none if word is None else word, count) for word, count in zip(words, counts, strict=True))
        return {word: count for word, count in named if count and word is not None}

    stars = np.bincount(np.maximum(columns.rating[rows], 0)[chosen.passing("ratings")]).tolist()
    folders = np.bincount(columns.folder[rows][shown], minlength=len(columns.folders)).tolist()
    return Facets(
        total=len(rows),
        shown=int(np.count_nonzero(shown)),
        judged=int(np.count_nonzero(chosen.slots)),
        problems=int(np.count_nonzero(columns.problem[rows])),
        themes=view.themes.counts(chosen.slots[chosen.passing("themes")], filter.min_theme),
        schemes=counted("schemes", judged.scheme[chosen.slots], judged.schemes),
        harmonies=counted("harmonies", judged.harmony[chosen.slots], judged.harmonies),
        ratings={number: count for number, count in enumerate(stars) if count},
        picks=counted("picks", columns.pick[rows], columns.picks, _NONE),
        labels=counted("labels", columns.label[rows], columns.labels, _NONE),
        flags=view.flags.counts(chosen.slots[chosen.passing("flags")], 0.0),
        folders=columns.by_folder(folders),
    )


def _within(starts: list[str], wanted: Iterable[Path]) -> Mask:
    """Which folders, by how the paths in them start, are one of these or lie below one."""
    ranges = [below(folder) for folder in wanted]
    return np.array([any(start <= text < end for start, end in ranges) for text in starts], np.bool_)


def _one_of(wanted: frozenset[str], words: tuple[str | None, ...], codes: NDArray[Any], none: str = "") -> Mask | None:
    if not wanted:
        return None
    held: Mask = np.array([(none if word is None else word) in wanted for word in words], np.bool_)[codes]
    return held
