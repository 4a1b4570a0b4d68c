"""What the window says where there is nothing to show, while it is busy, and when something fails."""

import shutil
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Sort
from photocull.core.errors import ModelError
from photocull.core.types import Decision
from photocull.ui.bridge import Bridge
from photocull.ui.scoring import OpenedModel
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio


def test_without_a_folder_the_window_says_what_happens_and_what_never_does(studio: Studio) -> None:
    window = studio.open()
    studio.until(lambda: window.middle.message.isVisible())
    assert window.middle.message.card.title() == "Choose a folder of photos"
    assert not window.sidebar.isVisible()


def test_another_order_brings_no_photo_of_a_removed_folder_under_the_first_page(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.session.remove(folder)
    studio.until(lambda: not window.session.photos.ids)
    window.session.set_sort(Sort("name", False))
    studio.qtbot.wait(500)
    assert not window.session.photos.ids
    assert window.middle.message.isVisible()


def test_a_dropped_folder_is_opened(studio: Studio, folder: Path) -> None:
    window = studio.open()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    at, action = QPointF(400, 300), Qt.DropAction.CopyAction
    window.dropEvent(QDropEvent(at, action, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier))
    studio.scored()
    assert window.session.folders == (folder,)
    assert studio.settings.folders == (str(folder),)


def test_a_folder_without_photos_says_so(studio: Studio, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    window = studio.open(tmp_path / "bare")
    studio.until(lambda: window.middle.message.isVisible() and "no photos" in window.middle.message.card.title())


def test_a_vanished_folder_can_be_looked_for_again(studio: Studio, folder: Path, tmp_path: Path) -> None:
    away = tmp_path / "card"
    window = studio.open(away)
    studio.until(lambda: window.middle.message.isVisible() and "cannot be found" in window.middle.message.card.title())
    shutil.copytree(folder, away)
    studio.reports.clear()
    window.middle.message.card.commanded.emit("score-again")
    studio.scored()
    assert window.grid.isVisible()


def test_a_model_that_cannot_be_opened_is_said_and_can_be_tried_again(studio: Studio, folder: Path) -> None:
    tries: list[int] = []

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        tries.append(1)
        if len(tries) < 3:
            raise ModelError("The model's weights are damaged.", remedy="Install Photocull again.")
        return studio._model(bridge, name)

    window = studio.open(folder, open_model=open_model)
    studio.until(lambda: window.middle.message.isVisible() and studio.failures)
    assert "damaged" in studio.failures[0]
    studio.until(lambda: len(tries) == 2)
    window.middle.message.card.commanded.emit("score-again")
    studio.scored()


@pytest.mark.slow
def test_an_unreadable_photo_is_a_cell_with_its_reason(studio: Studio, folder: Path) -> None:
    (folder / "broken.jpg").write_bytes(b"\xff\xd8 this is no picture")
    window = studio.open(folder)
    studio.until(lambda: studio.reports)
    studio.until(lambda: len(window.session.photos.ids) == 6)
    studio.until(lambda: any(row and row.status == "unreadable" for row in studio.rows()))
    broken = next(row for row in studio.rows() if row and row.status == "unreadable")
    assert broken.error
    studio.until(lambda: window.session.facets is not None and window.session.facets.problems == 1)


def test_pause_holds_scoring_and_going_on_ends_it(studio: Studio, folder: Path) -> None:
    gate = threading.Event()
    studio.scorer = PixelScorer(before=lambda batch: gate.wait(10) and None)
    window = studio.open(folder)
    studio.until(lambda: window.session.running and len(window.session.photos.ids) == 5)
    studio.press("Ctrl+P")
    assert window.session.paused
    gate.set()
    studio.qtbot.wait(150)
    assert not studio.reports
    studio.press("Ctrl+P")
    studio.scored()


def test_closing_in_the_middle_of_a_run_keeps_what_was_scored(studio: Studio, folder: Path) -> None:
    scored: list[int] = []
    studio.scorer = PixelScorer(before=lambda batch: scored.append(len(batch)))
    studio.open(folder)
    studio.until(lambda: scored)
    studio.close()
    studio.open(folder)
    studio.scored()
    assert len(studio.window.session.photos.ids) == 5


def test_no_question_is_asked_on_the_gui_thread(studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: set[str] = set()
    reading = Catalog.reading

    def watched(catalog: Catalog) -> object:
        asked.add(threading.current_thread().name)
        return reading(catalog)

    monkeypatch.setattr(Catalog, "reading", watched)
    studio.open(folder)
    studio.scored()
    studio.press("Right", "3", "E", "Right", "G", "Shift+S", "Ctrl+Z")
    studio.qtbot.wait(400)
    assert asked
    assert threading.main_thread().name not in asked
    assert query.folders(studio.catalog)
    assert threading.main_thread().name in asked


@pytest.mark.slow
def test_two_windows_share_one_catalogue(studio: Studio, folder: Path, tmp_path: Path) -> None:
    studio.open(folder)
    studio.scored()
    other = Studio(studio.qtbot, tmp_path)
    try:
        other.open(folder)
        other.scored()
        photo = other.window.session.photos.ids[0]
        other.window.grid.choose(0)
        other.window.bridge.decide([Decision(photo, "rating", 4)])
        studio.until(lambda: studio.stored(photo).rating == 4)
    finally:
        other.close()
