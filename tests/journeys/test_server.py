"""Several programs with one catalogue on a PostgreSQL server: what one finds out the others know, and none waits."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.settings import folders
from tests.building import make_folder
from tests.journeys.program import by_name, command, environment, photocull, score
from tests.postgres_server import PostgresServer

pytestmark = pytest.mark.skipif(os.name == "nt", reason="the tests start PostgreSQL on Linux and macOS only")


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    return postgresql.emptied()


def scores(record: dict[str, Any]) -> tuple[object, ...]:
    return tuple(record[name] for name in ("aesthetic", "colour", "technical", "overall", "themes", "fingerprint"))


def start(*arguments: object) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command(*arguments), env=environment(), text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.slow
def test_two_programs_at_once_judge_as_one_does_alone(url: str, tmp_path: Path) -> None:
    for name in ("one", "both", "two"):
        make_folder(tmp_path / name, 8, seed=ord(name[0]))
    alone = by_name(score(tmp_path / "both", "--catalog", tmp_path / "alone.sqlite"))
    running = [start("score", tmp_path / name, tmp_path / "both", "--catalog", url) for name in ("one", "two")]
    assert [(process.communicate(timeout=300)[1], process.returncode) for process in running] == [("", 0)] * 2
    shared = by_name(score(tmp_path / "both", "--catalog", url))
    assert {name: scores(record) for name, record in shared.items()} == {n: scores(r) for n, r in alone.items()}
    assert photocull("catalog", "check", "--catalog", url).returncode == 0
    with open_catalog(url) as catalog:
        assert (catalog.info().photos, catalog.info().judged) == (24, 24)
    assert not folders().catalog.exists()


@pytest.mark.slow
def test_a_program_that_is_killed_holds_up_no_other(url: str, tmp_path: Path) -> None:
    make_folder(tmp_path / "many", 40)
    running = start("score", tmp_path / "many", "--jobs", 2, "--catalog", url)
    deadline = time.monotonic() + 120
    with open_catalog(url) as catalog:
        while catalog.info().judged < 4 and running.poll() is None and time.monotonic() < deadline:
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
        running.communicate()
        assert catalog.info().judged < 40
    assert len(score(tmp_path / "many", "--catalog", url)) == 40
    assert photocull("catalog", "check", "--catalog", url).returncode == 0


@pytest.mark.slow
def test_a_password_is_neither_told_nor_kept(postgresql: PostgresServer, home: Path, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 1)
    wrong = postgresql.url("postgres", password="s3cret")
    done = photocull("score", tmp_path / "photos", "--catalog", wrong)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1)
    assert "does not accept this user and password" in done.stderr
    right = postgresql.emptied()
    told = photocull("catalog", "info", "--catalog", right)
    moved = photocull("export", tmp_path / "photos", "--to", tmp_path / "out", "--count", 1, "--catalog", right)
    assert (told.returncode, moved.returncode) == (0, 0), told.stderr + moved.stderr
    kept = b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    said = (done.stderr + told.stdout + told.stderr + moved.stdout + moved.stderr).encode()
    assert b"s3cret" not in kept + said
    assert b"photocull:***@127.0.0.1" in kept  # the journal of the export says which catalogue is to follow it


def test_a_server_that_ends_in_the_middle_costs_one_line(postgresql: PostgresServer, url: str, tmp_path: Path) -> None:
    program = (
        "import sys; from photocull.cli import session; from photocull.cli.main import main\n"
        "from tests.pixel_scorer import PixelScorer\n"
        "wait = lambda batch: (print('go', flush=True), input())\n"
        "session.scorer_of = lambda name, device: PixelScorer(before=wait)\n"
        "main(sys.argv[1:])\n"
    )
    make_folder(tmp_path / "photos", 3)
    words = ["score", str(tmp_path / "photos"), "--jobs", "1", "--catalog", url]
    running = subprocess.Popen(
        [sys.executable, "-c", program, *words], env=environment(), text=True,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "go\n"
    postgresql.stop()
    try:
        _, said = running.communicate("\n" * 10, timeout=120)
    finally:
        postgresql.start()
    assert running.returncode == 2
    assert len(said.splitlines()) == 1
    assert "server" in said
    assert "s3cret" not in said
