"""The way from the window to exports and clean-ups: opens dialogs, shows the work, offers what was interrupted."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices

from photocull.core.named import absolute
from photocull.ui.export_choice import ExportChoice
from photocull.ui.export_dialog import ExportDialog
from photocull.ui.export_jobs import Ended, Far, Job, Order, Standing
from photocull.ui.export_line import ExportLine, Way
from photocull.ui.export_words import begun_words, ended_words, interrupted_words, progress_words, question_words
from photocull.ui.export_work import ExportWork
from photocull.ui.thumbnails import Thumbnails
from photocull.ui.trash_dialog import TrashDialog

if TYPE_CHECKING:
    from photocull.ui.window import MainWindow

_FIRST: Final = "~/picks"
"""Where picks go until another folder is chosen."""


class ExportDoor(QObject):
    """Knows what was chosen last.

    Attributes:
        line: tells of the work. dialog: that of an export or a clean-up, None while neither is open.
    """

    def __init__(self, work: ExportWork, keys: Mapping[str, str], thumbnails: Thumbnails, window: "MainWindow") -> None:
        super().__init__(window)
        self.line = ExportLine()
        self.dialog: ExportDialog | TrashDialog | None = None
        self._work, self._keys, self._thumbnails, self._window = work, keys, thumbnails, window
        self._choice = ExportChoice(folder=window.session.settings.export_folder or _FIRST)
        self._declined: set[Path] = set()
        self._offered: Path | None = None
        for signal, slot in (
            (work.began, self._on_began),
            (work.progressed, self._on_progress),
            (work.ended, self._on_ended),
            (work.found, self._offer),
            (work.undoable, self._ask_back),
            (self.line.dismissed, self._on_dismissed),
        ):
            signal.connect(slot)
        self.line.stopWished.connect(work.stop)

    def export(self) -> None:
        """Ask what is to be exported."""
        if self.dialog is not None:
            return
        session, grid = self._window.session, self._window.grid
        at_hand = (tuple(grid.selected_ids()), tuple(session.photos.ids))
        folders = session.filter.folders
        keys = (self._keys["pick"], self._keys["reject"])
        made = ExportDialog(session.bridge, folders, at_hand, self._choice, keys, self._is_busy, self._window)
        made.wished.connect(partial(self._export, made))
        self._open(made)

    def trash(self) -> None:
        """Show what is rejected and ask whether it is to go."""
        if self.dialog is not None:
            return
        folders, key = self._window.session.filter.folders, self._keys["reject"]
        made = TrashDialog(self._window.bridge, self._thumbnails, folders, key, self._is_busy, self._window)
        made.wished.connect(self._work.carry_out)
        self._open(made)

    def take_back(self) -> None:
        """Ask whether the last export or clean-up is to be undone."""
        if self._work.job is None:
            self._work.look_back()
        else:
            self._window.say("Wait until this has ended, or stop it")

    def close(self) -> None:
        """The window closes, and its dialog with it."""
        if self.dialog is not None:
            self.dialog.close()

    def _is_busy(self) -> bool:
        return self._work.job is not None

    def _open(self, dialog: ExportDialog | TrashDialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._on_closed)
        dialog.open()

    def _on_closed(self) -> None:
        self.dialog = None
        self._window.activateWindow()
        self._window.grid.viewport().update()

    def _export(self, dialog: ExportDialog, order: Order) -> None:
        choice = dialog.choice()
        self._choice = replace(choice, way="copy") if choice.way == "move" else choice  # a move is chosen each time
        self._window.session.keep(export_folder=str(absolute(self._choice.folder.strip())))
        self._work.carry_out(order)

    def _on_began(self, job: Job) -> None:
        self._offered = None
        self.line.begin(begun_words(job))
        self._tell_dialog()

    def _on_progress(self, job: Job, far: Far) -> None:
        self.line.set_progress(progress_words(job, far), far.share)

    def _on_ended(self, ended: Ended) -> None:
        self._offered = ended.standing.file if ended.standing is not None and ended.standing.open else None
        self.line.tell(ended_words(ended), self._ways_after(ended), warning=bool(ended.fault or ended.problems))
        if ended.job.way in ("move", "trash"):
            self._window.session.photos.refresh()
        self._tell_dialog()

    def _tell_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.look_again()

    def _ways_after(self, ended: Ended) -> list[Way]:
        left = ended.standing
        if left is None:
            return []
        if left.open:
            return self._ways_on(left)
        ways: list[Way] = []
        if ended.job.kind == "do" and left.folder is not None and left.done:
            ways.append(("Show folder", partial(_show, left.folder)))
        if ended.job.kind == "do" and left.done:
            ways.append(("Undo", partial(self._work.take_back, left)))
        return ways

    def _ways_on(self, left: Standing) -> list[Way]:
        ways: list[Way] = [("Go on", partial(self._work.go_on, left))]
        if not left.undoing:
            ways.append(("Put back" if left.moves else "Take back", partial(self._work.take_back, left)))
        return ways

    def _offer(self, found: list[Standing]) -> None:
        """Of what was interrupted the first that was not put off; not over anything else that is being told."""
        left = next((one for one in found if one.file not in self._declined), None)
        if left is not None and self._work.job is None and self.line.isHidden():
            self._offered = left.file
            self.line.tell(interrupted_words(left), [] if left.away else self._ways_on(left))

    def _ask_back(self, left: Standing | None) -> None:
        if left is None:
            self._window.say("There is no export to undo")
        elif self._work.job is None:
            act: Callable[[], object] = partial(self._work.take_back, left)
            self.line.tell(question_words(left), [("Bring back" if left.moves else "Take back", act)])

    def _on_dismissed(self) -> None:
        """What was put off is offered again at the next start, not before."""
        if self._offered is not None:
            self._declined.add(self._offered)
            self._offered = None
        self._work.look()


def _show(folder: Path) -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
