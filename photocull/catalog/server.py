"""PostgreSQL as the catalogue's home: connections that notice a dead server, one writer at a time on all machines."""

import logging
from functools import partial
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, func, select

from photocull.catalog.header import APPLICATION_ID
from photocull.core.errors import CatalogError

WRITES: Final = "photocull_writes"
DURABLE: Final = "photocull_durable"
"""Options of a connection: what begins on it writes, and its commit waits for the disk."""
WRITER: Final = "READ COMMITTED"
"""Isolation of write transactions: each statement sees what was committed before the lock was got. Readers, by default,
see one moment."""
_SECRETS: Final = ("password", "sslpassword")
_LIBPQ: Final[dict[str, Any]] = {
    "application_name": "photocull",
    "client_encoding": "utf8",
    "connect_timeout": 10,  # seconds, as all of these but the last
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,  # milliseconds
}
"""What a URL does not say itself: a server that went silent is noticed within a minute or so."""
_SESSION: Final = """
    SET idle_in_transaction_session_timeout = '5min';
    SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; SET tcp_keepalives_count = 3
"""
"""The same from the other side: a machine that went away in the middle of writing holds up the others no longer."""


def is_server(url: URL) -> bool:
    """Whether a URL names a PostgreSQL server, by either of its usual names."""
    return url.get_backend_name() in ("postgresql", "postgres")


def with_driver(url: URL) -> URL:
    """The URL with the driver that Photocull brings along; who writes a URL need not know of drivers."""
    return url.set(drivername="postgresql+psycopg")


def shown(url: URL) -> str:
    """A URL for people and logs: without password and driver."""
    plain = url.set(drivername="postgresql") if is_server(url) else url
    return plain.difference_update_query(_SECRETS).render_as_string(hide_password=True)


def connect_server(url: URL, busy_seconds: float) -> Engine:
    """An engine whose readers see one moment, whose writers wait for each other, and which outlives a restart."""
    logging.getLogger("psycopg").setLevel(logging.ERROR)  # it warns of what follows from an error that is told anyway
    options = {name: value for name, value in _LIBPQ.items() if name not in url.query}
    engine = create_engine(
        url, connect_args=options, isolation_level="REPEATABLE READ", pool_pre_ping=True, max_overflow=-1
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", partial(_begin, max(1, round(busy_seconds * 1000))))
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.autocommit = True  # or what is set would go with a transaction that is rolled back
    connection.execute(_SESSION)
    connection.autocommit = False


def _begin(busy_milliseconds: int, connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(WRITES):
        connection.exec_driver_sql(
            f"SET LOCAL lock_timeout = {busy_milliseconds}; {_commits(durable=options[DURABLE])};"
            f" SELECT pg_advisory_xact_lock({APPLICATION_ID})"  # locks of this kind belong to one database
        )


def _commits(*, durable: bool) -> str:
    """Scores can be made again; a decision is told when the disk has it, or what else the server's keeper waits for."""
    if not durable:
        return "SET LOCAL synchronous_commit = off"
    return "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') = 'off'"


def refuse_unfit(connection: Connection, location: str) -> None:
    """Raise where a database cannot hold every name that a file may have.

    Raises:
        CatalogError: its encoding is not UTF-8.
    """
    encoding = connection.scalar(select(func.current_setting("server_encoding")))
    if encoding != "UTF8":
        remedy = "Let one be made with ENCODING 'UTF8' TEMPLATE template0."
        raise CatalogError(f"This database keeps text as {encoding}, not as UTF-8.", path=location, remedy=remedy)


def size_of(connection: Connection) -> int | None:
    """Bytes that the database takes up on the server; None where it is no PostgreSQL."""
    if connection.dialect.name != "postgresql":
        return None
    return connection.scalar(select(func.pg_database_size(func.current_database())))
