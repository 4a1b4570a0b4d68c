"""What other processes commit to the catalogue that is open here: noticed now and then, told like our own changes.

New decisions, judgements and photos have ids beyond those that we saw last. Our own lie there too; they are told apart
in a write transaction, in which nobody else commits: what is new at its beginning is theirs, what it adds is ours.
"""

import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine, func, select, union
from sqlalchemy.exc import SQLAlchemyError

from photocull.catalog.schema import batches, journal, judgements, photos
from photocull.core.errors import CatalogError

if TYPE_CHECKING:
    from photocull.catalog.writer import Writer

OUTSIDERS: Final = "another program"
"""Initiator of what others changed."""
_EVERY: Final = 1.0
"""Seconds between two looks; one takes a tenth of a millisecond where nothing changed."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The last ids of what only ever grows."""

    batch: int
    judgement: int
    photo: int


def seen(connection: Connection) -> Seen:
    """How far the catalogue has grown; 0 where there is nothing yet."""
    last = [select(func.max(table.c.id)).scalar_subquery() for table in (batches, judgements, photos)]
    row = connection.execute(select(*last)).one()
    return Seen(*(value or 0 for value in row))


def news(connection: Connection, since: Seen) -> tuple[int, ...]:
    """Photos that were decided on, judged or entered since then."""
    decided = select(journal.c.photo_id).where(journal.c.batch_id > since.batch)
    judged = (
        select(photos.c.id)
        .join(judgements, judgements.c.content_id == photos.c.content_id)
        .where(judgements.c.id > since.judgement)
    )
    entered = select(photos.c.id).where(photos.c.id > since.photo)
    return tuple(sorted(connection.scalars(union(decided, judged, entered))))


class Growth:
    """Tells what others committed from what we commit; asked by the writer at both ends of each transaction.

    All transactions go through one connection, whose count of others' commits leaves out its own.

    Attributes:
        on: whether anybody wants to know. changed: whether others committed before this transaction began.
        theirs: the photos of which that is known.
    """

    def __init__(self) -> None:
        self.on = False
        self.changed = False
        self.theirs: tuple[int, ...] = ()
        self._seen: Seen | None = None
        self._version: int | None = None

    def before(self, connection: Connection) -> None:
        """Nothing of ours is in this transaction yet: what is new is theirs."""
        self.changed, self.theirs = False, ()
        if not self.on:
            return
        version = _version(connection.connection.driver_connection)
        if self._seen is not None and (version is None or version != self._version):
            self.theirs = news(connection, self._seen)
            self.changed = version is not None or bool(self.theirs)
        self._version = version

    def after(self, connection: Connection) -> None:
        """All of ours is in this transaction, which is about to be committed."""
        if self.on:
            self._seen = seen(connection)

    def failed(self) -> None:
        """The transaction came to nothing: what was found in it is still to be told."""
        self._version = None


class Lookout:
    """Has the writer look, from a thread of its own, whenever anybody committed, until it is closed."""

    def __init__(self, engine: Engine, writer: "Writer", *, every: float = _EVERY) -> None:
        self._engine = engine
        self._writer = writer
        self._every = every
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End the thread; a second call does nothing."""
        self._closing.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._closing.is_set():
            with suppress(CatalogError, SQLAlchemyError, sqlite3.Error):  # told by whoever needs the catalogue
                self._look_on()
            self._closing.wait(self._every)

    def _look_on(self) -> None:
        """Look again and again through one connection: SQLite counts others' commits for each by itself."""
        with self._engine.connect() as connection:
            driver = connection.connection.driver_connection
            before = _version(driver)
            self._writer.look_around().result()
            while not self._closing.wait(self._every):
                now = _version(driver)
                if now is None or now != before:
                    self._writer.look_around().result()
                    before = now


def _version(driver: object) -> int | None:
    """SQLite's count of what other connections committed; None for other databases."""
    # Through the driver: SQLAlchemy would begin a transaction, in which nothing of others is seen.
    if not isinstance(driver, sqlite3.Connection):
        return None
    return int(driver.execute("PRAGMA data_version").fetchone()[0])
