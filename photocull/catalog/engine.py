"""Connections to the catalogue: SQLite's pragmas, explicit transactions, and full sync where a decision is at stake."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url

from photocull.catalog import server
from photocull.catalog.location import resolved


def url_of(location: str | Path) -> URL:
    """The SQLAlchemy URL of a catalogue file or URL; links are followed, so that a file has one name.

    Raises:
        sqlalchemy.exc.ArgumentError, ValueError: the text looks like a URL and is none.
    """
    if isinstance(location, str) and "://" in location:
        url = make_url(location)
        if server.is_server(url):
            return server.with_driver(url)
        file = file_of(url)
        return url if file is None else url.set(database=str(resolved(file)))
    return URL.create("sqlite", database=str(resolved(location)))


def file_of(url: URL) -> Path | None:
    """The catalogue's file where it is one."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    return Path(url.database)


def connect_engine(url: URL, busy_seconds: float) -> Engine:
    """An engine whose SQLite connections are in WAL mode, check foreign keys and wait for other writers.

    That of a PostgreSQL server comes from `catalog.server`.
    """
    if server.is_server(url):
        return server.connect_server(url, busy_seconds)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    engine = create_engine(url, connect_args={"timeout": busy_seconds}, max_overflow=-1)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's driver would open transactions by itself, late and never around reads; _begin does it instead.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys=ON",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "fullfsync=ON",  # macOS: a sync that reaches the platter; no effect elsewhere
        "journal_size_limit=67108864",
        "cache_size=-32000",
        "temp_store=MEMORY",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get(server.WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def writing(engine: Engine, *, durable: bool = False) -> Iterator[Connection]:
    """One write transaction, committed at the end of the block, rolled back if the block fails.

    Args:
        engine: from `connect_engine`.
        durable: the commit returns only when the disk has it (SQLite's WAL is synced at this commit).
    """
    options: dict[str, Any] = {server.WRITES: True, server.DURABLE: durable}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = server.WRITER
    with engine.connect().execution_options(**options) as connection:
        full = durable and engine.dialect.name == "sqlite"
        if full:
            _synchronous(connection, "FULL")
        try:
            with connection.begin():
                yield connection
        finally:
            if full:
                _synchronous(connection, "NORMAL")


def _synchronous(connection: Connection, level: str) -> None:
    # Through the driver: SQLAlchemy would begin a transaction, inside of which SQLite ignores this pragma.
    driver = connection.connection.driver_connection
    if isinstance(driver, sqlite3.Connection):
        driver.execute(f"PRAGMA synchronous={level}").close()
