"""Carries a journal's plan out, photo by photo, and carries on what a kill, a full disk or a person stopped."""

import hashlib
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.durable import sync_folder
from photocull.core.errors import CancelledError, OutputError, PhotocullError, one_line
from photocull.core.work import CancelToken, Listener, Pace, Problem
from photocull.photo.looking import reason
from photocull.picks.convert import Recipe, jpeg_of
from photocull.picks.digests import PIECE, digest
from photocull.picks.export_journal import Entry, Journal
from photocull.picks.late import take_along
from photocull.picks.placing import FULL, Ready, copy, finish, move, second_name, symlink, written
from photocull.picks.reach import is_reachable
from photocull.picks.removing import release, remove
from photocull.picks.system_trash import discard, find_in_trash, forget
from photocull.picks.whereabouts import came, is_original_kept, is_there

_STOPPED: Final = "Stopped; the next 'photocull export' or 'photocull trash' goes on from here, --undo takes it back."

_OCCUPIED: Final = "Another file lies at its old place by now; both stay."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was done.

    Attributes:
        photos, files, size: that went whole; size in bytes. problems: what did not, with one line each.
        moved: main files that lie elsewhere now, from and to; to is None in the system's trash.
    """

    photos: int
    files: int
    size: int
    problems: tuple[Problem, ...]
    moved: tuple[tuple[Path, Path | None], ...] = ()


def carry_out(journal: Journal, listener: Listener, token: CancelToken) -> Outcome:
    """Do what is still to be done of a plan; the journal must be held.

    One that wants lists stays open until `write_postscript` has written them.

    Args:
        listener: hears `Progressed` by photos, and each `Problem`.

    Raises:
        CancelledError: the token said so; OutputError: the disk is full or the journal cannot be written. Either way
            what was done stands, and carrying out the journal again goes on.
    """
    work = _Work(journal, token)
    take_along(journal)
    families = journal.families()
    pace = Pace(len(families))
    for family in families:
        settled = all(entry.done or entry.fault for entry in family)
        if not settled:
            work.check()
            if fault := work.settle(family):
                listener(fault)
        listener(pace.step(0, cached=1) if settled else pace.step())
    _settle_late(work, listener)
    if not journal.extras:
        journal.note(durable=True, state="finished")
    return outcome_of(journal)


def _settle_late(work: "_Work", listener: Listener) -> None:
    """What was written beside photos while others were moved goes as well."""
    take_along(work.journal)
    for family in work.journal.families():
        if not all(entry.done or entry.fault for entry in family):
            work.check()
            if fault := work.settle(family):
                listener(fault)


def outcome_of(journal: Journal) -> Outcome:
    """What a journal says was done."""
    families = journal.families()
    whole = [family for family in families if all(entry.done for entry in family)]
    faults = [
        Problem(f[0].item.source, next(e.fault for e in f if e.fault)) for f in families if any(e.fault for e in f)
    ]
    moving = journal.way in ("move", "trash")
    moved = [(e.item.source, e.target) for family in whole for e in family if e.main] if moving else []
    done = [entry for family in whole for entry in family]
    return Outcome(len(whole), len(done), sum(e.item.size for e in done), tuple(faults), tuple(moved))


@dataclass(slots=True)
class _Work:
    journal: Journal
    token: CancelToken

    def check(self) -> None:
        """Wait while paused; raises `CancelledError` with the way on."""
        try:
            self.token.check()
        except CancelledError as error:
            raise CancelledError(_STOPPED) from error

    def settle(self, family: Sequence[Entry]) -> Problem | None:
        """Let one photo go whole; where a file of it cannot, none of it goes, and why is told."""
        try:
            for entry in family:
                if not entry.placed:
                    self._place(entry)
                elif (
                    self.journal.way == "move" and not entry.done and came(entry, "move") is None
                ):  # while the work was interrupted
                    raise OutputError("It was changed at its new place before its move had ended; both stay.")
            for entry in family:
                if not entry.done:
                    self._let_go(entry)
        except CancelledError as error:
            raise CancelledError(_STOPPED) from error
        except (OSError, PhotocullError) as error:
            if isinstance(error, OSError) and error.errno in FULL:
                raise _full(self.journal, error) from error
            why = _why(error)
            self._roll_back(family, why)
            return Problem(family[0].item.source, why)
        return None

    def _place(self, entry: Entry) -> None:
        where = came(entry, self.journal.way)
        if where is None:
            if self.journal.way == "trash":
                where = self._discard(entry)
            else:
                self._fetch(entry)
                where = entry.target
        elif self.journal.way != "trash":  # it got its name, and a kill came before its first one went
            self.journal.part(entry).unlink(missing_ok=True)
        self.journal.note(file=entry.number, placed=True, target=None if where is None else str(where))

    def _discard(self, entry: Entry) -> Path | None:
        source = entry.item.source
        discard(source)
        return find_in_trash(source, entry.item.size, entry.item.mtime_ns)

    def _fetch(self, entry: Entry) -> None:
        source, target, part = entry.item.source, entry.target, self.journal.part(entry)
        if target is None:
            raise ValueError("only the system's trash chooses targets itself")
        self._make(target.parent)

        def ready(digest: str) -> None:
            self.journal.note(file=entry.number, hash=digest)

        try:
            if self.journal.way == "symlink":
                source.stat()  # a link to nothing helps nobody
                symlink(source, target)
            elif self.journal.way == "hardlink":
                if not second_name(source.resolve(), target):
                    raise OutputError("This drive has no hard links.", remedy="Use --copy or --symlink.")
            elif self.journal.way == "copy":
                copy(source, target, part, ready, self.token)
            elif self.journal.way == "convert":
                self._convert(source, target, part, ready)
            elif not move(source, target, part, ready, self.token):
                self.journal.note(file=entry.number, done=True, placed=True)
        except BaseException:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise

    def _convert(self, source: Path, target: Path, part: Path, ready: Ready) -> None:
        data = jpeg_of(source, Recipe(**self.journal.options["recipe"]))
        with written(part) as out:
            for start in range(0, len(data), PIECE):
                out.write(data[start : start + PIECE])
        finish(part, target, hashlib.sha256(data).hexdigest(), ready)

    def _make(self, folder: Path) -> None:
        """Make a folder and those above it, each noted first, so that undoing takes away what was made and no more."""
        missing = [place for place in (folder, *folder.parents) if not os.path.lexists(place)]
        for place in reversed(missing):
            self.journal.note(folder=str(place))
            place.mkdir(exist_ok=True)
            sync_folder(place.parent)

    def _let_go(self, entry: Entry) -> None:
        """The end of a file's way: where it was moved, its old name goes."""
        source, target = entry.item.source, entry.target
        if self.journal.way == "move" and target is not None and is_there(source):
            if not target.samefile(source) and not is_original_kept(entry):
                raise OutputError("The file changed while it was moved.", remedy="Export it again.")
            self.journal.note(durable=True, file=entry.number, placed=True)
            release(source, target, "new")
        self.journal.note(file=entry.number, done=True)

    def _roll_back(self, family: Sequence[Entry], why: str) -> None:
        """Nothing of a photo stays at its target when a part of it could not come there."""
        for entry in reversed(family):
            back = not entry.placed
            if entry.placed:
                with suppress(OSError, PhotocullError):
                    take_back(self.journal, entry)
                    back = True
            self.journal.note(file=entry.number, fault=why, placed=not back, done=False)


def take_back(journal: Journal, entry: Entry) -> None:
    """Undo one placed file: a copy or link goes, what was moved comes back; anything in doubt stays.

    Raises:
        OutputError: it has to stay, with the reason. OSError: it cannot be reached.
    """
    target = came(entry, journal.way)
    if target is None:
        if entry.placed:
            _explain_absence(journal, entry)
        return
    source = entry.item.source
    if journal.way == "symlink":
        remove(target)
        return
    if journal.way in ("copy", "convert") and not is_original_kept(entry):
        if not is_reachable(source):
            raise OSError(0, "the folder of its original is not there", str(source))
        raise OutputError("Its original has gone or changed since, so what was exported stays.", path=target)
    if journal.way in ("move", "trash"):
        _return(journal, entry, target, source)
    release(target, source, "old")
    if journal.way == "trash":
        forget(target)


def _return(journal: Journal, entry: Entry, target: Path, source: Path) -> None:
    part = source.with_name(journal.part(entry).name)
    part.unlink(missing_ok=True)
    if is_there(source):
        if target.samefile(source) or (is_original_kept(entry) and digest(source) == entry.hash):
            return  # it never left, or leads back here: `release` tells
        raise OutputError(_OCCUPIED, path=target)
    source.parent.mkdir(parents=True, exist_ok=True)
    move(target, source, part, lambda _: None)


def _explain_absence(journal: Journal, entry: Entry) -> None:
    """Why a file that was placed is not found: gone already, which is well where the original is there, or changed."""
    target, source = entry.target, entry.item.source
    moving = journal.way in ("move", "trash")
    if target is not None and is_there(target):
        if moving:
            raise OutputError(_OCCUPIED, path=target)
        raise OutputError("It was changed or replaced since, so it stays.", path=target)
    if moving and not is_there(source):
        if journal.way == "move" and target is not None and not is_reachable(target):
            raise OSError(0, "the folder that it was moved to is not there", str(target))
        remedy = "Look for it in the system's trash." if journal.way == "trash" else "Look for it where it was put."
        raise OutputError("It is no longer where it was moved to.", path=target or source, remedy=remedy)


def _why(error: OSError | PhotocullError) -> str:
    if isinstance(error, PhotocullError):
        return f"{error.sentence} {error.remedy}" if error.remedy else error.sentence
    if isinstance(error, FileExistsError):
        return "A file of its name has come to the folder meanwhile; export it again."
    if isinstance(error, FileNotFoundError):
        return "The file is no longer there."
    why = reason(error) if error.errno is not None else one_line(str(error)).rstrip(".") or type(error).__name__
    return f"It was left as it is: {why}."


def _full(journal: Journal, error: OSError) -> OutputError:
    remedy = "Make room and export again: it goes on from here. Or take it back with --undo."
    return OutputError(f"Nothing more can be written there: {reason(error)}.", path=journal.folder, remedy=remedy)
