"""Migrations: empty to today's tables and back, older with a backup first, newer refused."""

import re
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, create_engine, inspect
from sqlalchemy.exc import OperationalError

from photocull.catalog import schema, upgrade
from photocull.catalog.database import open_catalog
from photocull.catalog.engine import connect_engine, url_of, writing
from photocull.catalog.kept import backups
from photocull.catalog.query import journal, photo_details
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


def test_migrating_from_empty_gives_the_tables_of_the_code(location: Path) -> None:
    with open_catalog(location) as catalog, catalog.engine.connect() as connection:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, schema.metadata) == []


def test_migrating_gives_the_very_statements_of_the_code(location: Path, tmp_path: Path) -> None:
    with open_catalog(location):
        pass
    direct = create_engine(f"sqlite:///{tmp_path / 'direct.sqlite'}")
    schema.metadata.create_all(direct)
    direct.dispose()

    def made(file: Path) -> dict[str, Counter[str]]:
        """The words of each statement; their order differs with who put the constraints where."""
        with closing(sqlite3.connect(file)) as connection:
            rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        return {name: Counter(re.findall(r"\w+", sql)) for name, sql in rows if not name.startswith("alembic")}

    assert made(location) == made(tmp_path / "direct.sqlite")


def test_each_step_can_be_taken_back(location: Path) -> None:
    engine: Engine = connect_engine(url_of(location), 5)
    upgrade.migrate(engine)
    with writing(engine) as connection:
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["alembic_version"]
    upgrade.migrate(engine)
    engine.dispose()
    with open_catalog(location) as catalog:
        assert catalog.check() == ()


def set_revision(location: Path, revision: str) -> None:
    with closing(sqlite3.connect(location)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


def test_a_newer_catalogue_is_refused_with_a_remedy_and_left_alone(location: Path) -> None:
    with open_catalog(location) as catalog:
        filled(catalog)
    set_revision(location, "9999")
    with pytest.raises(CatalogError, match="newer version") as caught:
        open_catalog(location)
    assert caught.value.remedy is not None
    assert "Update Photocull" in caught.value.remedy
    assert not (location.parent / "backups").exists()


def take_back(location: Path, revision: str) -> None:
    """Make a catalogue what an older program left."""
    engine = connect_engine(url_of(location), 5)
    with writing(engine) as connection:
        config = upgrade._config()
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
    engine.dispose()


def test_an_older_catalogue_is_migrated_after_a_backup_and_keeps_what_it_knew(location: Path) -> None:
    with open_catalog(location) as catalog:
        ids = filled(catalog)
        before = photo_details(catalog, ids, "m1")
    take_back(location, "0001")
    with open_catalog(location) as catalog:
        after = photo_details(catalog, ids, "m1")
        assert catalog.check() == ()
    assert [detail.exif for detail in after] == [detail.exif for detail in before]
    assert [detail.row for detail in after] == [detail.row for detail in before]
    assert {detail.exif.gps for detail in after} == {None}
    (copy,) = (location.parent / "backups").iterdir()
    assert "revision-0001" in copy.name
    with open_catalog(copy) as kept:
        assert kept.info().photos == 3
        assert kept.check() == ()


@pytest.mark.parametrize("revision", ["0001", "0002", "0003"])
def test_marks_journal_and_undo_come_along_from_every_older_revision(location: Path, revision: str) -> None:
    with open_catalog(location) as catalog:
        ids = filled(catalog)
        for photo, stars in zip(ids, (1, 3, 5), strict=True):
            catalog.writer.decide([Decision(photo, "rating", stars)], initiator="test").result(10)
        catalog.writer.undo("test").result(10)
        told = journal(catalog)
    take_back(location, revision)
    with open_catalog(location) as catalog:
        assert catalog.info().revision == schema.REVISION
        assert [detail.row.rating for detail in photo_details(catalog, ids, MODEL)] == [1, 3, None]
        assert [detail.row.overall for detail in photo_details(catalog, ids, MODEL)] == [0.0, 1.0, 2.0]
        assert journal(catalog) == told
        assert catalog.writer.redo("test").result(10) is not None
        assert [detail.row.rating for detail in photo_details(catalog, ids, MODEL)] == [1, 3, 5]
        assert catalog.check() == ()
    (copy,) = backups(location)
    assert f"revision-{revision}" in copy.file.name
    assert str(proved(copy.file)) == "3 photos, 4 decisions"


def test_photos_that_the_version_before_could_not_read_are_tried_again(location: Path) -> None:
    with open_catalog(location) as catalog:
        ids = filled(catalog)
    take_back(location, "0001")
    reasons = ("JPEG XL pictures cannot be read by this version.", "The file is empty (0 bytes).")
    with closing(sqlite3.connect(location)) as connection:
        for content, reason in zip((1, 2), reasons, strict=True):
            connection.execute("UPDATE contents SET status = 'unreadable', error = ? WHERE id = ?", (reason, content))
        connection.commit()
    with open_catalog(location) as catalog:
        rows = [detail.row for detail in photo_details(catalog, ids, "m1")]
    assert [(row.status, row.error) for row in rows] == [("new", None), ("unreadable", reasons[1]), ("ok", None)]


def test_no_backup_is_made_where_none_is_wanted(location: Path) -> None:
    with open_catalog(location):
        pass
    take_back(location, "0001")
    with open_catalog(location, backup=False) as catalog:
        assert catalog.info().revision == schema.REVISION
    assert not (location.parent / "backups").exists()


def test_a_migration_that_fails_leaves_the_catalogue_as_it_was(location: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = connect_engine(url_of(location), 5)
    with monkeypatch.context() as broken:
        broken.setattr(upgrade, "APPLICATION_ID", "no number")
        with pytest.raises(OperationalError, match="syntax error"):
            upgrade.migrate(engine)
    with engine.connect() as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()
