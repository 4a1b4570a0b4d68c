"""Measures the window with many photos in a process of its own: start, scrolling, memory; prints one JSON object.

`python -m tests.benchmarks.window CATALOG STARTED`, with the time at which the process was started, in seconds.
"""

import io
import json
import os
import resource
import sys
import time
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.ui.desk import Desk, application
from photocull.ui.scoring import OpenedModel
from tests.building import draw
from tests.catalog.building import MODEL
from tests.pixel_scorer import PixelScorer

STEP = 90
"""Pixels that one notch of a wheel scrolls, about."""


class SameForAll(PreviewStore):
    """Every photo has a preview, so that pictures are read and decoded as in daily use."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, limit_bytes=2**20)
        held = io.BytesIO()
        Image.fromarray(draw((512, 341), seed=3)).save(held, "JPEG", quality=85)
        self._jpeg = held.getvalue()

    def get(self, fingerprint: str, side: int) -> bytes | None:
        return self._jpeg


class Paints(QObject):
    """When the grid was painted, and what the event loop was kept from for how long."""

    def __init__(self) -> None:
        super().__init__()
        self.at: list[float] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.at.append(time.time())
        return False


def measure(catalog: Path, started: float) -> dict[str, Any]:
    opened = open_catalog(catalog, backup=False)
    running = application()
    previews = SameForAll(catalog.with_name("previews.sqlite"))
    scorer = PixelScorer(MODEL)
    desk = Desk(
        opened,
        previews,
        Settings(sidecars="off"),
        lambda bridge, _name: OpenedModel("pixels", MODEL, Run(opened, scorer, previews, listener=bridge.tell)),
        lambda settings: None,
    )
    paints, painted = Paints(), Paints()
    desk.window.installEventFilter(paints)
    desk.window.grid.viewport().installEventFilter(painted)
    desk.window.resize(1440, 900)
    desk.open([Path("/photos")])
    _until(running, lambda: paints.at)
    first = paints.at[0] - started
    _until(running, lambda: desk.session.photos.ids and _pictures(desk) > 0)
    photos = time.time() - started
    _until(running, lambda: _pictures(desk) >= len(desk.window.grid.visible_ids()))
    whole = time.time() - started
    rest = _memory()
    result = {
        "photos": len(desk.session.photos.ids),
        "first_paint_s": round(first, 2),
        "first_photos_s": round(photos, 2),
        "screen_full_s": round(whole, 2),
        "memory_mb": rest,
        **_scroll(running, desk),
        "memory_after_scrolling_mb": _memory(),
    }
    desk.close()
    opened.close()
    previews.close()
    return result


def _scroll(running: QApplication, desk: Desk) -> dict[str, Any]:
    """Two hundred notches, each painted before the next, then leaps through the whole list."""
    bar = desk.window.grid.verticalScrollBar()
    frames, leaps = [], []
    for target, times, steps in ((STEP, frames, 200), (bar.maximum() // 60, leaps, 55)):
        for _ in range(steps):
            before = time.perf_counter()
            bar.setValue(bar.value() + target)
            running.processEvents()
            times.append((time.perf_counter() - before) * 1000)
        _until(running, lambda: False, 0.2)
    settled = time.perf_counter()
    _until(running, lambda: _pictures(desk) >= len(desk.window.grid.visible_ids()))
    return {
        "notch_ms_median": _share(frames, 0.5),
        "notch_ms_99": _share(frames, 0.99),
        "leap_ms_median": _share(leaps, 0.5),
        "leap_ms_99": _share(leaps, 0.99),
        "pictures_after_leap_s": round(time.perf_counter() - settled, 2),
    }


def _pictures(desk: Desk) -> int:
    """Photos in view whose picture is there."""
    photos, grid = desk.session.photos, desk.window.grid
    rows = [photos.row_at(place) for place in grid.visible_places()]
    return sum(row is not None and desk.thumbnails.pixmap(row, 160) is not None for row in rows)


def _until(running: QApplication, true: Any, seconds: float = 60) -> None:
    deadline = time.time() + seconds
    while not true() and time.time() < deadline:
        running.processEvents()
        time.sleep(0.002)


def _share(values: list[float], share: float) -> float:
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))], 1)


def _memory() -> int:
    """Most megabytes held so far; Linux's ``ru_maxrss`` would count the process that started this one."""
    status = Path("/proc/self/status")
    if status.is_file():
        peak = next(line for line in status.read_text("ascii", "replace").splitlines() if line.startswith("VmHWM"))
        return int(peak.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    sys.stdout.write(json.dumps(measure(Path(sys.argv[1]), float(sys.argv[2]))) + "\n")
