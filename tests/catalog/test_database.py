"""Opening, checking and copying a catalogue: what is wrong is said in one sentence with a remedy."""

import os
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import CatalogBusyError, CatalogError, OutputError
from photocull.core.settings import folders
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, found, register


def refused(location: Path | str) -> CatalogError:
    with pytest.raises(CatalogError) as caught:
        open_catalog(location)
    assert caught.value.remedy
    assert "\n" not in str(caught.value)
    return caught.value


def test_what_was_written_is_there_after_reopening(location: Path | str) -> None:
    with open_catalog(location) as catalog:
        ids = filled(catalog)
    with open_catalog(str(location)) as catalog:
        assert [row.id for row in query.photo_rows(catalog, ids, MODEL)] == list(ids)


def test_a_url_opens_the_same_catalogue(file: Path) -> None:
    with open_catalog(file) as catalog:
        filled(catalog)
    with open_catalog(f"sqlite:///{file}") as catalog:
        assert catalog.info().photos == 3
        assert catalog.file == file


def test_the_own_catalogue_is_created_with_its_folder(home: Path) -> None:
    with open_catalog(folders().catalog) as catalog:
        assert catalog.info().photos == 0
    assert folders().catalog.is_relative_to(home)


def test_a_named_catalogue_does_not_create_folders(tmp_path: Path) -> None:
    assert "folder does not exist" in refused(tmp_path / "slip" / "catalog.sqlite").sentence
    assert not (tmp_path / "slip").exists()


def test_a_folder_is_not_a_catalogue(tmp_path: Path) -> None:
    assert "folder" in refused(tmp_path).sentence


@pytest.mark.parametrize("content", [b"not a database at all, " * 100, b"SQLite format 3\0" + bytes(4000)])
def test_another_kind_of_file_is_refused_and_untouched(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert "catalogue" in refused(file).sentence
    assert file.read_bytes() == content


def test_another_programs_database_is_refused_and_untouched(file: Path) -> None:
    with closing(sqlite3.connect(file)) as other:
        other.execute("CREATE TABLE songs (title)")
        other.commit()
    before = file.read_bytes()
    assert "another program" in refused(file).sentence
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("songs",)]
    assert len(file.read_bytes()) == len(before)


def test_an_empty_file_becomes_a_catalogue(file: Path) -> None:
    file.touch()
    with open_catalog(file) as catalog:
        assert catalog.check() == ()


@pytest.mark.parametrize("url", ["nonsense://host/x", "sqlite+nothing:///x", "://"])
def test_a_url_that_leads_nowhere_is_refused(url: str) -> None:
    refused(url)


@contextmanager
def as_an_ordinary_user() -> Iterator[Path]:
    """A folder that may be read, under a user whom permissions bind."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        rooted = hasattr(os, "geteuid") and os.geteuid() == 0
        if rooted:
            os.seteuid(65534)
        try:
            yield Path(folder)
        finally:
            if rooted:
                os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="permissions are of another kind there")
@pytest.mark.parametrize(("mode", "words"), [(0o444, "read-only"), (0o000, "cannot be read")])
def test_a_file_without_permission_is_refused(mode: int, words: str) -> None:
    with as_an_ordinary_user() as folder:
        with open_catalog(folder / "catalog.sqlite"):
            pass
        (folder / "catalog.sqlite").chmod(mode)
        assert words in refused(folder / "catalog.sqlite").sentence


@pytest.mark.skipif(os.name == "nt", reason="permissions are of another kind there")
@pytest.mark.parametrize(("mode", "words"), [(0o555, "read-only"), (0o000, "cannot be reached")])
def test_a_folder_without_permission_is_refused(mode: int, words: str) -> None:
    with as_an_ordinary_user() as folder:
        inner = folder / "inner"
        inner.mkdir()
        inner.chmod(mode)
        try:
            assert words in refused(inner / "catalog.sqlite").sentence
        finally:
            inner.chmod(0o755)


def damage(file: Path) -> None:
    """Overwrite pages in the middle of the file."""
    with file.open("r+b") as opened:
        size = file.stat().st_size
        opened.seek(size // 3)
        opened.write(os.urandom(size // 3))


def test_a_damaged_catalogue_is_told_not_thrown(file: Path) -> None:
    with open_catalog(file) as catalog:
        filled(catalog, 300)
    damage(file)
    try:
        with open_catalog(file) as catalog:
            faults = catalog.check()
    except CatalogError as error:
        faults = (error.sentence,)
    assert any("damaged" in fault for fault in faults)


def test_a_question_to_a_damaged_catalogue_is_a_sentence(file: Path) -> None:
    with open_catalog(file) as catalog:
        filled(catalog, 300)
    damage(file)
    with pytest.raises(CatalogError, match=r"damaged|not a catalogue"), open_catalog(file) as catalog:
        query.photo_details(catalog, query.photo_ids(catalog, Filter(), Sort(), MODEL), MODEL)


def test_marks_that_the_journal_does_not_tell_are_found(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    catalog.writer.decide([Decision(photo, "rating", 3)], initiator="test").result(10)
    assert catalog.check() == ()
    with writing(catalog.engine) as connection:
        connection.execute(text("UPDATE photos SET rating = 5"))
    assert catalog.check() == (f"The marks of photo {photo} are not what the journal says.",)


def test_references_that_lead_nowhere_are_found(file: Path) -> None:
    with open_catalog(file) as catalog:
        filled(catalog, 2)
        with closing(sqlite3.connect(file)) as other:
            other.execute("DELETE FROM models")
            other.commit()
        assert catalog.check() == ("A reference from judgements to models leads nowhere.",)


def test_judgements_of_no_photo_are_found(catalog: Catalog) -> None:
    filled(catalog, 2)
    with writing(catalog.engine) as connection:
        connection.execute(text("DELETE FROM photos"))
    assert catalog.check() == ("Judgements that belong to no photo: 2.",)


def test_info_counts(catalog: Catalog, location: Path | str) -> None:
    ids = filled(catalog, 3)
    register(catalog, found("/new.jpg", "new"))
    catalog.writer.decide([Decision(ids[0], "rating", 3)], initiator="test").result(10)
    info = catalog.info()
    assert (info.photos, info.judged, info.unreadable, info.decisions, info.models) == (4, 3, 0, 1, ("builtin-1",))
    assert info.location == re.sub(":[^:@]+@", ":***@", str(location))
    assert info.size_bytes is not None
    assert info.size_bytes > 0


def test_a_writer_that_must_wait_too_long_says_so_and_readers_go_on(location: Path | str) -> None:
    with open_catalog(location, busy_seconds=0.2) as catalog, open_catalog(location) as other:
        ids = filled(catalog)
        with writing(other.engine):
            futures = [catalog.writer.decide([Decision(ids[0], "rating", 3)], initiator="test")]
            futures += [catalog.writer.store([]) for _ in range(3)]
            for future in futures:
                with pytest.raises(CatalogBusyError, match="nothing was changed"):
                    future.result(10)
            assert len(query.photo_rows(catalog, ids, MODEL)) == 3
        assert catalog.writer.decide([Decision(ids[0], "rating", 3)], initiator="test").result(10).ids == (ids[0],)


def test_a_busy_catalogue_can_be_opened_and_read(location: Path | str) -> None:
    with open_catalog(location) as other:
        ids = filled(other)
        with writing(other.engine), open_catalog(location, busy_seconds=0.2) as catalog:
            assert len(query.photo_rows(catalog, ids, MODEL)) == 3


def test_a_reader_sees_one_moment(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    stars = text("SELECT rating FROM photos")
    with catalog.reading() as connection:
        assert connection.scalar(stars) is None
        catalog.writer.decide([Decision(photo, "rating", 3)], initiator="test").result(10)
        assert connection.scalar(stars) is None
    with catalog.reading() as connection:
        assert connection.scalar(stars) == 3


def test_a_backup_is_complete_while_the_catalogue_is_in_use(file: Path, tmp_path: Path) -> None:
    with open_catalog(file) as catalog:
        ids = filled(catalog)
        copy = catalog.backup(tmp_path / "copy.sqlite")
        catalog.writer.forget(Path("/photos")).result(10)
    with open_catalog(copy) as kept:
        assert len(query.photo_rows(kept, ids, MODEL)) == 3
        assert kept.check() == ()
    assert not list(tmp_path.glob(".*partial*"))


def test_a_backup_that_cannot_be_written_is_told(file: Path, tmp_path: Path) -> None:
    with open_catalog(file) as catalog, pytest.raises(OutputError):
        catalog.backup(tmp_path / "nowhere" / "copy.sqlite")
