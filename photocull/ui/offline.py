"""Notices drives that come and go while the window is open: what lies on one that is away is greyed, and comes back."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication

from photocull.catalog import query
from photocull.catalog.away import Away
from photocull.catalog.database import Catalog
from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.photo.looking import is_present
from photocull.ui.session import Session

_EVERY_MS: Final = 5_000


class Offline(QObject):
    """Looks every few seconds, when the window comes to the front, and after each run; always off the GUI thread.

    Signals:
        changed(Away): other folders are away now than before. Those that came back are looked at again by themselves.
    """

    changed = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self.away = Away()
        self._session = session
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self.look)
        session.foldersChanged.connect(self.look)
        session.bridge.runFinished.connect(self.look)
        application = QGuiApplication.instance()
        if isinstance(application, QGuiApplication):
            application.applicationStateChanged.connect(self._on_state)
        self._timer.start()

    def look(self) -> None:
        """Ask which drives are there."""
        bridge, roots = self._session.bridge, self._session.folders
        if not roots:
            return
        catalog, token = bridge.catalog, bridge.token
        bridge.query(lambda: look_for(catalog, roots, token), self._take, failed=_let_be, owner=self, key="drives")

    def _on_state(self, state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            self.look()

    def _take(self, away: Away) -> None:
        before, self.away = self.away, away
        if away == before:
            return
        self.changed.emit(away)
        back = [folder for folder in before.places if away.folder_of(folder) is None]
        if any(_meet(folder, root) for folder in back for root in self._session.folders):
            self._session.score(resume=False)


def _meet(one: Path, other: Path) -> bool:
    """Whether one of two folders lies in the other, or is it."""
    return one.is_relative_to(other) or other.is_relative_to(one)


def _let_be(_error: BaseException) -> None:
    """What is wrong with the catalogue, others tell; the next look comes soon."""


def look_for(catalog: Catalog, roots: Sequence[Path], token: CancelToken) -> Away:
    """The folders whose drive is away, and those of ``roots`` that are not there though no drive of theirs is known."""
    away = query.away(catalog)
    lost = (root for root in roots if away.folder_of(root) is None and silent_drive(root) is None)
    return Away({**away.places, **{root: None for root in lost if not is_present(root, token=token)}})
