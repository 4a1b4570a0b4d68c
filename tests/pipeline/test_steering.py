"""A run can be stopped, paused and watched; what it has is stored meanwhile."""

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken
from tests.building import make_folder
from tests.pipeline.conftest import Rig
from tests.pixel_scorer import BuiltIn, PixelScorer

JOBS = pytest.mark.parametrize("jobs", [1, 3])


def judged(rig: Rig) -> int:
    return rig.catalog.info().judged


def wait_for(condition: Any, seconds: float = 5.0) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@JOBS
def test_cancelling_stops_within_a_photo_and_the_next_run_carries_on(rig: Rig, tmp_path: Path, jobs: int) -> None:
    make_folder(tmp_path / "photos", 20)
    token = CancelToken()
    scorer = PixelScorer(before=lambda batch: token.cancel() if len(scorer.seen) == 4 else None)
    with pytest.raises(CancelledError):
        rig.run(scorer=scorer, jobs=jobs).score([tmp_path / "photos"], token)
    assert len(scorer.seen) == 5
    report = rig.score(tmp_path / "photos")
    assert (report.cached, report.scored) == (5, 15)


@pytest.mark.parametrize("stop", ["cancel", "pause"])
def test_judging_beside_each_other_can_be_stopped_and_paused_too(rig: Rig, tmp_path: Path, stop: str) -> None:
    make_folder(tmp_path / "photos", 20)
    token = CancelToken()
    scorer = BuiltIn(before=lambda batch: getattr(token, stop)() if len(scorer.seen) == 4 else None)
    run = rig.run(scorer=scorer, jobs=3)
    if stop == "cancel":
        with pytest.raises(CancelledError):
            run.score([tmp_path / "photos"], token)
        assert 5 <= len(scorer.seen) <= 8
    else:
        thread = threading.Thread(target=lambda: run.score([tmp_path / "photos"], token))
        thread.start()
        try:
            stored = wait_for(lambda: 5 <= judged(rig) <= 12 and judged(rig) == len(scorer.seen))
        finally:
            token.resume()
            thread.join()
        assert stored
    report = rig.score(tmp_path / "photos")
    assert report.cached + report.scored == 20
    assert judged(rig) == 20


def test_a_run_that_is_cancelled_before_it_starts_does_nothing(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        rig.run().score([tmp_path / "photos"], token)


@JOBS
def test_a_paused_run_stores_what_it_has_and_goes_on_when_told(rig: Rig, tmp_path: Path, jobs: int) -> None:
    make_folder(tmp_path / "photos", 10)
    token = CancelToken()
    scorer = PixelScorer(before=lambda batch: token.pause() if len(scorer.seen) == 3 else None)
    run = rig.run(scorer=scorer, jobs=jobs)
    thread = threading.Thread(target=lambda: run.score([tmp_path / "photos"], token))
    thread.start()
    try:
        stored = wait_for(lambda: judged(rig) == 4)
    finally:
        token.resume()
        thread.join()
    assert stored
    assert rig.progress[-1].done == 10


def test_results_are_stored_while_the_run_goes_on(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(tmp_path / "photos", 6)
    from photocull.pipeline.storing import Storing

    monkeypatch.setattr("photocull.pipeline.run.Storing", lambda writer: Storing(writer, most=2))
    kept: list[int] = []
    rig.score(tmp_path / "photos", scorer=PixelScorer(before=lambda batch: kept.append(judged(rig))), jobs=1)
    assert max(kept) >= 2
