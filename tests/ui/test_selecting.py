"""What a decision goes to in the whole window: the selected photos, and nothing that the photographer cannot see."""

from pathlib import Path

from PySide6.QtWidgets import QApplication

from tests.ui.conftest import Studio


def test_without_a_selection_a_decision_goes_to_no_photo_and_says_so(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.grid.choose(2)
    photo = window.grid.current_id()
    assert photo is not None
    QApplication.clipboard().setText("before")
    studio.press("Ctrl+D", "X", "3", "Ctrl+C")
    assert QApplication.clipboard().text() == "before"
    row = window.session.photos.row(photo)
    assert row is not None
    assert (row.pick, row.rating) == (None, None)
    assert window.statusbar.notice() == "No photo is selected"
    studio.press("E", "X")
    studio.until(lambda: studio.stored(photo).pick == "reject")
