"""Moving rejects to the trash: shows what will go, says how much it is, and asks."""

import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.catalog.query import BY_NAME
from photocull.catalog.records import Filter, PhotoDetail
from photocull.core.amounts import counted
from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken, Problem
from photocull.ui.bridge import Bridge
from photocull.ui.export_jobs import Order
from photocull.ui.export_survey import Survey, read_rejects, survey_trash
from photocull.ui.export_words import plan_words, stay_lines
from photocull.ui.folder_field import FolderField
from photocull.ui.photo_list import PhotoListModel
from photocull.ui.pieces import label, scroll_area, set_role
from photocull.ui.reject_sheet import RejectSheet
from photocull.ui.segments import Segments
from photocull.ui.thumbnails import Thumbnails

log = logging.getLogger(__name__)
_FAULT: Final = "That cannot be planned because of a fault in Photocull; the log file says more."
_PLACES: Final = {"trash": "The system's trash", "folder": "A folder"}
_NOTE: Final = "RAW and JPEG partners and sidecars go along; Undo brings them back."


class TrashDialog(QDialog):
    """Nothing is moved but by its own button, which Enter does not press; Cancel has the focus.

    Signals:
        wished(Order): what is to be moved.

    Args:
        folders: whose rejects. key: that of "reject". busy: whether other work on files goes on.
    """

    wished = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        thumbnails: Thumbnails,
        folders: frozenset[Path],
        key: str,
        busy: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._folders, self._key, self._busy = bridge, folders, key, busy
        self._photos: tuple[PhotoDetail, ...] = ()
        self._survey: Survey | None = None
        self._token = CancelToken()
        self._list = PhotoListModel(bridge)
        self._list.setParent(self)
        self.title, self.words = label("Looking for rejected photos…", "title", wrap=True), label("", wrap=True)
        self.sheet = RejectSheet(self._list, thumbnails)
        self.stay, self.whose = label("", "warning", wrap=True), label("", "warning", wrap=True)
        self.place = Segments(_PLACES, "Where to")
        self.folder = FolderField("Choose a folder for the rejects")
        self.cancel, self.move_button = QPushButton("Cancel", autoDefault=False), QPushButton("Move", autoDefault=False)
        self._lay_out()
        self.place.chosen.connect(self._on_place)
        self.folder.changed.connect(self._plan)
        self.cancel.clicked.connect(self.reject)
        self.move_button.clicked.connect(self._on_move)
        self._read()

    def done(self, result: int) -> None:
        """The dialog closes."""
        self._token.cancel()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """A key that was meant for a photo moves nothing."""
        super().showEvent(event)
        self.cancel.setFocus()

    def _read(self) -> None:
        folders = self._folders
        if folders:
            self._list.show(Filter(folders=folders, picks=frozenset({"reject"})), BY_NAME)
        ask = partial(read_rejects, self._bridge.catalog, self._bridge.model, folders)
        self._bridge.query(ask, self._take_photos, owner=self, key="rejects")

    def _take_photos(self, photos: tuple[PhotoDetail, ...]) -> None:
        self._photos = photos
        self._plan()

    def _on_place(self) -> None:
        self.folder.setVisible(self.place.value() == "folder")
        self.folder.say("")
        self._plan()

    def _plan(self) -> None:
        self._forget_plan()
        token = self._token = CancelToken()
        typed = self.folder.text() if self.place.value() == "folder" else None

        def failed(error: BaseException) -> None:
            if not isinstance(error, CancelledError):
                log.error("A clean-up could not be planned.", exc_info=error)
                self.words.setText(_FAULT)
                set_role(self.words, "warning")

        ask = partial(survey_trash, self._photos, typed, token)
        self._bridge.query(
            ask, lambda found: self._take_plan(token, found), failed=failed, owner=self, key="plan", apart=True
        )

    def _forget_plan(self) -> None:
        self._token.cancel()
        self._survey = None
        self._enable()

    def _take_plan(self, token: CancelToken, found: Survey) -> None:
        if not token.cancelled:
            self._show(found)

    def _show(self, found: Survey) -> None:
        self._survey = found
        plan = found.plan
        count = 0 if plan is None else len(plan.families)
        to = "the trash" if self.place.value() == "trash" else "a folder"
        self.title.setText(f"Move {counted(count, 'photo')} to {to}?" if count else self._nothing(found))
        self.folder.say(found.fault if found.place == "folder" else "")
        room = found.fault if found.place == "room" else ""
        self.words.setText(room or (f"{plan_words(found)}. {_NOTE}" if count else ""))
        self.whose.setText(found.whose)
        self.whose.setVisible(bool(self.whose.text()))
        set_role(self.words, "warning" if room else "dim")
        self._show_stay(() if plan is None else plan.left_out)
        self.move_button.setText(f"Move {counted(count, 'photo')}" if count else "Move")
        self._enable()

    def _nothing(self, found: Survey) -> str:
        if found.fault:
            return f"Move {counted(len(self._photos), 'photo')} to a folder?"
        if self._photos:
            return "None of the rejected photos can be moved"
        return f"Nothing is rejected: press {self._key} on a photo"

    def _show_stay(self, problems: tuple[Problem, ...]) -> None:
        self.stay.setText("\n".join(stay_lines(problems)))
        self._stay_area.setVisible(bool(problems))

    def _enable(self) -> None:
        ready = self._survey is not None and self._survey.ready
        self.move_button.setEnabled(ready and not self._busy())

    def look_again(self) -> None:
        """Other work on files has begun or ended: what it moved is to be offered no more."""
        self._forget_plan()
        if not self._busy():
            self._read()

    def _on_move(self) -> None:
        if self._survey is not None and self._survey.plan is not None:
            order = Order(self._survey.plan, "trash")
            self.accept()
            self.wished.emit(order)

    def _lay_out(self) -> None:
        self.setWindowTitle("Move rejects to the trash")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.move_button.setProperty("role", "primary")
        self.place.set_value("trash")
        self.folder.hide()
        self._stay_area = scroll_area(self.stay)
        self._stay_area.setMaximumHeight(84)
        self._stay_area.hide()
        self.whose.hide()
        where = QHBoxLayout()
        where.setSpacing(16)
        where.addWidget(self.place, 0, Qt.AlignmentFlag.AlignTop)
        where.addWidget(self.folder, 1)
        where.addStretch()
        buttons = QHBoxLayout()
        buttons.setSpacing(10)
        buttons.addStretch()
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.move_button)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 18)
        whole.setSpacing(12)
        whole.addWidget(self.title)
        whole.addWidget(self.words)
        whole.addWidget(self.whose)
        whole.addWidget(self.sheet, 1)
        whole.addWidget(self._stay_area)
        whole.addLayout(where)
        whole.addLayout(buttons)
        self.resize(760, 600)
