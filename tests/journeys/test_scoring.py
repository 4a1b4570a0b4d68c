"""A folder scored on the command line by the model that is shipped: once, again, killed, alone, in another order."""

import json
import math
import signal
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.settings import folders
from tests.building import make_folder, make_photo
from tests.journeys.program import by_name, command, environment, photocull, score, state_of

SCORES = ("aesthetic", "colour", "technical", "overall")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    make_folder(tmp_path / "photos", 6, size=(480, 320))
    make_photo(tmp_path / "photos" / "upright" / "portrait.jpg", size=(300, 500), seed=50, orientation=6)
    make_photo(tmp_path / "photos" / "small.png", size=(90, 60), seed=51)
    return tmp_path / "photos"


def same(first: dict[str, Any], second: dict[str, Any]) -> bool:
    scores = all(math.isclose(first[name], second[name], abs_tol=1e-5) for name in SCORES)
    themes = [theme["name"] for theme in first["themes"]] == [theme["name"] for theme in second["themes"]]
    return scores and themes and first["colour_scheme"] == second["colour_scheme"] and first["flags"] == second["flags"]


def test_a_folder_becomes_a_list_and_the_second_time_comes_from_the_catalogue(photos: Path) -> None:
    before = state_of(photos)
    first = score(photos)
    assert [record["path"] for record in first] == sorted(record["path"] for record in first)
    assert len(first) == 8
    for record in first:
        assert record["status"] == "ok"
        assert all(0 <= record[name] <= 10 for name in SCORES)
        assert all(theme["confidence"] >= 0.05 for theme in record["themes"])
        assert math.isclose(sum(swatch["share"] for swatch in record["colour_scheme"]["palette"]), 1, abs_tol=0.05)
        assert record["reasons"]
    assert by_name(first)["portrait.jpg"]["height"] > by_name(first)["portrait.jpg"]["width"]
    assert score(photos) == first
    assert state_of(photos) == before


@pytest.mark.slow
def test_a_cached_run_loads_neither_the_network_nor_a_decoder(photos: Path) -> None:
    score(photos)
    code = (
        "import sys\nfrom photocull.cli.main import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print([m for m in ('onnxruntime', 'torch', 'rawpy', 'pi_heif', 'imagecodecs', 'PySide6') "
        "if m in sys.modules], file=sys.stderr)"
    )
    arguments = [*command()[:1], "-c", code, "score", str(photos), "--format", "json"]
    done = subprocess.run(arguments, env=environment(), capture_output=True, text=True, timeout=800, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "[]")
    assert len(json.loads(done.stdout)) == 8


@pytest.mark.slow
def test_a_photo_scores_the_same_alone_in_any_order_and_with_any_jobs(photos: Path, tmp_path: Path) -> None:
    whole = by_name(score(photos, "--jobs", 1))
    files = sorted(path for path in photos.rglob("*") if path.is_file())
    reordered = by_name(score(*files[::-1], "--jobs", 4, "--catalog", tmp_path / "reordered.sqlite"))
    assert set(whole) == set(reordered)
    assert all(same(whole[name], reordered[name]) for name in whole)
    for name in ("IMG_0003.jpg", "portrait.jpg", "small.png"):
        path = next(path for path in files if path.name == name)
        (alone,) = score(path, "--catalog", tmp_path / f"{name}.sqlite")
        assert same(alone, whole[name])


@pytest.mark.slow
def test_torch_is_not_needed(photos: Path, tmp_path: Path) -> None:
    for package in ("torch", "torchvision"):
        (tmp_path / "broken" / package).mkdir(parents=True)
        (tmp_path / "broken" / package / "__init__.py").write_text("raise ImportError('torch is not to be imported')")
    path = f"{tmp_path / 'broken'}:{environment()['PYTHONPATH']}"
    assert len(score(photos, PYTHONPATH=path)) == 8


@pytest.mark.slow
@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_a_run_that_is_killed_goes_on_where_it_was(tmp_path: Path) -> None:
    photos = tmp_path / "many"
    make_folder(photos, 60, size=(640, 480))
    running = subprocess.Popen(
        command("score", photos, "--format", "json", "--jobs", 2), env=environment(), stdout=subprocess.DEVNULL
    )
    try:
        kept = _judged_at_least(8, running)
    finally:
        running.send_signal(signal.SIGKILL)
        running.wait()
    assert 8 <= kept < 60
    resumed = score(photos)
    assert len(resumed) == 60
    assert all(record["status"] == "ok" for record in resumed)
    assert photocull("catalog", "check").returncode == 0
    uninterrupted = by_name(score(photos, "--catalog", tmp_path / "whole.sqlite"))
    assert all(same(record, uninterrupted[Path(record["path"]).name]) for record in resumed)


def _judged_at_least(count: int, running: subprocess.Popen[bytes]) -> int:
    deadline = time.monotonic() + 120
    judged = 0
    while judged < count and running.poll() is None and time.monotonic() < deadline:
        time.sleep(0.1)
        if folders().catalog.exists():
            with open_catalog(folders().catalog) as catalog:
                judged = catalog.info().judged
    assert running.poll() is None, "it ended before it could be killed"
    return judged


@pytest.mark.slow
@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_ctrl_c_ends_with_130_and_keeps_what_was_scored(tmp_path: Path) -> None:
    photos = tmp_path / "many"
    make_folder(photos, 60, size=(640, 480))
    running = subprocess.Popen(
        command("score", photos), env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    kept = _judged_at_least(4, running)
    running.send_signal(signal.SIGINT)
    out, err = running.communicate(timeout=800)
    assert (running.returncode, out) == (130, "")
    assert err == "Stopped; what was scored is kept.\n"
    with open_catalog(folders().catalog) as catalog:
        assert catalog.info().judged >= kept


def test_broken_files_are_named_and_cost_nobody_else(photos: Path) -> None:
    (photos / "cut.jpg").write_bytes((photos / "IMG_0001.jpg").read_bytes()[:300])
    (photos / "empty.jpg").write_bytes(b"")
    (photos / "text.png").write_text("no picture")
    done = photocull("score", photos, "--format", "json")
    assert done.returncode == 1
    records = by_name(json.loads(done.stdout))
    broken = {name for name, record in records.items() if record["status"] == "unreadable"}
    assert broken == {"cut.jpg", "empty.jpg", "text.png"}
    assert len(done.stderr.splitlines()) == 3
    assert all(records[name]["error"] for name in broken)
    assert len(records) == 11


@pytest.mark.slow
def test_the_best_ones_and_why_as_a_picture(photos: Path, tmp_path: Path) -> None:
    best = json.loads(photocull("top", photos, "--count", 2, "--format", "json").stdout)
    assert len(best) == 2
    assert best[0]["overall"] >= best[1]["overall"]
    for kind in ("aesthetic", "colour", "focus", "clipping"):
        done = photocull("overlay", best[0]["path"], "--kind", kind, "--output", tmp_path / f"{kind}.png")
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
        assert (tmp_path / f"{kind}.png").read_bytes().startswith(b"\x89PNG")
