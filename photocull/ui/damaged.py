"""The question that a damaged catalogue asks: its newest sound backup put back by one click, another one, or leave."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.catalog.kept import Kept, folder_of
from photocull.catalog.restore import Restored, restore, start_anew
from photocull.catalog.soundness import Holding, newest_sound
from photocull.core.errors import PhotocullError, one_line
from photocull.core.work import CancelToken
from photocull.ui.pieces import fit_height, label

WORDS: Final = (
    "It holds the scores and your stars, flags and labels. Your photos are not affected, nor are the sidecars beside "
    "them, which are read again. The damaged file is kept aside. What was decided since the backup on the photos in it "
    "is taken over, as far as it can be read."
)
T = TypeVar("T")
_LOOKING: Final = "Looking for the newest sound backup…"
_WORKING: Final = "Putting the backup back…"
_NONE: Final = "There is no sound backup beside it. Choose one that lies elsewhere, or begin with an empty catalogue."
_FILES: Final = "Catalogues (*.sqlite);;All files (*)"


class DamagedDialog(QDialog):
    """Offers the newest sound backup, another one, or to leave; accepted once the catalogue can be opened again.

    Attributes:
        chosen: what is to be put back, None for an empty catalogue; of use where the dialog does not do it itself.

    Args:
        catalog: the damaged file. at_once: whether it is put back here; no while the catalogue is still open.
    """

    _told = Signal(object, object)

    def __init__(self, catalog: Path, parent: QWidget | None = None, *, at_once: bool = True) -> None:
        super().__init__(parent)
        self.chosen: Path | None = None
        self._catalog, self._at_once = catalog, at_once
        self._newest: Path | None = None
        self._fault = ""
        self._busy = self._back = False
        self._worker, self._token = ThreadPoolExecutor(1, "restore"), CancelToken()
        self.setWindowTitle("Photocull")
        self.state = label(_LOOKING, wrap=True)
        self.restore = QPushButton(_LOOKING, default=True)
        self.restore.setEnabled(False)
        self.restore.setProperty("role", "primary")
        self.choose = QPushButton("Choose another…", autoDefault=False)
        self.quit = QPushButton("Quit" if at_once else "Not now", autoDefault=False)
        self.restore.clicked.connect(self._go_on)
        self.choose.clicked.connect(self._choose)
        self.quit.clicked.connect(self.reject)
        self._told.connect(lambda done, future: done(future), Qt.ConnectionType.QueuedConnection)
        self._lay_out()

    @classmethod
    def put_back(cls, catalog: Path, source: Path | None) -> bool:
        """Put this backup back, telling how it goes; whether that came to a good end."""
        dialog = cls(catalog)
        dialog.begin(source)
        return bool(dialog.exec())

    def look(self) -> None:
        """Find out what can be offered."""
        self.restore.setEnabled(False)
        self._ask(partial(newest_sound, self._catalog, self._token), self._found)

    def begin(self, source: Path | None) -> None:
        """Put this backup back; None begins with an empty catalogue."""
        self.chosen = source
        if not self._at_once:
            self.accept()
            return
        self._be_busy(True)
        catalog = self._catalog
        self._ask(lambda: start_anew(catalog) if source is None else restore(catalog, source), self._done)

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the wrapped lines need."""
        super().showEvent(event)
        if not self._busy and not self._back:
            self.look()
        self._fit()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Not in the midst of the work."""
        event.setAccepted(not self._busy)
        if not self._busy:
            super().closeEvent(event)

    def reject(self) -> None:
        """Leave, but not in the midst of the work; with the backup back there is nothing to leave from."""
        if self._back:
            self.accept()
        elif not self._busy:
            super().reject()

    def done(self, result: int) -> None:
        """End the thread with the dialog."""
        self._token.cancel()
        self._worker.shutdown(wait=True, cancel_futures=True)
        super().done(result)

    def _ask(self, work: Callable[[], T], done: "Callable[[Future[T]], None]") -> None:
        self._worker.submit(work).add_done_callback(lambda future: self._told.emit(done, future))

    def _found(self, future: "Future[tuple[Kept, Holding] | None]") -> None:
        if self._token.cancelled or self._busy:  # another one was chosen before this was found
            return
        newest = None if future.exception() is not None else future.result()
        self._newest = None if newest is None else newest[0].file
        self.restore.setEnabled(True)
        self.restore.setFocus()
        if newest is None:
            self.restore.setText("Begin with an empty catalogue")
            self.choose.setText("Choose a backup…")
            self._say(_NONE)
        else:
            kept, held = newest
            self.restore.setText(f"Restore the backup of {kept} ({held})")
            self._say("This is the newest sound backup:")
        self._fit()

    def _say(self, words: str) -> None:
        self.state.setText(" ".join(part for part in (self._fault, words) if part))

    def _done(self, future: "Future[object]") -> None:
        self._be_busy(False)
        error = future.exception()
        if error is None:
            result = future.result()
            self._end(result.left_out if isinstance(result, Restored) else 0)
            return
        words = error.sentence if isinstance(error, PhotocullError) else one_line(str(error))
        remedy = error.remedy if isinstance(error, PhotocullError) and error.remedy else ""
        self._fault = f"{words} {remedy}".strip()
        self.look()

    def _go_on(self) -> None:
        if self._back:
            self.accept()
        else:
            self.begin(self._newest)

    def _end(self, left_out: int) -> None:
        """The catalogue can be opened; with so many marks missing in it, once that is read."""
        self._back = True
        if not left_out:
            self.accept()
            return
        self.choose.hide()
        self.quit.hide()
        self.restore.setText("Go on")
        self.restore.setFocus()
        self.state.setText(left_out_words(left_out))
        self._fit()

    def _choose(self) -> None:
        folder = folder_of(self._catalog)
        file, _ = QFileDialog.getOpenFileName(self, "Choose a backup", str(folder), _FILES)
        if file:
            self.begin(Path(file))

    def _be_busy(self, busy: bool) -> None:
        self._busy = busy
        for button in (self.restore, self.choose, self.quit):
            button.setEnabled(not busy)
        if busy:
            self.state.setText(_WORKING)

    def _fit(self) -> None:
        fit_height(self, self._whole)

    def _lay_out(self) -> None:
        whole = self._whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(label("The catalogue is damaged", "title"))
        whole.addWidget(label(WORDS, "dim", wrap=True))
        whole.addWidget(self.state)
        whole.addSpacing(4)
        whole.addWidget(self.restore)
        buttons = QHBoxLayout()
        buttons.addWidget(self.choose)
        buttons.addStretch()
        buttons.addWidget(self.quit)
        whole.addLayout(buttons)
        self.setFixedWidth(680)


def left_out_words(marks: int) -> str:
    """That so many marks are not in what was put back."""
    what = "One mark" if marks == 1 else f"{marks:,} marks"
    return (
        f"The backup is back. {what} made since then could not be taken over, such as those of photos that came later; "
        "the damaged file that was kept aside still has them."
    )
