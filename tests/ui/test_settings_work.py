"""Work on models in Settings: import, download, verify, remove; how it goes on, ends, and fails."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from tests.ui.conftest import Studio
from tests.ui.fake_models import OWN
from tests.ui.settings_desk import AVA, SPAQ, TANET, opened, pick, settings, titles


@pytest.fixture
def desk(studio: Studio) -> Studio:
    return opened(studio)


def test_a_chosen_file_is_imported_and_can_judge(desk: Studio, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = settings(desk).models
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_args: (str(tmp_path / f"{AVA}.pth"), ""))
    page.add.click()
    desk.until(lambda: "on this computer now" in page.foot.words.text())
    assert page.list.name() == AVA
    pick(page, "aesthetic", AVA)
    assert page.choice.apply.isEnabled()


def test_dropped_files_are_imported_one_after_the_other(desk: Studio, tmp_path: Path) -> None:
    dialog = settings(desk)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / f"{name}.pth")) for name in (AVA, SPAQ)])
    copy, left = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton
    dialog.dropEvent(QDropEvent(QPointF(9, 9), copy, mime, left, Qt.KeyboardModifier.NoModifier))
    desk.until(lambda: desk.models.asked("bring") == [f"{AVA}.pth", f"{SPAQ}.pth"])
    desk.until(lambda: dialog.models.list.name() == SPAQ)


def test_a_file_that_will_not_do_is_one_sentence(desk: Studio, tmp_path: Path) -> None:
    page = settings(desk).models
    desk.models.faults["bring"] = "This file holds no network that Photocull knows."
    page.bring([tmp_path / "odd.pth"])
    assert not page.add.isEnabled()
    desk.until(lambda: "holds no network" in page.foot.words.text())
    assert page.foot.words.property("role") == "warning"
    assert page.add.isEnabled()
    assert len(titles(page)) == 6


def test_a_download_shows_its_progress_and_can_be_stopped_and_gone_on_with(desk: Studio) -> None:
    page = settings(desk).models
    page.list.choose(AVA)
    page.offers.fetch.click()
    desk.until(lambda: "MB" in page.foot.words.text())
    assert page.foot.words.text() == "Downloading TANet, trained on AVA: 14 MB of 55 MB, 2.4 MB/s, 17 s left"
    assert not page.offers.fetch.isEnabled()
    page.foot.stop.click()
    desk.until(lambda: "kept for the next try" in page.foot.words.text())
    assert page.foot.bar.isHidden()
    desk.models.go.set()
    page.offers.fetch.click()
    desk.until(lambda: "on this computer now" in page.foot.words.text())
    assert titles(page)[3] == "TANet, trained on AVA, On this computer"


def test_a_download_goes_on_when_the_dialog_is_closed_and_the_window_tells_its_end(desk: Studio) -> None:
    dialog = settings(desk)
    dialog.models.list.choose(AVA)
    dialog.models.offers.fetch.click()
    desk.until(lambda: "MB" in dialog.models.foot.words.text())
    dialog.close()
    desk.models.go.set()
    desk.until(lambda: desk.window.settings.notice.text())
    assert desk.window.settings.notice.text().startswith("TANet, trained on AVA is on this computer now")


def test_the_window_closes_during_a_download_and_leaves_nothing_behind(desk: Studio) -> None:
    dialog = settings(desk)
    dialog.models.list.choose(AVA)
    dialog.models.offers.fetch.click()
    desk.until(lambda: "MB" in dialog.models.foot.words.text())
    desk.close()
    assert not [w for w in QApplication.topLevelWidgets() if w.isVisible()]


def test_removing_is_asked_first_and_says_who_judges_then(desk: Studio) -> None:
    page = settings(desk).models
    pick(page, "aesthetic", TANET)
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == TANET)
    page.list.choose(TANET)
    page.offers.remove.click()
    assert page.offers.question.text() == (
        "Remove TANet, trained on TAD66K from this computer? Photocull's built-in model judges then."
    )
    page.offers.keep.click()
    assert desk.models.asked("remove") == []
    page.offers.remove.click()
    page.offers.really.click()
    desk.until(lambda: "was removed" in page.foot.words.text())
    assert desk.window.session.judging.name == OWN
    assert desk.settings.model == OWN
    assert "TANet, trained on TAD66K, Can be downloaded" in titles(page)


def test_verifying_tells_what_was_found(desk: Studio) -> None:
    page = settings(desk).models
    page.list.choose(TANET)
    page.offers.check.click()
    desk.until(lambda: "is whole" in page.foot.words.text())
    desk.models.faults["check"] = "The model's file is damaged: its hash differs from its card."
    page.offers.check.click()
    desk.until(lambda: "damaged" in page.foot.words.text())
