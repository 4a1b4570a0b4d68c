"""Questions off the GUI thread: answers come on it, the newest wins, the dead are left in peace."""

import threading
import time
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from photocull.ui.queries import QueryPool


@pytest.fixture
def pool(qtbot: QtBot) -> Iterator[QueryPool]:
    made = QueryPool(workers=1)
    yield made
    made.close()


def test_the_question_runs_elsewhere_and_the_answer_comes_here(pool: QueryPool, qtbot: QtBot) -> None:
    owner, threads = QObject(), []
    pool.ask(lambda: threading.current_thread().name, threads.append, owner=owner)
    qtbot.waitUntil(lambda: bool(threads))
    assert threads[0].startswith("query")


def test_a_newer_question_with_the_same_key_replaces_the_older_one(pool: QueryPool, qtbot: QtBot) -> None:
    owner, gate, answers = QObject(), threading.Event(), []
    pool.ask(lambda: gate.wait(5), lambda _done: None, owner=owner)
    ran: list[int] = []
    for number in range(5):
        pool.ask(lambda n=number: ran.append(n) or n, answers.append, owner=owner, key="same")
    gate.set()
    qtbot.waitUntil(lambda: bool(answers))
    assert (answers, ran) == ([4], [4])


def test_an_answer_to_an_owner_that_is_gone_is_dropped(pool: QueryPool, qtbot: QtBot) -> None:
    owner, other, gate, answers = QObject(), QObject(), threading.Event(), []
    pool.ask(lambda: gate.wait(5), answers.append, owner=owner)
    del owner
    gate.set()
    pool.ask(lambda: "next", answers.append, owner=other)
    qtbot.waitUntil(lambda: bool(answers))
    assert answers == ["next"]


def test_an_error_is_told_where_the_answer_would_have_come(pool: QueryPool, qtbot: QtBot) -> None:
    owner, errors, answers = QObject(), [], []
    pool.ask(lambda: 1 // 0, answers.append, failed=errors.append, owner=owner)
    qtbot.waitUntil(lambda: bool(errors))
    assert isinstance(errors[0], ZeroDivisionError)
    assert not answers


def test_what_a_question_holds_ends_on_the_thread_that_asked(qtbot: QtBot) -> None:
    ended: list[str] = []

    class Held:
        def __del__(self) -> None:
            ended.append(threading.current_thread().name)

    def ask(pool: QueryPool, owner: QObject, key: str | None, *, fails: bool) -> None:
        held = Held()
        pool.ask(
            lambda: 1 // 0 if fails and held else held is not None,
            lambda _answer: held,
            failed=lambda _error: held,
            owner=owner,
            key=key,
        )

    pool, owner = QueryPool(workers=4), QObject()
    for number in range(300):
        ask(pool, owner, None if number % 3 else "same", fails=number % 5 == 0)
    qtbot.waitUntil(lambda: len(ended) == 300)
    ask(pool, owner, None, fails=False)
    pool.close()
    assert len(ended) == 301
    assert set(ended) == {threading.current_thread().name}


def test_after_close_nothing_is_asked_and_no_answer_comes(qtbot: QtBot) -> None:
    pool, owner, answers = QueryPool(workers=1), QObject(), []
    gate = threading.Event()
    pool.ask(lambda: gate.wait(5), answers.append, owner=owner)
    pool.ask(lambda: "late", answers.append, owner=owner)
    gate.set()
    pool.close()
    pool.ask(lambda: "after", answers.append, owner=owner)
    qtbot.wait(30)
    assert answers == []


def test_a_question_apart_that_gets_no_answer_keeps_neither_another_nor_the_end(qtbot: QtBot) -> None:
    apart, owner, gate, answers = QueryPool(workers=0), QObject(), threading.Event(), []
    try:
        apart.ask(lambda: gate.wait(30), answers.append, owner=owner, key="plan")
        apart.ask(lambda: "the newest", answers.append, owner=owner, key="plan")
        qtbot.waitUntil(lambda: answers == ["the newest"])
        begun = time.monotonic()
        apart.close()
        assert time.monotonic() - begun < 10
    finally:
        gate.set()
    qtbot.waitUntil(lambda: not any(thread.name == "question apart" for thread in threading.enumerate()))
