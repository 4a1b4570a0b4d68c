"""One thread beside the window for work that comes one after another: what it tells is heard on the window's thread."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from PySide6.QtCore import QObject, Qt, Signal

from photocull.core.work import CancelToken


class Background(QObject):
    """A thread with a token that stops what it does; after `close` nothing is begun and nothing is heard.

    Args:
        name: of the thread, for the log. hear: takes what was told, on the thread that made this object.

    Attributes:
        token: of the work that is being done.
    """

    _told = Signal(object)

    def __init__(self, name: str, hear: Callable[[object], None], parent: QObject) -> None:
        super().__init__(parent)
        self.token = CancelToken()
        self.closed = False
        self._pool = ThreadPoolExecutor(1, name)
        self._told.connect(hear, Qt.ConnectionType.QueuedConnection)

    def renewed(self) -> CancelToken:
        """A token for new work; the one before stops nothing any more."""
        self.token = CancelToken()
        return self.token

    def submit(self, act: Callable[[], None]) -> None:
        """Do this after what was submitted before."""
        if not self.closed:
            self._pool.submit(act)

    def tell(self, what: object) -> None:
        """Let it be heard; any thread."""
        if not self.closed:
            self._told.emit(what)

    def stop(self) -> None:
        """Stop the work at its next safe place."""
        self.token.cancel()

    def close(self) -> None:
        """Stop, and wait for the thread's end."""
        self.closed = True
        self.token.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)
