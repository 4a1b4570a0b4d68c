"""The list: ids at once, rows by page as they are looked at, never re-ordered unasked."""

import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from photocull.catalog.database import Catalog
from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, FoundPhoto, PhotoRow, Sort
from photocull.core.errors import CatalogError
from photocull.core.types import Decision, Photo
from photocull.core.work import PhotosChanged
from photocull.ui import listing, photo_list
from photocull.ui.photo_list import PAGE, IdRole, PhotoListModel, RowRole
from tests.building import make_photo
from tests.ui.staging import Stage, judgement


@pytest.fixture
def photos(stage: Stage) -> PhotoListModel:
    return PhotoListModel(stage.bridge)


def pictures(folder: Path, count: int, *, first: int = 0) -> list[Path]:
    return [make_photo(folder / f"p{n:03}.jpg", size=(60, 40), seed=n) for n in range(first, first + count)]


def test_rows_are_placeholders_until_their_page_has_come(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    ids = stage.add(pictures(tmp_path, 3))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    assert photos.ids == ids
    assert photos.data(photos.index(0), RowRole) is None
    assert photos.data(photos.index(0), IdRole) == ids[0]
    qtbot.waitUntil(lambda: photos.row_at(0) is not None)
    assert photos.data(photos.index(0), Qt.ItemDataRole.DisplayRole) == "p000.jpg"
    assert photos.place(ids[2]) == 2
    assert photos.aspects[0] == pytest.approx(1.5)


def test_only_pages_that_are_looked_at_are_read(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    stage.register(pictures(tmp_path, PAGE + 5))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    with qtbot.waitSignal(photos.dataChanged) as told:
        photos.row_at(PAGE + 1)
    first, last = told.args[:2]
    assert (first.row(), last.row()) == (PAGE, PAGE + 4)


def test_a_decision_shows_before_it_is_saved(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    (photo,) = stage.add(pictures(tmp_path, 1))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort())
    qtbot.waitUntil(lambda: photos.row_at(0) is not None)
    stage.bridge.decide([Decision(photo, "rating", 4), Decision(photo, "label", "red")])
    row = photos.row_at(0)
    assert row is not None
    assert (row.rating, row.label, row.rated_by) == (4, "red", "photographer")
    qtbot.waitUntil(lambda: stage.row(photo).rating == 4)


def test_new_scores_are_counted_and_nothing_moves_until_asked(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = pictures(tmp_path, 4)
    ids = stage.register(paths)
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("overall", True))
    counts: list[int] = []
    photos.newScores.connect(lambda scores, decided: counts.append(scores))
    stage.score(paths, ids, lambda number: judgement(overall=2.0 + number))
    qtbot.waitUntil(lambda: counts[-1:] == [4])
    assert photos.ids == ids
    with qtbot.waitSignal(photos.listed):
        photos.refresh()
    assert photos.ids == ids[::-1]
    assert counts[-1] == 0


def test_scores_that_change_no_place_are_not_offered(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    paths = pictures(tmp_path, 3)
    ids = stage.register(paths)
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    counts: list[int] = []
    photos.newScores.connect(lambda scores, decided: counts.append(scores))
    stage.score(paths, ids)
    qtbot.waitUntil(lambda: bool(counts))
    assert set(counts) == {0}


def test_photos_found_later_come_last(stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path) -> None:
    first = stage.register(pictures(tmp_path, 2, first=5))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    with qtbot.waitSignal(photos.rowsInserted):
        later = stage.register(pictures(tmp_path, 2))
    assert photos.ids == [*first, *later]
    assert len(photos.aspects) == 4


def test_a_filter_that_nothing_passes_gives_an_empty_list(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    stage.register(pictures(tmp_path, 2))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(text="nowhere"), Sort())
    assert photos.rowCount() == 0
    assert photos.data(photos.index(0), RowRole) is None


def test_a_decision_that_leaves_the_filter_moves_nothing_and_is_told(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    ids = stage.add(pictures(tmp_path, 3))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(picks=frozenset({"none"})), Sort("name", False))
    told: list[tuple[int, int]] = []
    photos.newScores.connect(lambda scores, decided: told.append((scores, decided)))
    qtbot.waitUntil(lambda: told[-1:] == [(0, 0)])  # the scores themselves have been heard of
    stage.bridge.decide([Decision(ids[0], "pick", "pick")])
    qtbot.waitUntil(lambda: told[-1:] == [(0, 1)])
    assert photos.ids == ids
    with qtbot.waitSignal(photos.listed):
        photos.refresh()
    assert photos.ids == ids[1:]


def test_a_page_that_could_not_be_read_is_asked_for_again(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.add(pictures(tmp_path, 2))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    qtbot.wait(300)  # the scores themselves have been heard of

    def refuse(*_values: object) -> list[PhotoRow]:
        raise CatalogError("The catalogue is busy.")

    with monkeypatch.context() as broken:
        broken.setattr("photocull.ui.photo_list.photo_rows", refuse)
        with qtbot.waitSignal(stage.bridge.questionFailed):
            photos.row_at(0)
    qtbot.waitUntil(lambda: photos.row_at(0) is not None)


def test_after_a_leap_the_last_page_looked_at_comes_first(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (one,) = pictures(tmp_path, 1)
    stat = one.stat()
    many = [FoundPhoto(Photo(tmp_path / f"m{n:04}.jpg", stat.st_size, n), f"{n:032x}") for n in range(PAGE * 12)]
    stage.catalog.writer.register(many).result(30)
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    qtbot.wait(300)
    pages: list[int] = []
    photos.dataChanged.connect(lambda first, last: pages.append(first.row() // PAGE))
    asked = threading.Event()
    monkeypatch.setattr(photo_list, "photo_rows", lambda *about: asked.wait(10) and photo_rows(*about))
    for page in range(12):
        photos.row_at(page * PAGE)
    asked.set()
    qtbot.waitUntil(lambda: len(pages) == 12)
    assert pages.index(11) < pages.index(5) < pages.index(2)


def test_an_answer_about_an_older_filter_brings_none_of_its_photos_into_the_list(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = stage.add(pictures(tmp_path, 4))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort("name", False))
    qtbot.wait(600)  # the scores themselves have been heard of
    asked, answer = threading.Event(), threading.Event()

    def slow(catalog: Catalog, filter: Filter, sort: Sort, model: str) -> list[int]:
        found = photo_ids(catalog, filter, sort, model)
        if not filter.text:
            asked.set()
            answer.wait(10)
        return found

    monkeypatch.setattr(listing, "photo_ids", slow)
    stage.bridge.tell(PhotosChanged(tuple(ids[:1]), "pipeline"))
    qtbot.waitUntil(asked.is_set)
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(text="p002"), Sort("name", False))
    answer.set()
    qtbot.wait(300)
    assert photos.ids == ids[2:3]


def test_the_list_before_takes_in_nothing_of_the_one_that_is_on_its_way(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = stage.add(pictures(tmp_path, 4))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(text="p002"), Sort("name", False))
    qtbot.wait(600)
    questions: list[None] = []
    answer = threading.Event()

    def slow(*about: Any) -> list[int]:
        questions.append(None)
        if len(questions) == 1:
            answer.wait(10)
        return photo_ids(*about)

    monkeypatch.setattr(listing, "photo_ids", slow)
    photos.show(Filter(), Sort("name", False))
    stage.bridge.tell(PhotosChanged(tuple(ids[:1]), "pipeline"))
    qtbot.wait(900)
    assert photos.ids == ids[2:3]
    with qtbot.waitSignal(photos.listed):
        answer.set()
    assert photos.ids == ids
    qtbot.waitUntil(lambda: len(questions) == 2)  # what changed while the list was read is still looked at


def test_a_list_that_was_emptied_stays_empty_whatever_changes(
    stage: Stage, photos: PhotoListModel, qtbot: QtBot, tmp_path: Path
) -> None:
    ids = stage.add(pictures(tmp_path, 2))
    with qtbot.waitSignal(photos.listed):
        photos.show(Filter(), Sort())
    with qtbot.waitSignal(photos.listed):
        photos.clear()
    stage.bridge.tell(PhotosChanged(tuple(ids), "pipeline"))
    qtbot.wait(900)
    assert not photos.ids
