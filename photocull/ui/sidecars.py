"""Sidecars in the window: asked about once, written in the background after each decision, told where that fails."""

import logging
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import Final

from PySide6.QtCore import QObject, Qt, Signal

from photocull.catalog.records import Change
from photocull.core.errors import CancelledError, PhotocullError, UsageError
from photocull.core.settings import Settings
from photocull.core.work import CancelToken
from photocull.pipeline.run import RunReport
from photocull.pipeline.telling import Telling, TellingReport
from photocull.sidecar.rules import Rules, rules_of
from photocull.ui.bridge import Bridge
from photocull.ui.session import Session

log = logging.getLogger(__name__)
_LAST_SECONDS: Final = 5.0
"""How long the end of the program waits for sidecars; what is left is written at the end of the next run."""


class Sidecars(QObject):
    """Writes what is decided, where the person wants that.

    Signals:
        asking: the first decision was made, and nobody has said yet whether sidecars are wanted; `answer` tells.
        told(str): what is to be said in the status bar.
    """

    asking = Signal()
    told = Signal(str)
    _ended = Signal(object)

    def __init__(self, session: Session) -> None:
        super().__init__(session)
        self._session = session
        self._bridge: Bridge = session.bridge
        self._token = CancelToken()
        self._worker = ThreadPoolExecutor(1, "sidecars")
        self._open: set[Future[TellingReport | None]] = set()
        self._waiting: dict[int, None] = {}
        self._asked = False
        self._bridge.decided.connect(self._on_decided)
        self._bridge.runFinished.connect(self._on_run)
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def answer(self, wanted: bool) -> None:
        """Keep what the person said, and write what was decided meanwhile if they want it."""
        self._session.keep(sidecars="on" if wanted else "off")
        ids, self._waiting = tuple(self._waiting), {}
        if wanted:
            self._write(ids)

    def close(self) -> None:
        """Let what was decided last be written, for a moment; then end."""
        wait(self._open, timeout=_LAST_SECONDS)
        self._token.cancel()
        self._worker.shutdown(wait=True, cancel_futures=True)

    def _on_decided(self, change: Change) -> None:
        match self._session.settings.sidecars:
            case "on":
                self._write(change.ids)
            case "off":
                return
            case _:
                self._waiting.update(dict.fromkeys(change.ids))
                if change.ids and not self._asked:
                    self._asked = True
                    self.asking.emit()

    def _on_run(self, report: RunReport) -> None:
        """What was decided while a drive was away, or just before the program ended, is written now."""
        if self._session.settings.sidecars == "on":
            self._submit(report.ids, only_untold=True)

    def _write(self, ids: Sequence[int]) -> None:
        self._submit(ids, only_untold=False)

    def _submit(self, ids: Sequence[int], *, only_untold: bool) -> None:
        if not ids or self._token.cancelled:
            return
        telling = Telling(self._bridge.catalog, self._bridge.model, self._rules(self._session.settings))

        def work() -> TellingReport | None:
            try:
                return telling.tell(telling.untold(ids) if only_untold else ids, self._token)
            except CancelledError:
                return None

        future = self._worker.submit(work)
        self._open.add(future)
        future.add_done_callback(self._on_done)

    def _on_done(self, future: "Future[TellingReport | None]") -> None:
        if not self._token.cancelled:
            self._ended.emit(future)

    def _on_ended(self, future: "Future[TellingReport | None]") -> None:
        self._open.discard(future)
        if future.cancelled():
            return
        error = future.exception()
        if isinstance(error, PhotocullError):
            self.told.emit(f"Sidecars were not written: {error.sentence}")
        elif error is not None:
            log.error("Writing sidecars failed.", exc_info=error)
            self.told.emit("Sidecars were not written because of a fault in Photocull; the log file says more.")
        elif (report := future.result()) is not None and report.problems:
            self.told.emit(failed_words(report))

    def _rules(self, settings: Settings) -> Rules:
        try:
            return rules_of(settings)
        except UsageError as error:
            self.told.emit(f"{error} The usual rule is used.")
            return Rules()


def failed_words(report: TellingReport) -> str:
    """That sidecars could not be written, in one line."""
    first = report.problems[0]
    more = len({problem.path for problem in report.problems}) - 1
    rest = f", and {more:,} more; see Problems" if more else ""
    return f"{first.path.name}: {first.sentence}{rest}"
