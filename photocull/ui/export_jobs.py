"""A piece of work on exports: what it is, how far it is, how it ended, what is left of an earlier one. No Qt here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from photocull.core.work import Pace, Problem
from photocull.picks.convert import Recipe
from photocull.picks.export import Outcome
from photocull.picks.export_journal import Entry, Journal
from photocull.picks.lists import Extra
from photocull.picks.performing import Command
from photocull.picks.plan import Plan, Way
from photocull.picks.reach import is_away


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done; ``extras`` are written about the photos at the end."""

    plan: Plan
    command: Command = "export"
    recipe: Recipe | None = None
    extras: frozenset[Extra] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """How a journal stands.

    Attributes:
        folder: None for the system's trash. photos: how many it is about; done: that went whole, or came back while
            it is being undone. undoing: it is being, or was, taken back. open: there is something left to do.
        away: a drive that it needs is not there.
    """

    file: Path
    command: Command
    way: Way
    folder: Path | None
    at: datetime
    photos: int
    done: int
    undoing: bool = False
    open: bool = False
    away: bool = False

    @property
    def moves(self) -> bool:
        """Whether files left their places, so that taking it back brings them there again."""
        return self.way in ("move", "trash")


@dataclass(frozen=True, slots=True)
class Job:
    """One piece of work; ``kind`` "undo" takes back what ``command`` did."""

    kind: Literal["do", "undo"]
    command: Command
    way: Way
    folder: Path | None
    photos: int


@dataclass(frozen=True, slots=True)
class Far:
    """How far a job is. ``rate`` in bytes a second, ``left`` in seconds; None until known."""

    photos: int
    of_photos: int
    files: int
    of_files: int
    share: float
    rate: float | None
    left: float | None


@dataclass(frozen=True, slots=True)
class Ended:
    """How a job ended.

    Attributes:
        standing: of its journal; None where it could not be begun. stopped: the person stopped it.
        fault: why it could not go on; empty where it did. extras: files that were written about the photos.
    """

    job: Job
    standing: Standing | None = None
    outcome: Outcome | None = None
    stopped: bool = False
    fault: str = ""
    extras: tuple[Path, ...] = ()

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Photos that did not go, with the reasons."""
        return () if self.outcome is None else self.outcome.problems


def standing(journal: Journal) -> Standing:
    """How a journal stands now."""
    undoing = journal.state in ("undoing", "undone")
    whole = [f for f in journal.families() if all(e.undone if undoing else e.done for e in f)]
    command: Command = "trash" if journal.options.get("command") == "trash" else "export"
    left, away = journal.state in ("open", "undoing"), is_away(journal)
    head = (journal.file, command, journal.way, journal.folder, journal.at)
    return Standing(*head, journal.photos, len(whole), undoing, left, away)


@dataclass(slots=True)
class Meter:
    """From "so many photos" to files, bytes and time, for one walk through a journal's photos in its order."""

    steps: Sequence[tuple[int, int, bool]]
    """Of each photo: files, bytes, and whether it is settled already."""
    _pace: Pace = field(init=False)
    _photos: int = 0
    _files: int = 0
    _of_files: int = field(init=False)

    def __post_init__(self) -> None:
        self._pace = Pace(sum(size for _, size, _ in self.steps))
        self._of_files = sum(files for files, _, _ in self.steps)

    def at(self, photos: int) -> Far:
        """So many photos are finished, never fewer than before."""
        for files, size, settled in self.steps[self._photos : photos]:
            self._files += files
            self._pace.step(0 if settled else size, cached=size if settled else 0)
        self._photos = photos
        now = self._pace.now()
        share = now.done / now.total if now.total else photos / max(1, len(self.steps))
        return Far(photos, len(self.steps), self._files, self._of_files, share, now.rate, now.seconds_left)


def meter(journal: Journal, *, back: bool = False) -> Meter:
    """For carrying a journal out, or for taking it back."""
    families = journal.families()[:: -1 if back else 1]
    return Meter([(len(f), sum(e.item.size for e in f), _settled(f, back=back)) for f in families])


def _settled(family: Sequence[Entry], *, back: bool) -> bool:
    return all(entry.undone if back else entry.done or entry.fault for entry in family)
