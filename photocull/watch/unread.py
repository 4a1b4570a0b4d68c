"""What could not be read: photos are tried again after minutes, folders that open are listened to anew."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

LONGEST: Final = 3600.0
"""Seconds after which everything is looked at anyway."""
_MOST: Final = 1000


@dataclass(slots=True)
class _Again:
    """When a photo is tried again, and how long it will be let be after that."""

    at: float
    pause: float


@dataclass(slots=True)
class Unread:
    """Photos that could not be opened and folders that could not be listed; at most some thousand, used by one thread.

    Args:
        first: seconds until a photo is tried again; each failure doubles them, up to an hour. clock: seconds.
    """

    first: float
    clock: Callable[[], float] = time.monotonic
    _photos: dict[Path, _Again] = field(default_factory=dict)
    _closed: set[Path] = field(default_factory=set)

    def note(self, entered: Iterable[Path], unopened: Sequence[Path]) -> None:
        """Photos that were looked at, and those of them that could not be opened."""
        for path in set(entered).difference(unopened):
            self._photos.pop(path, None)
        for path in unopened:
            before = self._photos.get(path)
            if before is None and len(self._photos) >= _MOST:
                continue
            pause = self.first if before is None else min(LONGEST, 2 * before.pause)
            self._photos[path] = _Again(self.clock() + pause, pause)

    def due(self) -> list[Path]:
        """Photos that are to be looked at again; they come back once an hour until they are `note`d."""
        now = self.clock()
        due = [path for path, again in self._photos.items() if again.at <= now]
        for path in due:
            self._photos[path].at = now + LONGEST
        return due

    def opened(self, looked: Sequence[Path], closed: Sequence[Path]) -> list[Path]:
        """Folders that can be listed now and could not before.

        Args:
            looked: folders that were looked at just now, with all below. closed: those below that could not be listed.
        """
        before = [one for one in self._closed if any(folder == one or folder in one.parents for folder in looked)]
        opened = [one for one in before if one not in closed]
        self._closed.difference_update(opened)
        self._closed.update(closed[: max(0, _MOST - len(self._closed))])
        return opened

    def forget(self, root: Path) -> None:
        """Nothing below this folder can be looked at any more."""
        for path in [p for p in self._photos if root in p.parents]:
            del self._photos[path]
        self._closed = {one for one in self._closed if one != root and root not in one.parents}
