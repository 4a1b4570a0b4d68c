"""Putting a backup back: what was there is kept, and an interruption leaves the old or the new."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from photocull.catalog import kept, restore, soundness
from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogBusyError, CatalogDamagedError, CatalogError, OutputError
from tests.catalog.restoring import BEFORE, NOW, SALVAGED, rate, ratings
from tests.catalog.spoiling import spoil_table

RESTORING = (0.0, 0.013, 0.029, 0.041, 0.057, 0.083)
"""Seconds after which a process is killed that puts one backup back after the other."""


@pytest.fixture
def location(file: Path) -> Path:
    """Backups are of files: a server has its own."""
    return file


def test_a_backup_takes_the_catalogues_place_and_that_can_be_taken_back(location: Path, saved: Path) -> None:
    done = restore.restore(location, saved)
    assert (done.holding.photos, done.holding.decisions, done.salvaged) == (3, 1, 0)
    assert ratings(location) == BEFORE
    assert done.aside is not None
    restore.restore(location, done.aside)
    assert ratings(location) == NOW


def test_a_log_that_was_not_written_back_goes_with_the_old_catalogue(location: Path, saved: Path) -> None:
    """What a killed program leaves: a log beside the file, which SQLite would write into the file that comes."""
    with open_catalog(location) as catalog:
        rate(catalog, 3, 5)
        left = {end: location.with_name(location.name + end).read_bytes() for end in ("", "-wal")}
    for end, content in left.items():
        location.with_name(location.name + end).write_bytes(content)
    done = restore.restore(location, saved)
    assert ratings(location) == BEFORE
    assert done.aside is not None
    assert ratings(done.aside) == {**NOW, "IMG_2.jpg": 5}


def test_a_catalogue_that_is_gone_is_restored_too(location: Path, saved: Path) -> None:
    location.unlink()
    assert restore.restore(location, saved).aside is None
    assert ratings(location) == BEFORE


def test_an_emptied_catalogue_is_damaged_where_there_are_backups(location: Path, saved: Path) -> None:
    copy = kept.new_name(location, kept.AUTOMATIC, datetime(2026, 11, 23, 14, 2).astimezone())
    shutil.copyfile(saved, copy)
    location.write_bytes(b"")
    with pytest.raises(CatalogDamagedError, match="empty") as caught:
        open_catalog(location)
    assert "Monday 23 November 2026, 14:02 (3 photos, 1 decision): photocull catalog restore" in str(caught.value)
    assert f"--catalog {location}" in str(caught.value)


def test_while_it_is_open_elsewhere_nothing_is_replaced(location: Path, saved: Path) -> None:
    with open_catalog(location), pytest.raises(CatalogBusyError, match="open"):
        restore.restore(location, saved)
    assert ratings(location) == NOW


def test_a_catalogue_that_another_program_has_for_itself_is_not_taken_for_damaged(
    location: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soundness, "_BUSY_SECONDS", 0.0)
    with closing(sqlite3.connect(location)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN IMMEDIATE")
        for act in (lambda: restore.restore(location, saved), lambda: restore.start_anew(location)):
            with pytest.raises(CatalogBusyError, match="for itself"):
                act()
        other.rollback()
    assert ratings(location) == NOW


def test_a_catalogue_whose_closing_fails_is_let_go_of_all_the_same(
    location: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> None:
        raise MemoryError

    catalog = open_catalog(location)
    monkeypatch.setattr(catalog.memory, "save", fail)
    with pytest.raises(MemoryError):
        catalog.close()
    restore.restore(location, saved)
    assert ratings(location) == BEFORE


def test_while_a_backup_is_put_back_nobody_opens_the_catalogue(
    location: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(*_given: object) -> None:
        with pytest.raises(CatalogBusyError, match="put back"):
            open_catalog(location)
        raise OutputError("Stop here.")

    monkeypatch.setattr(restore, "_replace", busy)
    with pytest.raises(OutputError, match="Stop here"):
        restore.restore(location, saved)
    assert ratings(location) == NOW


def test_what_is_no_sound_backup_is_refused_and_nothing_changes(location: Path, saved: Path, tmp_path: Path) -> None:
    text = tmp_path / "text.sqlite"
    text.write_text("no database at all" * 100)
    songs = tmp_path / "songs.sqlite"
    with closing(sqlite3.connect(songs)) as other:
        other.execute("CREATE TABLE songs (title)")
    newer = Path(shutil.copyfile(saved, tmp_path / "newer.sqlite"))
    with closing(sqlite3.connect(newer)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    spoil_table(saved, "judgements", "attention")
    for source, words in (
        (text, "cannot be read"),
        (songs, "not a catalogue"),
        (newer, "newer version"),
        (saved, "damaged"),
        (tmp_path / "none.sqlite", "no such file"),
    ):
        with pytest.raises(CatalogError, match=words):
            restore.restore(location, source)
    assert ratings(location) == NOW
    assert not kept.folder_of(location).exists()


def test_the_newest_sound_backup_is_found_behind_a_damaged_one(location: Path, saved: Path) -> None:
    days = [datetime(2026, 11, day).astimezone() for day in (1, 8, 15)]
    files = [Path(shutil.copyfile(saved, kept.new_name(location, kept.AUTOMATIC, at))) for at in days]
    spoil_table(files[2], "judgements", "attention")
    newest = soundness.newest_sound(location)
    assert newest is not None
    assert (newest[0].file, str(newest[1])) == (files[1], "3 photos, 1 decision")


class Killed(BaseException):
    """The power went."""


@pytest.mark.slow
@pytest.mark.parametrize("sound", [True, False], ids=["sound", "damaged"])
def test_cut_off_at_any_step_the_old_or_the_new_catalogue_is_there(
    location: Path, saved: Path, sound: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if not sound:
        spoil_table(location, "judgements", "attention", "explanations")
    steps = 0
    while _stopped(location, saved, steps, tmp_path / f"at {steps}", monkeypatch, sound=sound):
        steps += 1
    assert steps > 5


def _stopped(
    location: Path, saved: Path, steps: int, place: Path, monkeypatch: pytest.MonkeyPatch, *, sound: bool
) -> bool:
    """Restore a copy and cut off before the given change of a name; whether it got there."""
    place.mkdir()
    copy = place / location.name
    shutil.copyfile(location, copy)
    left = iter(range(steps))
    with monkeypatch.context() as patch:
        for name in ("replace", "unlink", "rename"):
            original = getattr(Path, name)

            def stopping(path: Path, *given: object, original: object = original, **named: object) -> object:
                if next(left, None) is None:
                    raise Killed
                return original(path, *given, **named)  # type: ignore[operator]

            patch.setattr(Path, name, stopping)
        try:
            restore.restore(copy, saved)
        except Killed:
            stopped = True
        else:
            stopped = False
    opens = soundness.is_sound(copy)
    assert opens or (stopped and not sound)
    if opens:
        assert ratings(copy) in ((NOW, BEFORE) if sound else (SALVAGED,))
    restore.restore(copy, saved)
    assert ratings(copy) == (BEFORE if opens else SALVAGED)
    return stopped


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no such signal there")
def test_a_killed_restore_leaves_a_whole_catalogue(location: Path, saved: Path) -> None:
    program = (
        "import itertools, sys; from pathlib import Path; from photocull.catalog.restore import restore\n"
        "for n in itertools.count():\n"
        "    restore(Path(sys.argv[1]), Path(sys.argv[2 + n % 2])); print(n, flush=True)\n"
    )
    now = location.with_name("now.sqlite")
    shutil.copyfile(location, now)
    for wait in RESTORING:
        with subprocess.Popen(
            [sys.executable, "-c", program, location, saved, now], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(wait)
            process.send_signal(signal.SIGKILL)
        assert ratings(location) in (BEFORE, NOW)
