"""Another model while the window runs: its scores, the old ones again, decisions untouched, and a way out of faults."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.catalog.query import photo_rows
from photocull.core.errors import ModelError
from photocull.core.settings import Settings
from photocull.core.types import DecodedPhoto, Judgement
from photocull.ui.bridge import Bridge
from photocull.ui.scoring import ModelKnown, OpenedModel
from photocull.ui.window import MainWindow
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio

TANET = "tanet-tad66k"


class Contrary(PixelScorer):
    """Likes best what the other likes least."""

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        judged = super().score(batch)
        return [replace(j, aesthetic=10 - j.aesthetic, overall=10 - j.overall) for j in judged]


@pytest.fixture
def window(studio: Studio, folder: Path) -> MainWindow:
    studio.others[TANET] = Contrary("contrary-1")
    opened = studio.open(folder)
    studio.scored()
    return opened


def switch(studio: Studio, name: str) -> None:
    before = len(studio.reports)
    studio.window.session.judging.switch(name)
    studio.until(lambda: len(studio.reports) > before)
    studio.until(lambda: studio.window.session.judging.name == name and not studio.window.session.running)


def overalls(studio: Studio) -> list[float | None]:
    return [row.overall if row is not None else None for row in studio.rows()]


def shown(studio: Studio, model: str) -> bool:
    """Whether every row shows this model's score."""
    ids = list(studio.window.session.photos.ids)
    stored = {row.id: row.overall for row in photo_rows(studio.catalog, ids, model)}
    return overalls(studio) == [stored[i] for i in ids] and None not in stored.values()


def test_the_folders_are_scored_with_the_other_model_and_its_scores_are_shown(
    studio: Studio, window: MainWindow
) -> None:
    switch(studio, TANET)
    assert studio.reports[-1].scored == 5
    studio.until(lambda: shown(studio, "contrary-1"))
    assert window.bridge.model == "contrary-1"


def test_scores_of_a_model_that_judged_before_come_back_without_scoring(studio: Studio, window: MainWindow) -> None:
    first = overalls(studio)
    names = studio.names()
    switch(studio, TANET)
    studio.until(lambda: shown(studio, "contrary-1"))
    seen = len(studio.scorer.seen)  # type: ignore[attr-defined]  # a PixelScorer
    switch(studio, "builtin-1")
    studio.until(lambda: shown(studio, "pixels-1"))
    studio.until(lambda: studio.names() == names)
    assert overalls(studio) == first
    assert studio.reports[-1].scored == 0
    assert len(studio.scorer.seen) == seen  # type: ignore[attr-defined]  # a PixelScorer


def test_the_order_follows_the_model_that_judges(studio: Studio, window: MainWindow) -> None:
    names = studio.names()
    switch(studio, TANET)
    studio.until(lambda: shown(studio, "contrary-1"))
    window.session.photos.refresh()
    studio.until(lambda: studio.names() == names[::-1])


def test_decisions_and_their_undo_stay(studio: Studio, window: MainWindow) -> None:
    photo = window.grid.current_id()
    assert photo is not None
    studio.press("4", "P")
    studio.until(lambda: (studio.stored(photo).rating, studio.stored(photo).pick) == (4, "pick"))
    switch(studio, TANET)
    studio.until(lambda: shown(studio, "contrary-1"))
    row = window.session.photos.row(photo)
    assert row is not None
    assert (row.rating, row.pick, row.rated_by) == (4, "pick", "photographer")
    studio.press("Ctrl+Z", "Ctrl+Z")
    studio.until(lambda: (studio.stored(photo).rating, studio.stored(photo).pick) == (None, None))
    studio.press("Ctrl+Y")
    studio.until(lambda: studio.stored(photo).rating == 4)


def test_the_choice_is_kept_for_the_next_start(studio: Studio, window: MainWindow, folder: Path) -> None:
    switch(studio, TANET)
    studio.until(lambda: studio.settings.model == TANET)
    studio.close()
    studio.reports.clear()
    window = studio.open(folder)
    studio.until(lambda: studio.reports)
    assert studio.reports[-1].scored == 0
    assert window.session.judging.name == TANET


def test_a_model_that_cannot_be_opened_leaves_the_old_one(studio: Studio, folder: Path) -> None:
    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        if name == TANET:
            raise ModelError("PyTorch is not installed.", remedy="Run: bootstrap.py install torch.")
        return studio._model(bridge, name)

    window = studio.open(folder, open_model=open_model)
    studio.scored()
    before, scores = window.statusbar._run.text(), overalls(studio)
    window.session.judging.switch(TANET)
    studio.until(lambda: window.settings.notice.text())
    assert window.settings.notice.text().startswith("PyTorch is not installed. Run: bootstrap.py install torch.")
    assert window.session.judging.name == "builtin-1"
    assert studio.settings.model == "builtin-1"
    assert (window.statusbar._run.text(), overalls(studio)) == (before, scores)
    assert not studio.failures


def test_a_model_of_the_settings_that_is_gone_is_told_in_one_line_with_a_way_to_settings(
    studio: Studio, folder: Path
) -> None:
    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        if name == TANET:
            raise ModelError(f"The model '{TANET}' is not here.", remedy="Get it: photocull models download it")
        return studio._model(bridge, name)

    studio.settings = Settings(model=TANET, sidecars="off")
    window = studio.open(folder, open_model=open_model)
    studio.scored()
    notice = window.settings.notice
    assert notice.text() == f"The model '{TANET}' is not here. The built-in model judges instead."
    assert not studio.failures
    assert studio.settings.model == TANET
    notice.way.click()
    assert window.settings.dialog is not None
    assert window.settings.dialog.isVisible()
    assert not notice.text()


def test_opening_that_takes_long_is_told_and_the_window_answers_meanwhile(studio: Studio, folder: Path) -> None:
    go = threading.Event()

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        if name == TANET:
            go.wait(20)
        return studio._model(bridge, name)

    studio.others[TANET] = Contrary("contrary-1")
    window = studio.open(folder, open_model=open_model)
    studio.scored()
    window.session.judging.switch(TANET)
    studio.until(lambda: window.statusbar._run.text() == "Opening the model…")
    photo = window.grid.current_id()
    assert photo is not None
    studio.press("3")
    studio.until(lambda: studio.stored(photo).rating == 3)
    go.set()
    studio.until(lambda: len(studio.reports) == 2)
    studio.until(lambda: "Opening" not in window.statusbar._run.text())


def test_a_model_can_be_chosen_before_any_folder_is(studio: Studio) -> None:
    studio.others[TANET] = Contrary("contrary-1")
    window = studio.open()
    studio.until(lambda: window.session.judging.name)
    window.session.judging.switch(TANET)
    studio.until(lambda: window.session.judging.name == TANET)
    assert not window.session.running


def test_scores_that_are_known_show_before_a_slow_model_is_open(studio: Studio, folder: Path) -> None:
    studio.open(folder)
    studio.scored()
    studio.close()
    studio.reports.clear()
    go = threading.Event()

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        bridge.tell(ModelKnown(studio.scorer.fingerprint))
        go.wait(20)
        return studio._model(bridge, name)

    window = studio.open(folder, open_model=open_model)
    studio.until(lambda: len(studio.rows()) == 5 and None not in studio.rows() and None not in overalls(studio))
    assert not window.session.judging.name
    go.set()
    studio.until(lambda: studio.reports)
    assert studio.reports[-1].scored == 0
    assert len(studio.reports) == 1
