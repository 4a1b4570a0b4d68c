"""Work on the store of models: off the GUI thread, one at a time, told in order, and never left running."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from photocull.ui.model_jobs import Ended, Job
from photocull.ui.model_work import ModelWork
from tests.ui.fake_models import OWN, FakeModels

TANET = "tanet-tad66k"


class Told:
    """Everything that the work tells, in order."""

    def __init__(self, work: ModelWork) -> None:
        self.all: list[Any] = []
        work.listed.connect(lambda entries: self.all.append([entry.card.name for entry in entries if entry.here]))
        work.began.connect(self.all.append)
        work.progressed.connect(lambda job, progress: self.all.append((job, progress)))
        work.ended.connect(self.all.append)

    def ends(self) -> list[Ended]:
        return [told for told in self.all if isinstance(told, Ended)]


@pytest.fixture
def store() -> FakeModels:
    return FakeModels()


@pytest.fixture
def work(store: FakeModels, qtbot: QtBot) -> Iterator[ModelWork]:
    made = ModelWork(store)
    yield made
    made.close()


def test_the_list_is_read_off_the_gui_thread(work: ModelWork, store: FakeModels, qtbot: QtBot) -> None:
    with qtbot.waitSignal(work.listed):
        work.look()
    assert [entry.card.name for entry in work.entries if entry.here] == [OWN]
    assert threading.current_thread().name not in store.threads


def test_a_new_model_is_listed_before_its_end_is_told(work: ModelWork, qtbot: QtBot, tmp_path: Path) -> None:
    told = Told(work)
    with qtbot.waitSignal(work.ended):
        work.bring(tmp_path / f"{TANET}.pth")
    job = Job("import", f"{TANET}.pth")
    assert told.all == [job, [OWN, TANET], Ended(job, TANET)]
    assert work.job is None


def test_a_download_tells_its_progress_and_ends(work: ModelWork, store: FakeModels, qtbot: QtBot) -> None:
    with qtbot.waitSignal(work.progressed) as progressed:
        work.fetch(TANET)
    assert progressed.args[1].total == 55_000_000
    assert work.job == Job("download", TANET)
    with qtbot.waitSignal(work.ended):
        store.go.set()
    assert TANET in [entry.card.name for entry in work.entries if entry.here]


def test_nothing_else_is_begun_while_work_goes_on(work: ModelWork, store: FakeModels, qtbot: QtBot) -> None:
    with qtbot.waitSignal(work.progressed):
        work.fetch(TANET)
    work.remove(TANET)
    work.check(OWN)
    with qtbot.waitSignal(work.ended):
        store.go.set()
    assert store.asked("check", "remove") == []


def test_a_stopped_download_is_no_fault_and_can_be_begun_again(
    work: ModelWork, store: FakeModels, qtbot: QtBot
) -> None:
    told = Told(work)
    with qtbot.waitSignal(work.progressed):
        work.fetch(TANET)
    with qtbot.waitSignal(work.ended):
        work.stop()
    assert told.ends() == [Ended(Job("download", TANET), stopped=True)]
    store.go.set()
    with qtbot.waitSignal(work.ended):
        work.fetch(TANET)
    assert told.ends()[-1].model == TANET


@pytest.mark.parametrize("act", ["bring", "fetch", "check", "remove", "entries"])
def test_a_failure_is_its_sentence_and_the_next_work_begins(
    work: ModelWork, store: FakeModels, qtbot: QtBot, act: str
) -> None:
    store.faults[act] = "The disk is full."
    with qtbot.waitSignal(work.ended) as ended:
        {
            "bring": lambda: work.bring(Path("a.pth")),
            "fetch": lambda: work.fetch(TANET),
            "check": lambda: work.check(OWN),
            "remove": lambda: work.remove(TANET),
            "entries": work.look,
        }[act]()
    assert ended.args[0].fault == "The disk is full. Choose another file."
    store.faults.clear()
    with qtbot.waitSignal(work.ended):
        work.check(OWN)


@pytest.mark.expects_log
def test_an_unexpected_error_is_a_sentence_too(qtbot: QtBot) -> None:
    class Broken(FakeModels):
        def check(self, name: str) -> None:
            raise ZeroDivisionError

    work = ModelWork(Broken())
    with qtbot.waitSignal(work.ended) as ended:
        work.check(OWN)
    assert "log file" in ended.args[0].fault
    work.close()


def test_closing_stops_a_download_and_leaves_no_thread(work: ModelWork, store: FakeModels, qtbot: QtBot) -> None:
    told = Told(work)
    with qtbot.waitSignal(work.progressed):
        work.fetch(TANET)
    work.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("models")]
    work.fetch(TANET)
    qtbot.wait(20)
    assert not told.ends()
