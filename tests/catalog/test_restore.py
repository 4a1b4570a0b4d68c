"""Putting a backup back: what was there is kept, an interruption leaves the old or the new, decisions are salvaged."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pytest

from photocull.catalog import kept, restore, soundness
from photocull.catalog import query as ask
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import CatalogBusyError, CatalogDamagedError, CatalogError, OutputError
from photocull.core.settings import folders
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, found, register
from tests.catalog.spoiling import spoil_head, spoil_pages, spoil_table

RESTORING = (0.0, 0.013, 0.029, 0.041, 0.057, 0.083)
"""Seconds after which a process is killed that puts one backup back after the other."""


@pytest.fixture
def location(file: Path) -> Path:
    """Backups are of files: a server has its own."""
    return file


def rate(catalog: Catalog, photo_id: int, stars: int) -> None:
    catalog.writer.decide([Decision(photo_id, "rating", stars)], initiator="test").result(10)


def ratings(location: Path) -> dict[str, int | None]:
    with open_catalog(location) as catalog:
        assert catalog.check() == ()
        ids = ask.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
        return {row.path.name: row.rating for row in ask.photo_rows(catalog, ids, MODEL)}


@pytest.fixture
def saved(location: Path) -> Path:
    """A backup of three photos of which one has a star; since then another got two, and a fourth photo came."""
    with open_catalog(location) as catalog:
        ids = filled(catalog)
        rate(catalog, ids[0], 1)
        copy = catalog.backup(location.with_name("copy.sqlite"))
        rate(catalog, ids[1], 2)
        register(catalog, found("/photos/late.jpg", "late"))
    return copy


BEFORE = {"IMG_0.jpg": 1, "IMG_1.jpg": None, "IMG_2.jpg": None}
NOW = {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": None, "late.jpg": None}
SALVAGED = {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": None}


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


def test_a_damaged_catalogue_is_kept_aside_and_its_later_decisions_are_salvaged(location: Path, saved: Path) -> None:
    spoil_table(location, "judgements", "attention", "explanations")
    broken = location.read_bytes()
    done = restore.restore(location, saved)
    assert ratings(location) == SALVAGED
    assert done.salvaged == 1
    assert done.aside is not None
    assert done.aside.read_bytes() == broken
    assert done.aside not in [one.file for one in kept.backups(location)]


def test_what_was_undone_since_the_backup_stays_undone(location: Path, saved: Path) -> None:
    with open_catalog(location) as catalog:
        assert catalog.writer.undo("test").result(10) is not None
        assert catalog.writer.undo("test").result(10) is not None
    spoil_table(location, "judgements", "attention", "explanations")
    restore.restore(location, saved)
    assert ratings(location) == {"IMG_0.jpg": None, "IMG_1.jpg": None, "IMG_2.jpg": None}


def spoilt_after(location: Path, since: Callable[[Catalog], object]) -> None:
    """The catalogue goes on and is damaged then, but not where its photos and decisions lie."""
    with open_catalog(location) as catalog:
        since(catalog)
    spoil_table(location, "judgements", "attention", "explanations")


def paths_rated(location: Path) -> dict[str, int | None]:
    with open_catalog(location) as catalog:
        ids = ask.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
        return {str(row.path): row.rating for row in ask.photo_rows(catalog, ids, MODEL)}


def test_marks_of_photos_that_moved_since_are_salvaged_and_those_of_new_ones_counted(
    location: Path, saved: Path
) -> None:
    def since(catalog: Catalog) -> None:
        (moved,) = register(catalog, found("/elsewhere/IMG_2.jpg", "content 2"))
        rate(catalog, moved, 4)
        (late,) = register(catalog, found("/photos/IMG_2.jpg", "another photo at the old place"))
        rate(catalog, late, 5)
        rate(catalog, late, 3)
        catalog.writer.decide([Decision(late, "label", None)], initiator="test").result(10)

    spoilt_after(location, since)
    done = restore.restore(location, saved)
    assert ratings(location) == {"IMG_0.jpg": 1, "IMG_1.jpg": 2, "IMG_2.jpg": 4}
    assert (done.salvaged, done.left_out) == (2, 1)


def test_a_photo_that_was_forgotten_and_came_again_gets_its_mark_by_its_path(location: Path, saved: Path) -> None:
    def since(catalog: Catalog) -> None:
        catalog.writer.forget(Path("/photos/IMG_2.jpg")).result(10)
        (again,) = register(catalog, found("/photos/IMG_2.jpg", "content 2"))
        rate(catalog, again, 4)

    spoilt_after(location, since)
    done = restore.restore(location, saved)
    assert (ratings(location)["IMG_2.jpg"], done.left_out) == (4, 0)


def test_where_the_photos_themselves_cannot_be_read_their_marks_are_salvaged_all_the_same(
    location: Path, saved: Path
) -> None:
    with closing(sqlite3.connect(location)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'photos'").fetchone()[0]
    spoil_pages(location, page, page)
    assert restore.restore(location, saved).salvaged == 1
    assert ratings(location) == SALVAGED


@pytest.mark.parametrize("same", [True, False], ids=["the same catalogue", "another one"])
def test_before_the_first_decision_a_number_counts_only_for_a_file_that_looks_the_same(
    location: Path, same: bool
) -> None:
    with open_catalog(location) as catalog:
        register(catalog, found("/photos/a.jpg", "a", size=7), found("/photos/b.jpg", "b", size=8))
        copy = catalog.backup(location.with_name("copy.sqlite"))
    if not same:
        location.unlink()
    with open_catalog(location) as catalog:
        files = [found("/new/a.jpg", "a", size=7 if same else 70), found("/photos/b.jpg", "b", size=8)]
        for photo in register(catalog, *(files if same else files[::-1])):
            rate(catalog, photo, photo)
    spoil_table(location, "judgements", "attention", "explanations")
    done = restore.restore(location, copy)
    assert paths_rated(location) == {"/photos/a.jpg": 1 if same else None, "/photos/b.jpg": 2 if same else 1}
    assert (done.salvaged, done.left_out) == ((2, 0) if same else (1, 1))


def test_on_a_machine_without_a_catalogue_a_backup_becomes_the_persons_own(saved: Path, home: Path) -> None:
    assert restore.restore(folders().catalog, saved).aside is None
    assert ratings(folders().catalog) == BEFORE


def test_a_journal_that_cannot_be_taken_over_keeps_no_backup_back(
    location: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil_table(location, "judgements", "attention", "explanations")

    def refuse(*_given: object) -> int:
        raise CatalogError("It cannot be written.")

    monkeypatch.setattr(restore, "bring_in", refuse)
    done = restore.restore(location, saved)
    assert (done.salvaged, done.left_out) == (0, 1)
    assert ratings(location) == BEFORE


def test_a_catalogue_of_which_nothing_can_be_read_gives_way_to_the_backup(location: Path, saved: Path) -> None:
    shutil.copyfile(saved, kept.new_name(location, kept.AUTOMATIC, datetime(2026, 11, 23, 14, 2).astimezone()))
    spoil_head(location)
    with pytest.raises(CatalogDamagedError):
        open_catalog(location)
    done = restore.restore(location, saved)
    assert (ratings(location), done.salvaged) == (BEFORE, 0)


@pytest.mark.parametrize("end", [{}, {"-wal": b"a log"}], ids=["alone", "a file named as a log beside it"])
@pytest.mark.parametrize("content", [b"\xff\xd8\xff\xe0" + bytes(9000), b"GIF", b"SQLite format 2\0" + bytes(5000)])
def test_a_file_that_never_was_a_catalogue_is_not_damaged_and_nothing_replaces_it(
    saved: Path, tmp_path: Path, content: bytes, end: dict[str, bytes]
) -> None:
    photo = tmp_path / "photos" / "photo.jpg"
    photo.parent.mkdir()
    there = {"photo.jpg": content, **{photo.name + name: log for name, log in end.items()}}
    for name, data in there.items():
        (photo.parent / name).write_bytes(data)
    for act in (open_catalog, restore.start_anew, lambda place: restore.restore(place, saved)):
        with pytest.raises(CatalogError, match=r"not a catalogue\. Choose another file") as caught:
            act(photo)
        assert not isinstance(caught.value, CatalogDamagedError)
        assert {path.name: path.read_bytes() for path in photo.parent.iterdir()} == there


def test_at_its_usual_place_a_catalogue_of_which_nothing_is_left_can_be_begun_anew(home: Path) -> None:
    usual = folders().catalog
    usual.parent.mkdir(parents=True, exist_ok=True)
    usual.write_bytes(b"nonsense" * 1000)
    with pytest.raises(CatalogDamagedError):
        open_catalog(usual)
    aside = restore.start_anew(usual)
    assert aside is not None
    assert aside.read_bytes() == b"nonsense" * 1000
    assert ratings(usual) == {}


def test_nothing_is_salvaged_from_another_past(location: Path, saved: Path, tmp_path: Path) -> None:
    other = tmp_path / "other" / "catalog.sqlite"
    other.parent.mkdir()
    with open_catalog(other) as catalog:
        ids = filled(catalog)
        for stars in (5, 4, 3):
            rate(catalog, ids[2], stars)
    spoil_table(other, "judgements", "attention", "explanations")
    assert restore.restore(other, saved).salvaged == 0
    assert ratings(other) == BEFORE


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


@pytest.mark.skipif("os.name == 'nt'", reason="links need a right there")
def test_a_link_to_the_catalogue_is_the_catalogue_and_stays_a_link(location: Path, saved: Path, tmp_path: Path) -> None:
    link = tmp_path / "elsewhere" / "link.sqlite"
    link.parent.mkdir()
    link.symlink_to(location)
    for opened, replaced in ((link, location), (location, link)):
        with open_catalog(opened), pytest.raises(CatalogBusyError, match="open"):
            restore.restore(replaced, saved)
        with open_catalog(opened), pytest.raises(CatalogBusyError, match="open"):
            restore.start_anew(replaced)
    assert ratings(link) == NOW
    done = restore.restore(link, saved)
    assert done.aside is not None
    assert done.aside.parent == kept.folder_of(location)
    assert link.is_symlink()
    assert ratings(location) == BEFORE
    shutil.copyfile(saved, kept.new_name(location, kept.AUTOMATIC, datetime(2026, 11, 23, 14, 2).astimezone()))
    spoil_head(location)
    with pytest.raises(CatalogDamagedError, match="Put back the backup"):
        open_catalog(link)
    assert soundness.newest_sound(link) is not None
    restore.start_anew(link)
    assert (link.is_symlink(), location.exists()) == (True, False)
    assert [path.name for path in link.parent.iterdir()] == ["link.sqlite"]


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
