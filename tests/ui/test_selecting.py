"""What a decision goes to in the whole window: the selected photos, and nothing that the photographer cannot see."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtWidgets import QApplication

from photocull.core.types import Decision
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


def test_a_new_order_selects_nothing_that_was_not_selected(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = list(window.session.photos.ids)
    window.grid.put_back(2, [ids[0], ids[1], ids[4]])
    relist(studio, window.session.photos.refresh)
    assert window.grid.current_id() == ids[2]
    assert sorted(window.grid.selected_ids()) == sorted([ids[0], ids[1], ids[4]])
    studio.press("X")
    studio.until(lambda: studio.stored(ids[0]).pick == "reject")
    assert studio.stored(ids[2]).pick is None


def test_a_filter_that_leaves_one_selected_photo_leaves_the_selection_there(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = list(window.session.photos.ids)
    window.bridge.decide([Decision(ids[n], "pick", "pick") for n in (1, 3)])
    studio.until(lambda: studio.stored(ids[3]).pick == "pick")
    window.grid.put_back(4, [ids[2], ids[3], ids[4]])
    picks = replace(window.session.filter, picks=frozenset({"pick"}))
    relist(studio, lambda: window.session.set_filter(picks))
    assert window.grid.selected_ids() == [ids[3]]
    assert window.grid.current_id() == ids[3]


def test_where_nothing_of_a_selection_is_left_the_cursors_photo_is_selected(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = list(window.session.photos.ids)
    window.bridge.decide([Decision(ids[n], "pick", "pick") for n in (1, 3)])
    studio.until(lambda: studio.stored(ids[3]).pick == "pick")
    window.grid.put_back(2, [ids[2], ids[4]])
    picks = replace(window.session.filter, picks=frozenset({"pick"}))
    relist(studio, lambda: window.session.set_filter(picks))
    assert window.grid.selected_ids() == [window.grid.current_id()] == [ids[1]]


def test_where_nothing_was_selected_a_new_list_selects_nothing(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.grid.choose(2)
    photo = window.grid.current_id()
    studio.press("Ctrl+D")
    relist(studio, window.session.photos.refresh)
    assert window.grid.selected_ids() == []
    assert window.grid.current_id() == photo


def test_the_inspector_shows_the_single_selected_photo_and_not_the_cursors(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = window.session.photos.ids
    window.grid.put_back(3, [ids[1]])
    assert window.inspector._photo == ids[1]
    studio.press("E")
    assert window.inspector._photo == ids[3]


def relist(studio: Studio, ask: Callable[[], None]) -> None:
    with studio.qtbot.waitSignal(studio.window.session.photos.listed):
        ask()
