"""Migrations: empty to today's tables and back, older with a backup first, newer refused."""

import re
import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect, text
from sqlalchemy.exc import DBAPIError

from photocull.catalog import changes, schema, upgrade
from photocull.catalog.database import open_catalog
from photocull.catalog.engine import connect_engine, url_of, writing
from photocull.catalog.kept import backups
from photocull.catalog.query import journal, photo_details, photo_rows
from photocull.catalog.soundness import proved
from photocull.core.errors import CatalogError
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled


@pytest.fixture
def script() -> ScriptDirectory:
    return ScriptDirectory.from_config(upgrade._config())


def test_the_tables_known_to_the_code_are_those_of_the_last_step(script: ScriptDirectory) -> None:
    assert script.get_current_head() == schema.REVISION
    assert len(script.get_heads()) == 1


def test_migrating_from_empty_gives_the_tables_of_the_code(new_location: Path | str) -> None:
    with open_catalog(new_location) as catalog, catalog.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def test_migrating_gives_the_very_statements_of_the_code(file: Path, tmp_path: Path) -> None:
    with open_catalog(file):
        pass
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.sqlite'}")
    schema.metadata.create_all(direct)
    direct.dispose()

    def made(database: Path) -> dict[str, Counter[str]]:
        """The words of each statement; their order differs with who put the constraints where."""
        with closing(sqlite3.connect(database)) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        return {name: Counter(re.findall(r"\w+", sql)) for name, sql in rows if not name.startswith("alembic")}

    assert made(file) == made(tmp_path / "direct.sqlite")


def test_each_step_can_be_taken_back(new_location: Path | str) -> None:
    engine: Engine = connect_engine(url_of(new_location), 5)
    upgrade.migrate(engine)
    with writing(engine) as connection:
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade.migrate(engine)
    engine.dispose()
    with open_catalog(new_location) as catalog:
        assert catalog.check() == ()


def changed(location: Path | str, statement: str, **values: object) -> None:
    """Change a catalogue past the program."""
    engine = connect_engine(url_of(location), 5)
    with writing(engine) as connection:
        connection.execute(text(statement), values)
    engine.dispose()


def test_a_newer_catalogue_is_refused_with_a_remedy_and_left_alone(new_location: Path | str, tmp_path: Path) -> None:
    with open_catalog(new_location) as catalog:
        filled(catalog)
    changed(new_location, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(CatalogError, match="newer version") as caught:
        open_catalog(new_location)
    assert caught.value.remedy is not None
    assert "Update Photocull" in caught.value.remedy
    assert not (tmp_path / "backups").exists()


def take_back(location: Path | str, revision: str) -> None:
    """Make a catalogue what an older program left."""
    engine = connect_engine(url_of(location), 5)
    with writing(engine) as connection:
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


def test_an_older_catalogue_is_migrated_and_keeps_what_it_knew(new_location: Path | str) -> None:
    with open_catalog(new_location) as catalog:
        ids = filled(catalog)
        before = photo_details(catalog, ids, "m1")
    take_back(new_location, "0001")
    with open_catalog(new_location) as catalog:
        after = photo_details(catalog, ids, "m1")
        assert catalog.check() == ()
    assert [detail.exif for detail in after] == [detail.exif for detail in before]
    assert [detail.row for detail in after] == [detail.row for detail in before]
    assert {detail.exif.gps for detail in after} == {None}


def test_before_a_migration_a_backup_is_made(file: Path) -> None:
    with open_catalog(file) as catalog:
        filled(catalog)
    take_back(file, "0001")
    with open_catalog(file):
        pass
    (copy,) = (file.parent / "backups").iterdir()
    assert "revision-0001" in copy.name
    with open_catalog(copy) as kept:
        assert kept.info().photos == 3
        assert kept.check() == ()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0007", "0008"])
def test_marks_journal_and_undo_come_along_from_every_older_revision(file: Path, revision: str) -> None:
    with open_catalog(file) as catalog:
        ids = filled(catalog)
        for photo, stars in zip(ids, (1, 3, 5), strict=True):
            catalog.writer.decide([Decision(photo, "rating", stars)], initiator="test").result(10)
        catalog.writer.undo("test").result(10)
        told = journal(catalog)
    take_back(file, revision)
    with open_catalog(file) as catalog:
        assert catalog.info().revision == schema.REVISION
        assert [detail.row.rating for detail in photo_details(catalog, ids, MODEL)] == [1, 3, None]
        assert [detail.row.overall for detail in photo_details(catalog, ids, MODEL)] == [0.0, 1.0, 2.0]
        assert journal(catalog) == told
        assert catalog.writer.redo("test").result(10) is not None
        assert [detail.row.rating for detail in photo_details(catalog, ids, MODEL)] == [1, 3, 5]
        assert catalog.check() == ()
    (copy,) = backups(file)
    assert f"revision-{revision}" in copy.file.name
    assert str(proved(copy.file)) == "3 photos, 4 decisions"


def test_copies_that_were_migrated_apart_do_not_look_alike(file: Path, tmp_path: Path) -> None:
    with open_catalog(file) as catalog:
        ids = filled(catalog)
    take_back(file, "0003")
    copy = Path(shutil.copy(file, tmp_path / "copy.sqlite"))
    moments = []
    for one in (file, copy):
        with open_catalog(one) as catalog, catalog.reading() as connection:
            assert [row.overall for row in photo_rows(catalog, ids, MODEL)] == [0.0, 1.0, 2.0]
            moments.append(changes.now(connection))
            assert changes.since(connection, moments[0]) == (set() if one == file else None)
    assert moments[0].change == moments[1].change
    assert moments[0].stamp != moments[1].stamp


def test_photos_that_the_version_before_could_not_read_are_tried_again(new_location: Path | str) -> None:
    with open_catalog(new_location) as catalog:
        ids = filled(catalog)
    take_back(new_location, "0001")
    reasons = ("JPEG XL pictures cannot be read by this version.", "The file is empty (0 bytes).")
    for content, reason in zip((1, 2), reasons, strict=True):
        statement = "UPDATE contents SET status = 'unreadable', error = :reason WHERE id = :content"
        changed(new_location, statement, reason=reason, content=content)
    with open_catalog(new_location) as catalog:
        rows = [detail.row for detail in photo_details(catalog, ids, "m1")]
    assert [(row.status, row.error) for row in rows] == [("new", None), ("unreadable", reasons[1]), ("ok", None)]


def test_no_backup_is_made_where_none_is_wanted(file: Path) -> None:
    with open_catalog(file):
        pass
    take_back(file, "0001")
    with open_catalog(file, backup=False) as catalog:
        assert catalog.info().revision == schema.REVISION
    assert not (file.parent / "backups").exists()


def test_a_migration_that_fails_leaves_the_catalogue_as_it_was(
    new_location: Path | str, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = connect_engine(url_of(new_location), 5)
    with monkeypatch.context() as broken:
        broken.setattr(upgrade, "APPLICATION_ID", "no number")
        broken.setattr(upgrade, "COMMENT", "no 'text")
        with pytest.raises(DBAPIError, match="syntax error"):
            upgrade.migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
