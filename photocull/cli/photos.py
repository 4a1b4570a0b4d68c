"""The commands that ask about photos: `score` lists them all, `top` the best ones."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.cli.failing import UNREADABLE
from photocull.cli.options import (
    CatalogOption,
    DeviceOption,
    FormatOption,
    JobsOption,
    ModelOption,
    Paths,
    WriteXmpOption,
)
from photocull.cli.output import write
from photocull.cli.records import details, record, records
from photocull.cli.session import Choices, Session, opened
from photocull.cli.sheet import check_sheet, write_sheet
from photocull.cli.words import one_of, stars_between
from photocull.core.errors import SidecarError, UsageError
from photocull.core.vocabulary import COLOUR_TYPES, THEMES
from photocull.picks.choose import Order, top
from photocull.pipeline.run import RunReport
from photocull.sidecar.rules import rules_of

DEFAULT_COUNT = 10


def score_command(
    paths: Paths,
    form: FormatOption = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
    write_xmp: WriteXmpOption = False,
) -> None:
    """Score photos and folders, and list them.

    What was scored before is taken from the catalogue. JSON, JSON lines and CSV are sorted by path, the table by score.
    """
    with opened(Choices(model, device, catalog, jobs)) as session:
        if write_xmp:
            rules_of(session.settings)  # a wrong word is said before minutes of work, not after them
        report = session.score(paths)
        told = not write_xmp or session.write_sidecars(report)
        ids = _best_first(session, report.ids) if form == "table" else report.ids
        write(records(session.catalog, ids, session.model, _reasons(report)), form)
    _end(report)
    if not told:
        raise typer.Exit(SidecarError.exit_code)


def top_command(
    paths: Paths,
    count: Annotated[
        int | None,
        typer.Option("--count", min=1, metavar="N", help=f"So many photos; {DEFAULT_COUNT} if nothing is said."),
    ] = None,
    percent: Annotated[
        float | None,
        typer.Option("--percent", metavar="P", help="This share of the photos that fit, above 0 and at most 100."),
    ] = None,
    theme: Annotated[
        str | None, typer.Option("--theme", metavar="NAME", help="Only photos of this theme, e.g. sunset.")
    ] = None,
    scheme: Annotated[
        str | None,
        typer.Option("--colour-scheme", metavar="NAME", help="Only photos in these colours, e.g. orange_blue."),
    ] = None,
    rating: Annotated[
        str | None,
        typer.Option("--rating", metavar='">=3"', help="Only photos with these stars: 3, >=3, <=2, >3 or <3."),
    ] = None,
    sort: Annotated[Order, typer.Option("--sort", help="What is best: a score, or the latest taken.")] = "overall",
    sheet: Annotated[
        Path | None,
        typer.Option("--sheet", metavar="FILE", help="Also write these and as many of the worst as one JPEG."),
    ] = None,
    form: FormatOption = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
) -> None:
    """List the best photos, best first; what is not scored yet is scored before."""
    wanted = _wanted(theme, scheme, rating)
    count = _size(count, percent)
    if sheet is not None:
        check_sheet(sheet)
    with opened(Choices(model, device, catalog, jobs)) as session:
        report = session.score(paths)
        fitting = list(details(session.catalog, _fitting(session, report, paths, wanted), session.model))
        chosen = top(fitting, count=count, percent=percent, sort=sort)
        if sheet is not None:
            write_sheet(sheet, chosen, top(fitting, sort=sort), sort)
        write(((detail, record(detail)) for detail in chosen), form)
    _end(report)


def _size(count: int | None, percent: float | None) -> int | None:
    if count is not None and percent is not None:
        raise UsageError("Give --count or --percent, not both.")
    if percent is not None and not 0 < percent <= 100:
        raise UsageError("--percent must be above 0 and at most 100.")
    return DEFAULT_COUNT if count is None and percent is None else count


def _wanted(theme: str | None, scheme: str | None, rating: str | None) -> Filter:
    least, most = (None, None) if rating is None else stars_between(rating)
    return Filter(
        themes=frozenset() if theme is None else frozenset({one_of(THEMES, theme, "theme")}),
        schemes=frozenset() if scheme is None else frozenset({one_of(COLOUR_TYPES, scheme, "colour scheme")}),
        min_rating=least,
        max_rating=most,
    )


def _fitting(session: Session, report: RunReport, paths: Sequence[Path], wanted: Filter) -> list[int]:
    """Ids of this run that the filter leaves, in the order of their paths."""
    if wanted == Filter():
        return list(report.ids)
    fits = set(photo_ids(session.catalog, wanted, Sort("name", descending=False), session.model))
    return [photo_id for photo_id in report.ids if photo_id in fits]


def _best_first(session: Session, ids: Sequence[int]) -> list[int]:
    rows = photo_rows(session.catalog, ids, session.model)
    ordered = sorted(rows, key=lambda row: (row.overall is None, -(row.overall or 0), row.path))
    return [row.id for row in ordered]


def _reasons(report: RunReport) -> dict[Path, str]:
    return {problem.path: problem.sentence for problem in report.problems}


def _end(report: RunReport) -> None:
    if report.problems:
        raise typer.Exit(UNREADABLE)
