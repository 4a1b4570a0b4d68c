"""Export as a process of its own: stopped by Ctrl-C, killed, carried on, undone; the catalogue stays sound."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from tests.conftest import BOTH_AT_LENGTH, place_of
from tests.journeys.program import command, environment, photocull
from tests.picks.shoot import content

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs signals")
BYTES = 12_000_000


@pytest.fixture(params=BOTH_AT_LENGTH)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the catalogue lies, in turn: in a file, on a server."""
    return place_of(request, tmp_path, request.param)


@pytest.fixture
def shoot(kept: Path | str, tmp_path: Path) -> Path:
    """A dozen picked files, large enough that an export can be met at work; what is in them need not be a picture."""
    folder = tmp_path / "shoot"
    folder.mkdir()
    for number in range(12):
        (folder / f"IMG_{number:02}.jpg").write_bytes(os.urandom(BYTES))
    photocull("export", folder, "--to", tmp_path / "none", "--catalog", kept)  # enters them into the catalogue
    with open_catalog(kept) as catalog:
        ids = photo_ids(catalog, Filter(folders=frozenset({folder})), Sort("name", descending=False), "")
        catalog.writer.decide([Decision(i, "pick", "pick") for i in ids], initiator="test").result()
    return folder


def stopped(by: signal.Signals, out: Path, files: int, *arguments: object) -> tuple[int, str]:
    """Start the program and signal it when so many files have their names; exit code and what it said."""
    run = subprocess.Popen(
        command(*arguments), env=environment(), text=True, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 120
    while len(list(out.glob("*.jpg")) if out.exists() else []) < files and run.poll() is None:
        assert time.monotonic() < deadline
        time.sleep(0.005)
    run.send_signal(by)
    _, said = run.communicate()
    return run.returncode, said


@pytest.mark.slow
@pytest.mark.parametrize("way", ["--copy", "--move"])
def test_an_export_survives_ctrl_c_and_a_kill(shoot: Path, kept: Path | str, tmp_path: Path, way: str) -> None:
    originals, out = content(shoot), tmp_path / "out"
    call = ("export", shoot, "--to", out, way, "--yes", "--catalog", kept)
    code, said = stopped(signal.SIGINT, out, 2, *call)
    assert code in (130, 0)  # a fast machine may be done before
    if code:
        assert said.strip().endswith("--undo takes it back.")
    stopped(signal.SIGKILL, out, 5, *call)
    for folder in (out, shoot):
        for name, data in content(folder).items():
            assert name.startswith(".photocull-") or data == originals[name]
    assert photocull(*call).returncode == 0
    assert content(out) == originals
    assert content(shoot) == ({} if way == "--move" else originals)
    assert photocull("catalog", "check", "--catalog", kept).returncode == 0
    assert photocull("export", "--undo", "--to", out, "--catalog", kept).returncode == 0
    assert content(shoot) == originals
    assert not out.exists()
    assert photocull("catalog", "check", "--catalog", kept).returncode == 0
