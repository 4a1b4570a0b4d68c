"""Exports and clean-ups in sentences: what would be done, how far it is, how it ended, what is left. No Qt here."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from photocull.core.amounts import bytes_words, counted
from photocull.core.errors import printable
from photocull.core.work import Problem
from photocull.picks.performing import DONE
from photocull.ui.export_jobs import Ended, Far, Job, Standing
from photocull.ui.export_survey import Survey, already_there
from photocull.ui.facts import time_words

_TRASH: Final = "the trash"
_MOST: Final = 100


def folder_words(folder: Path | None) -> str:
    """``~/picks``; the system's trash where there is none."""
    if folder is None:
        return _TRASH
    home = Path.home()
    return printable(Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder)


def plan_words(found: Survey) -> str:
    """``312 photos, 640 files, 14.2 GB; 80.1 GB free``, and how many lie there already."""
    plan = found.plan
    if plan is None:
        return ""
    there = already_there(plan)
    size = sum(item.size for family in plan.families for item in family.items)
    parts = [counted(len(plan.families) - there, "photo"), counted(plan.files, "file"), bytes_words(size)]
    words = ", ".join(parts)
    if there:
        words += f"; {counted(there, 'photo')} {'lies' if there == 1 else 'lie'} there already"
    if plan.inside:
        words += f"; {counted(plan.inside, 'photo')} passed over, already in this folder"
    return words if found.free is None else f"{words}; {bytes_words(found.free)} free"


def left_out_words(problems: Sequence[Problem]) -> str:
    """``2 photos stay out. IMG_1.NEF: ...``; empty where none does."""
    if not problems:
        return ""
    verb = "stays" if len(problems) == 1 else "stay"
    return f"{counted(len(problems), 'photo')} {verb} out. {problem_words(problems)}"


def stay_lines(problems: Sequence[Problem]) -> list[str]:
    """A line for each photo that stays, with the reason; the first of very many."""
    lines = [f"{printable(problem.path.name)}: {problem.sentence}" for problem in problems[:_MOST]]
    return [*lines, f"And {len(problems) - _MOST:,} more."] if len(problems) > _MOST else lines


def problem_words(problems: Sequence[Problem]) -> str:
    """The first problem, and how many more there are."""
    more = f" And {len(problems) - 1:,} more." if len(problems) > 1 else ""
    return f"{printable(problems[0].path.name)}: {problems[0].sentence}{more}"


def begun_words(job: Job) -> str:
    """``Exporting to ~/picks``."""
    if job.kind == "undo":
        return "Bringing rejects back" if job.command == "trash" else f"Taking back what went to {_to(job)}"
    return f"Moving rejects to {_to(job)}" if job.command == "trash" else f"Exporting to {_to(job)}"


def progress_words(job: Job, far: Far) -> str:
    """``Exporting to ~/picks: 120 of 312 photos, 240 of 640 files, 85 MB/s, 40 s left``."""
    parts = [
        f"{far.photos:,} of {counted(far.of_photos, 'photo')}",
        f"{far.files:,} of {counted(far.of_files, 'file')}",
    ]
    if far.rate and job.way in ("copy", "convert") and job.kind == "do":
        parts.append(f"{bytes_words(int(far.rate))}/s")
    if far.left:
        parts.append(f"{time_words(far.left)} left")
    return f"{begun_words(job)}: {', '.join(parts)}"


def ended_words(ended: Ended) -> str:
    """How a job ended, in one line."""
    if ended.fault and ended.standing is None:
        return ended.fault
    if ended.stopped or ended.fault:
        return _halted(ended)
    return _undone(ended) if ended.job.kind == "undo" else _done(ended)


def interrupted_words(left: Standing) -> str:
    """What is left of an earlier time; where its drive is away, that it waits."""
    so_far = f"{left.done:,} of {counted(left.photos, 'photo')}"
    to = folder_words(left.folder)
    name = f"Moving rejects to {to}" if left.command == "trash" else f"An export to {to}"
    if left.undoing:
        name = f"Taking back {'rejects from' if left.command == 'trash' else 'an export to'} {to}"
    if left.away:
        return f"{name} waits until its drive is there again: {so_far}."
    return f"{name} was interrupted: {so_far}."


def question_words(left: Standing) -> str:
    """What undoing would undo."""
    when = left.at.astimezone().strftime("%Y-%m-%d %H:%M")
    count, to = counted(left.done, "photo"), folder_words(left.folder)
    if left.moves:
        return f"Bring back {count} moved to {to} ({when})?"
    return f"Take back {count} {DONE[left.way]} to {to} ({when})?"


def _to(job: Job) -> str:
    return folder_words(job.folder)


def _halted(ended: Ended) -> str:
    left = ended.standing
    if ended.fault and left is not None and ended.job.kind == "undo" and not left.undoing:
        return ended.fault  # nothing was begun
    so_far = "" if left is None else f"{left.done:,} of {counted(left.photos, 'photo')}"
    done = ("back" if left is not None and left.moves else "taken back") if ended.job.kind == "undo" else "done"
    return f"{ended.fault or 'Stopped.'} {so_far} {done}."


def _done(ended: Ended) -> str:
    outcome = ended.outcome
    count = 0 if outcome is None else outcome.photos
    verb = "moved" if ended.job.way in ("move", "trash") else "exported"
    words = f"{counted(count, 'photo')} {verb} to {_to(ended.job)}"
    if ended.extras:
        words += f", with {' and '.join(printable(file.name) for file in ended.extras)}"
    return f"{words}.{_left(ended, 'did not go')}"


def _undone(ended: Ended) -> str:
    outcome = ended.outcome
    count = 0 if outcome is None else outcome.photos
    verb = "back where they lay" if ended.job.way in ("move", "trash") else f"taken back from {_to(ended.job)}"
    if count == 1:
        verb = verb.replace("they lay", "it lay")
    return f"{counted(count, 'photo')} {verb}.{_left(ended, 'in doubt')}"


def _left(ended: Ended, what: str) -> str:
    problems = ended.problems
    return f" {len(problems):,} {what}: {problem_words(problems)}" if problems else ""
