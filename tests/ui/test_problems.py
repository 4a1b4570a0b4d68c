"""The list of problems, and what a person can do about each."""

from pathlib import Path

import pytest
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter
from photocull.photo import source
from photocull.ui.problems import ProblemsDialog
from photocull.ui.remedies import note_and_remedy, reason_and_remedy
from tests.building import make_photo
from tests.ui.staging import Stage


def broken(stage: Stage, path: Path, sentence: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(path.name.encode())
    stage.fail(path, sentence)
    return path


def open_dialog(stage: Stage, qtbot: QtBot, filter: Filter = Filter()) -> ProblemsDialog:  # noqa: B008  frozen
    dialog = ProblemsDialog(stage.bridge, filter)
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: "Reading" not in title(dialog))
    return dialog


def title(dialog: ProblemsDialog) -> str:
    return dialog.findChildren(QLabel)[1].text()


def table(dialog: ProblemsDialog) -> list[list[str]]:
    model = dialog._model
    return [[str(model.index(r, c).data()) for c in range(3)] for r in range(model.rowCount())]


def button(dialog: ProblemsDialog, word: str) -> QPushButton:
    return next(b for b in dialog.findChildren(QPushButton) if b.text() == word)


def test_each_problem_is_listed_with_its_reason_and_remedy(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    stage.add([make_photo(tmp_path / "good.jpg")])
    broken(stage, tmp_path / "b.jpg", "The file is empty (0 bytes).")
    broken(stage, tmp_path / "a.nef", "No permission to read the file; check its permissions and its owner.")
    dialog = open_dialog(stage, qtbot)
    assert table(dialog) == [
        ["a.nef", "No permission to read the file.", "Check its permissions and its owner."],
        ["b.jpg", "The file is empty (0 bytes).", "Copy it again from the card or a backup."],
    ]
    assert title(dialog) == "2 files need a look. All other photos are not affected."


def test_only_the_problems_of_the_shown_folders_are_listed(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    broken(stage, tmp_path / "here" / "a.jpg", "The file is empty (0 bytes).")
    broken(stage, tmp_path / "there" / "b.jpg", "The file is empty (0 bytes).")
    dialog = open_dialog(stage, qtbot, Filter(folders=frozenset({tmp_path / "here"}), themes=frozenset({"bird"})))
    assert [line[0] for line in table(dialog)] == ["a.jpg"]


def test_the_list_is_copied_as_it_can_be_pasted(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    path = broken(stage, tmp_path / "a.jpg", "This is a video, not a photo.")
    dialog = open_dialog(stage, qtbot)
    button(dialog, "Copy the list").click()
    copied = QGuiApplication.clipboard().text()
    assert copied == f"{path}: This is a video, not a photo. It can be moved out of the photo folder."


def test_the_folder_of_the_chosen_file_is_opened(
    stage: Stage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    broken(stage, tmp_path / "a.jpg", "This is a video, not a photo.")
    dialog = open_dialog(stage, qtbot)
    assert not button(dialog, "Show in folder").isEnabled()
    qtbot.waitUntil(lambda: len(table(dialog)) == 1)
    dialog._table.selectRow(0)
    button(dialog, "Show in folder").click()
    assert [Path(url.toLocalFile()) for url in opened] == [tmp_path]


def test_no_problem_is_good_news(stage: Stage, qtbot: QtBot) -> None:
    dialog = open_dialog(stage, qtbot)
    assert title(dialog) == "Every photo could be read."
    assert not button(dialog, "Copy the list").isEnabled()


def test_a_problem_that_comes_while_the_list_is_open_joins_it(stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    dialog = open_dialog(stage, qtbot)
    broken(stage, tmp_path / "a.jpg", "The file is empty (0 bytes).")
    qtbot.waitUntil(lambda: len(table(dialog)) == 1)


@pytest.mark.parametrize("sentence", [*source._SENTENCES.values(), source.DAMAGED, source.NOTHING_LEFT, "Who knows."])
def test_there_is_something_to_do_about_every_fault_of_reading(sentence: str) -> None:
    reason, remedy = reason_and_remedy(sentence)
    assert reason
    assert remedy.endswith((".", ")"))
    assert remedy[0].isupper()


def test_a_remark_after_a_semicolon_is_no_advice() -> None:
    sentence = "The file holds nothing but zeros; its copy was probably interrupted."
    assert reason_and_remedy(sentence) == (sentence, "Copy it again from the card or a backup.")


@pytest.mark.parametrize(
    ("note", "reason", "remedy"),
    [
        (
            "a.xmp says 5 stars, the catalogue 2 stars; decide it here to settle it.",
            "a.xmp says 5 stars, the catalogue 2 stars.",
            "Decide it here to settle it.",
        ),
        (
            "a.xmp: The sidecar is empty; it is left as it is.",
            "a.xmp: The sidecar is empty; it is left as it is.",
            "Save it anew in the program that it is of.",
        ),
        (
            "a.xmp: The sidecar cannot be written: no space left on device.",
            "a.xmp: The sidecar cannot be written: no space left on device.",
            "Allow writing there, then look for new photos.",
        ),
        ("The file is cut off.", "The file is cut off.", ""),
    ],
)
def test_remarks_on_sidecars_have_a_way_on(note: str, reason: str, remedy: str) -> None:
    assert note_and_remedy(note) == (reason, remedy)
