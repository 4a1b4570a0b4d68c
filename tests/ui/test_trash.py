"""Rejects go to the trash from the window: shown first, counted, moved with all that is theirs, and brought back."""

import threading
from pathlib import Path
from typing import Any

import pytest

from photocull.core.types import Decision
from photocull.picks.export import Outcome
from photocull.ui import export_work
from photocull.ui.photo_list import RowRole
from photocull.ui.trash_dialog import TrashDialog
from tests.picks.shoot import content, own_trash
from tests.ui.conftest import Studio
from tests.ui.export_desk import back_to_photos, begin, files, line, told, trash_dialog


@pytest.fixture
def shoot(folder: Path) -> Path:
    """Five photos, one of them with a sidecar."""
    (folder / "photo-1.xmp").write_bytes(b"<x/>")
    return folder


@pytest.fixture
def trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return own_trash(tmp_path, monkeypatch)


def test_what_goes_is_seen_and_counted_and_enter_moves_nothing(studio: Studio, shoot: Path, trash: Path) -> None:
    begin(studio, shoot, rejected=[1, 4])
    dialog = trash_dialog(studio)
    assert dialog.title.text() == "Move 2 photos to the trash?"
    assert dialog.words.text().startswith("2 photos, 3 files, ")
    assert dialog.cancel.hasFocus()
    shown = dialog.sheet.model()
    studio.until(lambda: shown.rowCount() == 2 and shown.index(1, 0).data(RowRole) is not None)
    assert [shown.index(place, 0).data() for place in range(2)] == ["photo-1.jpg", "photo-4.jpg"]
    assert not dialog.sheet.grab().isNull()
    studio.press("Return")
    assert dialog.isVisible()
    studio.press("Escape")
    back_to_photos(studio)
    assert len(files(shoot)) == 6


def test_rejects_vanish_from_the_grid_and_undo_brings_them_back(studio: Studio, shoot: Path, trash: Path) -> None:
    begin(studio, shoot, rejected=[1, 4])
    before = content(shoot)
    trash_dialog(studio).move_button.click()
    assert told(studio, "moved") == "2 photos moved to the trash."
    assert sorted(path.name for path in (trash / "files").iterdir()) == ["photo-1.jpg", "photo-1.xmp", "photo-4.jpg"]
    studio.until(lambda: studio.names() == ["photo-0.jpg", "photo-2.jpg", "photo-3.jpg"])
    assert list(line(studio).ways) == ["Undo"]
    line(studio).ways["Undo"].click()
    assert told(studio, "back where") == "2 photos back where they lay."
    assert content(shoot) == before
    assert not list((trash / "files").iterdir())
    studio.until(lambda: len(studio.window.session.photos.ids) == 5)
    studio.until(lambda: [row.pick for row in studio.rows() if row] == [None, "reject", None, None, "reject"])
    back_to_photos(studio)


def ready_to_move(studio: Studio, target: Path) -> TrashDialog:
    """The dialog with this folder, once it is planned what goes there."""
    dialog = trash_dialog(studio)
    dialog.place.set_value("folder")
    dialog.folder.set_text(str(target))
    dialog._on_place()
    studio.until(lambda: dialog._survey is not None and dialog._survey.ready)
    assert "to a folder?" in dialog.title.text()
    return dialog


def test_what_other_work_moved_meanwhile_is_not_offered_again(
    studio: Studio, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, shoot, rejected=[1, 4])
    go_on, real = threading.Event(), export_work.perform

    def slow(*about: Any) -> Outcome:
        go_on.wait(20)
        return real(*about)

    monkeypatch.setattr(export_work, "perform", slow)
    ready_to_move(studio, tmp_path / "rejects").move_button.click()
    back_to_photos(studio)
    studio.until(lambda: studio.window.exports._work.job is not None)
    dialog = ready_to_move(studio, tmp_path / "rejects")
    assert not dialog.move_button.isEnabled()
    go_on.set()
    studio.until(lambda: dialog.title.text().startswith("Nothing is rejected"))
    studio.qtbot.wait(200)
    assert not dialog.move_button.isEnabled()
    assert dialog.sheet.model().rowCount() == 0
    dialog.reject()
    back_to_photos(studio)


def test_a_photo_that_vanished_stays_alone_behind(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, rejected=[0, 1, 4])
    dialog = ready_to_move(studio, tmp_path / "rejects")
    (shoot / "photo-4.jpg").unlink()
    dialog.move_button.click()
    assert "2 photos moved" in told(studio, "moved")
    assert "photo-4.jpg" in line(studio).text()
    assert sorted(path.name for path in (tmp_path / "rejects").iterdir()) == [
        "photo-0.jpg",
        "photo-1.jpg",
        "photo-1.xmp",
    ]


def test_rejects_that_only_a_policy_made_are_told_before_they_go(studio: Studio, shoot: Path, trash: Path) -> None:
    begin(studio, shoot, rejected=[1])
    assert trash_dialog(studio).whose.isHidden()
    studio.press("Escape")
    back_to_photos(studio)
    decision = Decision(studio.window.session.photos.ids[3], "pick", "reject", "policy", "blurred")
    studio.catalog.writer.decide([decision], initiator="policy:strict").result(10)
    dialog = trash_dialog(studio)
    studio.until(lambda: dialog.title.text() == "Move 2 photos to the trash?")
    assert dialog.whose.text() == "1 of 2 rejected by a rating policy, not by you."
    assert dialog.whose.isVisible()
    studio.press("Escape")
    back_to_photos(studio)


def test_the_command_brings_back_what_was_moved_last(studio: Studio, shoot: Path, trash: Path) -> None:
    begin(studio, shoot, rejected=[0])
    trash_dialog(studio).move_button.click()
    told(studio, "moved")
    studio.close()
    begin(studio, shoot)
    assert studio.names() == ["photo-1.jpg", "photo-2.jpg", "photo-3.jpg", "photo-4.jpg"]
    studio.press("Ctrl+Alt+Z")
    told(studio, "Bring back 1 photo moved to the trash")
    line(studio).ways["Bring back"].click()
    assert told(studio, "back where") == "1 photo back where it lay."
    studio.until(lambda: len(studio.window.session.photos.ids) == 5)


def test_a_folder_takes_the_place_of_the_trash(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, rejected=[1])
    dialog = trash_dialog(studio)
    assert dialog.folder.isHidden()
    dialog.place.buttons["folder"].click()
    studio.until(lambda: dialog.folder.fault.text() == "Choose the folder that they go to.")
    assert not dialog.move_button.isEnabled()
    dialog.folder.set_text(str(tmp_path / "rejects"))
    studio.until(dialog.move_button.isEnabled)
    dialog.move_button.click()
    assert told(studio, "moved") == f"1 photo moved to {tmp_path / 'rejects'}."
    assert files(tmp_path / "rejects") == ["photo-1.jpg", "photo-1.xmp"]
    studio.until(lambda: len(studio.window.session.photos.ids) == 4)


def test_what_cannot_go_is_listed_with_its_reason(studio: Studio, shoot: Path, trash: Path, tmp_path: Path) -> None:
    photo = shoot / "photo-2.jpg"
    photo.rename(tmp_path / "elsewhere.jpg")
    photo.symlink_to(tmp_path / "elsewhere.jpg")
    begin(studio, shoot, rejected=[0, 2])
    dialog = trash_dialog(studio)
    assert dialog.title.text() == "Move 1 photo to the trash?"
    assert dialog.stay.text() == (
        "photo-2.jpg: It stays where it is, as photo-2.jpg cannot go: "
        "it is a link, and only files themselves are moved."
    )
    dialog.move_button.click()
    assert told(studio, "moved") == "1 photo moved to the trash."
    assert photo.is_symlink()


def test_without_rejects_it_says_how_to_reject(studio: Studio, shoot: Path) -> None:
    begin(studio, shoot)
    dialog = trash_dialog(studio)
    assert dialog.title.text() == "Nothing is rejected: press X on a photo"
    assert not dialog.move_button.isEnabled()
