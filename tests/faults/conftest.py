"""A place that everybody may enter, for the program as somebody else than root; pytest's own folders are closed."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.building import make_folder
from tests.faults.calling import NOBODY


@pytest.fixture
def open_place() -> Iterator[Path]:
    """An empty folder that everybody may read and write, with all above it."""
    folder = Path(tempfile.mkdtemp(prefix="photocull-faults-"))
    folder.chmod(0o777)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o777)
    shutil.rmtree(folder)


@pytest.fixture
def theirs(open_place: Path) -> Path:
    """Six photos and a sub-folder with one, and an empty home, all of whoever permissions bind."""
    make_folder(open_place / "photos", 6, size=(160, 120))
    make_folder(open_place / "photos" / "sub", 1, size=(160, 120), seed=20)
    (open_place / "home").mkdir()
    if os.geteuid() == 0:
        for path in open_place.rglob("*"):
            os.chown(path, NOBODY, NOBODY)
    return open_place
