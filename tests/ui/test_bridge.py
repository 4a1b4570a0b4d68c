"""Decisions, undo and events across threads; what cannot be saved is kept, told and tried again."""

import threading
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from photocull.catalog.database import open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.records import Change
from photocull.core.errors import CatalogBusyError, CatalogError
from photocull.core.types import Decision
from photocull.core.work import PhotosChanged
from tests.building import make_photo
from tests.ui.staging import Stage, staged


@pytest.fixture
def photo(stage: Stage, tmp_path: Path) -> int:
    return stage.add([make_photo(tmp_path / "p.jpg", size=(60, 40))])[0]


def test_a_decision_goes_from_pending_to_saved(stage: Stage, photo: int, qtbot: QtBot) -> None:
    states: list[str] = []
    stage.bridge.saveStateChanged.connect(lambda state, sentence: states.append(state))
    with qtbot.waitSignal(stage.bridge.decided) as told:
        stage.bridge.decide([Decision(photo, "pick", "pick")])
    assert isinstance(told.args[0], Change)
    qtbot.waitUntil(lambda: states == ["pending", "saved"])
    assert stage.row(photo).pick == "pick"


def test_undo_tells_what_it_undid_and_when_there_is_nothing_left(stage: Stage, photo: int, qtbot: QtBot) -> None:
    with qtbot.waitSignal(stage.bridge.decided):
        stage.bridge.decide([Decision(photo, "rating", 3)])
    with qtbot.waitSignal(stage.bridge.decided) as told:
        stage.bridge.undo()
    assert told.args[0].kind == "undo"
    assert told.args[0].sentence
    with qtbot.waitSignal(stage.bridge.nothingToUndo):
        stage.bridge.undo()


def test_no_decision_is_lost_when_saving_fails(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(decisions: Any, *, initiator: str) -> Future[Change]:
        failed: Future[Change] = Future()
        failed.set_exception(CatalogError("The disk is full."))
        return failed

    states: list[tuple[str, str]] = []
    stage.bridge.saveStateChanged.connect(lambda state, sentence: states.append((state, sentence)))
    with monkeypatch.context() as broken:
        broken.setattr(stage.catalog.writer, "decide", refuse)
        stage.bridge.decide([Decision(photo, "rating", 5)])
        qtbot.waitUntil(lambda: states[-1][0] == "failed")
    assert states[-1][1] == "1 decision is not saved: The disk is full"
    assert stage.bridge.pending.show([stage.row(photo)])[0].rating == 5
    stage.bridge.retry()
    qtbot.waitUntil(lambda: states[-1][0] == "saved")
    assert stage.row(photo).rating == 5


def refusing(*_: Any, **__: Any) -> Future[Change]:
    failed: Future[Change] = Future()
    failed.set_exception(CatalogError("The disk is full."))
    return failed


def test_what_could_not_be_saved_is_tried_again_by_itself(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    stage.bridge.saveStateChanged.connect(lambda state, _sentence: states.append(state))
    stage.bridge._saving._again.setInterval(50)
    with monkeypatch.context() as broken:
        broken.setattr(stage.catalog.writer, "decide", refusing)
        stage.bridge.decide([Decision(photo, "rating", 5)])
        qtbot.waitUntil(lambda: states.count("failed") >= 3)
    qtbot.waitUntil(lambda: states[-1] == "saved")
    assert stage.row(photo).rating == 5


def test_an_older_decision_that_failed_never_replaces_a_newer_one(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    stage.bridge.saveStateChanged.connect(lambda state, _sentence: states.append(state))
    with monkeypatch.context() as broken:
        broken.setattr(stage.catalog.writer, "decide", refusing)
        stage.bridge.decide([Decision(photo, "rating", 3), Decision(photo, "pick", "pick")])
        qtbot.waitUntil(lambda: states[-1] == "failed")
    with qtbot.waitSignal(stage.bridge.decided):
        stage.bridge.decide([Decision(photo, "rating", 5)])
    with qtbot.waitSignal(stage.bridge.decided):
        stage.bridge.retry()
    qtbot.waitUntil(lambda: states[-1] == "saved")
    assert (stage.row(photo).rating, stage.row(photo).pick) == (5, "pick")


def test_what_could_not_be_saved_is_tried_once_more_when_the_window_closes(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    states: list[str] = []
    stage.bridge.saveStateChanged.connect(lambda state, _sentence: states.append(state))
    with monkeypatch.context() as broken:
        broken.setattr(stage.catalog.writer, "decide", refusing)
        stage.bridge.decide([Decision(photo, "rating", 4)])
        qtbot.waitUntil(lambda: states[-1] == "failed")
    stage.bridge.close()
    assert stage.row(photo).rating == 4


@pytest.mark.slow
def test_a_star_given_just_before_closing_waits_for_a_program_that_holds_the_catalogue(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "held"
    home.mkdir()
    with staged(home, busy_seconds=2) as stage, open_catalog(home / "catalog.sqlite") as other:
        (photo,) = stage.add([make_photo(tmp_path / "p.jpg", size=(60, 40))])
        handed: list[Future[Change]] = []
        decide = stage.catalog.writer.decide

        def noted(decisions: Any, *, initiator: str) -> Future[Change]:
            handed.append(decide(decisions, initiator=initiator))
            return handed[-1]

        monkeypatch.setattr(stage.catalog.writer, "decide", noted)
        held, go = threading.Event(), threading.Event()

        def hold() -> None:
            with writing(other.engine):
                held.set()
                go.wait(60)

        holder = threading.Thread(target=hold)
        holder.start()
        held.wait(60)
        stage.bridge.decide([Decision(photo, "rating", 4)])
        handed[0].add_done_callback(lambda _refused: go.set())
        stage.bridge.close()
        holder.join()
        assert isinstance(handed[0].exception(), CatalogBusyError)
        assert stage.row(photo).rating == 4
        assert stage.bridge.unsaved == ()


def test_what_cannot_be_saved_at_closing_either_is_known(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(stage.catalog.writer, "decide", refusing)
        stage.bridge.decide([Decision(photo, "rating", 3), Decision(photo, "pick", "pick")])
        stage.bridge.decide([Decision(photo, "rating", 4)])
        stage.bridge.close()
    assert stage.bridge.unsaved == (Decision(photo, "pick", "pick"), Decision(photo, "rating", 4))


def test_changes_of_a_run_are_told_together(stage: Stage, qtbot: QtBot) -> None:
    told: list[PhotosChanged] = []
    stage.bridge.photosChanged.connect(told.append)
    for number in range(50):
        threading.Thread(target=stage.bridge.tell, args=(PhotosChanged((number,)),)).start()
    qtbot.waitUntil(lambda: sum(len(event.ids) for event in told) == 50)
    assert len(told) <= 10


def test_a_failed_question_is_one_line(stage: Stage, qtbot: QtBot) -> None:
    def ask() -> None:
        raise CatalogError("The catalogue\nis damaged.")

    with qtbot.waitSignal(stage.bridge.questionFailed) as told:
        stage.bridge.query(ask, lambda _none: None, owner=stage.bridge)
    assert told.args == ["The catalogue is damaged."]
