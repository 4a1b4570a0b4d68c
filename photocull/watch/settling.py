"""What was touched and has yet to be looked at: filled from any thread, bounded, handed on once it has come to rest."""

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from photocull.core.work import CancelToken
from photocull.photo.looking import look
from photocull.pipeline.register import tops
from photocull.pipeline.stages import AT_REST

_OPEN: Final = 30.0
"""Seconds after the last word of a file that a program opened for writing and never closed."""
_MOVING: Final = 30.0
"""Seconds for which a folder in which files change their names is let be at most."""
MOST_FILES: Final = 4000
MOST_FOLDERS: Final = 200

State = tuple[int, int] | None
"""Size and modification time of a file; None where nothing lies there."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What can be looked at: single files, there or gone, and folders with all below them."""

    files: tuple[Path, ...] = ()
    folders: tuple[Path, ...] = ()


@dataclass(slots=True)
class _File:
    """One file: when it was touched last, since when it is as it was seen last, and whether it is open for writing."""

    touched: float
    since: float | None = None
    state: State = None
    writing: bool = False

    def rested(self, now: float) -> float:
        """Seconds without a change; none where it was not looked at yet."""
        return 0.0 if self.since is None else now - max(self.since, self.touched)


@dataclass(slots=True)
class _Moves:
    """Files of a folder that change their names: which is which can only be told when all are seen at once."""

    first: float
    last: float


@dataclass(slots=True)
class Settling:
    """Files and folders by when they were touched; a file counts as whole when it was the same twice, a second apart.

    Where there are thousands of files, their folders stand for them; where there are hundreds of folders, the roots.

    Args:
        roots: what is watched. at_rest: seconds without a change. clock: seconds.
    """

    roots: Sequence[Path]
    at_rest: float = AT_REST
    clock: Callable[[], float] = time.monotonic
    _files: dict[Path, _File] = field(default_factory=dict)
    _folders: dict[Path, float] = field(default_factory=dict)
    _moves: dict[Path, _Moves] = field(default_factory=dict)
    _changed: threading.Condition = field(default_factory=threading.Condition)

    def file(self, path: Path, *, writing: bool | None = None, moved: bool = False) -> None:
        """A file came, went or changed.

        Args:
            writing: a program writes to it (True) or has closed it (False); None where that is not known.
            moved: a photo's name was taken away or given; its folder is looked at when all of that is over.
        """
        with self._changed:
            now = self.clock()
            before = self._files.get(path)
            one = before or _File(now)
            one.touched = now
            one.writing = one.writing if writing is None else writing
            self._files[path] = one
            if moved:
                self._moves.setdefault(path.parent, _Moves(now, now)).last = now
            self._bound()
            if before is None:
                self._changed.notify_all()

    def folder(self, path: Path) -> None:
        """A folder and all below it are to be looked at."""
        with self._changed:
            self._folders[path] = self.clock()
            self._bound()
            self._changed.notify_all()

    def forget(self, root: Path) -> None:
        """Nothing below this folder can be looked at any more."""
        with self._changed:
            for waiting in (self._files, self._folders, self._moves):
                for path in [p for p in waiting if p == root or root in p.parents]:
                    del waiting[path]

    @property
    def empty(self) -> bool:
        """Whether nothing waits."""
        with self._changed:
            return not (self._files or self._folders)

    def __contains__(self, path: Path) -> bool:
        with self._changed:
            return path in self._files

    def wait(self, seconds: float) -> None:
        """Until something is touched that was not waiting before, at most so long."""
        with self._changed:
            self._changed.wait(seconds)

    def wake(self) -> None:
        """End the waiting."""
        with self._changed:
            self._changed.notify_all()

    def settled(self, token: CancelToken) -> Settled:
        """What has come to rest, taken out.

        Raises:
            CancelledError: the token said so while a drive did not answer.
        """
        files = tuple(path for path in self._due() if self._rests(path, token))
        with self._changed:
            now = self.clock()
            folders = [p for p, at in self._folders.items() if now - at >= self.at_rest and not self._moving(p, now)]
            for path in folders:
                del self._folders[path]
        return Settled(files, tuple(sorted(tops(folders))))

    def _due(self) -> list[Path]:
        with self._changed:
            now = self.clock()
            for folder in [
                f for f, m in self._moves.items() if now - m.last >= self.at_rest or now - m.first > _MOVING
            ]:
                del self._moves[folder]
            return [path for path, one in self._files.items() if self._is_due(path, one, now)]

    def _is_due(self, path: Path, one: _File, now: float) -> bool:
        if (one.writing and now - one.touched < _OPEN) or path.parent in self._moves:
            return False
        return one.since is None or one.rested(now) >= self.at_rest

    def _moving(self, folder: Path, now: float) -> bool:
        return any(folder == moving or folder in moving.parents for moving in self._moves)

    def _rests(self, path: Path, token: CancelToken) -> bool:
        """Whether a file is as it was when it was looked at last, long enough ago; then it is taken out."""
        try:
            state = state_of(path, token)
        except TimeoutError:
            return False  # the service asks after the drive, and forgets all of it while it is away
        with self._changed:
            one, now = self._files.get(path), self.clock()
            if one is None:
                return False
            if one.since is None or one.state != state:
                one.since, one.state = now, state
            # What is gone may be in a folder that waits to be looked at; there it is to be found before it is missed.
            if one.rested(now) < self.at_rest or (state is None and self._folders):
                return False
            del self._files[path]
            return True

    def _bound(self) -> None:
        if len(self._files) > MOST_FILES:
            now = self.clock()
            for path in [p for p, one in self._files.items() if not one.writing]:
                del self._files[path]
                self._folders[path.parent] = now
        if len(self._folders) > MOST_FOLDERS:
            at = self.clock()
            self._folders = dict.fromkeys(tops(self._folders), at)
        if len(self._folders) > MOST_FOLDERS:
            self._folders = dict.fromkeys(self.roots, self.clock())


def state_of(path: Path, token: CancelToken | None = None) -> State:
    """Size and modification time; None where nothing lies there, -1 for both where that is not known.

    Raises:
        TimeoutError: the drive is silent. CancelledError: the token said so.
    """
    try:
        seen = look(path, token=token)
    except (FileNotFoundError, NotADirectoryError):
        return None
    except TimeoutError:
        raise
    except OSError:  # no right to look, a drive that fails: not known to be gone
        return -1, -1
    return (-1, -1) if seen.what == "unknown" else (seen.size, seen.mtime_ns)
