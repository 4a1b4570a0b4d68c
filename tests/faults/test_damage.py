"""A catalogue file that is spoilt: one sentence that helps, from every command, and the file stays as it was."""

import os
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogError
from photocull.core.settings import folders
from tests.building import make_folder
from tests.faults.calling import call
from tests.picks.shoot import content

pytestmark = pytest.mark.skipif(os.name == "nt", reason="needs fork")
PAGE = 4096
Spoil = Callable[[Path], None]


def changed(change: Callable[[bytes], bytes]) -> Spoil:
    def spoil(file: Path) -> None:
        file.write_bytes(change(file.read_bytes()))

    return spoil


def as_folder(file: Path) -> None:
    file.unlink()
    file.mkdir()


def another_programs(file: Path) -> None:
    file.unlink()
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("CREATE TABLE moz_places (id)")


def newer(file: Path) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()


def anothers_log(file: Path) -> None:
    other = file.with_name("other.sqlite")
    with closing(sqlite3.connect(other)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("CREATE TABLE x (a)")
        shutil.copy(f"{other}-wal", f"{file}-wal")
    other.unlink()


NOT_OURS = "not a catalogue|damaged"
SPOILT: dict[str, tuple[Spoil, str]] = {
    "cut in half": (changed(lambda data: data[: len(data) // 2]), "damaged"),
    "cut within a page": (changed(lambda data: data[: 3 * PAGE + 100]), "damaged"),
    "a page of zeros": (changed(lambda data: data[:PAGE] + bytes(PAGE) + data[2 * PAGE :]), "damaged"),
    "another beginning": (changed(lambda data: os.urandom(100) + data[100:]), NOT_OURS),
    "random bytes": (changed(lambda data: os.urandom(len(data))), NOT_OURS),
    "its first bytes alone": (changed(lambda data: data[:16]), NOT_OURS),
    "a folder in its place": (as_folder, "This is a folder"),
    "another program's database": (another_programs, "belongs to another program"),
    "of a newer version": (newer, "newer version"),
    "another file's log beside it": (anothers_log, "belongs to another file"),
}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A catalogue with photos in it."""
    make_folder(tmp_path / "photos", 5, size=(64, 48))
    assert call("score", tmp_path / "photos").code == 0
    return folders().catalog


@pytest.mark.parametrize("kind", SPOILT)
def test_each_command_says_one_sentence_and_changes_nothing(file: Path, tmp_path: Path, kind: str) -> None:
    spoil, sentence = SPOILT[kind]
    spoil(file)
    before = content(file.parent)
    for command in (("score", tmp_path / "photos"), ("top", tmp_path / "photos"), ("catalog", "check")):
        answer = call(*command)
        assert answer.code == 2
        assert len(answer.lines) == 1
        assert answer.out == ""
        assert any(words in answer.err for words in sentence.split("|"))
        assert len(answer.err) > len(sentence) + 20, "no remedy"
    with pytest.raises(CatalogError, match=sentence):  # what the window is told
        open_catalog(file)
    assert content(file.parent) == before


def test_a_damaged_page_that_is_seldom_read_is_found_by_the_check_and_told_in_one_line(file: Path) -> None:
    data = file.read_bytes()
    told = 0
    for page in range(2, len(data) // PAGE):
        file.write_bytes(data[: page * PAGE] + bytes(PAGE) + data[(page + 1) * PAGE :])
        answer = call("catalog", "check")
        if answer.code:
            told += 1
            faults = [line for line in answer.lines if not line.startswith("There is no sound backup")]
            assert faults, answer.err
            assert all("damaged" in line or "marks of photo" in line for line in faults), answer.err
    assert told > len(data) // PAGE // 2
    file.write_bytes(data)
    assert call("catalog", "check").code == 0


def test_a_log_that_is_gone_or_random_leaves_a_sound_catalogue(file: Path, tmp_path: Path) -> None:
    log = file.with_name(f"{file.name}-wal")
    log.write_bytes(os.urandom(30_000))
    assert call("catalog", "check").code == 0
    log.unlink(missing_ok=True)
    assert call("score", tmp_path / "photos", "--format", "jsonl").out.count("\n") == 5


def test_an_empty_file_becomes_a_catalogue_as_a_kill_may_leave_one(file: Path, tmp_path: Path) -> None:
    file.write_bytes(b"")
    assert call("score", tmp_path / "photos").code == 0
    assert call("catalog", "check").code == 0
