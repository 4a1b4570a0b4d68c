"""The README's commands are run as they stand there, on drawn photos in a home of their own."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.building import make_folder, make_photo
from tests.gates.test_documents import calls

NOT_HERE = ("photocull ~", "photocull train", "photocull tune", "photocull evaluate", "photocull benchmark")
"""What opens the window, needs photos that people rated, or only measures."""
ELSEWHERE = "postgresql://"
"""On somebody's server; tests/cli call these commands with a server of their own."""
ENDLESS = re.compile(r"photocull watch (?!.*--once)")
LINES = [
    line
    for line in calls("README.md")
    if line != "photocull" and not line.startswith(NOT_HERE) and ELSEWHERE not in line
]


@pytest.fixture(scope="module")
def person(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a folder of pictures, and one photo in it as the working directory sees it."""
    home = tmp_path_factory.mktemp("person")
    make_folder(home / "Pictures" / "2024", 6)
    make_folder(home / "Pictures" / "Tethered", 2)
    make_photo(home / "IMG_1.jpg", subject="flower")
    return home


def run(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    command = re.sub(r"^photocull", f"'{sys.executable}' -m photocull", line.partition(" #")[0])
    if ENDLESS.match(line):
        command = f"timeout --foreground --preserve-status 15 {command}"  # ended as a system ends a service
    variables = os.environ | {"HOME": str(home), "PHOTOCULL_HOME": str(home / "state")}
    return subprocess.run(["sh", "-c", command], cwd=home, capture_output=True, text=True, env=variables, timeout=800)


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="the README's examples are written for a shell")
def test_the_examples_of_the_readme_work_one_after_the_other(person: Path) -> None:
    assert len(LINES) >= 8
    for line in LINES:
        said = run(line, person)
        assert said.returncode == 0, f"{line}\n{said.stderr}"
        if line.startswith("photocull watch"):
            assert "2 photos there" in said.stderr, said.stderr
            continue
        assert said.stdout or ">" in line or "--output" in line or "--theme" in line or "--rating" in line, line
    assert (person / "scores.json").read_text("utf-8").startswith("[")
    assert (person / "focus.png").read_bytes().startswith(b"\x89PNG")
