"""The commands that ask about photos: `score` lists them all, `top` the best ones."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from photocull.catalog.query import photo_rows
from photocull.cli.choosing import (
    PercentOption,
    RatingOption,
    SchemeOption,
    SortOption,
    ThemeOption,
    check_size,
    fitting,
    wanted_by,
)
from photocull.cli.failing import UNREADABLE
from photocull.cli.options import (
    CatalogOption,
    DeviceOption,
    FormatOption,
    JobsOption,
    ModelOption,
    Paths,
    WriteXmpOption,
    a_path,
)
from photocull.cli.output import write
from photocull.cli.session import Choices, Session, opened
from photocull.cli.sheet import check_sheet, write_sheet
from photocull.core.errors import SidecarError
from photocull.picks.choose import top
from photocull.picks.records import details, record, records
from photocull.pipeline.run import NOTHING_RUN, RunReport
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
        report = session.score(paths, writes=write_xmp)
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
    percent: PercentOption = None,
    theme: ThemeOption = None,
    scheme: SchemeOption = None,
    rating: RatingOption = None,
    sort: SortOption = "overall",
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet", parser=a_path, metavar="FILE", help="Also write these and as many of the worst as one JPEG."
        ),
    ] = None,
    form: FormatOption = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
) -> None:
    """List the best photos, best first; what is not scored yet is scored before.

    Of a drive that is not connected, what the catalogue knows of it is listed.
    """
    wanted = wanted_by(theme, scheme, rating)
    check_size(count, percent)
    count = DEFAULT_COUNT if count is None and percent is None else count
    if sheet is not None:
        check_sheet(sheet)
    with opened(Choices(model, device, catalog, jobs)) as session:
        there, known = session.known(paths)
        report = session.score(there) if there else NOTHING_RUN
        report = replace(report, ids=tuple(dict.fromkeys((*report.ids, *known))))
        found = list(details(session.catalog, fitting(session, report, wanted), session.model))
        chosen = top(found, count=count, percent=percent, sort=sort)
        if sheet is not None:
            write_sheet(sheet, chosen, top(found, sort=sort), sort)
        write(((detail, record(detail)) for detail in chosen), form)
    _end(report)


def _best_first(session: Session, ids: Sequence[int]) -> list[int]:
    rows = photo_rows(session.catalog, ids, session.model)
    ordered = sorted(rows, key=lambda row: (row.overall is None, -(row.overall or 0), row.path))
    return [row.id for row in ordered]


def _reasons(report: RunReport) -> dict[Path, str]:
    return {problem.path: problem.sentence for problem in report.problems}


def _end(report: RunReport) -> None:
    if report.problems:
        raise typer.Exit(UNREADABLE)
