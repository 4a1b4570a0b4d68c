"""Ten thousand photos in the window, measured in a process of its own; the figures are printed, not asserted."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from tests.catalog.generated import fill

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.slow
def test_ten_thousand_photos_open_and_scroll(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = tmp_path / "catalog.sqlite"
    with open_catalog(place) as catalog:
        fill(catalog, 10, 1010)
    command = [sys.executable, "-m", "tests.benchmarks.window", str(place), str(time.time())]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=False)
    assert ended.returncode == 0, ended.stderr
    figures = json.loads(ended.stdout)
    with capsys.disabled():
        sys.stdout.write("\n" + json.dumps(figures, indent=1) + "\n")
    assert figures["photos"] == 10_000 - 1
    assert figures["memory_after_scrolling_mb"] < 1024
