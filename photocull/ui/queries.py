"""Questions asked off the GUI thread: a small pool whose answers come back on it, never to an owner that is gone."""

import logging
import threading
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True, eq=False)
class _Ticket:
    owner: "weakref.ref[QObject]"
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None] | None
    slot: tuple[int, str] | None


class QueryPool(QObject):
    """Runs functions in ``workers`` threads and hands what they return to the GUI thread."""

    _answered = Signal(object, object)

    def __init__(self, parent: QObject | None = None, *, workers: int = 4) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="query")
        self._newest: dict[tuple[int, str], _Ticket] = {}
        self._lock = threading.Lock()
        self._closed = False
        self._answered.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def ask(
        self,
        fn: Callable[[], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[BaseException], None] | None = None,
        owner: QObject,
        key: str | None = None,
    ) -> None:
        """Run ``fn`` off the GUI thread, then ``done(result)`` or ``failed(error)`` on it.

        A newer question with the same key of the same owner replaces this one; an answer to an owner that is gone,
        or after `close`, is dropped.
        """
        if self._closed:
            return
        slot = None if key is None else (id(owner), key)
        ticket = _Ticket(weakref.ref(owner), done, failed, slot)
        if slot is not None:
            with self._lock:
                self._newest[slot] = ticket
        self._pool.submit(self._run, fn, ticket)

    def _run(self, fn: Callable[[], object], ticket: _Ticket) -> None:
        if not self._current(ticket):
            return
        made: Future[object] = Future()
        try:
            made.set_result(fn())
        except BaseException as error:  # noqa: BLE001  whatever it is, it is told on the GUI thread
            made.set_exception(error)
        if not self._closed:
            self._answered.emit(ticket, made)

    def _current(self, ticket: _Ticket) -> bool:
        with self._lock:
            return not self._closed and (ticket.slot is None or self._newest.get(ticket.slot) is ticket)

    def _deliver(self, ticket: _Ticket, made: "Future[object]") -> None:
        owner = ticket.owner()
        current = self._current(ticket)
        if current and ticket.slot is not None:
            with self._lock:
                del self._newest[ticket.slot]
        if not current or owner is None or not shiboken6.isValid(owner):
            return
        error = made.exception()
        if error is None:
            ticket.done(made.result())
        elif ticket.failed is not None:
            ticket.failed(error)
        else:
            log.error("A question of the window failed.", exc_info=error)

    def close(self) -> None:
        """Drop what waits, wait for what runs; no thread is left."""
        self._closed = True
        self._pool.shutdown(wait=True, cancel_futures=True)
