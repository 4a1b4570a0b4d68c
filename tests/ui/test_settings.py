"""The dialog of that name: what judges, the models and their cards, by mouse and by keys."""

import dataclasses
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from photocull.core.settings import resources
from photocull.models.registry import read_card
from photocull.ui.fold import Fold
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.ui.fake_models import OWN, here
from tests.ui.settings_desk import AVA, COLOUR, SPAQ, TANET, chosen, opened, pick, settings, titles

FAST = "builtin-1-fast"


@pytest.fixture
def desk(studio: Studio) -> Studio:
    return opened(studio)


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
    first = read_card(resources() / "models" / f"{OWN}.json").results[0]
    assert f"{first.low:.3f} to {first.high:.3f}" in text
    assert "sunset" not in text
    folds = {fold.button.text(): fold.button for fold in page.card.findChildren(Fold)}
    assert folds["Quality, 8 figures"].isChecked()
    themes = next(button for heading, button in folds.items() if heading.startswith("Each theme"))
    themes.click()
    assert "sunset" in page.card.text()
    themes.click()
    assert "sunset" not in page.card.text()
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


def test_the_other_built_in_model_is_chosen_in_one_go_and_stays(desk: Studio) -> None:
    desk.others[FAST] = PixelScorer("pixels-5")
    own = desk.models.cards[0]
    desk.models.cards.insert(1, dataclasses.replace(own, name=FAST, title="Photocull's built-in model, one look"))
    page = settings(desk).models
    assert titles(page)[1] == "Photocull's built-in model, one look, Comes with Photocull"
    pick(page, "technical", FAST)
    assert chosen(page) == [FAST, FAST, FAST]
    assert "One built-in model gives all that no other model gives." in page.choice.line.text()
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == FAST)
    desk.until(lambda: desk.settings.model == FAST)
    page.list.choose(FAST)
    assert page.offers.remove.isHidden()
    assert page.offers.fetch.isHidden()
    page.choice.back.click()
    desk.until(lambda: desk.window.session.judging.name == OWN)
    pick(page, "colour", FAST)
    pick(page, "aesthetic", TANET)
    assert chosen(page) == [TANET, FAST, FAST]


def test_two_models_judge_together(desk: Studio) -> None:
    page = settings(desk).models
    pick(page, "colour", COLOUR)
    assert chosen(page) == [OWN, COLOUR, OWN]
    pick(page, "aesthetic", TANET)
    assert chosen(page) == [TANET, COLOUR, OWN]
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == f"{TANET}+{COLOUR}")


def test_a_model_is_asked_for_one_of_its_scores_alone(desk: Studio) -> None:
    desk.others[f"{AVA}:colour"] = PixelScorer("pixels-4")
    desk.models.cards.append(dataclasses.replace(here(AVA), judges=("aesthetic", "colour")))
    page = settings(desk).models
    pick(page, "colour", AVA)
    assert chosen(page) == [OWN, AVA, OWN]
    page.choice.apply.click()
    desk.until(lambda: desk.window.session.judging.name == f"{AVA}:colour")
    assert chosen(page) == [OWN, AVA, OWN]
    assert page.choice.line.text() == "TANet, trained on AVA (colour) judges now."
    assert "Photocull's built-in model, Judges now: aesthetic, technical" in titles(page)
    assert "TANet, trained on AVA, Judges now: colour" in titles(page)
    pick(page, "aesthetic", AVA)
    assert page.choice.apply.isEnabled()
    page.list.choose(AVA)
    page.offers.remove.click()
    assert page.offers.question.text().endswith("Photocull's built-in model judges then.")


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
    assert chosen(page) == [OWN, COLOUR, OWN]


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
    for _ in range(13):
        seen.append(QApplication.focusWidget())
        QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
    boxes = list(page.choice.boxes.values())
    wanted = [*boxes, page.choice.apply, page.list, page.add, page.card.area, page.offers.check, page.offers.remove]
    assert seen == [*wanted, *dialog.sidecars.boxes.values()]
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
