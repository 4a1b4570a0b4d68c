"""Flicking through photos, against the plain way in one run; what a machine decides is printed, ratios are asserted."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from photocull.photo.decode import load_preview
from tests.benchmarks.large_jpegs import large_jpegs
from tests.building import make_photo

ROOT = Path(__file__).resolve().parents[2]
SIDE = 384
"""Of a photo in the grid: 256 pixels high, 3:2."""


def plain(path: Path) -> None:
    with Image.open(path) as image:
        image.resize((SIDE, SIDE * 2 // 3))


def times_faster(paths: list[Path]) -> float:
    """Plain opening and resizing over our grid picture: least processor times of turns, one photo each."""
    ours = min(_spent(lambda path=path: load_preview(path, SIDE)) for path in paths)
    others = min(_spent(lambda path=path: plain(path)) for path in paths)
    return others / ours


def _spent(work: Callable[[], object]) -> float:
    before = time.thread_time()
    work()
    return time.thread_time() - before


@pytest.mark.parametrize(("thumbnails", "least"), [(True, 20.0), (False, 3.0)])
def test_grid_pictures_of_large_jpegs_come_many_times_faster_than_the_plain_way(
    thumbnails: bool, least: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    faster = times_faster(large_jpegs(tmp_path / "large", 5, thumbnails=thumbnails))
    with capsys.disabled():
        inside = "with" if thumbnails else "without"
        sys.stdout.write(
            f"\ngrid picture of a 24-megapixel JPEG {inside} a thumbnail inside: {faster:.1f} times faster\n"
        )
    assert faster > least


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_thousand_photos_are_browsed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "many").mkdir()
    content = make_photo(tmp_path / "one.jpg", size=(1200, 800), seed=3, quality=80).read_bytes()
    for number in range(2000):
        (tmp_path / "many" / f"IMG_{number:04}.jpg").write_bytes(content + f"photo {number}".encode())
    large_jpegs(tmp_path / "large", 10, thumbnails=False)
    command = [sys.executable, "-m", "tests.benchmarks.browsing", str(tmp_path)]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=840, check=False)
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    with capsys.disabled():
        sys.stdout.write("\n" + json.dumps(figures, indent=1) + "\n")
    assert figures["photos"] == 2000
    assert figures["memory_mb"]["flicked through"] < 700
