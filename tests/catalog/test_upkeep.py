"""The weekly backup: when it is due, that only a sound catalogue is kept, and that ten stay."""

import sqlite3
import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from photocull.catalog import backup as copying
from photocull.catalog import kept, upkeep
from photocull.catalog.claims import claim_folder
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.upkeep import WEEK, keep_safe, kept_safe
from photocull.core.errors import CancelledError, CatalogDamagedError, OutputError, PhotocullError
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from tests.catalog.building import filled, found, register
from tests.catalog.spoiling import spoil_table

MONDAY = datetime(2026, 11, 23, 14, 2, tzinfo=UTC)


@pytest.fixture
def location(file: Path) -> Path:
    """Backups are of files: a server has its own."""
    return file


def names(location: Path) -> list[str]:
    folder = kept.folder_of(location)
    return sorted(path.name for path in folder.iterdir() if not path.name.startswith(".")) if folder.exists() else []


def test_the_first_backup_is_made_at_once_and_the_next_after_a_week(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    made = keep_safe(catalog, MONDAY)
    assert made is not None
    assert made.parent == location.parent / "backups"
    for later in (timedelta(0), timedelta(days=1), WEEK - timedelta(seconds=1)):
        assert keep_safe(catalog, MONDAY + later) is None
    assert keep_safe(catalog, MONDAY + WEEK) is not None
    assert len(names(location)) == 2


def test_a_backup_holds_everything_that_was_committed(catalog: Catalog) -> None:
    ids = filled(catalog)
    catalog.writer.decide([Decision(ids[0], "rating", 4)], initiator="test").result(10)
    made = keep_safe(catalog, MONDAY)
    assert made is not None
    with open_catalog(made) as copy:
        info = copy.info()
        assert (info.photos, info.decisions, copy.check()) == (3, 1, ())


def test_a_catalogue_without_photos_is_not_worth_a_backup(catalog: Catalog, location: Path) -> None:
    assert keep_safe(catalog, MONDAY) is None
    assert names(location) == []


def test_ten_automatic_backups_stay_and_the_oldest_go(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    made = [keep_safe(catalog, MONDAY + n * WEEK) for n in range(12)]
    assert [kept.file for kept in kept.backups(location)] == made[:1:-1]


def test_other_kinds_of_backups_are_counted_by_themselves(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    others = [catalog.backup(kept.new_name(location, "revision-0001", MONDAY + n * WEEK)) for n in range(7)]
    for n in range(11):
        keep_safe(catalog, MONDAY + n * WEEK)
    kinds = [one.kind for one in kept.backups(location)]
    assert (kinds.count("automatic"), kinds.count("revision")) == (10, 5)
    assert not others[0].exists()
    assert others[-1].exists()


def test_files_of_other_names_are_never_touched(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    folder = kept.folder_of(location)
    folder.mkdir()
    mine = [folder / "catalog-mine.sqlite", folder / "other-2020-01-01T000000-automatic.sqlite", folder / "notes.txt"]
    for path in mine:
        path.write_text("mine")
    for n in range(12):
        keep_safe(catalog, MONDAY + n * WEEK)
    assert all(path.read_text() == "mine" for path in mine)


def test_a_backup_from_a_clock_that_was_ahead_does_not_stand_for_this_week(catalog: Catalog) -> None:
    filled(catalog)
    assert keep_safe(catalog, MONDAY + timedelta(days=4000)) is not None
    assert keep_safe(catalog, MONDAY) is not None
    assert keep_safe(catalog, MONDAY + timedelta(days=1)) is None


def test_a_damaged_catalogue_is_never_kept_over_good_backups(location: Path) -> None:
    with open_catalog(location) as catalog:
        filled(catalog, 200)
        for n in range(10):
            keep_safe(catalog, MONDAY + n * WEEK)
    before = names(location)
    spoil_table(location, "judgements", "attention")
    with open_catalog(location) as catalog, pytest.raises(CatalogDamagedError) as caught:
        keep_safe(catalog, MONDAY + 20 * WEEK)
    assert names(location) == before
    assert caught.value.remedy is not None
    assert kept.moment(kept.backups(location)[0].at) in caught.value.remedy
    assert f"photocull catalog restore {kept.backups(location)[0].file}" in caught.value.remedy
    assert "200 photos, 0 decisions" in caught.value.remedy


def test_the_search_for_a_sound_backup_of_a_damaged_catalogue_can_be_stopped(
    location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = CancelToken()

    def damaged(*_given: object) -> None:
        token.cancel()
        raise CatalogDamagedError("The catalogue is damaged.")

    with open_catalog(location) as catalog:
        filled(catalog)
        keep_safe(catalog, MONDAY)
        monkeypatch.setattr(upkeep, "backup", damaged)
        with pytest.raises(CancelledError):
            keep_safe(catalog, MONDAY + WEEK, token)


def test_a_backup_goes_on_while_the_catalogue_is_written(catalog: Catalog) -> None:
    filled(catalog, 300)
    ended = threading.Event()

    def write() -> None:
        number = 0
        while not ended.is_set():
            register(catalog, found(f"/more/{number}.jpg", f"more {number}"))
            number += 1

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = keep_safe(catalog, MONDAY)
    finally:
        ended.set()
        writer.join()
    assert made is not None
    with open_catalog(made) as copy:
        assert copy.check() == ()
        assert copy.info().photos >= 300


def test_a_backup_that_is_stopped_leaves_nothing(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        keep_safe(catalog, MONDAY, token)
    assert names(location) == []


def test_what_a_killed_process_left_is_swept_away_after_a_day(
    catalog: Catalog, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(catalog)
    folder = kept.folder_of(location)
    folder.mkdir()
    left = folder / ".catalog-2026-11-01T000000-automatic.sqlite.partial"
    left.write_bytes(b"half")
    keep_safe(catalog, MONDAY)
    assert left.exists()
    monkeypatch.setattr(upkeep, "_STALE_SECONDS", -1.0)
    keep_safe(catalog, MONDAY + WEEK)
    assert not left.exists()


def test_two_processes_make_one_backup_between_them(catalog: Catalog, location: Path) -> None:
    filled(catalog)
    folder = kept.folder_of(location)
    folder.mkdir()
    other = claim_folder(folder)
    assert other is not None
    assert keep_safe(catalog, MONDAY) is None
    other.release()
    assert keep_safe(catalog, MONDAY) is not None


def test_a_full_disk_is_told_and_costs_no_backup(
    catalog: Catalog, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(catalog)
    made = keep_safe(catalog, MONDAY)

    def full(*_given: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(copying, "_copy", full)
    with pytest.raises(OutputError, match="No space left"):
        keep_safe(catalog, MONDAY + WEEK)
    assert made is not None
    assert names(location) == [made.name]


def test_a_start_looks_for_damage_though_no_backup_is_due(catalog: Catalog, location: Path) -> None:
    filled(catalog, 200)
    keep_safe(catalog, MONDAY)
    later = MONDAY + timedelta(days=1)
    assert keep_safe(catalog, later, looks=True) is None
    catalog.close()
    spoil_table(location, "attention", "explanations")
    with open_catalog(location) as spoilt:
        assert keep_safe(spoilt, later) is None, "without a look nobody knows"
        with pytest.raises(CatalogDamagedError) as caught:
            keep_safe(spoilt, later, looks=True)
        assert "photocull catalog restore" in (caught.value.remedy or "")
        stopped = CancelToken()
        stopped.cancel()
        with pytest.raises(CancelledError):
            keep_safe(spoilt, later, stopped, looks=True)
    assert len(names(location)) == 1


def test_it_is_done_beside_other_work_and_faults_are_told_at_its_end(
    catalog: Catalog, location: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled(catalog)
    told: list[PhotocullError] = []
    with kept_safe(catalog, told.append):
        pass
    assert (len(names(location)), told) == (1, [])
    kept.folder_of(location).joinpath(names(location)[0]).unlink()
    monkeypatch.setattr(upkeep, "backup", lambda *_given: (_ for _ in ()).throw(OutputError("No room.")))
    with kept_safe(catalog, told.append):
        assert told == []
    assert [fault.sentence for fault in told] == ["No room."]


def test_a_copy_of_a_moment_is_what_other_programs_can_open(catalog: Catalog) -> None:
    """One file, without a log beside it."""
    filled(catalog)
    made = keep_safe(catalog, MONDAY)
    assert made is not None
    assert {path.name for path in made.parent.glob(f"*{made.stem}*")} == {made.name}
    with closing(sqlite3.connect(made)) as connection:
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)
