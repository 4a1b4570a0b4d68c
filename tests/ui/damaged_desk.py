"""A person who looks at the screen and clicks, for the question that a damaged catalogue asks."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from photocull.catalog import kept
from photocull.ui.damaged import DamagedDialog
from photocull.ui.window import MainWindow

AT = datetime(2026, 11, 23, 14, 2).astimezone()


class Person:
    """Looks at what is on the screen and does the first thing that is due, inside the program's own loop."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._steps: list[tuple[Callable[[], bool], Callable[[], object]]] = []
        self._timer = QTimer(QApplication.instance(), interval=20)
        self._timer.timeout.connect(self._look)
        self._timer.start()

    def does(self, due: Callable[[], bool], step: Callable[[], object]) -> None:
        self._steps.append((due, step))

    def _look(self) -> None:
        if self._steps and self._steps[0][0]():
            _due, step = self._steps.pop(0)
            step()

    @property
    def done(self) -> bool:
        return not self._steps

    def leave(self) -> None:
        self._timer.stop()
        self._timer.deleteLater()


def dialog() -> DamagedDialog | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, DamagedDialog) and w.isVisible()), None)


def window() -> MainWindow | None:
    return next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow) and w.isVisible()), None)


def offered() -> bool:
    shown = dialog()
    return shown is not None and shown.restore.isEnabled()


def click(name: str) -> Callable[[], None]:
    def step() -> None:
        shown = dialog()
        assert shown is not None
        getattr(shown, name).click()

    return step


def close_window() -> None:
    shown = window()
    assert shown is not None
    shown.close()


def sound(location: Path) -> bool:
    return any(kept.folder_of(location).glob("*-damaged.sqlite"))
