"""A catalogue's file is looked at before SQLite touches it: what is another's is refused, byte for byte as it was."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.errors import CatalogError
from tests.catalog.building import filled
from tests.picks.shoot import content


@pytest.fixture
def made(location: Path) -> bytes:
    """A catalogue with three photos; its file's bytes."""
    with open_catalog(location) as catalog:
        filled(catalog, 3)
    return location.read_bytes()


def log_of(file: Path, changes: str) -> bytes:
    """What a process that was killed leaves in the log after these changes."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA wal_autocheckpoint=0")
        connection.executescript(changes)
        return file.with_name(f"{file.name}-wal").read_bytes()


def beside(location: Path) -> Path:
    return location.with_name(f"{location.name}-wal")


def refused(location: Path) -> str:
    before = content(location.parent)
    with pytest.raises(CatalogError) as told:
        open_catalog(location)
    assert content(location.parent) == before
    return str(told.value)


@pytest.mark.parametrize("mode", ["DELETE", "WAL"])
def test_another_programs_database_is_refused_and_stays_as_it_was(location: Path, mode: str) -> None:
    with closing(sqlite3.connect(location)) as connection:
        connection.execute(f"PRAGMA journal_mode={mode}")
        connection.execute("CREATE TABLE moz_places (id)")
    assert "belongs to another program" in refused(location)


def test_a_log_of_another_programs_database_destroys_nothing(location: Path, made: bytes) -> None:
    changes = "CREATE TABLE x (a); INSERT INTO x VALUES (zeroblob(20000));"
    log = log_of(location.parent / "other.sqlite", changes)
    beside(location).write_bytes(log)
    assert "belongs to another file" in refused(location)
    beside(location).unlink()
    with open_catalog(location) as catalog:
        assert catalog.info().photos == 3


def test_a_backup_put_in_the_place_of_a_catalogue_is_not_spoilt_by_its_log(location: Path, made: bytes) -> None:
    with open_catalog(location) as catalog:
        catalog.backup(location.parent / "copy.sqlite")
    log = log_of(location, "UPDATE photos SET rating = 5;")
    copy = (location.parent / "copy.sqlite").read_bytes()
    location.write_bytes(copy)
    beside(location).write_bytes(log)
    assert f"Move {beside(location).name} to another folder" in refused(location)


def test_an_emptied_catalogue_does_not_lose_its_log_as_well(location: Path, made: bytes) -> None:
    log = log_of(location, "UPDATE photos SET rating = 5;")
    location.write_bytes(b"")
    beside(location).write_bytes(log)
    assert "belongs to another file" in refused(location)


def test_the_log_that_a_killed_program_left_is_taken_in(location: Path, made: bytes) -> None:
    log = log_of(location, "UPDATE photos SET rating = 5, rating_by = 'photographer';")
    location.write_bytes(made)
    beside(location).write_bytes(log)
    with open_catalog(location) as catalog, catalog.reading() as connection:
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


@pytest.mark.parametrize("junk", [b"", b"x", os.urandom(5000), b"\x37\x7f\x06\x82" + bytes(60)])
def test_what_is_no_log_is_in_nobodys_way(location: Path, made: bytes, junk: bytes) -> None:
    beside(location).write_bytes(junk)
    with open_catalog(location) as catalog:
        assert catalog.info().photos == 3
        assert catalog.check() == ()
