"""The dialog of that name: what judges, the models and their cards, and work on them, by mouse and by keys."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QPushButton, QWidget

from photocull.core.errors import ModelError
from photocull.ui.bridge import Bridge
from photocull.ui.models_page import ModelsPage
from photocull.ui.scoring import OpenedModel
from photocull.ui.settings_dialog import SettingsDialog
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.ui.fake_models import OWN, FakeModels

TANET, COLOUR, AVA, SPAQ = "tanet-tad66k", "delegate-icaa17k", "tanet-ava", "delegate-spaq"


@pytest.fixture
def desk(studio: Studio) -> Studio:
    """A window without photos, two published models at hand, one that cannot be opened."""

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        if name == COLOUR:
            raise ModelError("The model's file is damaged: its hash differs from its card.", remedy="Import it again.")
        return studio._model(bridge, name)

    studio.models = FakeModels(TANET, COLOUR)
    studio.others = {TANET: PixelScorer("pixels-2"), f"{TANET}+{COLOUR}": PixelScorer("pixels-3")}
    studio.open(open_model=open_model)
    studio.until(lambda: studio.window.session.judging.name)
    return studio


def settings(studio: Studio) -> SettingsDialog:
    studio.press("Ctrl+,")
    dialog = studio.window.settings.dialog
    assert dialog is not None
    studio.until(lambda: dialog.models.list.count() > 2)
    assert QTest.qWaitForWindowActive(dialog)
    return dialog


def pick(page: ModelsPage, score: str, name: str) -> None:
    box = page.choice.boxes[score]
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


def chosen(page: ModelsPage) -> list[str]:
    return [str(box.currentData()) for box in page.choice.boxes.values()]


def titles(page: ModelsPage) -> list[str]:
    return [str(page.list.item(row).data(Qt.ItemDataRole.AccessibleTextRole)) for row in range(page.list.count())]


def test_the_list_begins_with_what_judges_and_ends_with_what_is_not_here(desk: Studio) -> None:
    page = settings(desk).models
    assert titles(page) == [
        "Photocull's built-in model, Judges now",
        "TANet, trained on TAD66K, On this computer",
        "Delegate Transformer, trained on ICAA17K, On this computer",
        "TANet, trained on AVA, Can be downloaded",
        "Delegate Transformer, trained on SPAQ, Needs the authors' file",
        "ResNet-18, trained on Places365, For training, can be downloaded",
    ]
    assert page.list.name() == OWN


def test_the_card_tells_what_was_measured_apart_from_what_was_stated(desk: Studio) -> None:
    page = settings(desk).models
    text = page.card.text()
    assert "Measured by Photocull" in text
    assert "0.853 to 0.895" in text
    assert "Theme bird" not in text
    page.card.findChildren(QPushButton)[-1].click()
    assert "Theme bird" in page.card.text()
    page.list.choose(AVA)
    text = page.card.text()
    measured, _, stated = text.partition("Stated by its authors in the paper, not measured here")
    assert "Not measured yet." in measured
    assert "0.758" in stated
    assert "0.758" not in measured
    assert "https://github.com/woshidandan/TANet-image-aesthetics-and-quality-assessment" in text


def test_what_can_be_chosen_is_told_before_and_after_there_is_a_choice(studio: Studio, tmp_path: Path) -> None:
    studio.open()
    page = settings(studio).models
    assert "download or import one" in page.choice.line.text()
    page.bring([tmp_path / f"{TANET}.pth"])
    studio.until(lambda: page.choice.boxes["aesthetic"].count() == 2)
    assert page.choice.line.text().startswith("Your decisions stay as they are")


def test_each_model_offers_what_can_be_done_with_it(desk: Studio) -> None:
    page = settings(desk).models
    offers = page.offers

    def offered(name: str) -> set[str]:
        page.list.choose(name)
        buttons = (offers.fetch, offers.bring, offers.copy, offers.check, offers.remove)
        return {button.text() for button in buttons if not button.isHidden()}

    assert offered(OWN) == {"Verify"}
    assert offered(TANET) == {"Verify", "Remove…"}
    assert offered(AVA) == {"Download", "Copy the address"}
    assert offered(SPAQ) == {"Import its file…", "Copy the address"}
    offers.copy.click()
    assert QGuiApplication.clipboard().text().startswith("https://github.com/")


def test_applying_a_choice_lets_it_judge_and_switching_back_is_one_click(desk: Studio) -> None:
    page = settings(desk).models
    assert not page.choice.apply.isEnabled()
    pick(page, "aesthetic", TANET)
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == TANET)
    assert page.choice.line.text() == "TANet, trained on TAD66K judges now."
    assert titles(page)[:2] == [
        "Photocull's built-in model, Judges now: colour, technical",
        "TANet, trained on TAD66K, Judges now: aesthetic",
    ]
    assert not page.choice.apply.isEnabled()
    desk.until(lambda: desk.settings.model == TANET)
    page.choice.back.click()
    desk.until(lambda: desk.window.session.judging.name == OWN)
    assert chosen(page) == [OWN, OWN, OWN]


def test_two_models_judge_together(desk: Studio) -> None:
    page = settings(desk).models
    pick(page, "colour", COLOUR)
    assert chosen(page) == [COLOUR, COLOUR, OWN]
    assert "gives the aesthetic score as well" in page.choice.line.text()
    pick(page, "aesthetic", TANET)
    assert chosen(page) == [TANET, COLOUR, OWN]
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == f"{TANET}+{COLOUR}")
    pick(page, "aesthetic", OWN)
    assert chosen(page) == [OWN, OWN, OWN]
    assert "cannot give the colour score alone" in page.choice.line.text()


def test_a_model_that_cannot_be_opened_is_one_sentence_and_the_old_one_judges(desk: Studio) -> None:
    page = settings(desk).models
    pick(page, "colour", COLOUR)
    page.choice.apply.click()
    desk.until(lambda: "damaged" in page.choice.line.text())
    assert page.choice.line.text().endswith("Import it again.")
    assert desk.window.session.judging.name == OWN
    assert titles(page)[0].endswith("Judges now")
    assert not desk.window.settings.notice.text()
    assert page.choice.apply.isEnabled()
    assert chosen(page) == [COLOUR, COLOUR, OWN]


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


def test_it_works_by_keys_alone(desk: Studio) -> None:
    dialog = settings(desk)
    boxes = list(dialog.models.choice.boxes.values())
    assert QApplication.focusWidget() is boxes[0]
    desk.press("Down")
    desk.press("Return")
    desk.until(lambda: desk.window.session.judging.name == TANET)
    desk.press("Escape")
    assert not dialog.isVisible()
    desk.until(desk.window.isActiveWindow)
    desk.press("Ctrl+,")
    assert dialog.isVisible()


def test_the_tab_key_goes_down_the_page(desk: Studio) -> None:
    dialog = settings(desk)
    page = dialog.models
    page.list.choose(TANET)
    pick(page, "aesthetic", TANET)
    page.choice.boxes["aesthetic"].setFocus()
    seen: list[QWidget | None] = []
    for _ in range(9):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    boxes = list(page.choice.boxes.values())
    wanted = [*boxes, page.choice.apply, page.list, page.add, page.card.area, page.offers.check, page.offers.remove]
    assert seen == wanted
    assert QApplication.focusWidget() is dialog.close_button


def test_the_photos_can_be_decided_on_while_it_is_open(desk: Studio, folder: Path) -> None:
    desk.window.session.open([folder])
    desk.scored()
    dialog = settings(desk)
    assert not dialog.isModal()
    photo = desk.window.grid.current_id()
    assert photo is not None
    desk.until(dialog.isActiveWindow)
    desk.window.raise_()
    desk.window.activateWindow()
    desk.until(desk.window.isActiveWindow)
    desk.window.grid.setFocus()
    desk.press("4")
    desk.until(lambda: desk.stored(photo).rating == 4)
    assert dialog.isVisible()
    QTest.mouseClick(dialog.close_button, Qt.MouseButton.LeftButton, pos=QPoint(5, 5))
    assert not dialog.isVisible()
