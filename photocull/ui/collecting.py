"""Python's search for cycles runs on the GUI thread alone: it may end Qt objects, which no other thread may do."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from PySide6.QtCore import QTimer

_EVERY: Final = 400
"""Milliseconds between two looks at what has gathered: small pieces of work, far apart enough not to be felt."""


@contextmanager
def collecting_here() -> Iterator[None]:
    """While this lasts, cycles are collected by the calling thread's event loop and nowhere else.

    Otherwise the search runs in whichever thread allocates next. Where that is a worker, a model, dialog or timer that
    has become unreachable ends there, its running timers stay registered with the GUI thread, and the next one to fire
    ends the process.
    """
    was = gc.isenabled()
    gc.disable()
    gc.freeze()  # what start-up made stays; looking through it again and again would only take time
    timer = QTimer()
    timer.setInterval(_EVERY)
    timer.timeout.connect(collect_what_has_gathered)
    timer.start()
    try:
        yield
    finally:
        timer.stop()
        gc.collect()
        gc.unfreeze()
        if was:
            gc.enable()


def leave_out_what_lives() -> None:
    """Look no more through what is there now, but for what is young.

    A model's engine brings some 300,000 lasting objects along; each full search through them would hold the window up
    for a quarter of a second.
    """
    gc.collect(1)
    gc.freeze()


def collect_what_has_gathered() -> int | None:
    """Do what the interpreter would have done by itself: the oldest generation whose threshold is passed, or none.

    Returns:
        The generation that was collected, None if none was due.
    """
    for generation in (2, 1, 0):
        threshold = gc.get_threshold()[generation]
        if threshold and gc.get_count()[generation] > threshold:
            gc.collect(generation)
            return generation
    return None
