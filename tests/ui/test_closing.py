"""Closing the window while decisions are not saved: it asks first, and what is left is offered at the next start."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photocull.catalog import journal
from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import Change
from photocull.core import settings as stored
from photocull.core.errors import CatalogError
from photocull.core.settings import Settings
from photocull.core.types import Decision
from photocull.pipeline.run import Run
from photocull.ui import app
from photocull.ui.bridge import Bridge
from photocull.ui.leftovers import Leftovers
from photocull.ui.question import Question
from photocull.ui.scoring import OpenedModel
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio
from tests.ui.damaged_desk import Person, close_window, window


def opened_quickly(bridge: Bridge, name: str) -> OpenedModel:
    return OpenedModel(name, "pixel-1", Run(bridge.catalog, PixelScorer("pixel-1"), bridge.previews, jobs=1))


def full(*_: Any, **__: Any) -> Change:
    raise CatalogError("The drive is full.")


def refuse_two(studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The window with two picks that the catalogue did not take."""
    window = studio.open(folder)
    studio.scored()
    monkeypatch.setattr(journal, "decide", full)
    for place in (0, 1):
        window.grid.choose(place)
        studio.press("P")
    studio.until(lambda: window.statusbar._saved.text().startswith("2 decisions are not saved"))
    return list(window.session.photos.ids[:2])


def question() -> Question | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, Question) and w.isVisible()), None)


def asked(studio: Studio) -> Question:
    studio.until(lambda: question() is not None)
    shown = question()
    assert shown is not None
    return shown


def test_a_window_with_unsaved_decisions_asks_before_it_closes_and_may_stay(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_two(studio, folder, monkeypatch)
    studio.window.close()
    assert studio.window.isVisible()
    shown = asked(studio)
    assert shown.title.text() == "2 decisions are not saved: The drive is full."
    studio.window.close()
    assert question() is shown
    shown.buttons["stay"].click()
    assert studio.window.isVisible()
    assert question() is None


def test_trying_again_closes_the_window_once_they_are_saved(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = journal.decide
    ids = refuse_two(studio, folder, monkeypatch)
    studio.window.close()
    again = asked(studio).buttons["again"]
    again.click()
    assert not again.isEnabled()
    studio.until(again.isEnabled)
    assert studio.window.isVisible()
    monkeypatch.setattr(journal, "decide", real)
    again.click()
    studio.until(lambda: not studio.window.isVisible())
    assert [studio.stored(photo).pick for photo in ids] == ["pick", "pick"]


def test_a_window_whose_decisions_are_saved_closes_without_a_question(studio: Studio, folder: Path) -> None:
    window = studio.open(folder)
    studio.scored()
    window.grid.choose(0)
    studio.press("P")
    studio.until(lambda: window.statusbar._saved.text() == "all decisions saved")
    window.close()
    assert not window.isVisible()
    assert question() is None


def test_what_was_not_saved_is_offered_at_the_next_start_until_it_is_answered_for(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "state" / "unsaved.json"
    real = journal.decide
    ids = refuse_two(studio, folder, monkeypatch)
    studio.window.close()
    asked(studio).buttons["close"].click()
    assert not studio.window.isVisible()
    studio.desk.close()
    assert Leftovers(file).keep(studio.desk.unsaved)
    studio.close()
    monkeypatch.setattr(journal, "decide", real)

    later = Leftovers(file)
    studio.open(folder)
    studio.desk.offer(later)
    shown = asked(studio)
    assert shown.title.text() == "2 decisions were not saved when Photocull was closed."
    shown.buttons["later"].click()
    studio.close()
    assert later.keep(())
    assert [decision.value for _, decision in Leftovers(file).look()] == ["pick", "pick"]

    now = Leftovers(file)
    studio.open(folder)
    studio.desk.offer(now)
    asked(studio).buttons["save"].click()
    studio.until(lambda: [studio.stored(photo).pick for photo in ids] == ["pick", "pick"])
    studio.close()
    assert now.keep(())
    assert not file.exists()


def test_the_program_itself_keeps_what_was_not_saved_and_saves_it_at_its_next_start(
    qtbot: QtBot, folder: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app, "open_model", opened_quickly)
    real, person = journal.decide, Person()
    monkeypatch.setattr(journal, "decide", full)

    def there(words: str) -> Callable[[], bool]:
        return lambda: (shown := window()) is not None and words in shown.statusbar._saved.text()

    def answer(name: str) -> Callable[[], None]:
        return lambda: question().buttons[name].click()  # type: ignore[union-attr]

    def mark() -> None:
        shown = window()
        assert shown is not None
        shown.bridge.decide([Decision(shown.session.photos.ids[0], "rating", 4)])

    person.does(lambda: (shown := window()) is not None and len(shown.session.photos.ids) == 5, mark)
    person.does(there("1 decision is not saved"), close_window)
    person.does(lambda: question() is not None, answer("close"))
    assert app.run([folder], Settings(sidecars="off")) == 0
    kept = stored.folders().data / "unsaved"
    assert len(list(kept.iterdir())) == 1
    monkeypatch.setattr(journal, "decide", real)
    person.does(lambda: question() is not None, answer("save"))
    person.does(there("all decisions saved"), close_window)
    assert app.run([folder], Settings(sidecars="off")) == 0
    person.leave()
    assert not list(kept.iterdir())
    with open_catalog(stored.folders().catalog) as catalog:
        assert sorted(row.rating or 0 for row in photo_rows(catalog, range(1, 6), "pixel-1")) == [0, 0, 0, 0, 4]


@pytest.mark.expects_log
@pytest.mark.parametrize(
    "text", ["", "{", '[{"path": "/a"}]', '[{"path": "/a", "photo": 1, "field": "x", "value": 1}]']
)
def test_a_file_that_cannot_be_read_offers_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "unsaved.json"
    file.write_text(text)
    assert Leftovers(file).look() == ()


@pytest.mark.expects_log
def test_where_no_file_can_be_written_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    kept = ((tmp_path / "a.jpg", Decision(1, "pick", "pick")),)
    assert not Leftovers(tmp_path / "state" / "unsaved.json").keep(kept)
