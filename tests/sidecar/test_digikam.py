"""digiKam reads what we wrote: the real program, on a virtual screen, scans a folder with our sidecars.

It has no command line, so what it understood is read from its own database. Skipped only where it is not installed.
"""

import os
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from photocull.core.types import DecisionField
from photocull.sidecar.dialects import Recorded
from photocull.sidecar.rules import Record, Rules
from photocull.sidecar.updating import update
from tests.building import make_photo

pytestmark = pytest.mark.slow
_PATIENCE = 300
_SETTINGS = """
[General Settings]
Version=7.9.0

[Database Settings]
Database Type=QSQLITE
Database Name={place}/
Database Name Face={place}/
Database Name Thumbnails={place}/
Database Name Similarity={place}/
Internal Database Server=false

[Metadata Settings]
Use XMP Sidecar For Reading=true

[Album Settings]
Scan At Start=true
"""
"""Without any of these groups it asks a new person first, and nobody is there to answer."""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    for name in ("digikam", "xvfb-run", "dbus-run-session"):
        if shutil.which(name) is None:
            pytest.skip(f"{name} is not installed")
    for name in ("database", "home", "run", "photos"):
        (tmp_path / name).mkdir(mode=0o700)
    (tmp_path / "digikamrc").write_text(_SETTINGS.format(place=tmp_path / "database"))
    return tmp_path


@contextmanager
def _digikam(place: Path) -> Iterator[None]:
    """digiKam at work; ended with all that it started."""
    command = ["xvfb-run", "-a", "-s", "-screen 0 1280x800x24", "dbus-run-session", "--", "digikam"]
    command += ["--config", str(place / "digikamrc"), "--database-directory", str(place / "database")]
    environment = {
        **os.environ,
        "HOME": str(place / "home"),
        "XDG_RUNTIME_DIR": str(place / "run"),
        "QT_QPA_PLATFORM": "xcb",
        "LIBGL_ALWAYS_SOFTWARE": "1",
        "QTWEBENGINE_DISABLE_SANDBOX": "1",  # its welcome page will not start as root otherwise
    }
    with (place / "log").open("ab") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
        try:
            yield
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGTERM)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _database(place: Path) -> Path:
    return place / "database" / "digikam4.db"


def _ask(place: Path, question: str) -> list[tuple[object, ...]]:
    try:
        with closing(sqlite3.connect(f"{_database(place).as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(question).fetchall()
    except sqlite3.Error:  # not made yet, or being written
        return []


def _await(what: Callable[[], bool], place: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not what():
        assert time.monotonic() < deadline, (place / "log").read_text(errors="replace")[-2000:]
        time.sleep(0.5)


def _scanned(place: Path, count: int) -> None:
    """Let digiKam make its database, tell it of the folder as its own dialog would, and let it read all of it."""
    with _digikam(place):
        _await(lambda: bool(_ask(place, "SELECT 1 FROM sqlite_master WHERE name = 'ImageTagProperties'")), place)
        _await(lambda: bool(_ask(place, "SELECT 1 FROM Settings WHERE keyword = 'DBVersion'")), place)
    with closing(sqlite3.connect(_database(place))) as database, database:
        root = (f"volumeid:?path={place / 'photos'}",)
        database.execute("INSERT INTO AlbumRoots VALUES (NULL, 'photos', 0, 1, ?, '/')", root)
    with _digikam(place):
        _await(lambda: len(_ask(place, "SELECT 1 FROM ImageInformation WHERE rating IS NOT NULL")) == count, place)


def _mark(photo: Path, **marks: str) -> None:
    fields: dict[DecisionField, Recorded] = {f: Recorded(v, "photographer") for f, v in marks.items()}  # type: ignore[misc]
    update(photo.with_name(f"{photo.name}.xmp"), Record(fields, None, ("sea",)), Rules(keywords=True), None)


def test_digikam_reads_stars_labels_and_keywords_and_takes_a_reject_for_no_stars(place: Path) -> None:
    photos = {
        name: make_photo(place / "photos" / f"{name}.jpg", seed=i) for i, name in enumerate(("good", "bad", "plain"))
    }
    _mark(photos["good"], rating="4", label="green", pick="pick")
    _mark(photos["bad"], rating="2", pick="reject")
    _mark(photos["plain"], rating="1", label="purple")
    _scanned(place, len(photos))
    stars = dict(_ask(place, "SELECT name, rating FROM Images JOIN ImageInformation ON id = imageid"))
    assert stars == {"good.jpg": 4, "bad.jpg": -1, "plain.jpg": 1}
    tags = _ask(
        place, "SELECT i.name, t.name FROM ImageTags JOIN Images i ON imageid = i.id JOIN Tags t ON tagid = t.id"
    )
    said = {(photo, tag) for photo, tag in tags if "Label" in str(tag)}
    assert said == {("good.jpg", "Color Label Green"), ("plain.jpg", "Color Label Magenta")}
    assert {photo for photo, tag in tags if tag == "sea"} == {"good.jpg", "bad.jpg", "plain.jpg"}
