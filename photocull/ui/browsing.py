"""Measures the window on many photos, in a process of its own: the next photo, 1:1, memory; prints one JSON object.

`python -m photocull.ui.browsing HOME MODEL`: a folder with a catalogue and previews in which the photos of the folders
in it (`MANY`, to flick through, and `LARGE`) are judged by this model. No screen is needed; `photocull benchmark` asks.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Self

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings
from photocull.photo.previews import PreviewStore
from photocull.ui.app import open_model
from photocull.ui.collecting import collecting_here, leave_out_what_lives
from photocull.ui.desk import Desk, application

CATALOG: Final = "catalog.sqlite"
PREVIEWS: Final = "previews.sqlite"
MANY: Final = "many"
LARGE: Final = "large"
_STEP: Final = 0.12
"""Seconds between two keys: a person who flicks through photos quickly."""
_STEPS: Final = 80
_LOOKS: Final = 3
_CLOSE: Final = 6
"""Large photos that are stepped through at 1:1 for what that takes of memory."""
_LEAPS: Final = 80
_PATIENCE: Final = 300.0
"""Seconds; guards against a hang on the slowest machine."""


class _Painted(QObject):
    """Whether the loupe's canvas was painted while what is waited for was there."""

    def __init__(self) -> None:
        super().__init__()
        self.there: Callable[[], bool] = lambda: False
        self.done = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hear of every paint."""
        if event.type() == QEvent.Type.Paint and self.there():
            self.done = True
        return False


class Browsing:
    """The window on photos that are judged already, as on the second day, with the model that judged them.

    Args:
        home: where `CATALOG` and `PREVIEWS` lie. model: its name.
    """

    def __init__(self, home: Path, model: str) -> None:
        self._running = application()
        self._catalog = open_catalog(home / CATALOG, backup=False)
        self._previews = PreviewStore(home / PREVIEWS, limit_bytes=2_000 * 2**20)
        settings = Settings(model=model, sort="name", descending=False, sidecars="off")
        self._ended: list[object] = []
        self.desk = Desk(self._catalog, self._previews, settings, open_model, lambda _settings: None)
        self.desk.bridge.modelReady.connect(lambda _name, _fingerprint: leave_out_what_lives())
        self.desk.bridge.runFinished.connect(self._ended.append)
        self.desk.bridge.runFailed.connect(self._ended.append)
        self.window = self.desk.window
        self.window.resize(1440, 900)
        self._painted = _Painted()
        self.window.loupe.canvas.installEventFilter(self._painted)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.close()
        self._catalog.close()
        self._previews.close()

    def open(self, folder: Path) -> None:
        """Look at this folder alone, and wait until its run has ended and its photos are listed."""
        before, count = len(self._ended), sum(1 for _ in folder.iterdir())
        (self.window.session.open if before else self.desk.open)([folder])
        self.until(lambda: len(self._ended) > before and len(self.window.session.photos.ids) == count)

    def press(self, key: str) -> None:
        """Press a key where the photographer's fingers would land."""
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def until(self, true: Callable[[], bool]) -> None:
        """Let the window work until this is so.

        Raises:
            TimeoutError: it never was.
        """
        deadline = time.perf_counter() + _PATIENCE
        while not true():
            if time.perf_counter() > deadline:
                raise TimeoutError("the window did not come to what was waited for")
            self._running.processEvents()
            time.sleep(0.0005)

    def rest(self, seconds: float) -> None:
        """Let the window work for so long."""
        until = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() >= until)

    def timed(self, act: Callable[[], None], there: Callable[[], bool]) -> float:
        """Milliseconds from an act to the end of the paint, and of all that came before it, which shows its result."""
        self._painted.there, self._painted.done = there, False
        started = time.perf_counter()
        act()
        self.until(lambda: self._painted.done)
        return (time.perf_counter() - started) * 1000


def _flick(browsing: Browsing) -> list[float]:
    """Step through photos in the loupe, forward and now and then back."""
    loupe, grid, times = browsing.window.loupe, browsing.window.grid, []
    last = len(browsing.window.session.photos.ids) - 1
    for number in range(_STEPS):
        here = grid.currentIndex().row()
        back = here == last or (number % 10 == 9 and here > 0)
        before, key = loupe.row, "Left" if back else "Right"
        times.append(
            browsing.timed(
                lambda key=key: browsing.press(key),  # type: ignore[misc]
                lambda before=before: loupe.row != before and loupe.has_pixels(),  # type: ignore[misc]
            )
        )
        browsing.rest(_STEP)
    return times


def _look_closely(browsing: Browsing) -> list[float]:
    """1:1 of large photos that lie apart, so that none was read ahead, each seen whole before."""
    loupe, photos, times = browsing.window.loupe, len(browsing.window.session.photos.ids), []
    for number in range(_LOOKS):
        browsing.until(loupe.has_pixels)
        browsing.rest(0.4)
        before = loupe.row
        times.append(browsing.timed(lambda: browsing.press("Z"), lambda: loupe.has_pixels(full=True)))
        browsing.rest(0.3)
        browsing.press("Z")
        browsing.window.grid.choose(3 * (number + 1) % photos)
        browsing.until(lambda before=before: loupe.row != before)  # type: ignore[misc]
    return times


def _stay_close(browsing: Browsing) -> None:
    """Step through large photos at 1:1, each until it is there."""
    loupe = browsing.window.loupe
    browsing.window.grid.choose(0)
    browsing.until(loupe.has_pixels)
    browsing.press("Z")
    for _ in range(_CLOSE):
        browsing.until(lambda: loupe.has_pixels(full=True))
        browsing.rest(0.3)
        browsing.press("Right")


def _scroll(browsing: Browsing) -> None:
    """Through the whole grid in leaps, waiting for pictures now and then."""
    bar = browsing.window.grid.verticalScrollBar()
    for place in range(0, bar.maximum(), max(1, bar.maximum() // _LEAPS)):
        bar.setValue(place)
        browsing.rest(0.05)


def most_memory() -> int | None:
    """Most megabytes that this process has held so far; None where the system does not tell."""
    status = Path("/proc/self/status")
    if status.is_file():  # its ``ru_maxrss`` would count the process that started this one
        peak = next(line for line in status.read_text("ascii", "replace").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) // 1024
    if sys.platform == "win32":
        return None
    import resource  # absent on Windows

    return int(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))


def measure(home: Path, model: str) -> dict[str, Any]:
    """Milliseconds and megabytes by name; see the module's docstring for what lies in ``home``."""
    with collecting_here(), Browsing(home, model) as browsing:
        browsing.open(home / MANY)
        photos, opened = len(browsing.window.session.photos.ids), most_memory()
        _scroll(browsing)
        scrolled = most_memory()
        browsing.window.grid.choose(0)
        browsing.press("Return")
        browsing.until(browsing.window.loupe.has_pixels)
        browsing.rest(0.5)
        steps = _flick(browsing)
        flicked = most_memory()
        browsing.open(home / LARGE)
        looks = _look_closely(browsing)
        _stay_close(browsing)
        return {
            "photos": photos,
            "next_photo_ms": round(statistics.median(steps), 1),
            "next_photo_ms_95": round(sorted(steps)[int(0.95 * len(steps))], 1),
            "one_to_one_ms": round(statistics.median(looks), 1),
            "one_to_one_ms_most": round(max(looks), 1),
            "opened_mb": opened,
            "scrolled_mb": scrolled,
            "browsed_mb": flicked,
            "close_mb": most_memory(),
        }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), sys.argv[2])) + "\n")
