"""Undo and redo beside decisions that could not be saved: the last one is taken back, and none before it."""

from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from photocull.catalog import journal
from photocull.catalog.records import Change
from photocull.core.errors import CatalogError
from photocull.core.types import Decision
from tests.building import make_photo
from tests.ui.conftest import Studio
from tests.ui.staging import Stage


@pytest.fixture
def photo(stage: Stage, tmp_path: Path) -> int:
    return stage.add([make_photo(tmp_path / "p.jpg", size=(60, 40))])[0]


def full(*_: Any, **__: Any) -> Change:
    raise CatalogError("The disk is full.")


def decide(stage: Stage, qtbot: QtBot, *decisions: Decision) -> None:
    with qtbot.waitSignal(stage.bridge.decided):
        stage.bridge.decide(decisions)


@contextmanager
def refused(stage: Stage, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, decision: Decision) -> Iterator[list[str]]:
    """Decide on a full disk, which it is until the end; how the decisions stood, one after the other."""
    states: list[str] = []
    stage.bridge.saveStateChanged.connect(lambda state, _sentence: states.append(state))
    with monkeypatch.context() as broken:
        broken.setattr(journal, "decide", full)
        stage.bridge.decide([decision])
        qtbot.waitUntil(lambda: states[-1:] == ["failed"])
        yield states


def test_undo_withdraws_what_could_not_be_saved_and_leaves_what_was(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(stage, qtbot, Decision(photo, "pick", "pick"))
    rating, bridge = Decision(photo, "rating", 2), stage.bridge
    with (
        refused(stage, qtbot, monkeypatch, rating) as states,
        qtbot.waitSignal(bridge.photosChanged),
        qtbot.waitSignal(bridge.decided) as told,
    ):
        bridge.undo()
    change = told.args[0]
    assert (change.kind, change.ids) == ("undo", (photo,))
    assert change.sentence == "Undid: 2 stars, which was not saved yet"
    assert states[-1] == "saved"
    stage.bridge.retry()
    stage.catalog.writer.flush()
    assert (stage.row(photo).pick, stage.row(photo).rating) == ("pick", None)
    assert stage.bridge.pending.show([stage.row(photo)])[0].rating is None
    with qtbot.waitSignal(stage.bridge.decided) as told_again:
        stage.bridge.undo()
    assert told_again.args[0].sentence == "Undid: pick"


def test_redo_puts_steps_back_in_their_order_whether_they_were_saved_or_not(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(stage, qtbot, Decision(photo, "pick", "pick"))
    with refused(stage, qtbot, monkeypatch, Decision(photo, "rating", 2)):
        pass
    sentences: list[str] = []
    stage.bridge.decided.connect(lambda change: sentences.append(change.sentence))
    for number, step in enumerate((stage.bridge.undo, stage.bridge.undo, stage.bridge.redo, stage.bridge.redo), 1):
        step()
        qtbot.waitUntil(lambda number=number: len(sentences) >= number)  # type: ignore[misc]
    assert sentences[1:4] == ["Undid: pick", "Redid: pick", "Redid: 2 stars"]
    qtbot.waitUntil(lambda: stage.row(photo).rating == 2)
    assert stage.row(photo).pick == "pick"


def test_undo_waits_until_it_is_known_whether_the_last_decision_was_saved(
    stage: Stage, photo: int, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(stage, qtbot, Decision(photo, "pick", "pick"))
    real, waiting = stage.catalog.writer.decide, [Future[Change]()]

    def slow(decisions: Sequence[Decision], *, initiator: str) -> Future[Change]:
        return waiting.pop() if waiting else real(decisions, initiator=initiator)

    monkeypatch.setattr(stage.catalog.writer, "decide", slow)
    late = waiting[0]
    stage.bridge.decide([Decision(photo, "rating", 2)])
    stage.bridge.undo()
    stage.bridge.decide([Decision(photo, "label", "red")])
    qtbot.wait(100)
    assert (stage.row(photo).pick, stage.row(photo).label) == ("pick", None)
    late.set_exception(CatalogError("The catalogue is busy."))
    qtbot.waitUntil(lambda: stage.row(photo).label == "red")
    assert (stage.row(photo).pick, stage.row(photo).rating) == ("pick", None)


def test_what_was_decided_after_a_step_that_still_waits_is_saved_at_the_end(
    stage: Stage, photo: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    decided: list[Sequence[Decision]] = []

    def keep(decisions: Sequence[Decision], *, initiator: str) -> Future[Change]:
        decided.append(decisions)
        future: Future[Change] = Future()
        if len(decided) > 1:
            future.set_result(Change("decide", (photo,), 1, ""))
        return future

    monkeypatch.setattr("photocull.ui.saving._LAST_SECONDS", 0.1)
    monkeypatch.setattr(stage.catalog.writer, "decide", keep)
    stage.bridge.decide([Decision(photo, "rating", 2)])
    stage.bridge.undo()
    stage.bridge.decide([Decision(photo, "label", "red")])
    assert len(decided) == 1
    stage.bridge.close()
    assert (Decision(photo, "label", "red"),) in decided


def test_the_photo_shows_again_what_is_saved_of_it(
    studio: Studio, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = studio.open(folder)
    studio.scored()
    window.grid.choose(0)
    studio.press("P")
    photo = window.session.photos.ids[0]
    studio.until(lambda: studio.stored(photo).pick == "pick")
    monkeypatch.setattr(journal, "decide", full)
    studio.press("X")
    studio.until(lambda: "not saved" in window.statusbar._saved.text())
    studio.press("Ctrl+Z")

    def shown() -> str | None:
        row = window.session.photos.row(photo)
        return None if row is None else row.pick

    studio.until(lambda: shown() == "pick")
    assert window.statusbar.notice() == "Undid: reject, which was not saved yet"
    assert studio.stored(photo).pick == "pick"
