"""What other processes commit to the catalogue that is open here: noticed now and then, told like our own changes.

The log of changes holds ours and theirs. They are told apart in a write transaction, in which nobody else commits: what
is new at its beginning is theirs, what it adds is ours.
"""

import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from photocull.catalog.changes import Moment, now, since
from photocull.core.errors import CatalogError

if TYPE_CHECKING:
    from photocull.catalog.writer import Writer

OUTSIDERS: Final = "another program"
"""Initiator of what others changed."""
_EVERY: Final = 1.0
"""Seconds between two looks; one takes a fraction of a millisecond where nothing changed."""


class Growth:
    """Tells what others committed from what we commit; asked by the writer at both ends of each transaction.

    Attributes:
        on: whether anybody wants to know. changed: whether others committed before this transaction began.
        theirs: the photos that this concerns; none where the log does not reach back so far.
    """

    def __init__(self) -> None:
        self.on = False
        self.changed = False
        self.theirs: tuple[int, ...] = ()
        self._moment: Moment | None = None
        self._next: Moment | None = None

    def before(self, connection: Connection) -> None:
        """Nothing of ours is in this transaction yet: what is new is theirs."""
        self.changed, self.theirs = False, ()
        if not self.on or self._moment is None or now(connection) == self._moment:
            return
        self.changed = True
        self.theirs = tuple(sorted(since(connection, self._moment) or ()))

    def after(self, connection: Connection) -> None:
        """All of ours is in this transaction, which is about to be committed."""
        self._next = now(connection) if self.on else None

    def committed(self) -> None:
        """The transaction came true; where it does not, what was found in it is found again by the next."""
        self._moment = self._next


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
        before: Moment | None = None
        while not self._closing.is_set():
            with suppress(CatalogError, SQLAlchemyError):  # told by whoever needs the catalogue
                with self._engine.connect() as connection:
                    moment = now(connection)
                if moment != before:
                    self._writer.look_around().result()
                    before = moment
            self._closing.wait(self._every)
