"""The loupe on real files and a real catalogue."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from photocull.catalog.records import PhotoRow
from photocull.core.vocabulary import OVERLAY_KINDS
from photocull.judge.reading import BUILTIN_MAPS
from photocull.judge.similarity import similar_cells
from photocull.ui import overlay_layer
from photocull.ui.loupe import Loupe
from photocull.ui.overlays import Part
from tests.building import draw, make_folder, make_photo
from tests.ui.staging import Stage, judgement


def add(stage: Stage, folder: Path, count: int = 1, size: tuple[int, int] = (1800, 1200)) -> list[PhotoRow]:
    paths = make_folder(folder, count, size=size)
    return [stage.row(i) for i in stage.add(paths)]


def width(loupe: Loupe) -> int:
    picture = loupe.canvas._picture
    return picture.size[0] if picture is not None else 0


def test_the_preview_is_shown_first_and_the_full_size_when_it_is_needed(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (row,) = add(stage, tmp_path / "photos")
    loupe.show_photo(row)
    qtbot.waitUntil(lambda: width(loupe) == 1440)
    place = loupe.canvas.photo_rect()
    loupe.toggle_zoom()
    before = loupe.canvas.photo_rect()
    assert before.width() == 1800
    assert loupe._legend.accessibleName() == "Loading the full size…"
    qtbot.waitUntil(lambda: width(loupe) == 1800)
    assert loupe.canvas.photo_rect() == before
    assert loupe._legend.accessibleName() == ""
    loupe.fit()
    assert loupe.canvas.photo_rect() == place


def test_a_photo_without_a_stored_preview_is_read_from_its_file(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (photo_id,) = stage.register([make_photo(tmp_path / "new.jpg", size=(800, 600))])
    row = stage.row(photo_id)
    assert row.status == "new"
    loupe.show_photo(row)
    qtbot.waitUntil(lambda: width(loupe) == 800)
    assert loupe.canvas.zoom.photo == (800, 600)
    qtbot.waitUntil(lambda: loupe._legend.accessibleName() == "", timeout=5000)


def test_neighbours_are_loaded_before_they_are_asked_for(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = add(stage, tmp_path / "photos", 4, (600, 450))
    loupe.show_photo(rows[0])
    loupe.set_neighbours([row.id for row in rows[1:]])
    qtbot.waitUntil(lambda: all(loupe._images.small(row) is not None for row in rows))
    loupe.show_photo(rows[3])
    assert width(loupe) == 600, "shown at once"


def test_an_overlay_lies_exactly_on_the_photo_and_stays_for_the_next_one(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    rows = add(stage, tmp_path / "photos", 2, (640, 480))
    loupe.show_photo(rows[0])
    with qtbot.waitSignal(loupe.overlayChanged) as heard:
        loupe.set_overlay("aesthetic")
    assert heard.args == ["aesthetic"]
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))
    part = loupe.canvas._overlay[0]
    assert (part.x, part.y, part.width, part.height) == (0, 0, 1, 1)
    assert part.level.image.size() == loupe.canvas._picture.levels[-1].image.size()
    loupe.show_photo(rows[1])
    assert not loupe.canvas._overlay, "the map of one photo never lies over another"
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))
    loupe.set_overlay(None)
    assert not loupe.canvas._overlay


def test_an_overlay_is_sharpened_when_one_zooms_in(loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    (row,) = add(stage, tmp_path / "photos")
    loupe.show_photo(row)
    loupe.set_overlay("focus")
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))
    loupe.toggle_zoom()
    qtbot.waitUntil(lambda: any(part.level.width == 1800 for part in loupe.canvas._overlay))


def test_a_map_that_could_not_be_painted_is_told_and_takes_no_other_along(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows, tries = add(stage, tmp_path / "photos", 2, (640, 480)), list[None]()

    def no_memory(*_: object) -> Part:
        tries.append(None)
        raise MemoryError("no memory")

    loupe.show_photo(rows[0])
    with monkeypatch.context() as broken:
        broken.setattr(overlay_layer, "painted", no_memory)
        loupe.set_overlay("aesthetic")
        qtbot.waitUntil(lambda: loupe._legend.accessibleName() == "The overlay cannot be drawn: no memory")
        loupe.zoom_in()
        qtbot.wait(100)
        assert len(tries) == 1
    loupe.set_overlay("focus")
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))
    loupe.set_overlay("aesthetic")
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))
    loupe.show_photo(rows[1])
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))


def test_a_missing_map_is_told_in_words(loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    (row,) = add(stage, tmp_path / "photos", size=(600, 400))
    loupe.show_photo(row)
    loupe.set_overlay("theme")
    qtbot.waitUntil(lambda: "no map of theme" in loupe._legend.accessibleName())


def test_a_map_that_the_model_never_makes_has_no_toggle_and_its_key_says_so(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (row,) = add(stage, tmp_path / "photos", size=(600, 400))
    loupe.show_photo(row)
    shown = {kind for kind, button in loupe._overlays._buttons.items() if button.isVisible()}
    assert shown == set(BUILTIN_MAPS)
    loupe.set_overlay("gates")
    qtbot.waitUntil(lambda: loupe._legend.accessibleName() == "Gates: not with this model.")
    assert loupe._legend.width() >= 100
    loupe.set_offered(frozenset(OVERLAY_KINDS))
    assert all(button.isVisible() for button in loupe._overlays._buttons.values())
    qtbot.waitUntil(lambda: "no map of gates for this photo" in loupe._legend.accessibleName())


@pytest.fixture
def every_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """The stage's model can have every map."""
    monkeypatch.setattr("photocull.ui.loupe.offered_by", lambda model: frozenset(OVERLAY_KINDS))


def likeness(loupe: Loupe, stage: Stage, folder: Path, qtbot: QtBot) -> None:
    """The loupe on a photo with a stored map of the cell in row 2, column 9."""
    judged = judgement()
    judged = replace(judged, attention={"similarity": similar_cells(draw((600, 400)), 2, 9)})
    (photo_id,) = stage.add([make_photo(folder / "a.jpg", size=(1800, 1200))], lambda _: judged)
    qtbot.waitUntil(lambda: "similarity" in loupe._overlay._offered)
    loupe.show_photo(stage.row(photo_id))
    loupe.set_overlay("similarity")
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))


def cell(loupe: Loupe) -> tuple[int, int] | None:
    frame = loupe.canvas._frame
    return None if frame is None else (round(frame.y() * 12), round(frame.x() * 12))


def click(loupe: Loupe, x: float, y: float) -> None:
    rect = loupe.canvas.photo_rect()
    place = QPoint(round(rect.x() + x * rect.width()), round(rect.y() + y * rect.height()))
    QTest.mouseClick(loupe.canvas, Qt.MouseButton.LeftButton, pos=place)


@pytest.mark.usefixtures("every_kind")
def test_a_click_chooses_the_cell_whose_likeness_is_shown_and_the_next_one_goes_back(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    likeness(loupe, stage, tmp_path / "photos", qtbot)
    assert cell(loupe) == (2, 9)
    before = loupe.canvas._overlay
    click(loupe, 0.3, 0.8)
    assert loupe.canvas.zoom.scale is None, "a click here is no zoom"
    qtbot.waitUntil(lambda: cell(loupe) == (9, 3))
    qtbot.waitUntil(lambda: loupe.canvas._overlay != before)
    click(loupe, 0.3, 0.8)
    qtbot.waitUntil(lambda: cell(loupe) == (2, 9))


@pytest.mark.usefixtures("every_kind")
def test_escape_goes_back_to_the_models_cell_then_takes_the_map_away(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    likeness(loupe, stage, tmp_path / "photos", qtbot)
    click(loupe, 0.1, 0.1)
    qtbot.waitUntil(lambda: cell(loupe) == (1, 1))
    assert loupe.step_back()
    qtbot.waitUntil(lambda: cell(loupe) == (2, 9))
    assert loupe.step_back()
    assert (loupe.overlay(), cell(loupe)) == (None, None)
    assert not loupe.step_back()
    click(loupe, 0.3, 0.8)
    assert loupe.canvas.zoom.scale is not None, "without the map a click zooms as ever"


def test_a_photo_that_waits_for_its_score_says_so(loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    (photo_id,) = stage.register([make_photo(tmp_path / "new.jpg")])
    loupe.show_photo(stage.row(photo_id))
    loupe.set_overlay("aesthetic")
    qtbot.waitUntil(lambda: "Not scored yet" in loupe._legend.accessibleName())
    loupe.set_overlay("clipping")
    qtbot.waitUntil(lambda: bool(loupe.canvas._overlay))


def test_an_unreadable_photo_tells_its_reason_and_what_to_do(loupe: Loupe, stage: Stage, tmp_path: Path) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"nothing")
    loupe.show_photo(stage.row(stage.fail(broken, "The file is damaged and cannot be read as a picture.")))
    words = loupe.canvas.accessibleDescription()
    assert words == "The file is damaged and cannot be read as a picture. Copy it again from the card or a backup."


def test_a_file_that_vanished_tells_so_and_the_loupe_goes_on(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    gone, here = make_photo(tmp_path / "gone.jpg"), make_photo(tmp_path / "here.jpg", seed=2)
    ids = stage.register([gone, here])
    gone.unlink()
    loupe.show_photo(stage.row(ids[0]))
    qtbot.waitUntil(lambda: "no longer there" in loupe.canvas.accessibleDescription())
    loupe.show_photo(stage.row(ids[1]))
    qtbot.waitUntil(lambda: width(loupe) == 640)


def test_a_full_size_that_cannot_be_had_is_told_and_the_preview_stays(
    loupe: Loupe, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (row,) = add(stage, tmp_path / "photos")
    loupe.show_photo(row)
    qtbot.waitUntil(lambda: width(loupe) == 1440)
    row.path.unlink()
    loupe.toggle_zoom()
    qtbot.waitUntil(lambda: "The full size cannot be shown" in loupe._legend.accessibleName())
    assert width(loupe) == 1440
