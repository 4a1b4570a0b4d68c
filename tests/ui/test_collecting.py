"""Cycles that hold Qt objects end on the GUI thread, whichever thread allocates."""

import gc
import threading

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from pytestqt.qtbot import QtBot

from photocull.ui.collecting import collect_what_has_gathered, collecting_here, leave_out_what_lives


class Holder(QObject):
    """Holds itself, as a widget with a bound method does, and a running timer."""

    def __init__(self, ended: list[int]) -> None:
        super().__init__()
        self.me = self
        self.timer = QTimer(self)
        self.timer.start(5)
        self.destroyed.connect(lambda: ended.append(threading.get_ident()))


def test_no_worker_collects_while_the_window_runs(qtbot: QtBot) -> None:
    ran_in: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        ran_in.append(threading.get_ident())

    gc.callbacks.append(note)
    try:
        held: list[list[int]] = []
        worker = threading.Thread(target=lambda: held.extend([n] for n in range(200_000)))
        worker.start()
        worker.join()
        assert ran_in == []
        qtbot.waitUntil(lambda: bool(ran_in))
    finally:
        gc.callbacks.remove(note)
    assert set(ran_in) == {threading.get_ident()}


def test_an_unreachable_object_with_a_timer_ends_without_harm(qtbot: QtBot) -> None:
    ended: list[int] = []
    for _ in range(20):
        Holder(ended)
    held = [[n] for n in range(2000)]
    assert collect_what_has_gathered() == 0
    assert ended == [threading.get_ident()] * 20
    qtbot.wait(30)
    assert len(held) == 2000


def test_nothing_due_is_nothing_done(qtbot: QtBot) -> None:
    gc.collect()
    assert collect_what_has_gathered() is None


def test_what_a_model_brings_along_is_not_looked_through_again(qtbot: QtBot) -> None:
    with collecting_here():
        brought = [[n] for n in range(50_000)]
        leave_out_what_lives()
        assert len(gc.get_objects()) < len(brought)
        assert gc.get_freeze_count() >= len(brought)
    assert gc.get_freeze_count() == 0


def test_collecting_is_as_before_afterwards(qtbot: QtBot) -> None:
    assert not gc.isenabled()
    with collecting_here():
        assert not gc.isenabled()
    assert not gc.isenabled()
    gc.enable()
    try:
        with collecting_here():
            assert not gc.isenabled()
        assert gc.isenabled()
        assert gc.get_freeze_count() == 0
    finally:
        gc.disable()
    assert QCoreApplication.instance() is not None
