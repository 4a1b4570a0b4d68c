"""What a policy changed, or would, on standard output: a line a mark with its reason, then how much that is."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import typer

from photocull.catalog.marks import worded
from photocull.cli.output import emit, json_list
from photocull.cli.table import common, shortened, stars
from photocull.core.amounts import counted
from photocull.core.errors import printable
from photocull.picks.policy import Policy
from photocull.picks.rating import Proposal
from photocull.watch.autorating import RatingReport

_LONGEST: Final = 40
_NONE: Final = "–"


def show_report(report: RatingReport, policy: Policy, form: str, *, done: bool) -> None:
    """How rating by a policy went, or would go."""
    show_changes(report.changes, policy, form, done=done)
    if form == "json":
        return
    shoots = counted(report.shoots, "shoot")
    typer.echo(f"Looked at {counted(report.photos, 'photo')} in {shoots} by the policy '{policy.name}'.")
    if report.unranked and any(rule.ranks for rule in policy.rules):
        fewer = f"{counted(report.unranked, 'shoot')} of fewer than {policy.fewest} scored photos"
        typer.echo(f"{fewer}: too few for ranks.")
    if report.kept:
        typer.echo(f"What you marked on {counted(report.kept, 'photo')} is as it was.")


def show_changes(changes: Sequence[Proposal], policy: Policy | None, form: str, *, done: bool) -> None:
    """The marks that changed, or would; without a policy, those that were taken back."""
    if form == "json":
        emit(json_list(_entry(change, policy, done=done) for change in changes))
        return
    emit(lines(changes))
    typer.echo(summary(changes, done=done))


def lines(changes: Sequence[Proposal]) -> Iterator[str]:
    """``IMG_1.jpg  – → ☆☆☆☆  among the best 8 % of 212 photos in this shoot``: the program's stars are hollow."""
    base = common([change.path for change in changes])
    names = [printable(c.path if base is None else c.path.relative_to(base)) for c in changes]
    width = min(_LONGEST, max(map(len, names), default=0))
    for change, name in zip(changes, names, strict=True):
        yield f"{shortened(name, width):{width}}  {change_words(change):13}  {change.reason}\n"


def change_words(change: Proposal) -> str:
    """``– → ☆☆☆☆``"""
    return f"{_shown(change, change.before)} → {_shown(change, change.after)}"


def summary(changes: Sequence[Proposal], *, done: bool) -> str:
    """``43 marks on 43 photos changed: 5 stars 5, 4 stars 12, no stars 2.``"""
    if not changes:
        return "Nothing to change." if done else "Nothing would change."
    counts = Counter((c.field, None if c.after is None else str(c.after)) for c in changes)
    ordered = sorted(
        counts.items(), key=lambda item: (item[0][0] != "rating", item[0][0], item[0][1] is None, _down(item[0][1]))
    )
    each = ", ".join(f"{worded(field, value)} {count}" for (field, value), count in ordered)
    photos = len({change.photo_id for change in changes})
    verb = "changed" if done else "would change"
    return f"{counted(len(changes), 'mark')} on {counted(photos, 'photo')} {verb}: {each}."


def _down(value: str | None) -> tuple[int, str]:
    """Most stars first, words as they are."""
    return (-int(value), "") if value is not None and value.isdigit() else (0, value or "")


def _shown(change: Proposal, value: int | str | None) -> str:
    if value is None:
        return _NONE
    return stars(value, by_program=True) if isinstance(value, int) else worded(change.field, value)


def _entry(change: Proposal, policy: Policy | None, *, done: bool) -> dict[str, Any]:
    return {
        "path": str(change.path),
        "field": change.field,
        "before": change.before,
        "after": change.after,
        "reason": change.reason,
        "policy": None if policy is None else policy.name,
        "done": done,
    }
