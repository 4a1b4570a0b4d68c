"""The look at the catalogue after a start and its weekly backup, off the window's thread; a failure is a quiet line."""

import logging
from typing import Final

from PySide6.QtCore import QObject, QTimer, Signal

from photocull.catalog.upkeep import keep_safe
from photocull.core.errors import CancelledError, CatalogDamagedError, PhotocullError
from photocull.ui.bridge import Bridge

log = logging.getLogger(__name__)
FIRST_MS: Final = 5_000
"""The first photos are on the screen by then."""
_AGAIN_MS: Final = 3_600_000


class Safekeeping(QObject):
    """Asks once a while whether a backup is due.

    Signals:
        failed(str): why this week's backup could not be made. Damage is told by the bridge.
    """

    failed = Signal(str)

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._timer = QTimer(self, interval=_AGAIN_MS)
        self._timer.timeout.connect(lambda: self.look())

    def begin(self, first_ms: int = FIRST_MS) -> None:
        """Look for damage soon, and every hour whether a backup is due."""
        QTimer.singleShot(first_ms, self, lambda: self.look(first=True))
        self._timer.start()

    def look(self, *, first: bool = False) -> None:
        """Make the backup if it is due; the ``first`` time look for damage in any case."""
        catalog, token = self._bridge.catalog, self._bridge.token
        self._bridge.query(
            lambda: keep_safe(catalog, token=token, looks=first),
            lambda _made: None,
            failed=self._fail,
            owner=self,
            key="backup",
        )

    def _fail(self, error: BaseException) -> None:
        if isinstance(error, CatalogDamagedError | CancelledError):
            return
        if not isinstance(error, PhotocullError):
            log.error("The weekly backup failed.", exc_info=error)
        self.failed.emit(f"No backup of the catalogue was made: {getattr(error, 'sentence', error)}")
