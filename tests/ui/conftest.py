"""A whole window on real photos, a real catalogue and a scorer that can be foreseen; ended like the program ends it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import PhotoRow
from photocull.core.settings import Settings
from photocull.core.types import Scorer
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, RunReport
from photocull.ui.bridge import Bridge, ModelOpener
from photocull.ui.collecting import collecting_here
from photocull.ui.desk import Desk
from photocull.ui.loupe import Loupe
from photocull.ui.model_store import PersonsModels
from photocull.ui.scoring import OpenedModel
from photocull.ui.style import dress
from photocull.ui.window import MainWindow
from tests.building import make_photo
from tests.pixel_scorer import PixelScorer
from tests.ui.fake_models import FakeModels
from tests.ui.staging import Stage, staged

PATIENCE = 20_000
"""Milliseconds; the slowest machine that tests run on decodes one photo a second."""
for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    # What a test waits for comes at once, or on a busy machine much later; pytest-qt has no setting for its patience.
    _wait.__kwdefaults__["timeout"] = PATIENCE


@dataclass
class Studio:
    """One start of the program: what `app.run` builds, around a home that outlives it."""

    qtbot: QtBot
    home: Path
    scorer: Scorer = field(default_factory=PixelScorer)
    others: dict[str, Scorer] = field(default_factory=dict)
    models: FakeModels | PersonsModels = field(default_factory=FakeModels)
    settings: Settings = field(default_factory=lambda: Settings(sidecars="off"))
    reports: list[RunReport] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def open(self, *folders: Path, open_model: ModelOpener | None = None) -> MainWindow:
        self.catalog: Catalog = open_catalog(self.home / "catalog.sqlite", backup=False)
        self.previews = PreviewStore(self.home / "previews.sqlite", limit_bytes=64 << 20)
        self.desk = Desk(self.catalog, self.previews, self.settings, open_model or self._model, self._save, self.models)
        self.desk.bridge.runFinished.connect(self.reports.append)
        self.desk.bridge.runFailed.connect(self.failures.append)
        self.window = self.desk.window
        self.window.resize(1280, 800)
        self.desk.open(folders)
        assert QTest.qWaitForWindowActive(self.window)
        return self.window

    def close(self) -> None:
        if hasattr(self, "desk"):
            self.desk.close()
            self.catalog.close()
            self.previews.close()
            del self.desk

    def until(self, true: Callable[[], Any]) -> None:
        self.qtbot.waitUntil(lambda: bool(true()), timeout=PATIENCE)

    def scored(self) -> None:
        """Wait for the end of the first run and for the list and counts that follow it."""
        self.until(lambda: self.reports)
        ids = set(self.reports[-1].ids)
        self.until(lambda: ids <= set(self.window.session.photos.ids))
        self.until(lambda: all(row is not None and row.overall is not None for row in self.rows()))

    def rows(self) -> list[PhotoRow | None]:
        photos = self.window.session.photos
        return [photos.row_at(place) for place in range(len(photos.ids))]

    def stored(self, photo_id: int) -> PhotoRow:
        """What the catalogue itself says."""
        return photo_rows(self.catalog, [photo_id], self.scorer.fingerprint)[0]

    def press(self, *keys: str) -> None:
        """Press keys where the photographer's fingers would land."""
        for key in keys:
            QTest.keySequence(QApplication.focusWidget() or self.window, QKeySequence(key))

    def names(self) -> list[str]:
        return [row.path.name for row in self.rows() if row is not None]

    def _model(self, bridge: Bridge, name: str) -> OpenedModel:
        """The scorer of this name among ``others``, else the one that every window begins with."""
        scorer = self.others.get(name, self.scorer)
        run = Run(bridge.catalog, scorer, bridge.previews, jobs=2, listener=bridge.tell)
        return OpenedModel(name, scorer.fingerprint, run)

    def _save(self, settings: Settings) -> None:
        self.settings = settings


@pytest.fixture(autouse=True)
def cycles_end_on_this_thread(qapp: QApplication) -> Iterator[None]:
    """As in the running program: no worker collects, so no Qt object ends in another thread than its own."""
    with collecting_here():
        yield


@pytest.fixture
def stage(qtbot: QtBot, tmp_path: Path) -> Iterator[Stage]:
    """Catalogue, previews and bridge for one widget; `studio` is the whole window."""
    with staged(tmp_path) as made:
        yield made


@pytest.fixture
def loupe(stage: Stage, qtbot: QtBot) -> Loupe:
    made = Loupe(stage.bridge)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show()
    return made


@pytest.fixture
def studio(qtbot: QtBot, tmp_path: Path) -> Iterator[Studio]:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    dress(application)
    made = Studio(qtbot, tmp_path)
    yield made
    made.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Five photos of different shape, brightness and name."""
    place = tmp_path / "Pictures" / "Iceland"
    for number, size in enumerate([(480, 320), (320, 480), (400, 400), (640, 240), (480, 320)]):
        make_photo(place / f"photo-{number}.jpg", size=size, seed=number, stops=number * 0.4 - 0.8)
    return place
