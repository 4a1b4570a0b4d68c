"""A folder on a real drive that falls silent: every command and the window go on without it, and end."""

import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings
from photocull.photo import guard
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.ui.bridge import Bridge
from photocull.ui.desk import Desk
from photocull.ui.scoring import OpenedModel
from tests.building import make_folder, make_photo
from tests.journeys.program import by_name, photocull
from tests.pixel_scorer import PixelScorer
from tests.stalling import served, why_not

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")
SAID = "did not answer within 2 seconds."


@pytest.fixture
def source(tmp_path: Path) -> Path:
    make_folder(tmp_path / "source", 4)
    make_photo(tmp_path / "source" / "silent.jpg", seed=7)
    make_photo(tmp_path / "source" / "silent.tif", seed=8)
    make_photo(tmp_path / "source" / "silent folder" / "a.jpg", seed=9)
    return tmp_path / "source"


@pytest.fixture
def drive(source: Path, tmp_path: Path) -> Iterator[Path]:
    with served(source, tmp_path / "drive"):
        yield tmp_path / "drive"


@pytest.mark.slow
def test_a_run_goes_on_names_what_did_not_answer_and_ends(drive: Path) -> None:
    begun = time.monotonic()
    done = photocull("score", drive, "--format", "json", **{guard.SILENT_VARIABLE: "2"})
    assert time.monotonic() - begun < 100
    records = by_name(json.loads(done.stdout))
    assert done.returncode == 1
    silent = {name for name, record in records.items() if record["status"] == "unreadable"}
    assert silent == {"silent.jpg", "silent.tif"}
    assert len(records) == 6
    lines = done.stderr.splitlines()
    assert len(lines) == 3
    assert all(line.endswith(SAID) for line in lines)


@pytest.mark.slow
def test_what_did_not_answer_is_read_the_next_time(source: Path, drive: Path, tmp_path: Path) -> None:
    photocull("score", drive / "silent.jpg", **{guard.SILENT_VARIABLE: "2"})
    (tmp_path / "source" / "silent.jpg").rename(tmp_path / "source" / "back.jpg")
    done = photocull("score", drive / "back.jpg", "--format", "json", **{guard.SILENT_VARIABLE: "2"})
    assert json.loads(done.stdout)[0]["status"] == "ok", done.stderr


@pytest.mark.slow
def test_a_drive_of_which_nothing_answers_ends_a_run_soon(source: Path, tmp_path: Path) -> None:
    with served(source, tmp_path / "drive") as server:
        os.kill(server.pid, signal.SIGSTOP)
        for arguments in (["score", tmp_path / "drive"], ["score", tmp_path / "drive" / "IMG_0001.jpg"]):
            done = photocull(*arguments, **{guard.SILENT_VARIABLE: "2"})
            assert (done.returncode, done.stdout.count("\n")) == (1, 1)
            assert SAID in done.stderr
        output = tmp_path / "map.png"
        done = photocull(
            "overlay", tmp_path / "drive" / "IMG_0001.jpg", "--kind", "focus", "--output", output,
            **{guard.SILENT_VARIABLE: "2"},
        )  # fmt: skip
        assert done.returncode == 1
        assert SAID in done.stderr
        os.kill(server.pid, signal.SIGCONT)


def test_the_window_opens_a_silent_drive_and_closes_at_once(
    source: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(guard.SILENT_VARIABLE, "120")

    def open_model(bridge: Bridge, name: str) -> OpenedModel:
        scorer = PixelScorer()
        run = Run(bridge.catalog, scorer, bridge.previews, jobs=2, listener=bridge.tell)
        return OpenedModel("pixels", scorer.fingerprint, run)

    previews = PreviewStore(tmp_path / "previews.sqlite", limit_bytes=1 << 20)
    with served(source, tmp_path / "drive") as server, open_catalog(tmp_path / "c.sqlite") as catalog, previews:
        desk = Desk(catalog, previews, Settings(), open_model, lambda settings: None)
        os.kill(server.pid, signal.SIGSTOP)
        begun = time.monotonic()
        desk.open([tmp_path / "drive"])
        assert time.monotonic() - begun < 10
        qtbot.wait(500)
        begun = time.monotonic()
        desk.close()
        assert time.monotonic() - begun < 10
        os.kill(server.pid, signal.SIGCONT)
