"""The way from the window to Settings: opens the dialog, and tells in the window what a closed one can not."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from photocull.ui.model_jobs import Ended, ended_words
from photocull.ui.model_work import ModelWork
from photocull.ui.notice import Notice
from photocull.ui.session import Session
from photocull.ui.settings_dialog import SettingsDialog


class SettingsDoor(QObject):
    """Makes the dialog when it is first asked for.

    Attributes:
        notice: the line of the window in which a model that cannot be opened is told. dialog: None until it is opened.
    """

    def __init__(self, session: Session, work: ModelWork, window: QWidget) -> None:
        super().__init__(window)
        self.notice = Notice("Settings")
        self.dialog: SettingsDialog | None = None
        self._session, self._judging, self._work, self._window = session, session.judging, work, window
        self.notice.followed.connect(self.open)
        self._judging.refused.connect(self._on_refused)
        self._judging.changed.connect(self._on_changed)
        work.ended.connect(self._on_ended)

    def open(self) -> None:
        """Show the dialog, in front."""
        if self.dialog is None:
            self.dialog = SettingsDialog(self._session, self._work, self._window)
            self.dialog.finished.connect(self._window.activateWindow)
        self._work.look()
        self.dialog.sidecars.look()
        self.notice.hide()
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()

    def close(self) -> None:
        """The window closes, and its dialog with it."""
        if self.dialog is not None:
            self.dialog.close()

    def _seen(self) -> bool:
        return self.dialog is not None and self.dialog.isVisible()

    def _on_refused(self, sentence: str) -> None:
        if not self._seen():
            self.notice.say(
                f"{sentence} The model that judged before goes on."
                if self._judging.name
                else f"{sentence} The built-in model judges instead."
            )

    def _on_changed(self) -> None:
        """Another model was chosen since: what was told of the one before is no news any more."""
        if self._judging.opening and self._judging.name:
            self.notice.hide()

    def _on_ended(self, ended: Ended) -> None:
        if not self._seen() and ended.job.kind != "list":
            titles = {entry.card.name: entry.card.title for entry in self._work.entries}
            name = ended.model or ended.job.name
            self.notice.say(ended_words(ended, titles.get(name, name)))
