"""Names of any bytes and length, links in circles, folders called like photos: every command and every format."""

import csv
import io
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from photocull.catalog.records import Filter
from photocull.core.settings import folders
from photocull.ui.problems import read_complaints
from tests.building import make_photo
from tests.journeys.program import photocull
from tests.ui.conftest import Studio

pytestmark = pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
NAMES = (
    b"plain.jpg",
    b"caf\xe9 latin.jpg",
    b"\xff\xfe\x80.jpg",
    b"two\nlines.jpg",
    b"tab\tand\rreturn.jpg",
    b"\x1b[31mred\x1b[0m.jpg",
    b"bell\x07.jpg",
    "עברית-\u202egpj.exe.jpg".encode(),
    "📷👩‍👩‍👧.jpg".encode(),
    "e\u0301te\u0301.jpg".encode(),
    b"-.jpg",
    b"--help.jpg",
    b"a;b,c\"d'e.jpg",
    b"$(touch x)`id`.jpg",
    b"[bold]markup[red].jpg",
    b"%s%n{0}.jpg",
    b"  spaces  .jpg",
    b"~.jpg",
    b"CON.jpg",
    b"n" * 251 + b".jpg",
    "ä".encode() * 125 + b".jpg",
    b"broken\xe9\n.jpg",
)
GOOD = len(NAMES) - 1
NO_MAC = pytest.mark.skipif(sys.platform == "darwin", reason="that file system takes text alone")


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    """A folder of such names; the last one is no photo."""
    folder = tmp_path / "photos"
    first = make_photo(folder / "plain.jpg", size=(120, 90))
    for number, name in enumerate(NAMES[1:-1]):
        made = make_photo(folder / "made.jpg", size=(120, 90), seed=number + 1)
        made.rename(at(folder, name))
    at(folder, NAMES[-1]).write_text("no photo")
    (folder / "x.jpg").mkdir()
    (folder / "x.jpg" / "y.nef").mkdir()
    make_photo(folder / "x.jpg" / "y.nef" / "inside.jpg", size=(120, 90), seed=70)
    (folder / "circle.jpg").symlink_to(folder / "circle.jpg")
    (folder / "again").symlink_to(folder)
    assert first.exists()
    return folder


@pytest.fixture
def studio(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Studio]:
    made = Studio(qtbot, tmp_path)
    yield made
    made.close()


def legible(line: str) -> bool:
    """Whether it prints as it is; what joins the parts of an emoji takes no room."""
    return line.replace("\u200d", "").isprintable()


def at(folder: Path, name: bytes) -> Path:
    return Path(os.fsdecode(os.fsencode(folder) + b"/" + name))


def deep(folder: Path) -> Path:
    """A folder whose path is as long as the system lets any be reached."""
    while len(os.fsencode(folder)) < 3700:
        folder = folder / ("long" * 50)
        folder.mkdir(parents=True, exist_ok=True)
    return folder


@NO_MAC
@pytest.mark.parametrize(
    "way", [["score"], pytest.param(["top", "--count", "99"], marks=pytest.mark.slow)], ids=["score", "top"]
)
def test_every_name_comes_back_as_the_same_file_in_every_format(photos: Path, way: list[str]) -> None:
    said = {form: photocull(*way, photos, "--format", form) for form in ("json", "jsonl", "csv", "table")}
    for form, done in said.items():
        assert done.returncode == 1, (form, done.stderr)
        assert len(done.stderr.splitlines()) == 2, done.stderr
        assert all(map(legible, done.stderr.splitlines()))
    paths = {record["path"] for record in json.loads(said["json"].stdout)}
    assert {os.fsencode(Path(path).name) for path in paths} >= set(NAMES[:GOOD])
    assert paths == {json.loads(line)["path"] for line in said["jsonl"].stdout.splitlines()}
    rows = list(csv.DictReader(io.StringIO(said["csv"].stdout, newline="")))
    assert len(rows) == len(paths)
    assert all(Path(path).exists() for path in paths)
    lines = said["table"].stdout.splitlines()
    assert len(lines) == 1 + len(paths)
    assert all(map(legible, lines))


@NO_MAC
@pytest.mark.parametrize("name", [*(pytest.param(name, marks=pytest.mark.slow) for name in NAMES[2:4]), b"--help.jpg"])
def test_a_photo_of_any_name_can_be_named(photos: Path, tmp_path: Path, name: bytes) -> None:
    path = at(photos, name)
    done = photocull("score", "--format", "json", "--", path)
    (record,) = json.loads(done.stdout)
    assert (done.returncode, Path(record["path"])) == (0, path), done.stderr
    output = tmp_path / "map.png"
    done = photocull("overlay", "--kind", "clipping", "--output", output, "--", path)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert output.read_bytes().startswith(b"\x89PNG")


@pytest.mark.slow
def test_a_folder_called_like_a_photo_is_gone_through_and_is_no_photo_itself(photos: Path, tmp_path: Path) -> None:
    (record,) = json.loads(photocull("score", photos / "x.jpg", "--format", "json").stdout)
    assert record["path"].endswith("x.jpg/y.nef/inside.jpg")
    done = photocull("overlay", photos / "x.jpg", "--kind", "focus", "--output", tmp_path / "a.png")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "no photo" in done.stderr


@pytest.mark.slow
def test_links_in_a_circle_end_and_are_one_line_where_they_are_named(photos: Path) -> None:
    done = photocull("score", photos / "circle.jpg")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "symbolic links" in done.stderr
    again = json.loads(photocull("score", photos / "again", "--format", "json").stdout)
    assert len(again) == len(NAMES) + 1


@pytest.mark.slow
@NO_MAC
def test_a_path_of_nearly_four_thousand_bytes_is_read_and_one_beyond_is_a_sentence(tmp_path: Path) -> None:
    folder = deep(tmp_path / "photos")
    path = make_photo(folder / "a.jpg", size=(120, 90))
    make_photo(folder / "b.tif", size=(120, 90))
    done = photocull("score", tmp_path / "photos", "--format", "json")
    assert [Path(record["path"]) for record in json.loads(done.stdout)] == [path, folder / "b.tif"]
    done = photocull("score", folder / ("x" * 255) / ("y" * 255) / "a.jpg")
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    done = photocull("score", tmp_path / ("z" * 300 + ".jpg"))
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)


@pytest.mark.slow
@NO_MAC
def test_the_log_and_the_error_line_take_any_name(tmp_path: Path) -> None:
    missing = at(tmp_path, b"gone\xe9\n\x1b[31m.jpg")
    for arguments in (["score", missing], ["overlay", missing, "--kind", "focus", "--output", tmp_path / "a.png"]):
        done = photocull(*arguments)
        assert done.returncode == 2
        (line,) = done.stderr.splitlines()
        assert line.isprintable()
        assert "\\xe9" in line
    assert not (folders().log / "photocull.log").exists()


@pytest.mark.slow
@NO_MAC
def test_a_terminal_that_knows_ascii_alone_is_enough(photos: Path) -> None:
    done = photocull("score", photos, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    assert done.returncode == 1
    assert len(done.stdout.splitlines()) == len(NAMES) + 2


@NO_MAC
def test_the_window_lists_every_name_shows_its_photo_and_keeps_what_is_decided(photos: Path, studio: Studio) -> None:
    window = studio.open(photos)
    studio.until(lambda: studio.reports)
    ids = studio.reports[-1].ids
    studio.until(lambda: set(ids) <= set(window.session.photos.ids) and all(studio.rows()))
    model = window.session.photos
    shown = [model.data(model.index(place), Qt.ItemDataRole.DisplayRole) for place in range(len(model.ids))]
    assert len(shown) == len(NAMES) + 1
    assert all(isinstance(name, str) and legible(name) for name in shown)
    studio.press("Ctrl+A", "3")
    studio.until(lambda: all(studio.stored(photo).rating == 3 for photo in ids))
    found = read_complaints(studio.catalog, Filter(folders=frozenset({photos})), studio.scorer.fingerprint)
    assert [complaint.path.suffix for complaint in found] == [".jpg"]
    assert legible(found[0].line)
    studio.press("E")
    studio.until(lambda: window.loupe.isVisible())
    for photo in ids:
        studio.press("Right")
        assert not window.loupe.grab().isNull(), photo
