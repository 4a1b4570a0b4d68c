"""Undo and redo in the whole window: the cursor goes to what they changed, and what is not shown is named."""

from dataclasses import replace
from pathlib import Path

from photocull.core.settings import Settings
from photocull.core.types import Decision
from tests.ui.conftest import Studio


def test_with_auto_advance_undo_goes_back_to_the_photo_that_it_changed(studio: Studio, folder: Path) -> None:
    studio.settings = Settings(auto_advance=True, sidecars="off")
    window = studio.open(folder)
    studio.scored()
    ids = list(window.session.photos.ids)
    window.grid.choose(1)
    studio.press("E", "X")
    studio.until(lambda: studio.stored(ids[1]).pick == "reject")
    studio.press("Right")
    assert window.grid.current_id() == ids[3]
    studio.press("Ctrl+Z")
    studio.until(lambda: window.grid.current_id() == ids[1])
    assert window.loupe.row is not None
    assert window.loupe.row.id == ids[1]
    studio.press("P")
    studio.until(lambda: studio.stored(ids[1]).pick == "pick")
    assert studio.stored(ids[2]).pick is None


def test_in_the_grid_undo_and_redo_select_all_that_they_changed(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    ids = list(window.session.photos.ids)
    window.bridge.decide([Decision(ids[n], "rating", 2) for n in (1, 2, 4)])
    studio.until(lambda: studio.stored(ids[4]).rating == 2)
    for keys in ("Ctrl+Z", "Ctrl+Shift+Z"):
        window.grid.choose(0)
        studio.press(keys)
        studio.until(lambda: window.grid.selected_ids() == [ids[1], ids[2], ids[4]])
        assert window.grid.current_id() in window.grid.selected_ids()


def test_an_undo_that_changed_what_is_not_shown_names_it(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    photo, name = window.session.photos.ids[2], studio.names()[2]
    window.bridge.decide([Decision(photo, "pick", "reject")])
    studio.until(lambda: studio.stored(photo).pick == "reject")
    with studio.qtbot.waitSignal(window.session.photos.listed):
        window.session.set_filter(replace(window.session.filter, picks=frozenset({"none"})))
    studio.until(lambda: len(window.session.photos.ids) == 4)
    before = window.grid.current_id()
    studio.press("Ctrl+Z")
    studio.until(lambda: window.statusbar.notice() == f"Undid: reject on {name}, not shown here")
    assert window.grid.current_id() == before
