"""What a damaged catalogue refused reaches the backup that is put back, and who declined can come back to it."""

from concurrent.futures import Future
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import Change
from photocull.catalog.upkeep import keep_safe
from photocull.core.errors import CatalogDamagedError
from photocull.core.settings import Settings
from photocull.core.types import Decision
from photocull.pipeline.run import Run
from photocull.ui import app
from photocull.ui.bridge import Bridge
from photocull.ui.carrying import carried, meant_here
from photocull.ui.scoring import OpenedModel
from tests.building import make_photo
from tests.catalog.spoiling import spoil_table
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.ui.damaged_desk import AT, Person, click, close_window, dialog, offered, sound, window
from tests.ui.staging import staged


@pytest.fixture
def person(qtbot: QtBot) -> Person:
    return Person()


@pytest.fixture
def album(tmp_path: Path) -> list[Path]:
    return [make_photo(tmp_path / "album" / f"photo-{n}.jpg", size=(96, 64), seed=n) for n in range(3)]


def opened_quickly(bridge: Bridge, name: str) -> OpenedModel:
    return OpenedModel(name, "pixel-1", Run(bridge.catalog, PixelScorer("pixel-1"), bridge.previews, jobs=1))


def test_a_star_that_the_damaged_catalogue_refused_is_in_the_backup_that_is_put_back(
    person: Person, album: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "open_model", opened_quickly)
    with staged(tmp_path) as stage:
        ids = stage.add(album)
        keep_safe(stage.catalog, AT)
    location = tmp_path / "catalog.sqlite"
    spoil_table(location, "journal")

    def listed() -> bool:
        shown = window()
        return shown is not None and set(shown.session.photos.ids) == set(ids) and not shown.session.running

    def mark() -> None:
        shown = window()
        assert shown is not None
        shown.bridge.decide([Decision(ids[1], "rating", 4)])

    def starred() -> bool:
        shown = window()
        row = None if shown is None else shown.session.photos.row(ids[1])
        return sound(location) and row is not None and row.rating == 4

    person.does(listed, mark)
    person.does(offered, click("restore"))
    person.does(starred, close_window)
    assert app.run([album[0].parent], Settings(sidecars="off"), catalog=location) == 0
    person.leave()
    with open_catalog(location) as catalog:
        assert [row.rating for row in photo_rows(catalog, ids, "pixel-1")] == [None, 4, None]
        assert catalog.check() == ()


def test_a_star_is_not_carried_to_another_photo_of_the_same_number(
    album: list[Path], tmp_path: Path, qtbot: QtBot
) -> None:
    for name in ("mine", "anothers"):
        (tmp_path / name).mkdir()
    with staged(tmp_path / "mine") as mine, staged(tmp_path / "anothers") as anothers:
        first, second, third = mine.add(album)
        assert anothers.add([album[0], album[2]]) == [first, second]
        stars = [Decision(photo, "rating", 5) for photo in (first, second, third)]
        refused = carried(stars, lambda _photo: None, mine.catalog)
        assert meant_here(refused, mine.catalog) == tuple(stars)
        assert meant_here(refused, anothers.catalog) == (stars[0],)


@pytest.mark.slow
def test_trying_again_after_not_now_offers_the_backup_again(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_decisions: object, *, initiator: str) -> Future[Change]:
        failed: Future[Change] = Future()
        failed.set_exception(CatalogDamagedError("The catalogue is damaged."))
        return failed

    studio.open(folder)
    studio.scored()
    refusals: list[None] = []
    studio.desk.bridge.damaged.connect(lambda: refusals.append(None))
    with monkeypatch.context() as broken:
        broken.setattr(studio.catalog.writer, "decide", refuse)
        studio.window.grid.choose(0)
        studio.press("3")
        studio.until(offered)
        click("quit")()
        studio.press("4")
        studio.until(lambda: len(refusals) == 2)
        assert dialog() is None
        studio.window.statusbar._saved.click()
        studio.until(offered)
        click("quit")()
    studio.desk.bridge.retry()
    studio.until(lambda: studio.window.statusbar._saved.text() == "all decisions saved")
