"""The command `trash`: rejects go to the system's trash or to a folder, with all that is theirs, and come back."""

from pathlib import Path
from typing import Annotated

import typer

from photocull.catalog.records import Filter
from photocull.cli.choosing import Choice, chosen
from photocull.cli.export import SomePaths, Yes, say_empty
from photocull.cli.exporting import ask, carry, extent, go_on, report, show_plan, take_back, tell
from photocull.cli.failing import UNREADABLE, warn
from photocull.cli.options import CatalogOption, DryRunOption, a_path
from photocull.cli.session import Choices, opened
from photocull.cli.upkeep import Short
from photocull.core.errors import UsageError, printable
from photocull.core.named import absolute
from photocull.picks.choose import whose
from photocull.picks.naming import DEFAULT, Template
from photocull.picks.plan import plan_export, plan_trash


def trash_command(
    paths: SomePaths = None,
    rejected: Annotated[bool, typer.Option("--rejected", help="What is flagged as rejected, the only choice.")] = False,
    to: Annotated[
        Path | None,
        typer.Option("--to", parser=a_path, metavar="DIR", help="A folder of your own in place of the system's trash."),
    ] = None,
    form: Short = "table",
    dry_run: DryRunOption = False,
    yes: Yes = False,
    undo: Annotated[bool, typer.Option("--undo", help="Bring back what went last, with --to to DIR.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Move rejected photos to the system's trash, or to a folder, each with its partners and sidecars; asks first.

    --undo brings them back to where they lay.
    """
    folder = None if to is None else absolute(to)
    with opened(Choices(catalog=catalog)) as session:
        if undo:
            take_back(session.catalog, "trash", paths or (), folder, dry_run=dry_run)
            return
        if not paths or not rejected:
            remedy = "For instance: photocull trash ~/Pictures --rejected"
            raise UsageError("Only rejected photos go: say --rejected, and where to look.", remedy=remedy)
        choice = Choice(Filter(picks=frozenset({"reject"})))
        went_on = not dry_run and go_on(session)
        photos, looked = chosen(session, paths, choice, judge=False, emptied=went_on)
        plan = plan_trash(photos) if folder is None else plan_export(photos, folder, "move", Template(DEFAULT))
        tell(plan.left_out)
        if words := whose(plan.of(photos), "reject"):
            warn(words)
        failed = bool(plan.left_out or looked.problems)
        if not photos:
            say_empty(form, paths)
        elif dry_run:
            show_plan(plan, form)
        elif not plan.files:
            report(plan, None, None, form)
        else:
            where = "the system's trash" if folder is None else printable(folder)
            ask(f"Move {extent(plan)} to {where}?", yes=yes)
            journal, outcome = carry(session.catalog, plan, "trash")
            report(plan, journal, outcome, form)
            failed |= bool(outcome.problems)
    if failed:
        raise typer.Exit(UNREADABLE)
