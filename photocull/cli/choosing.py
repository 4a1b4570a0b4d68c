"""Which photos a command is about: options of `top`, `export` and `trash`, and the photos that they leave."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final

import typer

from photocull.catalog.query import BY_NAME, photo_ids
from photocull.catalog.records import Filter, PhotoDetail
from photocull.cli.session import Session
from photocull.cli.words import one_of, stars_between
from photocull.core.errors import UsageError
from photocull.core.named import is_folder
from photocull.core.vocabulary import COLOUR_TYPES, THEMES, Pick
from photocull.picks.choose import Order, ranked, top
from photocull.picks.records import details
from photocull.pipeline.run import NOTHING_RUN, RunReport

PercentOption = Annotated[
    float | None,
    typer.Option("--percent", metavar="P", help="This share of the photos that fit, above 0 and at most 100."),
]
ThemeOption = Annotated[
    str | None, typer.Option("--theme", metavar="NAME", help="Only photos of this theme, e.g. sunset.")
]
SchemeOption = Annotated[
    str | None,
    typer.Option("--colour-scheme", metavar="NAME", help="Only photos in these colours, e.g. orange_blue."),
]
RatingOption = Annotated[
    str | None,
    typer.Option("--rating", metavar='">=3"', help="Only photos with these stars: 3, >=3, <=2, >3 or <3."),
]
SortOption = Annotated[Order, typer.Option("--sort", help="What is best: a score, or the latest taken.")]

_PICKS: Final[tuple[Pick, ...]] = ("pick", "reject")


@dataclass(frozen=True, slots=True)
class Choice:
    """What was asked for; ``wanted`` holds flag, theme, colours and stars, ``judged`` says that scores decide too."""

    wanted: Filter
    count: int | None = None
    percent: float | None = None
    sort: Order = "overall"
    judged: bool = False

    @property
    def flags(self) -> tuple[Pick, ...]:
        """The flags that decide."""
        return tuple(flag for flag in _PICKS if flag in self.wanted.picks)


def choice_of(
    pick: Pick | None,
    count: int | None,
    percent: float | None,
    theme: str | None,
    scheme: str | None,
    rating: str | None,
    sort: Order,
) -> Choice:
    """What was typed, checked; with nothing but a sort, what is flagged as picked.

    Raises:
        UsageError: a value that there is not.
    """
    check_size(count, percent)
    judged = any(value is not None for value in (count, percent, theme, scheme))
    flag = pick or (None if judged or rating is not None else "pick")
    picks = frozenset[str]() if flag is None else frozenset({flag})
    return Choice(wanted_by(theme, scheme, rating, picks), count, percent, sort, judged)


def check_size(count: int | None, percent: float | None) -> None:
    """Raise `UsageError` where both are given, or a percentage that there is not."""
    if count is not None and percent is not None:
        raise UsageError("Give --count or --percent, not both.")
    if percent is not None and not 0 < percent <= 100:
        raise UsageError("--percent must be above 0 and at most 100.")


def wanted_by(theme: str | None, scheme: str | None, rating: str | None, picks: frozenset[str] = frozenset()) -> Filter:
    """The filter of what was typed.

    Raises:
        UsageError: a theme, colours or stars that there are not.
    """
    least, most = (None, None) if rating is None else stars_between(rating)
    return Filter(
        themes=frozenset() if theme is None else frozenset({one_of(THEMES, theme, "theme")}),
        schemes=frozenset() if scheme is None else frozenset({one_of(COLOUR_TYPES, scheme, "colour scheme")}),
        min_rating=least,
        max_rating=most,
        picks=picks,
    )


def fitting(session: Session, report: RunReport, wanted: Filter) -> list[int]:
    """Ids of this run that the filter leaves, in the order of their paths."""
    if wanted == Filter():
        return list(report.ids)
    fits = set(photo_ids(session.catalog, wanted, BY_NAME, session.model))
    return [photo_id for photo_id in report.ids if photo_id in fits]


def chosen(
    session: Session, paths: Sequence[Path], choice: Choice, *, judge: bool, emptied: bool = False
) -> tuple[list[PhotoDetail], RunReport]:
    """The photos of a choice, best first, those without a value last; and how it went to look at them.

    Args:
        judge: score what is not scored yet, though the choice itself might do without.
        emptied: photos were just moved, so that folders without any are no fault.

    Raises:
        As `Session.score`.
    """
    try:
        report = session.score(paths) if judge or choice.judged else session.enter(paths)
    except UsageError:
        if not (emptied and all(map(is_folder, paths))):
            raise
        return [], NOTHING_RUN
    found = list(details(session.catalog, fitting(session, report, choice.wanted), session.model))
    if choice.count is not None or choice.percent is not None:
        return top(found, count=choice.count, percent=choice.percent, sort=choice.sort), report
    return ranked(found, choice.sort), report
