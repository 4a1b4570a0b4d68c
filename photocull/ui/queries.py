"""Questions asked off the GUI thread: a small pool whose answers come back on it, never to an owner that is gone."""

import logging
import threading
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal

log = logging.getLogger(__name__)
T = TypeVar("T")
_LAST_SECONDS: Final = 2.0


@dataclass(slots=True, eq=False)
class _Question:
    """Who asked what; ``answer`` is there once it was asked. What the functions hold may be widgets."""

    fn: Callable[[], Any]
    owner: "weakref.ref[QObject]"
    done: Callable[[Any], None]
    failed: Callable[[BaseException], None] | None
    slot: tuple[int, str] | None
    answer: "Future[object] | None" = None


class QueryPool(QObject):
    """Runs functions in ``workers`` threads and hands what they return to the GUI thread.

    Without workers each question has a thread of its own, which is not waited for at the end: one that is caught by a
    silent drive keeps neither the others nor the program from ending.

    The threads are given a number alone, and hold nothing of a question when they have told of its answer: a widget
    whose last reference ends in another thread than its own brings the program down.
    """

    _answered = Signal(int)

    def __init__(self, parent: QObject | None = None, *, workers: int = 4) -> None:
        super().__init__(parent)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="query") if workers else None
        self._apart: list[threading.Thread] = []
        self._numbers = count()
        self._open: dict[int, _Question] = {}
        self._newest: dict[tuple[int, str], int] = {}
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
        number = next(self._numbers)
        with self._lock:
            self._open[number] = _Question(fn, weakref.ref(owner), done, failed, slot)
            if slot is not None:
                self._newest[slot] = number
        if self._pool is not None:
            self._pool.submit(self._run, number)
            return
        thread = threading.Thread(target=self._run, args=(number,), name="question apart", daemon=True)
        self._apart = [*(other for other in self._apart if other.is_alive()), thread]
        thread.start()

    def _run(self, number: int) -> None:
        self._answer(number)
        if not self._closed:
            self._answered.emit(number)

    def _answer(self, number: int) -> None:
        question = self._open[number]
        if not self._current(number, question):
            return
        made: Future[object] = Future()
        try:
            made.set_result(question.fn())
        except BaseException as error:  # noqa: BLE001  whatever it is, it is told on the GUI thread
            made.set_exception(error)
        question.answer = made

    def _current(self, number: int, question: _Question) -> bool:
        with self._lock:
            return not self._closed and (question.slot is None or self._newest.get(question.slot) == number)

    def _deliver(self, number: int) -> None:
        question = self._open.pop(number, None)
        if question is None or question.answer is None or not self._current(number, question):
            return
        if question.slot is not None:
            with self._lock:
                del self._newest[question.slot]
        owner = question.owner()
        if owner is None or not shiboken6.isValid(owner):
            return
        error = question.answer.exception()
        if error is None:
            question.done(question.answer.result())
        elif question.failed is not None:
            question.failed(error)
        else:
            log.error("A question of the window failed.", exc_info=error)

    def close(self) -> None:
        """Drop what waits, wait for what runs; no thread is left but those that a drive holds."""
        self._closed = True
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
        until = time.monotonic() + _LAST_SECONDS
        for thread in self._apart:
            thread.join(max(0.0, until - time.monotonic()))
        self._open.clear()
