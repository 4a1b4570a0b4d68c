"""Brings a catalogue to today's tables: builds a new one, migrates an older one after a backup, refuses a newer one."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, inspect, text

from photocull.catalog.backup import backup_before
from photocull.catalog.engine import file_of, writing
from photocull.catalog.header import APPLICATION_ID
from photocull.catalog.schema import REVISION
from photocull.catalog.server import refuse_unfit
from photocull.core.errors import CatalogError

if TYPE_CHECKING:
    from alembic.config import Config

COMMENT: Final = "Photocull catalogue"
"""For PostgreSQL what `APPLICATION_ID` is for a file; kept with the table of the revision, also through a dump."""


def bring_up_to_date(engine: Engine, location: str, *, keep_copy: bool, create: bool = True) -> None:
    """Build or migrate the tables, all in one transaction.

    Raises:
        CatalogError: another program's database, a catalogue of a newer Photocull, or none and none is to be made.
        OutputError: the backup before a migration cannot be written.
    """
    with engine.connect() as connection:
        revision = _revision(connection, location)
    if revision == REVISION:
        return
    if revision is None and not create:
        raise CatalogError("There is no catalogue here.", path=location, remedy="Check the name after --catalog.")
    if revision is not None:
        refuse_newer(revision, location)
        file = file_of(engine.url)
        if keep_copy and file is not None:
            backup_before(file, revision)
    migrate(engine)


def migrate(engine: Engine, target: str = "head") -> None:
    """Run the missing steps; a process that comes second finds nothing left to do."""
    from alembic import command

    with writing(engine, durable=True) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, target)
        _mark_as_ours(connection)


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _revision(connection: Connection, location: str) -> str | None:
    """The catalogue's revision, None for an empty database."""
    if connection.dialect.name == "postgresql":
        refuse_unfit(connection, location)
    tables = inspect(connection).get_table_names()
    if not tables:
        return None
    if "alembic_version" not in tables or not _ours(connection):
        remedy = "Choose another file or database with --catalog."
        raise CatalogError("This database belongs to another program.", path=location, remedy=remedy)
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def _mark_as_ours(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    elif connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"COMMENT ON TABLE alembic_version IS '{COMMENT}'")


def _ours(connection: Connection) -> bool:
    if connection.dialect.name == "sqlite":
        return connection.exec_driver_sql("PRAGMA application_id").scalar() == APPLICATION_ID
    if connection.dialect.name == "postgresql":
        return inspect(connection).get_table_comment("alembic_version")["text"] == COMMENT
    return True


def refuse_newer(revision: str | None, location: str) -> None:
    """Return if this program knows the revision.

    Raises:
        CatalogError: it is of a newer Photocull.
    """
    if revision == REVISION:
        return
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision not in known:
        remedy = "Update Photocull, or choose another catalogue with --catalog."
        raise CatalogError("This catalogue was made by a newer version of Photocull.", path=location, remedy=remedy)
