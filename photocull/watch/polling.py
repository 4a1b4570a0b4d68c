"""For drives that tell of no changes: a thread lists the folders again and again, and compares."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken
from photocull.photo.formats import FAMILY_SUFFIXES, suffix_of
from photocull.photo.looking import is_folder_there
from photocull.photo.scan import Walked, walked
from photocull.watch.settling import Settling

PAUSE: Final = 2.0
"""Seconds between two looks at least."""
_SHARE: Final = 10
"""A pause is so many times as long as the look before it, so that a slow drive is not kept busy by being looked at."""

Names = dict[str, tuple[int, int]]
"""Size and modification time of the photos and sidecars of a folder by name."""


class Polling:
    """Looks at one folder and all below it, until it is closed; tells what differs from the look before.

    Args:
        root: the folder. settling: is told what was touched; after the first look, the whole folder.
        pause: least seconds between two looks.
    """

    def __init__(self, root: Path, settling: Settling, *, pause: float = PAUSE) -> None:
        self._root = root
        self._settling = settling
        self._pause = pause
        self._token = CancelToken()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name=f"polling {root.name}", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Look no more; returns when the thread has ended."""
        self._token.cancel()
        self._ended.set()
        self._thread.join()

    def _run(self) -> None:
        before: dict[Path, Names] | None = None
        while not self._ended.is_set():
            started = time.monotonic()
            try:
                before = self._compared(before)
            except CancelledError:
                return
            self._ended.wait(max(self._pause, _SHARE * (time.monotonic() - started)))

    def _compared(self, before: dict[Path, Names] | None) -> dict[Path, Names] | None:
        now, unknown = self._look()
        if not is_folder_there(self._root):  # the service waits for it, and begins anew
            return before
        if before is None:
            if self._root in now:
                self._settling.folder(self._root)
            return now if self._root in now else None
        for folder in [f for f in before if f not in now]:
            if any(folder == one or one in folder.parents for one in unknown):
                now[folder] = before[folder]  # it could not be read, which says nothing of its files
        for folder in before.keys() - now.keys():
            self._settling.file(folder)
        for folder, names in now.items():
            if folder not in before:
                self._settling.folder(folder)
            elif names != before[folder]:
                self._tell(folder, before[folder], names)
        return now

    def _look(self) -> tuple[dict[Path, Names], list[Path]]:
        """What lies where, and the folders that could not be read though they are there."""
        unknown: list[Path] = []

        def failed(folder: Path, error: OSError) -> None:
            if not isinstance(error, FileNotFoundError | NotADirectoryError):
                unknown.append(folder)

        found = {one.path: dict(_names(one)) for one in walked([self._root], failed, token=self._token)}
        return found, unknown

    def _tell(self, folder: Path, before: Names, now: Names) -> None:
        for name in now.keys() | before.keys():
            if now.get(name) != before.get(name):
                self._settling.file(folder / name, moved=name not in now)


def _names(found: Walked) -> Iterator[tuple[str, tuple[int, int]]]:
    for seen in found.content.entries:
        if seen.what == "file" and not seen.hidden and suffix_of(seen.name) in FAMILY_SUFFIXES:
            yield seen.name, (seen.size, seen.mtime_ns)
