"""Keeps what lists and counts read of a large catalogue in memory, true to the tables whoever writes to them.

A folder's list is a short question to the database, a list of everything a long one: its order alone takes seconds for
a million photos. So all is read into `columns` once, and after that only what changed. Reading takes as long as a list
or two: who asks for a single list, or asks while all is read, is answered by the database.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import numpy as np
from sqlalchemy import Connection, Engine, func, select

from photocull.catalog import snapshot
from photocull.catalog.changes import Moment, now, since
from photocull.catalog.columns import Columns
from photocull.catalog.filters import Conditions
from photocull.catalog.judged import Judged
from photocull.catalog.reading_columns import all_judged, all_photos, judged_of, renewed, with_tags
from photocull.catalog.records import Filter
from photocull.catalog.schema import photos
from photocull.catalog.sifting import View

MUCH: Final = 50_000
"""Photos from which on a question is worth reading columns for."""
_MODELS: Final = 2
_AGAIN: Final = 50_000
"""So many changes are not looked up one by one."""
_WORTH_SAVING: Final = 5_000


class Memory:
    """One catalogue's columns; any thread may ask, and what it gets never changes.

    Args:
        file: where columns outlast the process, None for nowhere; safe to delete at any time.
    """

    def __init__(self, engine: Engine, file: Path | None, much: int = MUCH) -> None:
        self.much = much
        self._engine = engine
        self._file = file
        self._lock = threading.Lock()
        self._moment = Moment(0, 0)
        self._columns: Columns | None = None
        self._judged: OrderedDict[str, Judged] = OrderedDict()
        self._views: dict[str, View] = {}
        self._unsaved = 0
        self._asked = False
        self._reading = False

    def view(self, filter: Filter, model: str, *, counts: bool = False) -> View | None:
        """What a question is answered from; None where the database answers it as soon.

        Args:
            counts: of themes and flags are asked for.
        """
        if filter.paths or (self._reading and not counts) or not self._worth_it(filter, counts):
            return None
        with self._alone() as connection:
            columns = self._renewed(connection)
            self._learn(connection, columns, model, tags=counts or bool(filter.themes or filter.flags or filter.text))
            if model not in self._views:
                self._views[model] = View(columns, self._judged[model])
            return self._views[model]

    def columns(self) -> Columns | None:
        """The photos, where they are in memory already."""
        if self._columns is None or self._reading:
            return None
        with self._alone() as connection:
            return self._renewed(connection)

    def save(self) -> None:
        """Keep the columns for the next process, where enough changed to be worth the time."""
        with self._lock:
            if self._file is not None and self._columns is not None and self._unsaved >= _WORTH_SAVING:
                snapshot.save(self._file, snapshot.Kept(self._moment, self._columns, dict(self._judged)))
                self._unsaved = 0

    @contextmanager
    def _alone(self) -> Iterator[Connection]:
        """One at a time; lists that are asked for while all is read do not wait for the end of it."""
        with self._lock, self._engine.connect() as connection:  # begun inside, so that nobody sees an earlier moment
            try:
                yield connection
            finally:
                self._reading = False

    def _worth_it(self, filter: Filter, counts: bool) -> bool:
        if self._columns is not None:
            return True
        if not self._is_much(filter):
            return False
        again, self._asked = self._asked, True
        return again or counts or (self._file is not None and self._file.is_file())

    def _is_much(self, filter: Filter) -> bool:
        some = select(photos.c.id).where(Conditions(filter).place).limit(self.much).subquery()
        with self._engine.connect() as connection:
            return (connection.scalar(select(func.count()).select_from(some)) or 0) >= self.much

    def _renewed(self, connection: Connection) -> Columns:
        """The photos as they are now."""
        columns = self._kept() if self._columns is None else self._columns
        moment = now(connection)
        if columns is not None and moment != self._moment:
            ids = since(connection, self._moment)
            columns = None if ids is None or len(ids) > _AGAIN else self._with(connection, columns, sorted(ids))
        if columns is None:
            columns = self._read(connection)
        self._moment, self._columns = moment, columns
        return columns

    def _read(self, connection: Connection) -> Columns:
        self._judged.clear()
        self._views.clear()
        self._unsaved = _WORTH_SAVING
        self._reading = True
        return all_photos(connection)

    def _kept(self) -> Columns | None:
        kept = None if self._file is None else snapshot.load(self._file)
        if kept is None:
            return None
        self._moment, self._judged = kept.moment, OrderedDict(kept.judged)
        return kept.columns

    def _with(self, connection: Connection, before: Columns, ids: list[int]) -> Columns:
        """With changed photos, and what was said of them, in their places."""
        columns, elsewhere = renewed(connection, before, ids)
        contents = np.union1d(before.contents_of(ids), columns.contents_of(ids))  # what no photo shows any more, too
        views = dict(self._views)
        self._views.clear()
        for model, judged in self._judged.items():
            fresh = judged_of(connection, model, contents.tolist(), judged)
            self._judged[model] = judged.renewed(contents, fresh)
            if model in views:
                orders = {} if elsewhere else views[model].orders
                self._views[model] = View(columns, self._judged[model], orders)
        self._unsaved += len(ids)
        return columns

    def _learn(self, connection: Connection, columns: Columns, model: str, *, tags: bool) -> None:
        """Know this model's judgements, with themes and flags if they are needed."""
        judged = before = self._judged.get(model)
        if judged is None:
            self._reading = True
            judged = all_judged(connection, model).reaching(int(columns.contents.max(initial=0)))
        if tags and judged.themes is None:
            self._reading = True
            judged = with_tags(connection, judged)
        self._judged[model] = judged
        self._judged.move_to_end(model)
        if judged is not before:
            orders = self._views.pop(model).orders if model in self._views else {}
            self._views[model] = View(columns, judged, orders)
            self._unsaved = _WORTH_SAVING
        while len(self._judged) > _MODELS:
            gone, _ = self._judged.popitem(last=False)
            self._views.pop(gone, None)
