"""The system's own word of what changes below a folder, by watchdog: events become touched files and folders."""

import errno
import logging
import os
import sys
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from watchdog.events import (
    DirAttribEvent,
    DirCreatedEvent,
    DirDeletedEvent,
    DirMovedEvent,
    FileAttribEvent,
    FileClosedEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

from photocull.core.work import CancelToken
from photocull.photo.formats import FAMILY_SUFFIXES, suffix_of
from photocull.photo.scan import is_walked, walked
from photocull.watch.settling import Settling

# No other: opening and closing a photo to read it is an event too, and every photo is read here.
_HEARD: Final[list[type[FileSystemEvent]]] = [
    FileCreatedEvent, FileModifiedEvent, FileMovedEvent, FileDeletedEvent, FileClosedEvent,
    DirCreatedEvent, DirMovedEvent, DirDeletedEvent,
    FileAttribEvent, DirAttribEvent,  # what could not be read before may be now
]  # fmt: skip
_TELLS_CLOSING: Final = sys.platform.startswith("linux")
_FULL: Final = (errno.ENOSPC, errno.EMFILE)


class FullError(Exception):
    """The system watches as many folders as it is allowed to."""


class Events:
    """Hears what happens below one folder, and in the folders that links in it lead to, until it is closed.

    Args:
        root: the folder, as the person calls it. settling: is told what was touched.
        lost: called, on a thread of the watcher, when events were lost, the folder itself went, or a link came.
        stale: called so when a folder went: if it was moved out, watchdog goes on listening to it under its old name.

    Raises:
        FullError: there are more folders than the system watches. OSError: the folder is not there.
        CancelledError: the token said so.
    """

    def __init__(
        self,
        root: Path,
        settling: Settling,
        lost: Callable[[], None],
        stale: Callable[[], None],
        token: CancelToken,
    ) -> None:
        self._root = root
        self._remarks = _Remarks(lost)
        self._observers: list[BaseObserver] = []
        _keep_calm()
        try:
            self._observers.append(_observed(root, _Told(settling, lost, stale), token))
            self.check()
        except OSError as error:
            self.close()
            if error.errno in _FULL:
                raise FullError from error
            raise
        except BaseException:
            self.close()
            raise
        logging.getLogger("watchdog").addHandler(self._remarks)

    def check(self) -> None:
        """Whether folders that came since are watched too: watchdog says nothing where they could not be.

        Raises:
            FullError: the system watches no further folder. OSError: the root is not there.
        """
        probe: BaseObserver | None = None
        try:
            probe = Observer()
            probe.schedule(FileSystemEventHandler(), os.path.realpath(self._root), event_filter=_HEARD)
            probe.start()
        except OSError as error:
            if error.errno in _FULL:
                raise FullError from error
            raise
        finally:
            if probe is not None:
                _end(probe)

    @property
    def alive(self) -> bool:
        """Whether all of watchdog's threads are at work."""
        threads = [
            t for o in self._observers for t in (o, *o.emitters, getattr(o, "_inotify_fd", None)) if t is not None
        ]
        return all(thread.is_alive() for thread in threads)

    def close(self) -> None:
        """Hear no more."""
        logging.getLogger("watchdog").removeHandler(self._remarks)
        while self._observers:
            _end(self._observers.pop())


def _keep_calm() -> None:
    """watchdog makes a fuss of a folder that it meets twice while it fills, and of being ended at its work."""
    warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning)
    logging.getLogger("watchdog.observers.inotify").addFilter(_is_news)


def _is_news(record: logging.LogRecord) -> bool:
    return "when the thread is inactive" not in record.getMessage()


@dataclass(frozen=True, slots=True)
class _Told:
    """Who is told of what."""

    settling: Settling
    lost: Callable[[], None]
    stale: Callable[[], None]


def _observed(root: Path, told: _Told, token: CancelToken) -> BaseObserver:
    observer = Observer()
    try:
        for real, shown in _places(root, token).items():
            observer.schedule(_Handler(real, shown, told), str(real), recursive=True, event_filter=_HEARD)
        observer.start()
    except BaseException:
        _end(observer)
        raise
    return observer


def _end(observer: BaseObserver) -> None:
    observer.stop()
    if observer.ident is None:  # what it opened when it was made is closed by its own thread alone
        observer.on_thread_stop()
    else:
        observer.join()


def _places(root: Path, token: CancelToken) -> dict[Path, Path]:
    """Where the root and the folders behind links in it really lie -> how they are called here."""
    places = {_real(root): root}
    for found in walked([root], lambda _folder, _error: None, token=token):
        if found.linked:
            real = _real(found.path)
            if not any(real == place or place in real.parents for place in places):
                places[real] = found.path
    return places


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


class _Handler(FileSystemEventHandler):
    """Turns events below a place, on watchdog's thread, into touched paths as they are called here."""

    def __init__(self, real: Path, shown: Path, told: _Told) -> None:
        self._real = real
        self._shown = shown
        self._told = told

    def on_any_event(self, event: FileSystemEvent) -> None:
        if (
            event.is_synthetic
        ):  # made up by watchdog of what lies in a folder that was moved, which is looked at as a whole
            return
        source = self._path(event.src_path)
        if event.is_directory:
            self._folder(event, source)
            return
        if isinstance(event, FileMovedEvent):
            self._file(source, moved=True)
            self._file(self._path(event.dest_path), new=True)
        else:
            kind = type(event)
            writing = {FileModifiedEvent: True, FileClosedEvent: False}.get(kind) if _TELLS_CLOSING else None
            gone = kind is FileDeletedEvent
            self._file(source, writing=writing, moved=gone, new=kind is FileCreatedEvent)

    def _folder(self, event: FileSystemEvent, source: Path | None) -> None:
        if isinstance(event, DirAttribEvent):
            if source is not None and (source == self._shown or is_walked(source.name)):
                self._told.settling.folder(source)
            return
        if source == self._shown and not isinstance(event, DirCreatedEvent):
            self._told.lost()
            return
        if isinstance(event, DirMovedEvent | DirDeletedEvent) and source is not None:
            self._told.settling.file(source)
        if isinstance(event, DirDeletedEvent):
            self._told.stale()
        arrived = self._path(event.dest_path) if isinstance(event, DirMovedEvent) else source
        if arrived is not None and not isinstance(event, DirDeletedEvent) and is_walked(arrived.name):
            self._told.settling.folder(arrived)

    def _file(self, path: Path | None, *, writing: bool | None = None, moved: bool = False, new: bool = False) -> None:
        if path is None:
            return
        if suffix_of(path.name) in FAMILY_SUFFIXES and not path.name.startswith("."):
            self._told.settling.file(path, writing=writing, moved=moved)
        elif new and path.is_symlink() and path.is_dir():  # to a folder: what happens in that is another place's events
            self._told.lost()
        elif moved and is_walked(path.name):  # it may have been a link to a folder
            self._told.settling.file(path)

    def _path(self, said: bytes | str) -> Path | None:
        """As it is called here; None for what lies in no folder that is looked into."""
        try:
            below = Path(os.fsdecode(said)).relative_to(self._real)
        except ValueError:
            return None
        return self._shown / below if all(map(is_walked, below.parts[:-1])) else None


class _Remarks(logging.Handler):
    """What watchdog finds worth a warning, a queue that ran over above all, means that events may be lost."""

    def __init__(self, lost: Callable[[], None]) -> None:
        super().__init__(logging.WARNING)
        self._on_lost = lost

    def emit(self, record: logging.LogRecord) -> None:
        self._on_lost()
