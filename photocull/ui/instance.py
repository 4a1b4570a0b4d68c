"""One window for a catalogue: a second start hands its folders to the window that is open, and ends.

The open window holds a lock of the system, which dies with its process; a note in the same folder is the knock at it.
"""

import json
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

from PySide6.QtCore import QFileSystemWatcher, QObject, Signal

from photocull.catalog.engine import file_of, url_of
from photocull.core.errors import PhotocullError
from photocull.core.locks import BusyError, held
from photocull.core.named import hashed
from photocull.ui.bridge import Bridge

ALREADY: Final = "Photocull is already open with this catalogue; go on in its window."
_SILENT: Final = "Photocull is already open with this catalogue and does not answer."
_LOOK: Final = "Look for its window, which may be asking something; answer it or close it, and start again."
_PATIENCE: Final = 20.0
"""Seconds that a second start waits for the window, which may itself be starting."""
_PAUSE: Final = 0.05
_STALE: Final = 60.0
"""Seconds after which nobody waits for an answer to a note any more."""


def place_of(catalog: str | Path, home: Path) -> Path:
    """The folder below ``home`` in which the windows of one catalogue meet, however its name is written."""
    try:
        file = file_of(url_of(catalog))
        identity = str(catalog if file is None else file)
    except Exception:  # noqa: BLE001  whatever is wrong with this name, opening the catalogue says it better
        identity = str(catalog)
    return home / "windows" / hashed(identity)


@contextmanager
def first_window(place: Path, folders: Sequence[Path], patience: float = _PATIENCE) -> Iterator[bool]:
    """Be the one window of a catalogue while entered; False where an open window took these folders instead.

    Args:
        place: from `place_of`. patience: seconds to wait for an answer.

    Raises:
        PhotocullError: a window is open and does not answer.
    """
    with ExitStack() as stack:
        yield _enter(stack, place, folders, time.monotonic() + patience)


def _enter(stack: ExitStack, place: Path, folders: Sequence[Path], until: float) -> bool:
    note: Path | None = None
    try:
        place.mkdir(parents=True, exist_ok=True)
        while True:
            with suppress(BusyError):
                stack.enter_context(held(place / "lock"))
                return True
            if note is None:
                note = _left(place, folders)
            elif not note.exists():
                return False
            if time.monotonic() >= until:
                raise PhotocullError(_SILENT, remedy=_LOOK)
            time.sleep(_PAUSE)
    except OSError:
        return True  # where nothing can be written, the catalogue's own sentence says more
    finally:
        if note is not None:
            with suppress(OSError):
                note.unlink(missing_ok=True)


def _left(place: Path, folders: Sequence[Path]) -> Path:
    note = place / f"{secrets.token_hex(8)}.json"
    part = note.with_suffix(".part")
    part.write_text(json.dumps([str(folder) for folder in folders]), "ascii")
    part.replace(note)
    return note


def taken_notes(place: Path) -> tuple[Path, ...] | None:
    """Take away what was left there: the folders of all notes; None where there was no note."""
    found = False
    folders: dict[Path, None] = {}
    for note in sorted(place.glob("*.json")):
        with suppress(OSError, ValueError, TypeError):
            waited_for = time.time() - note.stat().st_mtime < _STALE
            text = note.read_text("ascii")
            note.unlink()
            if waited_for:
                found = True
                folders.update((Path(folder), None) for folder in json.loads(text))
    return tuple(folders) if found else None


class Door(QObject):
    """Hears of later starts with the same catalogue.

    Signals:
        knocked(tuple[Path, ...]): somebody wants this window, with these folders, which may be none.
    """

    knocked = Signal(object)

    def __init__(self, place: Path, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._place, self._bridge = place, bridge
        self._watcher = QFileSystemWatcher(self)
        if place.is_dir():
            self._watcher.addPath(str(place))
        self._watcher.directoryChanged.connect(self.look)

    def look(self) -> None:
        """Take what was left; `knocked` tells of it."""
        # Without a key: an answer that a newer question replaced would be a note that nobody hears of.
        self._bridge.query(lambda: taken_notes(self._place), self._tell, owner=self)

    def _tell(self, folders: tuple[Path, ...] | None) -> None:
        if folders is not None:
            self.knocked.emit(folders)
