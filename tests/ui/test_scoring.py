"""The scoring thread: the newest request first, nothing of the older one lost, one sentence for every failure."""

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken
from photocull.pipeline.run import RunReport
from photocull.ui.scoring import (
    FoldersMissing,
    ModelOpening,
    ModelReady,
    ModelRefused,
    OpenedModel,
    ScoringEvent,
    ScoringFailed,
    ScoringStopped,
    ScoringThread,
)


class Runs:
    """Stands in for a run: waits until it is let go, or cancelled."""

    absent = staticmethod(lambda folders, _token: tuple(folder for folder in folders if not folder.exists()))
    prefer = staticmethod(lambda _ids: None)

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
    opened = OpenedModel("m", "m-1", runs)  # type: ignore[arg-type]  # stands in for Run
    made = ScoringThread(lambda _name: opened, heard, "m", "m")
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

    def open_model(_name: str) -> OpenedModel:
        tries.append(1)
        if len(tries) == 1:
            raise ModelError("The weights are missing.", remedy="Install Photocull again.")
        return OpenedModel("m", "m-1", runs)  # type: ignore[arg-type]  # stands in for Run

    thread = ScoringThread(open_model, heard, "m", "m")
    try:
        assert heard.wait(ScoringFailed).sentence == "The weights are missing. Install Photocull again."
        runs.go.set()
        thread.start([tmp_path])
        heard.wait(RunReport)
    finally:
        thread.close()


class Shelf:
    """Opens stand-ins by name; those named in ``broken`` cannot be opened."""

    def __init__(self, *broken: str) -> None:
        self.broken = set(broken)
        self.runs: dict[str, Runs] = {}

    def __call__(self, name: str) -> OpenedModel:
        if name in self.broken:
            raise ModelError(f"{name} is damaged.", remedy="Import it again.")
        run = self.runs.setdefault(name, Runs())
        return OpenedModel(name, f"{name}-print", run)  # type: ignore[arg-type]  # stands in for Run


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def begin(heard: Heard) -> Iterator[Callable[..., ScoringThread]]:
    made: list[ScoringThread] = []

    def start(shelf: Shelf, name: str = "own") -> ScoringThread:
        made.append(ScoringThread(shelf, heard, name, "own"))
        return made[-1]

    yield start
    for thread in made:
        thread.close()


def models(heard: Heard) -> list[ScoringEvent]:
    return [event for event in heard.events if isinstance(event, (ModelReady, ModelRefused))]


def test_a_run_in_progress_goes_on_with_the_other_model(
    begin: Start, shelf: Shelf, heard: Heard, tmp_path: Path
) -> None:
    thread = begin(shelf)
    thread.start([tmp_path])
    until(lambda: "own" in shelf.runs and bool(shelf.runs["own"].asked))
    thread.switch("tanet")
    until(lambda: "tanet" in shelf.runs and shelf.runs["tanet"].asked == [(tmp_path,)])
    shelf.runs["tanet"].go.set()
    heard.wait(RunReport)
    assert models(heard) == [ModelReady("own", "own-print"), ModelReady("tanet", "tanet-print")]
    assert ModelOpening("tanet") in heard.events
    assert not [event for event in heard.events if isinstance(event, ScoringStopped)]


def test_the_old_model_goes_on_where_the_other_cannot_be_opened(begin: Start, heard: Heard, tmp_path: Path) -> None:
    shelf = Shelf("tanet")
    thread = begin(shelf)
    thread.start([tmp_path])
    until(lambda: "own" in shelf.runs and len(shelf.runs["own"].asked) == 1)
    thread.switch("tanet")
    assert heard.wait(ModelRefused).sentence == "tanet is damaged. Import it again."
    until(lambda: len(shelf.runs["own"].asked) == 2)
    shelf.runs["own"].go.set()
    heard.wait(RunReport)


def test_a_model_that_is_gone_at_the_start_gives_way_to_the_spare_one(
    begin: Start, heard: Heard, tmp_path: Path
) -> None:
    shelf = Shelf("tanet")
    thread = begin(shelf, "tanet")
    heard.wait(ModelReady)
    assert models(heard) == [
        ModelRefused("tanet", "tanet is damaged. Import it again."),
        ModelReady("own", "own-print"),
    ]
    shelf.runs["own"].go.set()
    thread.start([tmp_path])
    heard.wait(RunReport)


def test_the_last_of_several_wishes_judges(begin: Start, shelf: Shelf, heard: Heard, tmp_path: Path) -> None:
    thread = begin(shelf)
    for name in ("tanet", "delegate", "own", "tanet"):
        thread.switch(name)
    thread.start([tmp_path])
    until(lambda: "tanet" in shelf.runs and bool(shelf.runs["tanet"].asked))
    shelf.runs["tanet"].go.set()
    heard.wait(RunReport)
    assert models(heard)[-1] == ModelReady("tanet", "tanet-print")


@pytest.mark.expects_log
def test_a_fault_of_a_network_is_a_sentence_and_the_old_model_goes_on(heard: Heard) -> None:
    def open_model(name: str) -> OpenedModel:
        if name == "own":
            return OpenedModel("own", "1", Runs())  # type: ignore[arg-type]  # stands in for Run
        raise RuntimeError("a tensor does not fit")

    thread = ScoringThread(open_model, heard, "own", "own")
    try:
        thread.switch("odd")
        assert "log file" in heard.wait(ModelRefused).sentence
    finally:
        thread.close()
