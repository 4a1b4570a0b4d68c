"""The window with all that works behind it, built in one place and ended in one place."""

import logging
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from photocull.catalog.away import Away
from photocull.catalog.database import Catalog
from photocull.core.errors import UsageError
from photocull.core.settings import Settings
from photocull.core.settings import folders as state_folders
from photocull.core.types import Decision
from photocull.photo.previews import PreviewStore
from photocull.ui.bridge import Bridge, ModelOpener
from photocull.ui.carrying import Carried, carried, meant_here
from photocull.ui.closing import offer_to_save
from photocull.ui.damaged import DamagedDialog
from photocull.ui.export_work import ExportWork
from photocull.ui.faults import Faults
from photocull.ui.following import Following
from photocull.ui.instance import Door
from photocull.ui.keymap import Keymap, load_keymap
from photocull.ui.leftovers import Leftovers
from photocull.ui.model_store import ModelStore, PersonsModels
from photocull.ui.model_work import ModelWork
from photocull.ui.offline import Offline
from photocull.ui.safekeeping import Safekeeping
from photocull.ui.session import Session
from photocull.ui.sidecar_question import ask_for_sidecars
from photocull.ui.sidecars import Sidecars
from photocull.ui.style import TOKENS, dress, icon
from photocull.ui.thumbnails import Thumbnails, preview_loader
from photocull.ui.window import MainWindow


def application() -> QApplication:
    """The one Qt application, dressed."""
    running = QApplication.instance()
    made = running if isinstance(running, QApplication) else QApplication(sys.argv[:1])
    made.setApplicationName("photocull")
    made.setApplicationDisplayName("Photocull")
    made.setDesktopFileName("photocull")
    dress(made)
    made.setWindowIcon(icon("aperture", TOKENS.accent, 64))
    return made


log = logging.getLogger(__name__)


class Desk:
    """Bridge, session, pictures, sidecars and window.

    Attributes:
        restoring: whether the window was closed because its catalogue is damaged, and ``to_restore`` is to be put back.
        unsaved: decisions that could not be saved, known from `close` on, for the window on what is put back.

    Args:
        open_model: opens the model in the scoring thread. save: keeps the settings, in any thread.
        models: the store of models that Settings shows; the person's own unless given.
    """

    def __init__(
        self,
        catalog: Catalog,
        previews: PreviewStore,
        settings: Settings,
        open_model: ModelOpener,
        save: Callable[[Settings], None],
        models: ModelStore | None = None,
    ) -> None:
        self._save = save
        self.faults = Faults()
        self.bridge = Bridge(catalog, previews, settings, open_model)
        self.session = Session(self.bridge, save)
        self.thumbnails = Thumbnails(preview_loader(previews, self.bridge.token))
        self.models = ModelWork(models or PersonsModels())
        keymap, complaint = _keymap(settings.keymap)
        self.sidecars = Sidecars(self.session)
        self.exports = ExportWork(catalog, previews, state_folders().exports, lambda: self.bridge.model)
        self.window = MainWindow(self.session, self.thumbnails, keymap, self.models, self.exports)
        self.following = Following(self.window)
        self.offline = Offline(self.session)
        self.offline.changed.connect(self._show_away)
        self.safekeeping = Safekeeping(self.bridge)
        self.safekeeping.failed.connect(self.window.say)
        self.faults.happened.connect(self.window.say)
        self.sidecars.told.connect(self.window.say)
        self.sidecars.asking.connect(partial(ask_for_sidecars, self.sidecars.answer, self.window))
        self.window.say(complaint)
        self.restoring = False
        self.to_restore: Path | None = None
        self.unsaved: Carried = ()
        self._offering = self._declined = False
        self.bridge.damaged.connect(self._offer_backup)
        self.session.runChanged.connect(lambda progress: self._reconsider() if progress is None else None)
        self.window.statusbar.retryWished.connect(self._reconsider)

    def open(self, folders: Sequence[Path]) -> None:
        """Show the window, then look at these folders."""
        self.faults.install()
        self.window.show()
        self.session.open([folder.absolute() for folder in folders])
        self.exports.look()
        self.safekeeping.begin()

    def answer(self, door: Door) -> None:
        """Let later starts of the program bring this window to the front, with their folders."""
        door.knocked.connect(self._on_knock)
        door.look()

    def carry_over(self, decisions: Carried) -> None:
        """Save what the catalogue before this one could not save any more."""
        if decisions:
            catalog, bridge = self.bridge.catalog, self.bridge
            bridge.query(lambda: meant_here(decisions, catalog), bridge.decide, owner=self.session)

    def offer(self, left: Leftovers) -> None:
        """Ask whether what could not be saved the last time is to be saved now."""
        catalog, bridge = self.bridge.catalog, self.bridge

        def ask() -> tuple[Decision, ...]:
            kept = left.look()
            return meant_here(kept, catalog) if kept else ()

        bridge.query(ask, partial(offer_to_save, left, bridge, self.window), owner=self.session)

    def leave(self) -> None:
        """Close the window without a question: nobody may be there to answer it."""
        self.window.closing.sure = True
        self.window.close()

    def close(self) -> None:
        """Close the window, stop all work, keep the settings."""
        self.leave()
        self.exports.close()
        self.models.close()
        self.bridge.token.cancel()
        self.sidecars.close()
        self.thumbnails.close()
        self.bridge.close()
        self.unsaved = carried(self.bridge.unsaved, self.session.photos.row, self.bridge.catalog)
        self.faults.uninstall()
        try:
            self._save(self.session.settings)
        except OSError as error:  # the window has said so already, if anything was to be kept before
            log.warning("The settings were not saved: %s", error)
        self.window.deleteLater()

    def _on_knock(self, folders: Sequence[Path]) -> None:
        window = self.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        if folders:
            self.session.add(folders)

    def _show_away(self, away: Away) -> None:
        window = self.window
        for part in (window.grid, window.middle.strip, window.loupe, window.inspector, window.sidebar):
            part.set_away(away)

    def _offer_backup(self) -> None:
        """While the rest can still be looked at; the composition root puts the backup back.

        Once, and again when the person tries again after a "Not now".
        """
        if self._offering or self._declined or self.bridge.catalog.file is None:
            return
        self._offering = True
        dialog = DamagedDialog(self.bridge.catalog.file, self.window, at_once=False)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.accepted.connect(partial(self._leave_to_restore, dialog))
        dialog.rejected.connect(self._decline)
        dialog.open()

    def _decline(self) -> None:
        self._offering, self._declined = False, True

    def _reconsider(self) -> None:
        self._declined = False

    def _leave_to_restore(self, dialog: DamagedDialog) -> None:
        self.restoring, self.to_restore = True, dialog.chosen
        self.leave()


def _keymap(name: str) -> tuple[Keymap, str]:
    """The chosen keys; the usual ones and a sentence where they cannot be read."""
    try:
        return load_keymap(name), ""
    except UsageError as error:
        return load_keymap("lightroom"), f"{error} The usual keys are used."
