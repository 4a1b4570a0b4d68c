"""The middle of the window: chips above, then the grid, the loupe with its filmstrip, or a message."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QApplication, QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from photocull.ui.chips import ChipRow
from photocull.ui.commands import View
from photocull.ui.empty import MessagePage
from photocull.ui.filmstrip import Filmstrip
from photocull.ui.grid import GridView
from photocull.ui.loupe import Loupe
from photocull.ui.pages import Page
from photocull.ui.photo_list import Index
from photocull.ui.session import Session
from photocull.ui.thumbnails import Thumbnails

_AHEAD, _BEHIND = 4, 2
"""Photos that are loaded before they are asked for, in the direction of travel and against it."""


class Middle(QWidget):
    """Switches between the views; the grid's cursor is the one current photo of both.

    Signals:
        commanded: a button of the message asks for this command.
    """

    commanded = Signal(str)

    def __init__(self, session: Session, thumbnails: Thumbnails, open_key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._photos = session.photos
        self.view: View = "grid"
        self.chips = ChipRow()
        self.grid = GridView(session.photos, thumbnails)
        self.loupe = Loupe(session.bridge)
        self.strip = Filmstrip(session.photos, thumbnails)
        self.message = MessagePage(open_key)
        self.message.card.commanded.connect(self.commanded)
        self._page: Page | None = None
        self._kept: tuple[list[int], int | None, list[int]] = ([], None, [])
        self._listed = session.photos.wanted
        self._place, self._step = -1, 1
        self._photos.modelAboutToBeReset.connect(self._keep)
        self._photos.listed.connect(self._choose_kept)
        self._photos.rowsInserted.connect(self._choose_first)
        self._lay_out()

    def show_view(self, view: View) -> None:
        """Show the grid or the loupe, unless a message stands in their place."""
        self.view = view
        self._turn()
        self._take_keys()

    def show_page(self, page: Page | None) -> None:
        """Show a message instead of photos, or photos again."""
        self._page = page
        if page is not None:
            self.message.card.show_page(page)
        self._turn()
        # Lists arrive while the search is being typed; what follows must not become decisions.
        if not isinstance(QApplication.focusWidget(), QLineEdit):
            self._take_keys()

    def show_current(self) -> None:
        """Let the loupe and the strip follow the grid's cursor."""
        if self.view != "loupe":
            return
        place = self.grid.currentIndex().row()
        known = 0 <= place < len(self._photos.ids)
        self.loupe.show_photo(self._photos.row_at(place) if known else None)
        if known:
            self.strip.set_current(self._photos.ids[place])
            self.loupe.set_neighbours(self._neighbours(place))

    def choose(self, photo_id: int) -> None:
        """Move the cursor to this photo."""
        place = self._photos.place(photo_id)
        if place is not None:
            self.grid.choose(place)

    def _keep(self) -> None:
        """Remember the cursor, what lies around it, its height on the screen and the selection over a new list."""
        here = self.grid.currentIndex().row()
        ids = self._photos.ids
        near = [] if here < 0 else [*ids[here:], *reversed(ids[:here])]
        top = self.grid.cell_rect(here).top() if here in self.grid.visible_places() else None
        self._kept = (near, top, self.grid.selected_ids())

    def _choose_kept(self) -> None:
        """Put the cursor back, and select exactly what was selected and is still there: the next key decides it.

        Where the cursor's photo is gone: on what followed it in the same filter, in another one on the first that is
        selected, or the first of all. It is selected where nothing is left of a selection, and in the first list.
        """
        near, top, selected = self._kept
        again, self._listed = self._photos.wanted == self._listed, self._photos.wanted
        if not self._photos.ids:
            return
        left = [photo_id for photo_id in selected if self._photos.place(photo_id) is not None]
        likely = near if again else [*near[:1], *left[:1]]
        found = [place for place in map(self._photos.place, likely) if place is not None]
        if found and top is not None:
            self.grid.hold(found[0], top)
        place = found[0] if found else 0
        anew = not left and (bool(selected) or not near)
        self.grid.put_back(place, [self._photos.ids[place]] if anew else left)

    def _choose_first(self, _parent: Index, first: int, _last: int) -> None:
        """The first photos of an empty list have come."""
        if first == 0:
            self.grid.choose(0)

    def _neighbours(self, place: int) -> list[int]:
        """The photos to come in the direction of travel, then the last ones gone by."""
        if place != self._place:
            self._step = 1 if place > self._place else -1
        self._place = place
        near = [place + n * self._step for n in (*range(1, _AHEAD + 1), *range(-1, -_BEHIND - 1, -1))]
        return [self._photos.ids[p] for p in near if 0 <= p < len(self._photos.ids)]

    def _turn(self) -> None:
        shown = self.message if self._page is not None else self.grid if self.view == "grid" else self._loupe_page
        self._stack.setCurrentWidget(shown)
        self.chips.setVisible((self._page is None and self.view == "grid") or self._no_match())

    def _take_keys(self) -> None:
        if self._stack.currentWidget() is not self.message:
            (self.grid if self.view == "grid" else self.loupe).setFocus()

    def _no_match(self) -> bool:
        return self._page is not None and self._page.kind == "no-match"

    def _lay_out(self) -> None:
        self._loupe_page = QWidget()
        column = QVBoxLayout(self._loupe_page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.loupe, 1)
        column.addWidget(self.strip)
        self._stack = QStackedWidget()
        for widget in (self.message, self.grid, self._loupe_page):
            self._stack.addWidget(widget)
        self._stack.setCurrentWidget(self.grid)
        self.chips.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.chips)
        whole.addWidget(self._stack, 1)
