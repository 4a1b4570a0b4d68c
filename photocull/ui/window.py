"""The window: three regions, a bar above and one below; builds the widgets and wires them to the session."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from photocull.catalog.records import Facets, Filter
from photocull.core.work import Progressed
from photocull.ui.actions import WindowActions
from photocull.ui.closing import Closing
from photocull.ui.commands import View, commands
from photocull.ui.export_door import ExportDoor
from photocull.ui.export_work import ExportWork
from photocull.ui.geometry import Side, regions, remember, restore
from photocull.ui.inspector import Inspector
from photocull.ui.keymap import Keymap
from photocull.ui.menu import actions, command_menu, photo_menu
from photocull.ui.middle import Middle
from photocull.ui.model_work import ModelWork
from photocull.ui.pages import Page
from photocull.ui.session import Session
from photocull.ui.settings_door import SettingsDoor
from photocull.ui.sidebar import Sidebar
from photocull.ui.statusbar import StatusBar
from photocull.ui.thumbnails import Thumbnails
from photocull.ui.topbar import TopBar


class MainWindow(QMainWindow):
    """Everything that a photographer sees.

    Attributes:
        session, bridge: what is looked at, and the way to the catalogue.
        commands: every action. grid, loupe: the two views. topbar, statusbar, sidebar, inspector: around them.
        settings, exports: the ways to their dialogs. closing: whether the window may close.
    """

    def __init__(
        self, session: Session, thumbnails: Thumbnails, keymap: Keymap, models: ModelWork, exports: ExportWork
    ) -> None:
        super().__init__()
        self.session, self.bridge = session, session.bridge
        self.commands = commands(WindowActions(self), keymap)
        by_id = {command.id: command for command in self.commands}
        self._actions = actions(self, self.commands)
        self._photo_menu = photo_menu(self.commands, self._actions, self)
        self.topbar = TopBar(by_id, command_menu(self.commands, self._actions, self))
        self.statusbar = StatusBar(by_id["pause"].key, by_id["problems"].key, by_id["keys"].key)
        self.sidebar, self.inspector = Sidebar(self.bridge), Inspector(self.bridge)
        self.middle = Middle(session, thumbnails, by_id["open-folder"].key)
        self.grid, self.loupe = self.middle.grid, self.middle.loupe
        keys = {command.id: command.key for command in self.commands}
        for panel in (self.sidebar, self.middle.chips, self.loupe, self.inspector):
            panel.set_keys(keys)
        self.settings = SettingsDoor(session, models, self)
        self.exports = ExportDoor(exports, keys, thumbnails, self)
        self.closing = Closing(self.bridge, self)
        self._folded: frozenset[Side] = frozenset()
        self._lay_out()
        self._connect()
        self._folded = restore(self, self._regions, session.settings)
        self.set_row_height(session.settings.thumbnail_height)
        self.grid.set_uniform(session.settings.uniform_cells)
        self.topbar.set_view("grid")
        self.topbar.sort.set_sort(session.sort)
        self._show_panels()
        self._enable()

    @property
    def view(self) -> View:
        """Which view is shown."""
        return self.middle.view

    def show_view(self, view: View) -> None:
        """Show the grid or the loupe."""
        if view == "loupe" and not self.session.photos.ids:
            return
        self.middle.show_view(view)
        self.topbar.set_view(view)
        self._enable()
        self._on_chosen()

    def set_row_height(self, height: int) -> None:
        """Change the photos' size in the grid and remember it."""
        self.grid.set_row_height(height)
        self.topbar.set_height(self.grid.row_height)

    def toggle_panels(self, *sides: Side) -> None:
        """Fold these side panels away, or bring them back if none of them is seen."""
        wished = frozenset(sides)
        self._folded = self._folded - wished if wished <= self._folded else self._folded | wished
        self._show_panels()

    def say(self, sentence: str) -> None:
        """Tell something for a few seconds in the status bar."""
        self.statusbar.say(sentence)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Caps Lock is a key like any other here, but Qt takes no lock for a shortcut."""
        if event.key() == Qt.Key.Key_CapsLock:
            for command in self.commands:
                if "CapsLock" in command.keys:
                    self._do(command.id)
        else:
            super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Remember how the window stands; the composition root ends the work and saves the settings."""
        if self.closing.asks():
            event.ignore()
            return
        geometry, panels = remember(self, self._regions, self._folded)
        self.session.keep(geometry=geometry, panels=panels, thumbnail_height=self.grid.row_height)
        self.settings.close()
        self.exports.close()
        super().closeEvent(event)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Files and folders of this computer may be dropped."""
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.middle.message.card.set_hot(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """Nothing is held over the window any more."""
        self.middle.message.card.set_hot(False)
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Add what was dropped."""
        self.middle.message.card.set_hot(False)
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        event.acceptProposedAction()
        self.session.add(paths)

    def _lay_out(self) -> None:
        self.setWindowTitle("Photocull")
        self.setAcceptDrops(True)
        self.setMinimumSize(960, 600)
        self.resize(1440, 900)
        self._regions = regions(self.sidebar, self.middle, self.inspector)
        whole = QWidget()
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget in (self.topbar, self._regions, self.settings.notice, self.exports.line, self.statusbar):
            column.addWidget(widget, int(widget is self._regions))
        self.setCentralWidget(whole)

    def _connect(self) -> None:
        self._connect_session()
        self._connect_bars()
        self._connect_views()
        self._connect_panels()

    def _connect_session(self) -> None:
        session, bridge = self.session, self.bridge
        session.foldersChanged.connect(self._on_folders)
        session.filterChanged.connect(self._on_filter)
        session.sortChanged.connect(self.topbar.sort.set_sort)
        session.counted.connect(self._on_counted)
        session.pageChanged.connect(self._on_page)
        session.runChanged.connect(self._on_run)
        # Methods of a widget: such connections end with it, while a model may still be opening.
        session.judging.slow.connect(self.statusbar.set_opening)
        session.runEnded.connect(self.statusbar.set_ended)
        session.photos.listed.connect(self._on_listed)
        session.photos.rowsInserted.connect(self._enable)
        session.photos.dataChanged.connect(self._on_rows)
        session.photos.newScores.connect(self.middle.chips.set_new_scores)
        bridge.saveStateChanged.connect(self.statusbar.set_saved)
        bridge.saveStateChanged.connect(self.closing.set_saved)
        bridge.nothingToUndo.connect(self.say)
        bridge.questionFailed.connect(self.say)
        bridge.modelReady.connect(self._on_model)

    def _connect_bars(self) -> None:
        session = self.session
        self.topbar.searched.connect(lambda text: session.set_filter(replace(session.filter, text=text)))
        self.topbar.searchLeft.connect(lambda: self.middle.show_view(self.view))
        self.topbar.sortChosen.connect(session.set_sort)
        self.topbar.viewChosen.connect(self.show_view)
        self.topbar.heightChosen.connect(self.set_row_height)
        self.statusbar.pauseWished.connect(lambda: self._do("pause"))
        self.statusbar.problemsWished.connect(lambda: self._do("problems"))
        self.statusbar.retryWished.connect(self.bridge.retry)
        self.middle.chips.filterChanged.connect(self._filter_by_click)
        self.middle.chips.sortAgain.connect(lambda: self._do("sort-again"))
        self.middle.commanded.connect(self._do)

    def _connect_views(self) -> None:
        self.grid.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.grid.customContextMenuRequested.connect(self._show_menu)
        self.grid.chosen.connect(self._on_chosen)
        self.grid.opened.connect(lambda _id: self.show_view("loupe"))
        self.grid.heightWished.connect(self.set_row_height)
        self.grid.starred.connect(lambda _id, stars: self._do(f"rate-{stars}"))
        self.grid.looked.connect(self.bridge.prefer)
        self.middle.strip.chosen.connect(self.middle.choose)
        self.loupe.starsClicked.connect(lambda stars: self._do(f"rate-{stars}"))
        self.loupe.flagClicked.connect(lambda flag: self._do(flag if flag in ("pick", "reject") else "unflag"))
        self.loupe.labelClicked.connect(lambda word: self._do(f"label-{word}" if word else "label-none"))

    def _connect_panels(self) -> None:
        session = self.session
        self.sidebar.filterChanged.connect(self._filter_by_click)
        self.sidebar.folderChosen.connect(session.choose)
        self.sidebar.addFolderRequested.connect(lambda: self._do("open-folder"))
        self.sidebar.removeFolderRequested.connect(session.remove)
        self.sidebar.problemsRequested.connect(lambda: self._do("problems"))
        self.inspector.overlayRequested.connect(lambda kind: self._do(f"overlay-{kind}"))

    def _do(self, command: str) -> None:
        self._actions[command].trigger()

    def _on_listed(self) -> None:
        self._enable()
        self._on_chosen()

    def _enable(self) -> None:
        """Let each command's keys work only where the command does."""
        photos = bool(self.session.photos.ids)
        for command in self.commands:
            self._actions[command.id].setEnabled(command.works_in(self.view, photos=photos))
        self._tell_shown()

    def _tell_shown(self) -> None:
        self.statusbar.set_shown(len(self.session.photos.ids), len(self.grid.selected_ids()))

    def _show_panels(self) -> None:
        start = not self.session.folders
        self.sidebar.setVisible(not start and "left" not in self._folded)
        self.inspector.setVisible(not start and "right" not in self._folded)

    def _on_folders(self) -> None:
        session = self.session
        counts = session.facets.folders if session.facets is not None else {}
        self.sidebar.set_folders(session.folders, counts)
        self.topbar.place.set_place(session.folders, session.chosen)
        self._show_panels()

    def _on_filter(self, filter: Filter) -> None:
        self.sidebar.set_filter(filter)
        self.topbar.search.set_text(filter.text)
        self._on_chosen()

    def _filter_by_click(self, wished: Filter) -> None:
        """Whoever clicks has ended typing: the search shows what the click leaves of it, and keys go to the photos."""
        self.topbar.search.clearFocus()
        self.session.set_filter(wished)

    def _on_counted(self, facets: Facets) -> None:
        session = self.session
        self.sidebar.set_folders(session.folders, facets.folders)
        self.sidebar.set_facets(facets)
        self.middle.chips.set_filter(session.filter, facets.shown, facets.total)
        self.statusbar.set_problems(facets.problems)

    def _on_page(self, page: Page | None) -> None:
        self.middle.show_page(page)
        self._enable()

    def _on_run(self, progress: Progressed | None) -> None:
        if progress is None:
            self.statusbar.set_looking("Looking for photos", paused=self.session.paused)
        else:
            self.statusbar.set_progress(progress)

    def _on_model(self, name: str, _fingerprint: str) -> None:
        if not self.session.running:
            self.statusbar.set_idle(f"Model {name} is ready")

    def _on_chosen(self) -> None:
        self.middle.show_current()  # first, so that the photo is painted before anything is asked about it
        selected = self.grid.selected_ids()
        # A single selected photo is what a key in the grid decides, wherever the cursor went from it.
        alone = self.view == "grid" and len(selected) == 1
        photo = selected[0] if alone else self.grid.current_id()
        self.inspector.show_photo(photo, self.session.filter, len(selected), selected)
        self._tell_shown()

    def _show_menu(self, at: QPoint) -> None:
        """What can be done with the photo under the pointer."""
        place = self.grid.place_at(at)
        if place is not None:
            self._photo_menu.popup(self.grid.viewport().mapToGlobal(at))

    def _on_rows(self, first: QModelIndex, last: QModelIndex) -> None:
        """What is shown of the current photo may have changed."""
        if first.row() <= self.grid.currentIndex().row() <= last.row():
            self.middle.show_current()
