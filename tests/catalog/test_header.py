"""A catalogue's file is looked at before SQLite touches it: what is another's is refused, byte for byte as it was."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogError
from tests.catalog.building import filled
from tests.picks.shoot import content


@pytest.fixture
def made(file: Path) -> bytes:
    """A catalogue with three photos; its file's bytes."""
    with open_catalog(file) as catalog:
        filled(catalog, 3)
    return file.read_bytes()


def log_of(file: Path, changes: str) -> bytes:
    """What a process that was killed leaves in the log after these changes."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.executescript(changes)
        return file.with_name(f"{file.name}-wal").read_bytes()


def beside(file: Path) -> Path:
    return file.with_name(f"{file.name}-wal")


def refused(file: Path) -> str:
    before = content(file.parent)
    with pytest.raises(CatalogError) as told:
        open_catalog(file)
    assert content(file.parent) == before
    return str(told.value)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_another_programs_database_is_refused_and_stays_as_it_was(file: Path, mode: str) -> None:
    with closing(sqlite3.connect(file)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE moz_places (id)")
    assert "belongs to another program" in refused(file)


def test_a_log_of_another_programs_database_destroys_nothing(file: Path, made: bytes) -> None:
    changes = "CREATE TABLE x (a); INSERT INTO x VALUES (zeroblob(20000));"
    log = log_of(file.parent / "other.sqlite", changes)
    beside(file).write_bytes(log)
    assert "belongs to another file" in refused(file)
    beside(file).unlink()
    with open_catalog(file) as catalog:
        assert catalog.info().photos == 3


def test_a_backup_put_in_the_place_of_a_catalogue_is_not_spoilt_by_its_log(file: Path, made: bytes) -> None:
    with open_catalog(file) as catalog:
        catalog.backup(file.parent / "copy.sqlite")
    log = log_of(file, "UPDATE photos SET rating = 5;")
    copy = (file.parent / "copy.sqlite").read_bytes()
    file.write_bytes(copy)
    beside(file).write_bytes(log)
    assert f"Move {beside(file).name} to another folder" in refused(file)


def test_an_emptied_catalogue_does_not_lose_its_log_as_well(file: Path, made: bytes) -> None:
    log = log_of(file, "UPDATE photos SET rating = 5;")
    file.write_bytes(b"")
    beside(file).write_bytes(log)
    assert "belongs to another file" in refused(file)


def test_the_log_that_a_killed_program_left_is_taken_in(file: Path, made: bytes) -> None:
    log = log_of(file, "UPDATE photos SET rating = 5, rating_by = 'photographer';")
    file.write_bytes(made)
    beside(file).write_bytes(log)
    with open_catalog(file) as catalog, catalog.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM photos WHERE rating = 5").scalar() == 3


def test_a_catalogue_whose_first_commit_lies_in_the_log_alone_is_ours(tmp_path: Path) -> None:
    source = tmp_path / "source.sqlite"
    with open_catalog(source) as catalog:
        filled(catalog, 2)
        young = tmp_path / "young.sqlite"  # as a kill leaves it: nothing was written back yet
        young.write_bytes(source.read_bytes())
        beside(young).write_bytes(beside(source).read_bytes())
    assert young.stat().st_size == 4096
    with open_catalog(young) as catalog:
        assert catalog.info().photos == 2


@pytest.mark.parametrize("junk", [b"", b"x", random.Random(0).randbytes(5000), b"\x37\x7f\x06\x82" + bytes(60)])
def test_what_is_no_log_is_in_nobodys_way(file: Path, made: bytes, junk: bytes) -> None:
    beside(file).write_bytes(junk)
    with open_catalog(file) as catalog:
        assert catalog.info().photos == 3
        assert catalog.check() == ()
