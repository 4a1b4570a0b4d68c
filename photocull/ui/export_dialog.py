"""Export: a calm dialog over the window; what it would do is found out behind it, newest wish first."""

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from photocull.catalog.records import PhotoDetail
from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken
from photocull.ui.bridge import Bridge
from photocull.ui.export_choice import ExportChoice, Sources, missing_words
from photocull.ui.export_form import ExportForm
from photocull.ui.export_jobs import Order
from photocull.ui.export_survey import Names, Survey, read_names, read_photos, read_sources, survey
from photocull.ui.export_words import left_out_words, plan_words
from photocull.ui.pieces import label, scroll_area, set_role

log = logging.getLogger(__name__)
_WAIT_MS: Final = 200
_COUNTING: Final = "Counting files…"
_FAULT: Final = "That cannot be planned because of a fault in Photocull; the log file says more."


class ExportDialog(QDialog):
    """Asks for nothing on the GUI thread; the photos that are chosen are read once.

    Signals:
        wished(Order): what is to be exported.

    Args:
        at_hand: ids of the selected photos, and of all that are shown. keys: those of "pick" and "reject".
        busy: whether another export goes on, so that this one has to wait for its end.
    """

    wished = Signal(object)

    def __init__(
        self,
        bridge: Bridge,
        folders: frozenset[Path],
        at_hand: tuple[tuple[int, ...], tuple[int, ...]],
        choice: ExportChoice,
        keys: tuple[str, str],
        busy: Callable[[], bool],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._bridge, self._keys, self._busy = bridge, keys, busy
        self._sources = Sources()
        self._photos: dict[tuple[int, ...], tuple[PhotoDetail, ...]] = {}
        self._token = CancelToken()
        self._survey: Survey | None = None
        self._waiting = QTimer(self, singleShot=True, interval=_WAIT_MS)
        self._waiting.timeout.connect(self._read)
        self.form = ExportForm()
        self.words, self.left_out = label("", "dim", wrap=True), label("", "warning", wrap=True)
        self.cancel = QPushButton("Cancel", autoDefault=False)
        self.export = QPushButton("Export", default=True)
        self._lay_out()
        self.form.show_choice(choice)
        self.form.changed.connect(self._on_changed)
        self.export.clicked.connect(self._on_export)
        self.cancel.clicked.connect(self.reject)
        self._ask_sources = partial(read_sources, bridge.catalog, bridge.model, folders, *at_hand)
        self._bridge.query(self._ask_sources, self._take_sources, owner=self, key="sources")
        self._enable()

    def choice(self) -> ExportChoice:
        """What is chosen now."""
        return self.form.choice()

    def settle(self) -> None:
        """Ask no more; what is asked already ends at its next photo."""
        self._waiting.stop()
        self._token.cancel()

    def done(self, result: int) -> None:
        """The dialog closes."""
        self.settle()
        super().done(result)

    def showEvent(self, event: QShowEvent) -> None:
        """No field has the focus at first: a letter that was meant for a photo changes no name."""
        super().showEvent(event)
        self.setFocus()

    def _take_sources(self, sources: Sources) -> None:
        self._sources = sources
        self.form.show_sources(sources)
        if not sources.of(self.choice().photos):
            self.form.photos.set_value(sources.usual)
        self._on_changed()

    def _on_changed(self) -> None:
        self._token.cancel()
        self._survey = None
        choice = self.choice()
        words = missing_words(self._sources, choice.photos, *self._keys)
        self.form.hint.setText(words)
        self.form.hint.setVisible(bool(words))
        self.left_out.hide()
        self.form.say_whose("")
        self._say(_COUNTING if self._sources.of(choice.photos) else "")
        self._enable()
        self._waiting.start()

    def _read(self) -> None:
        """The photos of the choice; then their names, then the plan."""
        self._survey = None
        self._enable()
        ids = self._sources.of(self.choice().photos)
        if ids in self._photos:
            self._name(self._photos[ids])
            return
        catalog, model = self._bridge.catalog, self._bridge.model

        def take(photos: tuple[PhotoDetail, ...]) -> None:
            if ids != self._sources.of(self.choice().photos):
                return  # others were chosen meanwhile; they are read in a moment
            self._photos = {ids: photos}
            self._name(photos)

        self._bridge.query(partial(read_photos, catalog, model, ids), take, owner=self, key="photos")

    def _name(self, photos: tuple[PhotoDetail, ...]) -> None:
        choice = self.choice()

        def take(names: Names) -> None:
            self.form.names.show_names(names)
            if names.fault or not photos:
                self._say("")
            else:
                self._plan(photos, choice)

        self._bridge.query(partial(read_names, photos, choice), take, owner=self, key="names")

    def _plan(self, photos: tuple[PhotoDetail, ...], choice: ExportChoice) -> None:
        token = self._token = CancelToken()
        if not self.isVisible():
            token.cancel()

        def take(found: Survey) -> None:
            if not token.cancelled and choice == replace(self.choice(), extras=choice.extras):
                self._show(found)

        def failed(error: BaseException) -> None:
            if not isinstance(error, CancelledError):
                log.error("An export could not be planned.", exc_info=error)
                self._say(_FAULT, fault=True)

        self._bridge.query(
            partial(survey, photos, choice, token), take, failed=failed, owner=self, key="plan", apart=True
        )

    def _show(self, found: Survey) -> None:
        self._survey = found
        faults = {found.place: found.fault}
        self.form.folder.say(faults.get("folder", ""))
        self.form.say_way(faults.get("way", ""))
        self.form.say_rule(faults.get("rule", ""))
        self.form.say_whose(found.whose)
        if faults.get("room"):
            self._say(found.fault, fault=True)
        else:
            self._say(plan_words(found))
        if found.plan is not None and found.plan.folder is not None:
            firsts = [(family.photo, (*family.items, *family.there)[0].target) for family in found.plan.families[:3]]
            names = tuple((p.name, str(t.relative_to(found.plan.folder))) for p, t in firsts if t is not None)
            self.form.names.show_examples(names)
            self.left_out.setText(left_out_words(found.plan.left_out))
            self.left_out.setVisible(bool(found.plan.left_out))
        self._enable()

    def _say(self, sentence: str, *, fault: bool = False) -> None:
        self.words.setText(sentence)
        set_role(self.words, "warning" if fault else "dim")

    def _enable(self) -> None:
        busy = self._busy()
        self.export.setEnabled(self._survey is not None and self._survey.ready and not busy)
        if busy and self._survey is not None and self._survey.ready:
            self._say("Another export is going on; this one can begin when it has ended.")

    def look_again(self) -> None:
        """Another export has begun or ended: what it moved is to be offered no more, and names may be taken by now."""
        if self._busy():
            self._enable()
            return
        self._photos.clear()
        self._bridge.query(self._ask_sources, self._take_sources, owner=self, key="sources")
        self._on_changed()
        self._waiting.stop()

    def _on_export(self) -> None:
        if self._survey is None or self._survey.plan is None:
            return
        choice = self.choice()
        recipe = choice.recipe if choice.way == "convert" else None
        order = Order(self._survey.plan, "export", recipe, choice.extras)
        self.accept()
        self.wished.emit(order)

    def _lay_out(self) -> None:
        self.setWindowTitle("Export")
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.export.setProperty("role", "primary")
        body = QWidget()
        inside = QVBoxLayout(body)
        inside.setContentsMargins(24, 4, 24, 12)
        inside.addWidget(self.form)
        inside.addStretch()
        line = QFrame()
        line.setFixedHeight(1)
        line.setProperty("role", "line")
        buttons = QHBoxLayout()
        buttons.setContentsMargins(24, 0, 24, 0)
        buttons.setSpacing(10)
        said = QVBoxLayout()
        said.setSpacing(2)
        said.addWidget(self.words)
        said.addWidget(self.left_out)
        buttons.addLayout(said, 1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.export)
        title = label("Export", "title")
        title.setContentsMargins(24, 0, 24, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 20, 0, 18)
        whole.setSpacing(14)
        whole.addWidget(title)
        whole.addWidget(scroll_area(body), 1)
        whole.addWidget(line)
        whole.addLayout(buttons)
        self.left_out.hide()
        self.resize(760, 650)
