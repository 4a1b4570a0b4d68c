"""What `export` and `trash` share: ask, carry out under a progress bar, go on after an interruption, undo, report."""

import shlex
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import typer

from photocull.catalog.database import Catalog
from photocull.cli import asking
from photocull.cli.failing import UNREADABLE, warn
from photocull.cli.output import emit, json_list
from photocull.cli.session import Session
from photocull.cli.watching import watched
from photocull.core.amounts import bytes_words, counted
from photocull.core.errors import OutputError, UsageError, printable
from photocull.core.named import absolute
from photocull.core.settings import folders
from photocull.core.work import Problem
from photocull.picks.export import Outcome
from photocull.picks.export_journal import BusyError, Journal, holding, journals
from photocull.picks.performing import DONE, Command, last, perform, reverse, start
from photocull.picks.plan import Family, Plan
from photocull.picks.postscript import write_postscript
from photocull.picks.reach import is_away

_TRASH: Final = "the system's trash"


def carry(
    catalog: Catalog, plan: Plan, command: Command, options: dict[str, Any] | None = None
) -> tuple[Journal, Outcome]:
    """Carry a plan out with a journal, a progress bar and Ctrl-C; the catalogue follows what is moved.

    Raises:
        OutputError: no room, or the disk failed. CancelledError: Ctrl-C. It goes on when one of the commands is called.
    """
    journal = start(catalog, plan, command, folders().exports, options)
    with holding(journal) as held:
        return held, _run(catalog, held)


def go_on(session: Session) -> bool:
    """Carry on what was interrupted, oldest first, and say whether there was any; what cannot be reached now waits."""
    found = False
    for journal in reversed(list(journals(folders().exports, interrupted=True))):
        with suppress(BusyError), holding(journal) as held:
            if held.state not in ("open", "undoing"):
                continue
            where = _TRASH if held.folder is None else printable(held.folder)
            if is_away(held):
                warn(f"What was interrupted waits until its drives are there again ({where}).")
                continue
            found = True
            warn(f"Going on with what was interrupted: {counted(held.photos, 'photo')} to {where}.")
            try:
                warn(_to_the_end(session, held))
            except OutputError as error:
                warn(f"{error} What was interrupted waits.")
    return found


def _to_the_end(session: Session, journal: Journal) -> str:
    if journal.state == "undoing":
        return _undone(journal, _undo(session.catalog, journal))
    outcome = _run(session.catalog, journal)
    failed = {problem.path for problem in outcome.problems}
    write_postscript(session.catalog, session.model, journal, failed, session.previews)
    return summary(journal, outcome)


def take_back(catalog: Catalog, command: Command, paths: Sequence[Path], to: Path | None, *, dry_run: bool) -> None:
    """Undo the last export or clean-up, of those to this folder and from these paths where any are named.

    Raises:
        UsageError: there is none. typer.Exit: something could not be taken back; each is told.
    """
    journal = last(folders().exports, [command], [absolute(path) for path in paths], to)
    if journal is None:
        where = "" if to is None and not paths else " of these"
        raise UsageError(f"There is nothing{where} that 'photocull {command}' could undo.")
    if dry_run:
        lines = (f"{_shown(e.target)} -> {_shown(e.item.source)}" for e in journal.entries if e.placed)
        back = journal.way in ("move", "trash")
        emit(f"{line if back else line.split(' -> ')[0]}\n" for line in lines)
        typer.echo(f"These {'would come back' if back else 'would go'}.")
        if beside := [_shown(beside.path) for beside in journal.beside.values()]:
            typer.echo(f"So would the lists about them, unless they were changed, go: {', '.join(beside)}.")
        return
    try:
        with holding(journal) as held:
            outcome = _undo(catalog, held)
    except BusyError as error:
        raise UsageError("It is being worked on by another Photocull.", remedy="Wait until that has ended.") from error
    typer.echo(_undone(journal, outcome))
    if outcome.problems:
        raise typer.Exit(UNREADABLE)


def ask(question: str, *, yes: bool) -> None:
    """Let a person confirm; raises as `asking.ask`."""
    asking.ask(question, yes=yes, remedy="Add --yes, or look with --dry-run.", refused="Nothing was moved.")


def show_plan(plan: Plan, form: str) -> None:
    """What would be done, for `--dry-run`."""
    if form == "json":
        emit(json_list(_entries(plan)))
        return
    for family in plan.families:
        emit(f"{printable(item.source)} -> {_shown(item.target)}\n" for item in family.items)
    typer.echo(f"{extent(plan)} would be {DONE[plan.way]} to {_shown(plan.folder)}; nothing was changed.")


def report(plan: Plan, journal: Journal | None, outcome: Outcome | None, form: str) -> None:
    """What was done, on standard output."""
    if form == "json":
        emit(json_list(_entries(plan, journal)))
    elif not plan.families:
        typer.echo("Nothing to do: every photo that fits the choice has to stay where it is.")
    elif journal is None or outcome is None:
        typer.echo(f"Nothing to do: all of it lies in {_shown(plan.folder)} already.")
    else:
        typer.echo(summary(journal, outcome))


def summary(journal: Journal, outcome: Outcome) -> str:
    """One line with the way back."""
    to = "" if journal.folder is None else f" --to {shlex.quote(printable(journal.folder))}"
    did = f"{DONE[journal.way]} to {_shown(journal.folder)}"
    back = f"To undo: photocull {journal.options.get('command', 'export')}{to} --undo"
    return f"{_done(outcome)} {did}. {back}"


def extent(plan: Plan) -> str:
    """How much a plan is about: ``4 photos (16 files, 12.3 MB)``."""
    size = sum(item.size for family in plan.families for item in family.items)
    photos = sum(bool(family.items) for family in plan.families)
    return f"{counted(photos, 'photo')} ({counted(plan.files, 'file')}, {bytes_words(size)})"


def tell(problems: Iterable[Problem]) -> None:
    """Name each problem on standard error."""
    for problem in problems:
        warn(f"{printable(problem.path)}: {problem.sentence}")


def _run(catalog: Catalog, journal: Journal) -> Outcome:
    with watched("Exporting") as watch:
        return perform(catalog, journal, watch.hear, watch.token)


def _undo(catalog: Catalog, journal: Journal) -> Outcome:
    with watched("Undoing") as watch:
        return reverse(catalog, journal, watch.hear, watch.token)


def _done(outcome: Outcome) -> str:
    return f"{counted(outcome.photos, 'photo')} ({counted(outcome.files, 'file')}, {bytes_words(outcome.size)})"


def _undone(journal: Journal, outcome: Outcome) -> str:
    verb = "came back" if journal.way in ("move", "trash") else "taken away"
    return f"Undone: {_done(outcome)} {verb}."


def _entries(plan: Plan, journal: Journal | None = None) -> Iterator[dict[str, Any]]:
    """One value a photo for scripts: where each of its files goes, and what became of it."""
    done = {} if journal is None else {entry.item.source: entry for entry in journal.entries}
    for family in plan.families:
        faults = [e.fault for i in family.items if (e := done.get(i.source)) is not None and e.fault]
        yield {
            "path": str(family.photo),
            "status": _status(family, bool(faults), planned=journal is None),
            "error": faults[0] if faults else None,
            "files": [
                *(_file(i.source, (done[i.source].target or i.target) if i.source in done else i.target,
                        done[i.source].hash if i.source in done else None) for i in family.items),
                *(_file(i.source, i.target, None) for i in family.there),
            ],
        }  # fmt: skip
    for problem in plan.left_out:
        yield {"path": str(problem.path), "status": "left out", "error": problem.sentence, "files": []}


def _status(family: Family, failed: bool, *, planned: bool) -> str:
    if not family.items:
        return "there"
    return "failed" if failed else "planned" if planned else "done"


def _file(source: Path, target: Path | None, sha256: str | None) -> dict[str, str | None]:
    return {"source": str(source), "target": None if target is None else str(target), "sha256": sha256}


def _shown(path: Path | None) -> str:
    return _TRASH if path is None else printable(path)
