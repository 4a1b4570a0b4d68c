"""Keeps the process alive under a fault of PySide6 6.12.0, which a window reaches after some dozen paints."""

import ctypes
import sys
from typing import Final

_PLENTY: Final = 1 << 40
"""A year of painting at sixty frames a second."""


def hold_constants() -> None:
    """Give None, True and False more references than painting and signals can use up.

    QPainter.setPen and setBrush of PySide6 6.12.0 release a reference to None that they never took, Signal.emit one to
    True (6.11.3 does not). From Python 3.12 on they are immortal (PEP 683); before, the process ends with "deallocating
    None" or "deallocating True or False".
    """
    if sys.version_info >= (3, 12):
        return
    for constant in (None, True, False):
        if sys.getrefcount(constant) < _PLENTY // 2:
            # The reference count is the first field of every object in a release build of CPython (Include/object.h).
            ctypes.c_ssize_t.from_address(id(constant)).value += _PLENTY
