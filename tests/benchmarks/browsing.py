"""Measures browsing in a process of its own: the loupe from photo to photo, 1:1, memory; prints one JSON object.

`python -m tests.benchmarks.browsing HOME`: a folder with the photos to browse (``many``) and large ones (``large``).
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.ui.collecting import collecting_here
from photocull.ui.desk import Desk, application
from photocull.ui.scoring import OpenedModel
from tests.benchmarks.window import _memory as most_memory
from tests.pixel_scorer import PixelScorer

_STEP: float = 0.12
"""Seconds between two keys: a person who flicks through photos quickly."""


class Painted(QObject):
    """Whether the loupe's canvas was painted while what is waited for was there."""

    def __init__(self) -> None:
        super().__init__()
        self.there: Callable[[], bool] = lambda: False
        self.done = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint and self.there():
            self.done = True
        return False


class Browsing:
    """The window on photos that are judged already, as on the second day."""

    def __init__(self, home: Path) -> None:
        self._running = application()
        self._catalog = open_catalog(home / "catalog.sqlite", backup=False)
        self._previews = PreviewStore(home / "previews.sqlite", limit_bytes=2_000 * 2**20)
        scorer = PixelScorer()
        self.reports: list[object] = []

        def opened(bridge: Any, name: str) -> OpenedModel:
            run = Run(self._catalog, scorer, self._previews, listener=bridge.tell)
            return OpenedModel(name, scorer.fingerprint, run)

        self.desk = Desk(
            self._catalog,
            self._previews,
            Settings(sort="name", descending=False, sidecars="off"),
            opened,
            lambda _: None,
        )
        self.desk.bridge.runFinished.connect(self.reports.append)
        self.window = self.desk.window
        self.window.resize(1440, 900)
        self._painted = Painted()
        self.window.loupe.canvas.installEventFilter(self._painted)

    def open(self, folder: Path) -> None:
        before = len(self.reports)
        self.desk.open([folder])
        self.until(lambda: len(self.reports) > before and self.window.session.photos.ids, 900)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.desk.close()
        self._catalog.close()
        self._previews.close()

    def press(self, key: str) -> None:
        QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def until(self, true: Callable[[], Any], seconds: float = 30) -> None:
        deadline = time.perf_counter() + seconds
        while not true():
            if time.perf_counter() > deadline:
                raise TimeoutError("the window did not come to what was waited for")
            self._running.processEvents()
            time.sleep(0.0005)

    def rest(self, seconds: float) -> None:
        until = time.perf_counter() + seconds
        self.until(lambda: time.perf_counter() >= until, seconds + 30)

    def shown(self) -> bool:
        """Whether the current photo's pixels, and no others, are on the canvas."""
        loupe = self.window.loupe
        row = loupe._row
        return (
            row is not None
            and loupe.canvas._picture is not None
            and loupe.canvas._picture
            in (
                loupe._images.small(row),
                loupe._images.full(row),
            )
        )

    def timed(self, act: Callable[[], None], there: Callable[[], bool]) -> float:
        """Milliseconds from an act to the end of the paint that shows what it was for."""
        self._painted.there, self._painted.done = there, False
        started = time.perf_counter()
        act()
        self.until(lambda: self._painted.done)
        return (time.perf_counter() - started) * 1000


def flick(browsing: Browsing, steps: int) -> list[float]:
    """Step through photos in the loupe, forward and now and then back."""
    times = []
    for number in range(steps):
        before = browsing.window.loupe._row
        key = "Left" if number % 10 == 9 else "Right"
        times.append(
            browsing.timed(
                lambda key=key: browsing.press(key),
                lambda before=before: browsing.window.loupe._row != before and browsing.shown(),
            )
        )
        browsing.rest(_STEP)
    return times


def look_closely(browsing: Browsing, photos: int) -> list[float]:
    """1:1 of large photos that lie apart, so that none was read ahead, each seen whole before."""
    times, loupe, images = [], browsing.window.loupe, browsing.window.loupe._images
    for number in range(photos):
        browsing.until(browsing.shown)
        browsing.rest(0.4)
        row = loupe._row
        assert row is not None
        times.append(
            browsing.timed(
                lambda: browsing.press("Z"),
                lambda row=row: loupe.canvas._picture is images.full(row) is not None,
            )
        )
        browsing.rest(0.3)
        browsing.press("Z")
        browsing.window.grid.choose(3 * (number + 1))
        browsing.until(lambda row=row: browsing.window.loupe._row != row)
    return times


def scroll(browsing: Browsing) -> None:
    """Through the whole grid in leaps, waiting for pictures now and then."""
    bar = browsing.window.grid.verticalScrollBar()
    for place in range(0, bar.maximum(), max(1, bar.maximum() // 80)):
        bar.setValue(place)
        browsing.rest(0.05)


def measure(home: Path) -> dict[str, Any]:
    with collecting_here(), Browsing(home) as browsing:
        browsing.open(home / "many")
        photos = len(browsing.window.session.photos.ids)
        held = {"opened": most_memory()}
        scroll(browsing)
        held["scrolled"] = most_memory()
        browsing.window.grid.choose(0)
        browsing.press("Return")
        browsing.until(browsing.shown)
        browsing.rest(0.5)
        steps = flick(browsing, 80)
        held["flicked through"] = most_memory()
        browsing.open(home / "large")
        browsing.until(lambda: len(browsing.window.session.photos.ids) < photos)
        close = look_closely(browsing, 3)
        return {
            "photos": photos,
            "next_photo_ms_median": round(statistics.median(steps), 1),
            "next_photo_ms_95": round(sorted(steps)[int(0.95 * len(steps))], 1),
            "one_to_one_24mp_ms_median": round(statistics.median(close), 1),
            "one_to_one_24mp_ms_most": round(max(close), 1),
            "memory_mb": held,
            "most_memory_mb": most_memory(),
        }


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]))) + "\n")
