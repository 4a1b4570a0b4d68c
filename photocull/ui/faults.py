"""Where unexpected errors go: the log file, and once each a quiet line in the status bar; never a vanished window."""

import logging
import sys
import threading
from collections.abc import Callable
from types import TracebackType

from PySide6.QtCore import QMessageLogContext, QObject, QtMsgType, Signal, qInstallMessageHandler

log = logging.getLogger("photocull.window")
_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}
_HARMLESS = ("This plugin does not support",)
"""What platforms without a window manager say of wishes that only a window manager could grant."""


class Faults(QObject):
    """Catches what nobody caught, in any thread; `install` and `uninstall` frame the life of the window.

    Signals:
        happened: one sentence, the first time that an error of this kind at this place occurs.
    """

    happened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()
        self._lock = threading.Lock()
        self._uninstall: list[Callable[[], None]] = []

    def install(self) -> None:
        """Take over Python's hooks and Qt's messages."""
        before, before_thread = sys.excepthook, threading.excepthook
        sys.excepthook = self._on_exception
        threading.excepthook = self._on_thread
        handler = qInstallMessageHandler(self._on_message)
        self._uninstall = [
            lambda: setattr(sys, "excepthook", before),
            lambda: setattr(threading, "excepthook", before_thread),
            lambda: qInstallMessageHandler(handler) and None,
        ]

    def uninstall(self) -> None:
        """Give the hooks back."""
        for step in self._uninstall:
            step()
        self._uninstall = []

    def _on_exception(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
            return
        place = _place(trace)
        if self._first(f"{kind.__name__} {place}"):
            log.error("Unexpected error at %s", place, exc_info=(kind, error, trace))
            self.happened.emit("Something went wrong in Photocull; your decisions are kept. The log file says more.")

    def _on_thread(self, args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            self._on_exception(args.exc_type, args.exc_value, args.exc_traceback)

    def _on_message(self, kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
        if self._first(f"qt {text}"):
            level = logging.DEBUG if text.startswith(_HARMLESS) else _LEVELS.get(kind, logging.INFO)
            log.log(level, "Qt: %s", text)

    def _first(self, key: str) -> bool:
        with self._lock:
            new = key not in self._told
            self._told.add(key)
        return new


def _place(trace: TracebackType | None) -> str:
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return "an unknown place" if trace is None else f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}"
