"""A damaged catalogue is a calm question with one click to mend it: at the start, and while the window is open."""

import shutil
import threading
from datetime import datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from photocull.catalog import kept
from photocull.catalog.database import open_catalog
from photocull.catalog.restore import Restored
from photocull.catalog.soundness import Holding
from photocull.catalog.upkeep import keep_safe
from photocull.core.errors import CatalogBusyError, CatalogDamagedError
from photocull.core.settings import Settings
from photocull.core.work import CancelToken
from photocull.ui import app, damaged, safekeeping
from photocull.ui.damaged import DamagedDialog
from tests.catalog.building import filled
from tests.catalog.spoiling import spoil_head, spoil_table
from tests.ui.conftest import Studio
from tests.ui.damaged_desk import AT, Person, click, close_window, dialog, offered, sound, window


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """A catalogue of three photos with a backup; the catalogue is damaged since."""
    file = tmp_path / "catalog.sqlite"
    with open_catalog(file) as catalog:
        filled(catalog)
        keep_safe(catalog, AT)
    spoil_head(file)
    return file


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person()


def test_one_click_puts_the_backup_back_and_the_window_opens(person: Person, location: Path, tmp_path: Path) -> None:
    words: list[str] = []

    def note() -> None:
        shown = dialog()
        assert shown is not None
        words.extend((shown.restore.text(), shown.state.text(), shown.choose.text(), shown.quit.text()))
        shown.restore.click()

    person.does(offered, note)
    person.does(lambda: window() is not None, close_window)
    (tmp_path / "bare").mkdir()
    assert app.run([tmp_path / "bare"], Settings(), catalog=location) == 0
    person.leave()
    assert words == [
        "Restore the backup of Monday 23 November 2026, 14:02 (3 photos, 0 decisions)",
        "This is the newest sound backup:",
        "Choose another…",
        "Quit",
    ]
    with open_catalog(location) as catalog:
        assert (catalog.info().photos, catalog.check()) == (3, ())
    assert [path.name for path in kept.folder_of(location).glob("*-damaged.sqlite")] != []


def test_leaving_ends_with_one_sentence_and_changes_nothing(person: Person, location: Path) -> None:
    before = location.read_bytes()
    person.does(offered, click("quit"))
    with pytest.raises(CatalogDamagedError, match="photocull catalog restore"):
        app.run([], Settings(), catalog=location)
    person.leave()
    assert location.read_bytes() == before


def test_another_backup_can_be_chosen_and_a_bad_one_is_told(
    person: Person, location: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = tmp_path / "mine.sqlite", tmp_path / "bad.sqlite"
    shutil.copyfile(kept.backups(location)[0].file, good)
    bad.write_text("nonsense" * 1000)
    chosen = iter((bad, good))
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_given: (str(next(chosen)), ""))
    told: list[str] = []

    def again() -> None:
        shown = dialog()
        assert shown is not None
        told.append(shown.state.text())
        shown.choose.click()

    person.does(offered, click("choose"))
    person.does(lambda: (d := dialog()) is not None and "cannot be read" in d.state.text() and offered(), again)
    person.does(lambda: window() is not None, close_window)
    assert app.run([tmp_path], Settings(), catalog=location) == 0
    person.leave()
    assert "It cannot be read" in told[0]
    with open_catalog(location) as catalog:
        assert catalog.info().photos == 3


def test_without_any_backup_an_empty_catalogue_can_be_begun(person: Person, location: Path, tmp_path: Path) -> None:
    head = kept.backups(location)[0].file.read_bytes()[:100]  # what begins otherwise, and has no backup, may be a photo
    location.write_bytes(head + location.read_bytes()[100:])
    shutil.rmtree(kept.folder_of(location))
    broken = location.read_bytes()
    words: list[str] = []

    def note() -> None:
        shown = dialog()
        assert shown is not None
        words.append(shown.restore.text())
        shown.restore.click()

    person.does(offered, note)
    person.does(lambda: window() is not None, close_window)
    assert app.run([tmp_path], Settings(), catalog=location) == 0
    person.leave()
    assert words == ["Begin with an empty catalogue"]
    (aside,) = kept.folder_of(location).glob("*-damaged.sqlite")
    assert aside.read_bytes() == broken


@pytest.mark.parametrize("made", [AT, None], ids=["a backup is due", "none is due"])
def test_damage_that_is_met_while_the_window_is_open_is_mended_too(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, made: datetime | None
) -> None:
    location = tmp_path / "catalog.sqlite"
    with open_catalog(location) as catalog:
        filled(catalog, 200)
        keep_safe(catalog, made)
    spoil_table(location, "attention", "explanations")
    monkeypatch.setattr(safekeeping, "FIRST_MS", 50)
    monkeypatch.setattr(safekeeping.Safekeeping.begin, "__defaults__", (50,))
    (tmp_path / "bare").mkdir()
    person.does(lambda: offered() and window() is not None, click("restore"))
    person.does(lambda: dialog() is None and window() is not None and sound(location), close_window)
    assert app.run([tmp_path / "bare"], Settings(), catalog=location) == 0
    person.leave()
    with open_catalog(location) as catalog:
        assert (catalog.info().photos, catalog.check()) == (200, ())


def test_the_window_makes_the_weekly_backup_by_itself(studio: Studio, folder: Path) -> None:
    studio.open(folder)
    studio.scored()
    studio.desk.safekeeping.begin(first_ms=0)
    studio.until(lambda: kept.backups(studio.home / "catalog.sqlite"))


def test_a_backup_that_cannot_be_made_is_one_quiet_line(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    studio.open(folder)
    studio.scored()
    kept.folder_of(studio.home / "catalog.sqlite").write_text("a file in the folder's place")
    studio.desk.safekeeping.look()
    studio.until(lambda: "No backup of the catalogue was made" in studio.window.statusbar.notice())


def test_the_dialog_stays_while_it_works(qtbot: QtBot, location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = DamagedDialog(location)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(shown.restore.isEnabled)
    monkeypatch.setattr(damaged, "restore", lambda *_given: None)
    shown.begin(kept.backups(location)[0].file)
    shown.reject()
    shown.close()
    assert shown.isVisible()
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert shown.result() == 1


def test_the_backup_that_was_chosen_is_the_only_one_put_back(
    qtbot: QtBot, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, restored = threading.Event(), threading.Event()
    put_back: list[str] = []

    def look(_catalog: Path, _token: CancelToken) -> tuple[kept.Kept, Holding]:
        looked.wait(60)
        return kept.backups(location)[0], Holding(3, 0)

    def restore(_catalog: Path, source: Path) -> None:
        restored.wait(60)
        put_back.append(source.name)

    monkeypatch.setattr(damaged, "newest_sound", look)
    monkeypatch.setattr(damaged, "restore", restore)
    shown = DamagedDialog(location)
    qtbot.addWidget(shown)
    shown.show()
    found: list[None] = []
    shown._told.connect(lambda *_told: found.append(None), Qt.ConnectionType.QueuedConnection)
    shown.begin(Path("mine.sqlite"))
    looked.set()
    qtbot.waitUntil(lambda: len(found) == 1)
    assert not shown.restore.isEnabled()
    shown.restore.click()
    restored.set()
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert put_back == ["mine.sqlite"]


def test_the_empty_catalogue_that_is_offered_is_what_is_begun(
    qtbot: QtBot, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = DamagedDialog(location)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(shown.restore.isEnabled)
    (backup,) = (one.file for one in kept.backups(location))
    backup.write_bytes(b"spoilt since")
    shown.restore.click()
    qtbot.waitUntil(lambda: shown.restore.isEnabled() and shown.restore.text() == "Begin with an empty catalogue")
    shown.restore.click()
    qtbot.waitUntil(lambda: not shown.isVisible())
    assert shown.result() == 1
    assert not location.exists()


def test_quit_leaves_where_the_backup_cannot_be_put_back(
    person: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    location = tmp_path / "catalog.sqlite"
    with open_catalog(location) as catalog:
        filled(catalog, 200)
        keep_safe(catalog, AT)
    spoil_table(location, "attention", "explanations")
    monkeypatch.setattr(safekeeping.Safekeeping.begin, "__defaults__", (50,))

    def busy(*_given: object) -> None:
        raise CatalogBusyError("Another Photocull has the catalogue open.")

    monkeypatch.setattr(damaged, "restore", busy)
    (tmp_path / "bare").mkdir()
    person.does(lambda: offered() and window() is not None, click("restore"))
    person.does(lambda: (d := dialog()) is not None and "Another" in d.state.text() and offered(), click("quit"))
    assert app.run([tmp_path / "bare"], Settings(), catalog=location) == 0
    person.leave()
    assert person.done
    assert window() is None


@pytest.mark.parametrize("end", ["restore", "reject"])
def test_marks_that_could_not_be_taken_over_are_told_before_it_goes_on(
    qtbot: QtBot, location: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(damaged, "restore", lambda *_given: Restored(Holding(3, 4), None, 0, 1204))
    shown = DamagedDialog(location)
    qtbot.addWidget(shown)
    shown.begin(kept.backups(location)[0].file)
    shown.show()
    qtbot.waitUntil(lambda: "1,204 marks made since then could not be taken over" in shown.state.text())
    assert (shown.restore.text(), shown.choose.isVisible(), shown.quit.isVisible()) == ("Go on", False, False)
    shown.restore.click() if end == "restore" else shown.reject()
    assert not shown.isVisible()
    assert shown.result() == 1
