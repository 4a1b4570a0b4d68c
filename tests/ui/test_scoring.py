"""The scoring thread: the newest request first, nothing of the older one lost, one sentence for every failure."""

import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken
from photocull.pipeline.run import RunReport
from photocull.ui.scoring import (
    FoldersMissing,
    ModelReady,
    OpenedModel,
    ScoringEvent,
    ScoringFailed,
    ScoringStopped,
    ScoringThread,
)


class Runs:
    """Stands in for a run: waits until it is let go, or cancelled."""

    def __init__(self) -> None:
        self.asked: list[tuple[Path, ...]] = []
        self.go = threading.Event()
        self.fault: Exception | None = None

    def score(self, paths: Sequence[Path], token: CancelToken) -> RunReport:
        self.asked.append(tuple(paths))
        while not self.go.wait(0.005):
            token.check()
        if self.fault:
            raise self.fault
        return RunReport((), 0, 0, (), 0, 0.0)

    def prefer(self, ids: Sequence[int]) -> None:
        pass


class Heard:
    def __init__(self) -> None:
        self.events: list[ScoringEvent] = []
        self.new = threading.Condition()

    def __call__(self, event: ScoringEvent) -> None:
        with self.new:
            self.events.append(event)
            self.new.notify_all()

    def wait(self, kind: type) -> Any:
        with self.new:
            assert self.new.wait_for(lambda: any(isinstance(e, kind) for e in self.events), 5), self.events
            return next(e for e in self.events if isinstance(e, kind))


@pytest.fixture
def runs() -> Runs:
    return Runs()


@pytest.fixture
def heard() -> Heard:
    return Heard()


Start = Callable[..., ScoringThread]


@pytest.fixture
def thread(runs: Runs, heard: Heard) -> Any:
    made = ScoringThread(lambda: OpenedModel("m", "m-1", runs), heard)  # type: ignore[arg-type]  # stands in for Run
    yield made
    made.close()


def until(true: Callable[[], bool]) -> None:
    gate = threading.Event()
    for _ in range(1000):
        if true():
            return
        gate.wait(0.005)
    raise AssertionError("it never came true")


def test_the_model_is_opened_before_anything_is_asked(thread: ScoringThread, heard: Heard) -> None:
    assert heard.wait(ModelReady) == ModelReady("m", "m-1")


def test_a_newer_request_goes_first_and_the_older_one_follows(
    thread: ScoringThread, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    old.mkdir()
    new.mkdir()
    thread.start([old])
    until(lambda: runs.asked == [(old,)])
    thread.start([new])
    until(lambda: len(runs.asked) == 2)
    assert runs.asked[1] == (new, old)
    runs.go.set()
    heard.wait(RunReport)
    assert not [event for event in heard.events if isinstance(event, ScoringStopped)]


def test_a_folder_that_is_dropped_is_scored_no_more_and_the_others_go_on(
    thread: ScoringThread, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    left, dropped = tmp_path / "left", tmp_path / "dropped"
    left.mkdir()
    dropped.mkdir()
    thread.start([dropped, left])
    until(lambda: runs.asked == [(dropped, left)])
    thread.drop(dropped)
    until(lambda: len(runs.asked) == 2)
    assert runs.asked[1] == (left,)
    thread.drop(left)
    heard.wait(ScoringStopped)
    thread.drop(left)
    assert len(runs.asked) == 2


def test_stopping_is_told_and_a_later_run_starts_afresh(
    thread: ScoringThread, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    thread.start([tmp_path])
    until(lambda: bool(runs.asked))
    thread.stop()
    heard.wait(ScoringStopped)
    runs.go.set()
    thread.start([tmp_path])
    heard.wait(RunReport)
    assert runs.asked == [(tmp_path,), (tmp_path,)]


def test_a_pause_before_the_run_begins_holds_it(thread: ScoringThread, runs: Runs, tmp_path: Path) -> None:
    thread.pause()
    thread.start([tmp_path])
    until(lambda: bool(runs.asked))
    runs.go.set()
    thread.resume()


def test_folders_that_are_not_there_are_named_and_the_others_scored(
    thread: ScoringThread, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    runs.go.set()
    thread.start([tmp_path / "gone", tmp_path])
    heard.wait(RunReport)
    assert heard.wait(FoldersMissing).folders == (tmp_path / "gone",)
    assert runs.asked == [(tmp_path,)]


@pytest.mark.expects_log
def test_a_fault_ends_the_run_with_a_sentence_and_not_the_thread(
    thread: ScoringThread, runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    runs.go.set()
    runs.fault = ZeroDivisionError("division by zero")
    thread.start([tmp_path])
    assert "log file" in heard.wait(ScoringFailed).sentence
    runs.fault = ModelError("The network failed.")
    heard.events.clear()
    thread.start([tmp_path])
    assert heard.wait(ScoringFailed).sentence == "The network failed."
    runs.fault = None
    thread.start([tmp_path])
    heard.wait(RunReport)


def test_a_model_that_cannot_be_opened_is_tried_again_with_the_next_run(
    runs: Runs, heard: Heard, tmp_path: Path
) -> None:
    tries: list[int] = []

    def open_model() -> OpenedModel:
        tries.append(1)
        if len(tries) == 1:
            raise ModelError("The weights are missing.", remedy="Install Photocull again.")
        return OpenedModel("m", "m-1", runs)  # type: ignore[arg-type]  # stands in for Run

    thread = ScoringThread(open_model, heard)
    try:
        assert heard.wait(ScoringFailed).sentence == "The weights are missing. Install Photocull again."
        runs.go.set()
        thread.start([tmp_path])
        heard.wait(RunReport)
    finally:
        thread.close()
