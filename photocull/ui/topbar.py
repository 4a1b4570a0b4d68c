"""The bar at the top: where I am, the search field, the photos' size and order, the views and the menu."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup, QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSlider,
    QToolButton,
    QWidget,
)

from photocull.catalog.records import Sort, SortKey
from photocull.core.errors import printable
from photocull.ui.commands import Command, View
from photocull.ui.pieces import ElidedLabel
from photocull.ui.sheet_view import HIGHEST, LOWEST
from photocull.ui.style import TOKENS, icon, icon_size, pixmap

_SEARCH_MS: Final = 180
_SEARCH_WIDTH: Final = 300
_HIGH: Final = 32
SORTS: Final[Mapping[SortKey, tuple[str, str, str]]] = {
    "overall": ("Overall", "Best first", "Weakest first"),
    "aesthetic": ("Aesthetic", "Best first", "Weakest first"),
    "colour": ("Colour", "Best first", "Weakest first"),
    "technical": ("Technical", "Best first", "Weakest first"),
    "taken": ("Taken", "Newest first", "Oldest first"),
    "name": ("Name", "Z to A", "A to Z"),
    "rating": ("Rating", "Most stars first", "Fewest stars first"),
}
"""Sort key -> its title, the descending and the ascending order in words."""


class SearchField(QLineEdit):
    """Text to search for; told shortly after the last key. Enter and Escape hand the keys back to the photos."""

    searched = Signal(str)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._waiting = QTimer(self, singleShot=True, interval=_SEARCH_MS)
        self._waiting.timeout.connect(self._tell)
        self.setPlaceholderText("Names, themes, cameras")
        self.setAccessibleName("Search")
        self.setClearButtonEnabled(True)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.addAction(icon("search", TOKENS.dim, 15), QLineEdit.ActionPosition.LeadingPosition).setText("Search")
        self.textEdited.connect(lambda _text: self._waiting.start())
        self.textChanged.connect(self._cleared)

    def set_text(self, text: str) -> None:
        """Show what is searched for, unless the photographer is typing."""
        if not self.hasFocus() and text != self.text():
            self.blockSignals(True)
            self.setText(text)
            self.blockSignals(False)

    def event(self, event: QEvent) -> bool:
        """Keep the keys that belong to a text field from being taken for commands."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter searches at once, Escape takes the text back; both return to the photos. Caps Lock only locks."""
        if event.key() == Qt.Key.Key_Escape:
            self.clear()
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self._tell()
            self.clearFocus()
            self.left.emit()
        elif event.key() != Qt.Key.Key_CapsLock:  # ignored, it would be the window's
            super().keyPressEvent(event)

    def _cleared(self, text: str) -> None:
        if not text:
            self._tell()

    def _tell(self) -> None:
        self._waiting.stop()
        self.searched.emit(self.text().strip())


_OWN_KEYS: Final = frozenset(
    {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right}
    | {Qt.Key.Key_Space, Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Backspace, Qt.Key.Key_Delete}
)


class SortButton(QToolButton):
    """Says how photos are sorted; its menu changes that."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sort = Sort()
        self.setProperty("role", "choice")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setIconSize(icon_size(14))
        self._menu = QMenu(self)
        self._menu.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._keys = QActionGroup(self)
        self._ways = QActionGroup(self)
        for key, (title, _down, _up) in SORTS.items():
            self._add(self._keys, title, Sort(key, key != "name"))
        self._menu.addSeparator()
        for descending in (True, False):
            self._add(self._ways, "", descending)
        self._keys.triggered.connect(lambda action: self.chosen.emit(action.data()))
        self._ways.triggered.connect(lambda action: self.chosen.emit(Sort(self._sort.key, action.data())))
        self.setMenu(self._menu)
        self.set_sort(Sort())

    def set_sort(self, sort: Sort) -> None:
        """Show this order."""
        self._sort = sort
        title, down, up = SORTS[sort.key]
        self.setText(title)
        self.setIcon(icon("arrow-down" if sort.descending else "arrow-up", TOKENS.text, 14))
        self.setToolTip(f"Sorted by {title.lower()}, {(down if sort.descending else up).lower()}")
        self.setAccessibleName(self.toolTip())
        for action in self._keys.actions():
            action.setChecked(action.data().key == sort.key)
        for action, words in zip(self._ways.actions(), (down, up), strict=True):
            action.setText(words)
            action.setChecked(action.data() == sort.descending)

    def _add(self, group: QActionGroup, title: str, value: object) -> None:
        action = QAction(title, group, checkable=True)
        action.setData(value)
        self._menu.addAction(action)


class Place(QWidget):
    """Where I am: the folder above, quiet, and the folder itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._above, self._name = QLabel(), ElidedLabel()
        self._above.setProperty("role", "dim")
        self._name.setProperty("role", "strong")
        self._name.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        picture = QLabel()
        picture.setPixmap(pixmap("folder", TOKENS.text, TOKENS.icon_size, ratio=self.devicePixelRatioF()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(picture)
        row.addSpacing(2)
        row.addWidget(self._above)
        row.addWidget(self._name, 1)

    def set_place(self, folders: Sequence[Path], chosen: Path | None) -> None:
        """The chosen folder, the only one, or how many there are."""
        one = chosen or (folders[0] if len(folders) == 1 else None)
        above = printable(one.parent.name) if one is not None else ""
        self._above.setText(f"{above} ›" if above else "")
        self._above.setVisible(bool(above))
        several = f"All {len(folders)} folders" if folders else "No folder"
        self._name.setText(printable(one.name or one) if one is not None else several)
        self.setToolTip(printable(one) if one is not None else "")


class TopBar(QFrame):
    """Holds the parts and tells what is wished; knows nothing of photos."""

    searched = Signal(str)
    searchLeft = Signal()
    sortChosen = Signal(object)
    viewChosen = Signal(str)
    heightChosen = Signal(int)

    def __init__(self, commands: Mapping[str, Command], menu: QMenu, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "topbar")
        self.setFixedHeight(TOKENS.top_height)
        self.place, self.search, self.sort = Place(), SearchField(), SortButton()
        self.search.searched.connect(self.searched)
        self.search.left.connect(self.searchLeft)
        self.search.setToolTip(f"Search names, themes and cameras ({commands['search'].key})")
        self.sort.chosen.connect(self.sortChosen)
        self._views: dict[str, QToolButton] = {}
        self._size = self._make_size(commands)
        self._lay_out(self._make_views(commands), _menu_button(menu))

    def set_view(self, view: View) -> None:
        """Light the view that is shown."""
        self._views[view].setChecked(True)
        self._size.setEnabled(view == "grid")

    def set_height(self, height: int) -> None:
        """Where the slider stands."""
        self._size.blockSignals(True)
        self._size.setValue(height)
        self._size.blockSignals(False)

    def _make_size(self, commands: Mapping[str, Command]) -> QSlider:
        made = QSlider(Qt.Orientation.Horizontal)
        made.setRange(LOWEST, HIGHEST)
        made.setFixedWidth(84)
        made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        made.setToolTip(f"Size of the photos ({commands['larger'].key} and {commands['smaller'].key})")
        made.setAccessibleName("Size of the photos")
        made.valueChanged.connect(self.heightChosen)
        return made

    def _make_views(self, commands: Mapping[str, Command]) -> QFrame:
        frame = QFrame()
        frame.setProperty("role", "segments")
        frame.setFixedHeight(_HIGH)
        row = QHBoxLayout(frame)
        row.setContentsMargins(1, 1, 1, 1)
        row.setSpacing(0)
        group = QButtonGroup(frame)
        for view, name in (("grid", "layout-grid"), ("loupe", "square")):
            command = commands[view]
            button = _tool(icon(name, TOKENS.dim, checked=TOKENS.bright), f"{command.title} ({command.key})")
            button.setProperty("role", "segment")
            button.setCheckable(True)
            button.setFixedHeight(_HIGH - 2)
            button.clicked.connect(lambda _checked=False, v=view: self.viewChosen.emit(v))
            group.addButton(button)
            row.addWidget(button)
            self._views[view] = button
        return frame

    def _lay_out(self, views: QFrame, menu: QToolButton) -> None:
        right = QWidget()
        ends = QHBoxLayout(right)
        ends.setContentsMargins(0, 0, 0, 0)
        ends.setSpacing(12)
        ends.addStretch(1)
        for widget in (self._size, self.sort, views, menu):
            ends.addWidget(widget)
        for control in (self.search, self.sort):
            control.setFixedHeight(_HIGH)
        self.search.setMinimumWidth(160)
        self.search.setMaximumWidth(_SEARCH_WIDTH)
        self.place.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        right.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 0, 12, 0)
        row.setSpacing(16)
        row.addWidget(self.place, 10)
        row.addWidget(self.search, 8)
        row.addWidget(right, 10)


def _menu_button(menu: QMenu) -> QToolButton:
    made = _tool(icon("ellipsis", TOKENS.dim), "All commands and their keys")
    made.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    made.setMenu(menu)
    return made


def _tool(picture: QIcon, tip: str) -> QToolButton:
    made = QToolButton()
    made.setIcon(picture)
    made.setIconSize(QSize(TOKENS.icon_size, TOKENS.icon_size))
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    made.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return made
