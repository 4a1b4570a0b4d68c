"""The composition root: starts, remembers, survives faults, ends everything it began."""

import logging
import os
import signal
import sys
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qWarning
from PySide6.QtWidgets import QApplication, QMainWindow, QSplitter, QWidget
from pytestqt.qtbot import QtBot

from photocull.core import settings as stored
from photocull.core.errors import CatalogError
from photocull.core.settings import Settings
from photocull.ui import app
from photocull.ui.faults import Faults
from photocull.ui.geometry import remember, restore
from photocull.ui.window import MainWindow
from tests.ui.conftest import Studio


def window() -> MainWindow:
    return next(w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible())


def leave_after(true: object, qtbot: QtBot) -> None:
    """Close the window from inside its own event loop."""
    timer = QTimer(QApplication.instance())
    timer.setInterval(20)

    def look() -> None:
        if callable(true) and true():
            timer.stop()
            timer.deleteLater()
            window().close()

    timer.timeout.connect(look)
    timer.start()


def test_the_program_opens_its_window_and_ends_with_it(qtbot: QtBot, home: Path, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    leave_after(lambda: window().middle.message.isVisible(), qtbot)
    assert app.run([tmp_path / "bare"], Settings()) == 0
    saved = stored.load(stored.folders().settings)
    assert saved.folders == (str(tmp_path / "bare"),)
    assert saved.geometry
    assert saved.panels
    assert stored.folders().catalog.is_file()


@pytest.mark.skipif(sys.platform == "win32", reason="one process cannot send itself these signals on Windows")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_closes_the_window_and_nothing_is_forgotten(number: int, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    before = signal.getsignal(number)
    # From another thread, when Qt waits and Python does nothing.
    sender = threading.Timer(0.3, os.kill, (os.getpid(), number))
    timer = QTimer(interval=20)

    def look() -> None:
        if window().middle.message.isVisible():
            timer.stop()
            sender.start()

    timer.timeout.connect(look)
    timer.start()
    assert app.run([tmp_path / "bare"], Settings()) == 0
    sender.join()
    assert stored.load(stored.folders().settings).folders == (str(tmp_path / "bare"),)
    assert signal.getsignal(number) == before


def test_the_last_folders_open_again(qtbot: QtBot, tmp_path: Path) -> None:
    leave_after(lambda: window().session.folders, qtbot)
    app.run([], Settings(folders=(str(tmp_path),)))
    assert stored.load(stored.folders().settings).folders == (str(tmp_path),)


def test_a_model_that_is_gone_is_one_line_and_the_built_in_one_judges(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "bare").mkdir()
    told: list[str] = []

    def judged() -> bool:
        told.append(window().settings.notice.text())
        return bool(told[-1] and window().session.judging.name)

    leave_after(judged, qtbot)
    assert app.run([tmp_path / "bare"], Settings(model="tanet-tad66k")) == 0
    assert told[-1] == "The model 'tanet-tad66k' is not here. The built-in model judges instead."
    assert stored.load(stored.folders().settings).model == "tanet-tad66k"


def test_a_catalogue_that_cannot_be_used_is_said_before_any_window_opens(qtbot: QtBot, tmp_path: Path) -> None:
    with pytest.raises(CatalogError):
        app.run([], Settings(), catalog=tmp_path / "nowhere" / "catalog.sqlite")


@pytest.mark.expects_log
def test_settings_that_cannot_be_kept_end_nothing_early(
    qtbot: QtBot, home: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "bare").mkdir()
    (home / "config").write_text("a file where a folder should be")
    told: list[str] = []

    def said() -> bool:
        told.append(window().statusbar.notice())
        return "The settings are not saved" in told[-1]

    leave_after(said, qtbot)
    assert app.run([tmp_path / "bare"], Settings()) == 0
    assert told[-1].startswith("The settings are not saved: ")
    assert "The settings were not saved" in caplog.text


def test_an_unknown_keymap_is_said_and_the_usual_keys_work(studio: Studio, folder: Path) -> None:
    studio.settings = Settings(keymap="emacs", sidecars="off")
    opened = studio.open(folder)
    assert {c.id: c.key for c in opened.commands}["pick"] == "P"
    assert "emacs" in opened.statusbar.notice()


@pytest.mark.expects_log
def test_an_unexpected_error_is_one_line_in_the_window_and_a_traceback_in_the_log(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    faults, told = Faults(), []
    faults.happened.connect(told.append)
    before = sys.excepthook, threading.excepthook
    faults.install()
    try:
        for _ in range(3):
            _raise_through_hook()
        thread = threading.Thread(target=lambda: 1 // 0)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: len(told) == 2)
    finally:
        faults.uninstall()
    assert (sys.excepthook, threading.excepthook) == before
    assert [r.levelno for r in caplog.records].count(logging.ERROR) == 2
    assert all("log file" in sentence for sentence in told)


@pytest.mark.expects_log
def test_what_qt_complains_of_goes_to_the_log_once(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    faults = Faults()
    faults.install()
    try:
        for _ in range(3):
            qWarning("something is odd")
    finally:
        faults.uninstall()
    assert [r.getMessage() for r in caplog.records if "odd" in r.getMessage()] == ["Qt: something is odd"]


def test_the_window_is_put_back_where_it_was(qtbot: QtBot) -> None:
    def made() -> tuple[QMainWindow, QSplitter]:
        main, regions = QMainWindow(), QSplitter()
        qtbot.addWidget(main)
        for _ in range(3):
            regions.addWidget(QWidget())
        main.setCentralWidget(regions)
        return main, regions

    main, regions = made()
    main.resize(777, 555)
    geometry, panels = remember(main, regions, frozenset({"right"}))
    other, other_regions = made()
    assert restore(other, other_regions, Settings(geometry=geometry, panels=panels)) == {"right"}
    assert other.size() == main.size()


@pytest.mark.parametrize("text", ["", "not base64 at all ☃", "<<<>>>", "AAAA"])
def test_a_spoilt_memory_of_the_window_is_passed_over(qtbot: QtBot, text: str) -> None:
    main, regions = QMainWindow(), QSplitter()
    qtbot.addWidget(main)
    main.setCentralWidget(regions)
    restore(main, regions, Settings(geometry=text, panels=text))
    assert main.width() > 0


def _raise_through_hook() -> None:
    try:
        raise RuntimeError("a slot failed")
    except RuntimeError as error:
        sys.excepthook(RuntimeError, error, error.__traceback__)
