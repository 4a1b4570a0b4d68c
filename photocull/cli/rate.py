"""The command `rate`: a policy decides stars, flags and labels; shown first if asked, and taken back by one word."""

from dataclasses import replace

import typer

from photocull.cli.failing import UNREADABLE, warn
from photocull.cli.options import (
    CatalogOption,
    DeviceOption,
    DryRunOption,
    JobsOption,
    ModelOption,
    Paths,
    PolicyOption,
    WriteXmpOption,
)
from photocull.cli.proposals import show_changes, show_report
from photocull.cli.session import Choices, Session, opened
from photocull.cli.upkeep import Short
from photocull.cli.watching import watched
from photocull.core.amounts import counted
from photocull.core.errors import SidecarError, UsageError
from photocull.core.settings import folders
from photocull.picks.policies import policy_named
from photocull.picks.policy import Policy
from photocull.picks.rating import Proposal
from photocull.pipeline.run import RunReport
from photocull.sidecar.rules import rules_of
from photocull.watch.autorating import AutoRating, left_in_sidecars, own_marks, take_back


def rate_command(
    paths: Paths,
    policy: PolicyOption = None,
    dry_run: DryRunOption = False,
    write_xmp: WriteXmpOption = False,
    undo: bool = typer.Option(False, "--undo", help="Take back all marks that are the program's own on these photos."),
    form: Short = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
) -> None:
    """Give stars, and what else the policy says, to photos by their scores; what you marked yourself is never touched.

    What is not scored yet is scored before. Photos are compared within their shoot: all that the catalogue knows of a
    folder, parted where the camera rested for long; so a photo named alone brings its whole shoot along. Each change is
    listed with its reason. JSON: a list of objects with "path", "field" (rating, pick or label), "before" and "after"
    (null is none), "reason", "policy", and "done", which is false in a dry run.
    """
    if undo and policy is not None:
        raise UsageError("--undo takes back the marks of every policy.", remedy="Leave --policy out.")
    with opened(Choices(model, device, catalog, jobs)) as session:
        if write_xmp:
            rules_of(session.settings)
        chosen = None if undo else policy_named(policy or session.settings.policy, folders())
        report = session.score(paths) if chosen else session.enter(paths)
        changes = (
            _rated(session, report, chosen, form, dry_run=dry_run)
            if chosen
            else _undone(session, report, form, dry_run=dry_run)
        )
        if undo and not (write_xmp or dry_run):
            _tell_left(session, report)
        told = not write_xmp or dry_run or session.write_sidecars(_with(report, changes))
    if report.problems:
        raise typer.Exit(UNREADABLE)
    if not told:
        raise typer.Exit(SidecarError.exit_code)


def _rated(session: Session, looked: RunReport, policy: Policy, form: str, *, dry_run: bool) -> tuple[Proposal, ...]:
    rating = AutoRating(session.catalog, session.model, policy)
    with watched("Rating") as watch:
        work = rating.rehearse if dry_run else rating.rate
        report = work(looked.ids, watch.token)
    show_report(report, policy, form, done=not dry_run)
    return report.changes


def _undone(session: Session, looked: RunReport, form: str, *, dry_run: bool) -> tuple[Proposal, ...]:
    work = own_marks if dry_run else take_back
    changes = work(session.catalog, looked.ids, session.model)
    show_changes(changes, None, form, done=not dry_run)
    return changes


def _tell_left(session: Session, looked: RunReport) -> None:
    if left := left_in_sidecars(session.catalog, looked.ids):
        photos = counted(left, "photo")
        warn(f"Sidecars of {photos} still say the program's marks; --undo with --write-xmp takes them back there too.")


def _with(report: RunReport, changes: tuple[Proposal, ...]) -> RunReport:
    """The run's photos, and those of their shoots that changed with them."""
    return replace(report, ids=tuple(dict.fromkeys((*report.ids, *(change.photo_id for change in changes)))))
