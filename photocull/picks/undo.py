"""Takes an export or a clean-up back, last file first; what is in doubt stays where it is, with the reason."""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

from photocull.core.errors import CancelledError, PhotocullError
from photocull.core.work import CancelToken, Listener, Pace, Problem
from photocull.photo.looking import reason
from photocull.picks.export import Outcome, take_back
from photocull.picks.export_journal import Entry, Journal
from photocull.picks.late import bring_along
from photocull.picks.placing import part_of
from photocull.picks.reach import check_undoable
from photocull.picks.removing import remove
from photocull.picks.whereabouts import is_as_written, is_there

_STOPPED: Final = "Stopped; --undo goes on from here."


def undo(journal: Journal, listener: Listener, token: CancelToken) -> Outcome:
    """Take back what a journal did; it must be held. A second call tries again what could not be reached.

    Copies and links go where their originals are as they were; moved files return. Lists go as well. What was edited
    stays.

    Raises:
        CancelledError: the token said so; OutputError: the journal cannot be written. What was taken back stays so.
            OutputError also where a drive is not there: then nothing was done, and it can be undone later.
    """
    check_undoable(journal)
    journal.note(durable=True, state="undoing")
    bring_along(journal)
    families = journal.families()[::-1]
    pace, problems, unreached = Pace(len(families)), list[Problem](), False
    back, photos, files, size = list[tuple[Path, Path | None]](), 0, 0, 0
    for family in families:
        if token.cancelled:
            raise CancelledError(_STOPPED)
        told, taken = len(problems), files
        for entry in reversed(family):
            if entry.undone:
                continue
            was = entry.placed
            problem, reached = _undo_one(journal, entry)
            unreached |= not reached
            if problem is not None:
                problems.append(problem)
                listener(problem)
            elif was:
                files, size = files + 1, size + entry.item.size
                if entry.main:
                    back.append((entry.item.source, entry.item.source))
        photos += files > taken and len(problems) == told
        listener(pace.step())
    for problem, reached in _undo_lists(journal):
        unreached |= not reached
        problems.append(problem)
        listener(problem)
    _remove_folders(journal)
    journal.note(durable=True, state="finished" if unreached else "undone")
    moved = back if journal.way in ("move", "trash") else []
    return Outcome(photos, files, size, tuple(problems), tuple(moved))


def _undo_one(journal: Journal, entry: Entry) -> tuple[Problem | None, bool]:
    """What is wrong, if anything; and whether the file could be reached, so that the matter is settled."""
    part = journal.part(entry)
    try:
        part.unlink(missing_ok=True)
        if entry.placed or entry.hash is not None or not entry.fault:
            take_back(journal, entry)
    except OSError as error:
        return Problem(entry.target or entry.item.source, f"It could not be taken back: {reason(error)}."), False
    except PhotocullError as error:
        journal.note(file=entry.number, undone=True)
        why = f"{error.sentence} {error.remedy}" if error.remedy else error.sentence
        return Problem(error.path or entry.item.source, why), True
    journal.note(file=entry.number, undone=True)
    return None, True


def _undo_lists(journal: Journal) -> Iterator[tuple[Problem, bool]]:
    """Take away the lists that are as they were written; what is wrong, and whether the file could be reached."""
    for beside in journal.beside.values():
        file = beside.path
        try:
            part_of(file).unlink(missing_ok=True)
            if is_as_written(file, beside.hash):
                remove(file)
            elif beside.hash is not None and is_there(file):
                yield Problem(file, "It was changed or replaced since, so it stays."), True
        except OSError as error:
            yield Problem(file, f"It could not be taken back: {reason(error)}."), False


def _remove_folders(journal: Journal) -> None:
    for folder in reversed(journal.folders):
        with suppress(OSError):  # others put something there, or it is gone
            folder.rmdir()
