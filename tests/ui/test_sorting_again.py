"""Sorting again in the whole window: the place where the photographer works stays under the eyes."""

from dataclasses import replace
from pathlib import Path

from tests.building import make_folder
from tests.ui.conftest import Studio


def test_sorting_again_leaves_the_cursor_where_it_is_on_the_screen(studio: Studio, tmp_path: Path) -> None:
    window = studio.open(make_folder(tmp_path / "Pictures", 30)[0].parent)
    studio.scored()
    studio.press("S")
    window.set_row_height(300)
    grid = window.grid
    grid.choose(12)
    grid.verticalScrollBar().setValue(grid.verticalOffset() + 60)
    before, photo = grid.cell_rect(grid.currentIndex().row()).top(), grid.current_id()
    with studio.qtbot.waitSignal(window.session.photos.listed):
        studio.press("S")
    assert grid.current_id() == photo
    assert grid.cell_rect(grid.currentIndex().row()).top() == before


def test_where_the_decided_photo_leaves_the_filter_the_cursor_goes_to_the_next_one(
    studio: Studio, folder: Path
) -> None:
    window = studio.open(folder)
    studio.scored()
    with studio.qtbot.waitSignal(window.session.photos.listed):
        window.session.set_filter(replace(window.session.filter, picks=frozenset({"none"})))
    studio.until(lambda: window.session.photos.wanted.picks and len(studio.names()) == 5)
    window.grid.choose(2)
    following = window.session.photos.ids[3]
    decided = window.grid.current_id()
    assert decided is not None
    studio.press("P")
    studio.until(lambda: studio.stored(decided).pick == "pick")
    with studio.qtbot.waitSignal(window.session.photos.listed):
        studio.press("S")
    assert len(window.session.photos.ids) == 4
    assert window.grid.current_id() == following
