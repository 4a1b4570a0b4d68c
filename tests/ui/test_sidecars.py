"""Sidecars from the window: one question, then a file after each decision, undo included; faults are said."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

from photocull.catalog.query import photo_rows
from photocull.core.settings import Settings
from photocull.sidecar import names
from photocull.sidecar.parsing import parse
from photocull.ui.sidecar_question import SidecarQuestion
from tests.sidecar.packets import packet
from tests.ui.conftest import Studio


def begin(studio: Studio, folder: Path, sidecars: str) -> None:
    studio.settings = Settings(sort="name", descending=False, sidecars=sidecars)
    studio.open(folder)
    studio.scored()
    studio.window.grid.choose(0)


def rating(folder: Path, number: int = 0) -> str | None:
    path = folder / f"photo-{number}.jpg.xmp"
    return parse(path.read_bytes()).text(names.RATING) if path.exists() else None


def question() -> SidecarQuestion | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, SidecarQuestion) and w.isVisible()), None)


def asked(studio: Studio) -> SidecarQuestion:
    studio.until(question)
    found = question()
    assert found is not None
    return found


def back(studio: Studio) -> None:
    """The question is gone, and keys go to the photos again."""
    studio.until(lambda: question() is None and studio.window.isActiveWindow())


def test_the_first_decision_asks_once_and_yes_is_preselected(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "ask")
    studio.press("4")
    dialog = asked(studio)
    assert rating(folder) is None
    assert dialog.buttons["yes"].isDefault()
    QTest.keyClick(dialog, Qt.Key.Key_Space)
    QTest.keyClick(dialog, Qt.Key.Key_3)
    assert question() is dialog
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    studio.until(lambda: rating(folder) == "4")
    assert studio.window.session.settings.sidecars == "on"
    back(studio)
    studio.press("2")
    studio.until(lambda: rating(folder) == "2")
    assert question() is None


def test_no_line_of_the_question_is_cut_off(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "ask")
    studio.press("4")
    dialog = asked(studio)
    lines = [one for one in dialog.findChildren(QLabel) if one.wordWrap()]
    assert len(lines) == 3
    assert all(one.height() >= one.heightForWidth(one.width()) for one in lines)
    dialog.close()
    back(studio)


def test_no_is_kept_and_can_be_changed_by_a_command(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "ask")
    studio.press("4")
    asked(studio).buttons["no"].click()
    back(studio)
    studio.press("5")
    studio.until(lambda: studio.stored(studio.window.session.photos.ids[0]).rating == 5)
    assert studio.window.session.settings.sidecars == "off"
    assert not list(folder.glob("*.xmp"))
    studio.window._do("sidecars")
    studio.press("3")
    studio.until(lambda: rating(folder) == "3")


def test_an_unanswered_question_writes_nothing_and_comes_back_in_the_next_session(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "ask")
    studio.press("4")
    QTest.keyClick(asked(studio), Qt.Key.Key_Escape)
    back(studio)
    studio.press("5")
    studio.until(lambda: studio.stored(studio.window.session.photos.ids[0]).rating == 5)
    assert (question(), studio.settings.sidecars) == (None, "ask")
    studio.close()
    assert not list(folder.glob("*.xmp"))


def test_undo_is_written_too(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "on")
    studio.press("4")
    studio.until(lambda: rating(folder) == "4")
    studio.press("Ctrl+Z")
    studio.until(lambda: rating(folder) == "0")


def test_what_was_decided_last_is_written_before_the_program_ends(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "on")
    with studio.qtbot.waitSignal(studio.desk.bridge.decided):
        studio.press("4")
    studio.close()
    assert rating(folder) == "4"


def test_what_could_not_be_written_is_said_listed_and_written_by_the_next_run(studio: Studio, folder: Path) -> None:
    sidecar = folder / "photo-0.jpg.xmp"
    sidecar.write_bytes(packet('xmp:Label="Red"'))
    sidecar.chmod(0o444)
    begin(studio, folder, "on")
    studio.press("4")
    studio.until(lambda: "write-protected" in studio.window.statusbar.notice())
    studio.until(lambda: studio.stored(studio.window.session.photos.ids[0]).notes)
    sidecar.chmod(0o644)
    studio.reports.clear()
    studio.window.session.score()
    studio.until(lambda: rating(folder) == "4")
    studio.until(lambda: not studio.stored(studio.window.session.photos.ids[0]).notes)


def test_marks_of_other_programs_show_in_the_window(studio: Studio, folder: Path) -> None:
    (folder / "photo-1.jpg.xmp").write_bytes(packet('xmp:Rating="5" xmpDM:pick="1" xmpDM:good="true"'))
    begin(studio, folder, "off")
    studio.until(lambda: [row and row.rating for row in studio.rows()] == [None, 5, None, None, None])


def test_a_difference_is_in_the_list_of_problems(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "off")
    studio.press("4")
    ids = studio.window.session.photos.ids
    studio.until(lambda: studio.stored(ids[0]).rating == 4)
    (folder / "photo-0.jpg.xmp").write_bytes(packet('xmp:Rating="1"'))
    studio.window.session.score()
    studio.until(lambda: photo_rows(studio.catalog, ids[:1], "")[0].notes)
    studio.until(lambda: studio.window.session.facets is not None and studio.window.session.facets.problems == 1)
    assert studio.stored(ids[0]).rating == 4
    studio.press("4")
    studio.until(lambda: not photo_rows(studio.catalog, ids[:1], "")[0].notes)


def test_the_same_stars_again_settle_a_difference_and_are_written(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "on")
    studio.press("4")
    studio.until(lambda: rating(folder) == "4")
    studio.window.session.keep(sidecars="off")
    studio.press("2")
    ids = studio.window.session.photos.ids
    studio.until(lambda: studio.stored(ids[0]).rating == 2)
    (folder / "photo-0.jpg.xmp").write_bytes(packet('xmp:Rating="1"'))
    studio.window.session.score()
    studio.until(lambda: studio.stored(ids[0]).notes)
    studio.window.session.keep(sidecars="on")
    studio.press("2")
    studio.until(lambda: rating(folder) == "2")


@pytest.mark.expects_log
def test_a_fault_in_the_writing_is_said_and_the_window_goes_on(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photocull.pipeline import telling

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    begin(studio, folder, "on")
    monkeypatch.setattr(telling, "writable", broken)
    studio.press("4")
    studio.until(lambda: "fault in Photocull" in studio.window.statusbar.notice())
    monkeypatch.undo()
    studio.press("3")
    studio.until(lambda: rating(folder) == "3")


def test_a_rule_that_does_not_exist_is_said_and_the_usual_one_used(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "on")
    studio.window.session.keep(sidecar_names="nice")
    studio.press("4")
    studio.until(lambda: rating(folder) == "4")


def test_the_rules_are_chosen_in_settings_and_hold_at_once(studio: Studio, folder: Path) -> None:
    begin(studio, folder, "off")
    studio.window._do("settings")
    dialog = studio.window.settings.dialog
    assert dialog is not None
    boxes = dialog.sidecars.boxes
    assert {setting: box.currentIndex() for setting, box in boxes.items()} == {
        "sidecars": 1, "sidecar_names": 0, "sidecar_rejects": 0, "sidecar_keywords": 0,
    }  # fmt: skip
    for setting, place in (("sidecars", 0), ("sidecar_rejects", 1), ("sidecar_names", 1), ("sidecar_keywords", 1)):
        boxes[setting].setCurrentIndex(place)
        boxes[setting].activated.emit(place)
    settings = studio.window.session.settings
    assert (settings.sidecars, settings.sidecar_rejects, settings.sidecar_names) == ("on", "stars-kept", "full")
    assert settings.sidecar_keywords is True
    dialog.close()
    studio.until(studio.window.isActiveWindow)
    studio.press("4", "X")
    path = folder / "photo-0.jpg.xmp"
    studio.until(lambda: path.exists() and parse(path.read_bytes()).text(names.PICK) == "-1")
    assert rating(folder) == "4"
    studio.window._do("sidecars")
    studio.window._do("settings")
    assert boxes["sidecars"].currentIndex() == 1
    dialog.close()


def test_every_word_of_a_rule_can_be_chosen_and_is_a_rule() -> None:
    from dataclasses import replace
    from typing import get_args

    from photocull.sidecar.naming import Naming
    from photocull.sidecar.rules import Reject, rules_of
    from photocull.ui.sidecar_choice import CHOICES

    for setting, (_, choices) in CHOICES.items():
        for value, _words in choices:
            rules_of(replace(Settings(), **{setting: value}))  # type: ignore[arg-type]
    assert {value for value, _ in CHOICES["sidecar_names"][1]} == set(get_args(Naming))
    assert {value for value, _ in CHOICES["sidecar_rejects"][1]} == set(get_args(Reject))
