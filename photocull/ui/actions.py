"""What the commands do: decisions on the photos at hand, views, panels, the run; the window's hands."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QApplication, QFileDialog

from photocull.catalog.records import Sort
from photocull.core.amounts import counted
from photocull.core.errors import printable
from photocull.core.types import Decision
from photocull.core.vocabulary import Label, Pick
from photocull.ui.commands import View
from photocull.ui.keys import KeysCard
from photocull.ui.problems import ProblemsDialog

if TYPE_CHECKING:
    from photocull.ui.window import MainWindow


class WindowActions:
    """Implements `commands.Actions` for one window."""

    def __init__(self, window: "MainWindow") -> None:
        self._window = window

    def rate(self, stars: int) -> None:
        """Give the photos at hand so many stars."""
        self._decide("rating", stars)

    def flag(self, pick: Pick | None) -> None:
        """Pick or reject the photos at hand, or take their flag away."""
        self._decide("pick", pick)

    def label(self, word: Label | None) -> None:
        """Give the photos at hand a colour label, or take it away."""
        self._decide("label", word)

    def undo(self) -> None:
        """Take the last step back."""
        self._window.bridge.undo()

    def redo(self) -> None:
        """Do the last undone step again."""
        self._window.bridge.redo()

    def toggle_auto_advance(self) -> None:
        """Go to the next photo after a decision, or stay."""
        on = not self._window.session.settings.auto_advance
        self._window.session.keep(auto_advance=on)
        self._window.say("After a decision: go to the next photo" if on else "After a decision: stay on the photo")

    def show_view(self, view: View) -> None:
        """Show the grid or the loupe."""
        self._window.show_view(view)

    def step(self, by: int) -> None:
        """Go to a neighbour."""
        grid = self._window.grid
        grid.choose(grid.currentIndex().row() + by)

    def zoom(self) -> None:
        """Zoom the loupe to 1:1 and back; from the grid, open it."""
        if self._window.view == "grid":
            self._window.show_view("loupe")
        self._window.loupe.toggle_zoom()

    def overlay(self, kind: str) -> None:
        """Show this map over the photo, or no map if it is the one that shows."""
        loupe = self._window.loupe
        same = self._window.view == "loupe" and loupe.overlay() == kind
        self._window.show_view("loupe")
        loupe.set_overlay(None if same else kind)

    def resize_photos(self, by: int) -> None:
        """Larger or smaller photos in the grid; zoom in the loupe."""
        if self._window.view == "grid":
            self._window.set_row_height(self._window.grid.row_height + by)
        elif by > 0:
            self._window.loupe.zoom_in()
        else:
            self._window.loupe.zoom_out()

    def toggle_uniform(self) -> None:
        """Equal cells or justified rows."""
        uniform = not self._window.grid.uniform
        self._window.grid.set_uniform(uniform)
        self._window.session.keep(uniform_cells=uniform)

    def toggle_panels(self) -> None:
        """Fold both side panels away, or bring both back."""
        self._window.toggle_panels("left", "right")

    def toggle_left(self) -> None:
        """Fold the left panel away or bring it back."""
        self._window.toggle_panels("left")

    def toggle_right(self) -> None:
        """Fold the right panel away or bring it back."""
        self._window.toggle_panels("right")

    def toggle_full_screen(self) -> None:
        """Use the whole screen, or a window."""
        state = self._window.windowState()
        self._window.setWindowState(state ^ Qt.WindowState.WindowFullScreen)

    def escape(self) -> None:
        """One step back: from a chosen cell, from a map, from the loupe, from the whole screen."""
        window = self._window
        if window.view == "loupe" and window.loupe.step_back():
            return
        if window.view == "loupe":
            window.show_view("grid")
        elif window.isFullScreen():
            self.toggle_full_screen()

    def select_all(self) -> None:
        """Select every photo shown."""
        self._window.grid.select_all()

    def select_none(self) -> None:
        """Select no photo."""
        self._window.grid.clearSelection()

    def search(self) -> None:
        """Go to the search field."""
        self._window.topbar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._window.topbar.search.selectAll()

    def clear_filter(self) -> None:
        """Show all photos of the folders."""
        self._window.topbar.search.clear()
        self._window.topbar.search.clearFocus()
        self._window.session.clear_filter()

    def sort_again(self) -> None:
        """Put every photo where it belongs by now."""
        self._window.session.photos.refresh()

    def reverse_sort(self) -> None:
        """Turn the order round."""
        sort = self._window.session.sort
        self._window.session.set_sort(Sort(sort.key, not sort.descending))

    def open_folder(self) -> None:
        """Ask for a folder and add it."""
        folders = self._window.session.folders
        start = str(folders[-1].parent) if folders else str(Path.home())
        chosen = QFileDialog.getExistingDirectory(self._window, "Choose a folder of photos", start)
        if chosen:
            self._window.session.add([Path(chosen)])

    def score_again(self) -> None:
        """Look for new photos in all folders."""
        self._window.session.score()

    def pause_or_resume(self) -> None:
        """Let scoring wait, or go on."""
        self._window.session.pause_or_resume()
        self._window.statusbar.set_paused(self._window.session.paused)

    def copy_paths(self) -> None:
        """Put the paths of the photos at hand on the clipboard, one a line."""
        rows = [self._window.session.photos.row(i) for i in self._ids()]
        paths = [printable(row.path) for row in rows if row is not None]
        if not paths:
            return
        QApplication.clipboard().setText("\n".join(paths))
        self._window.say(f"Copied {counted(len(paths), 'path')}")

    def show_file(self) -> None:
        """Open the folder of the photo at hand in the system's file manager."""
        row = next((self._window.session.photos.row(i) for i in self._ids()), None)
        if row is not None and not QDesktopServices.openUrl(QUrl.fromLocalFile(str(row.path.parent))):
            self._window.say("No file manager could be opened")

    def export(self) -> None:
        """Ask which photos go where, and export them."""
        self._window.exports.export()

    def trash_rejects(self) -> None:
        """Show what is rejected, and move it to the trash."""
        self._window.exports.trash()

    def undo_export(self) -> None:
        """Take the last export or clean-up back."""
        self._window.exports.take_back()

    def show_problems(self) -> None:
        """List the photos that could not be read."""
        ProblemsDialog(self._window.bridge, self._window.session.filter, self._window).exec()

    def toggle_sidecars(self) -> None:
        """Write decisions into sidecars from now on, or no more."""
        on = self._window.session.settings.sidecars != "on"
        self._window.session.keep(sidecars="on" if on else "off")
        self._window.say(
            "After a decision: sidecars are written" if on else "After a decision: no sidecars are written"
        )

    def show_settings(self) -> None:
        """Open Settings beside the photos."""
        self._window.settings.open()

    def show_keys(self) -> None:
        """Show the card of keys."""
        KeysCard(self._window.commands, self._window).exec()

    def quit(self) -> None:
        """Close the window."""
        self._window.close()

    def _ids(self) -> Sequence[int]:
        """The selected photos in the grid; the photo shown in the loupe."""
        window = self._window
        if window.view == "grid":
            # Never the cursor's photo alone: it may have scrolled away long ago.
            if not (selected := window.grid.selected_ids()):
                window.say("No photo is selected")
            return selected
        current = window.grid.current_id()
        return [] if current is None else [current]

    def _decide(self, field: Literal["rating", "pick", "label"], value: int | Pick | Label | None) -> None:
        ids = self._ids()
        self._window.bridge.decide([Decision(photo_id, field, value) for photo_id in ids])
        if len(ids) == 1 and self._window.session.settings.auto_advance:
            self.step(1)
