"""The left panel: where one is (folders) and what one looks for (decisions, themes, colours, faults), with counts."""

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from photocull.catalog.away import Away
from photocull.catalog.records import Facets, Filter
from photocull.core.errors import printable
from photocull.core.vocabulary import COLOUR_TYPES, FLAGS, HARMONIES, THEMES, Harmony
from photocull.ui import style
from photocull.ui.bridge import Bridge
from photocull.ui.facet_group import FacetGroup
from photocull.ui.facet_row import FacetRow, harmony_mark, icon_mark, swatch_mark
from photocull.ui.filters import SetGroup, swatch, toggled
from photocull.ui.flow import emptied
from photocull.ui.pieces import label, scroll_area, tool_button, with_key
from photocull.ui.sidebar_decisions import DecisionFilters
from photocull.ui.style import TOKENS

_FOLDED = 5
_GROUPS: tuple[SetGroup, ...] = ("themes", "schemes", "harmonies", "flags")


class Sidebar(QWidget):
    """Emits the filter that a click asks for; shows the filter and the counts that it is given."""

    filterChanged = Signal(object)
    folderChosen = Signal(object)
    addFolderRequested = Signal()
    removeFolderRequested = Signal(object)
    problemsRequested = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._filter = Filter()
        self._away = Away()
        self._folders: dict[Path, FacetRow] = {}
        self._all_folders: FacetRow | None = None
        self._folder_rows = QVBoxLayout()
        self._add = tool_button(icon=style.icon("plus", TOKENS.dim, 15), tip="Add a folder")
        self._decisions = DecisionFilters()
        harmonies: dict[str, Harmony] = {name: name for name in HARMONIES}
        self._groups: dict[SetGroup, FacetGroup] = {
            "themes": FacetGroup("Themes", "themes", THEMES, few=_FOLDED),
            "schemes": FacetGroup(
                "Colour schemes",
                "schemes",
                COLOUR_TYPES,
                mark=lambda name: swatch_mark(swatch("schemes", name)),
                few=_FOLDED,
            ),
            "harmonies": FacetGroup(
                "Harmonies", "harmonies", HARMONIES, mark=lambda name: harmony_mark(harmonies[name]), sorted_=False
            ),
            "flags": FacetGroup("Faults", "flags", FLAGS),
        }
        self._lay_out()
        self._connect()

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id."""
        self._add.setToolTip(with_key("Add a folder", keys.get("open-folder", "")))

    def set_folders(self, folders: Sequence[Path], counts: Mapping[Path, int]) -> None:
        """Show these folders in this order; rows of folders that stay are kept."""
        if tuple(self._folders) != tuple(folders):
            emptied(self._folder_rows)
            self._folders = {folder: self._folder_row(folder, folders) for folder in folders}
            self._all_folders = self._all_row() if len(folders) > 1 else None
            for row in (*([self._all_folders] if self._all_folders else []), *self._folders.values()):
                self._folder_rows.addWidget(row)
        for folder, row in self._folders.items():
            row.set_count(counts.get(folder))
        self._light_folders()
        self._grey_folders()

    def set_away(self, away: Away) -> None:
        """Grey the folders that cannot be reached now."""
        self._away = away
        self._grey_folders()

    def set_facets(self, facets: Facets) -> None:
        """Show these counts in place."""
        self._decisions.set_facets(facets)
        for group in _GROUPS:
            self._groups[group].set_counts(getattr(facets, group))

    def set_filter(self, filter: Filter) -> None:
        """Light what this filter holds."""
        self._filter = filter
        self._light_folders()
        self._decisions.set_filter(filter)
        for group in _GROUPS:
            self._groups[group].set_on(getattr(filter, group))

    def _lay_out(self) -> None:
        self.setProperty("role", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(180)
        body = QWidget()
        rows = QVBoxLayout(body)
        rows.setContentsMargins(8, 0, 8, 12)
        rows.setSpacing(0)
        rows.addWidget(self._folder_heading())
        self._folder_rows.setSpacing(0)
        rows.addLayout(self._folder_rows)
        rows.addWidget(self._decisions)
        for group in self._groups.values():
            rows.addWidget(group)
        rows.addStretch()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 1, 0)
        whole.addWidget(scroll_area(body))

    def _folder_heading(self) -> QWidget:
        made = QWidget()
        row = QHBoxLayout(made)
        row.setContentsMargins(8, 8, 0, 2)
        self._add.clicked.connect(self.addFolderRequested)
        row.addWidget(label("Folders", "heading"), 1)
        row.addWidget(self._add)
        return made

    def _connect(self) -> None:
        for group, widget in self._groups.items():
            widget.chosen.connect(partial(self._choose, group))
        self._decisions.filterChanged.connect(self.filterChanged)
        self._decisions.problemsRequested.connect(self.problemsRequested)

    def _folder_row(self, folder: Path, folders: Sequence[Path]) -> FacetRow:
        row = FacetRow(_folder_name(folder, folders), icon_mark("folder", TOKENS.dim), mark_width=19)
        row.chosen.connect(lambda _add: self._choose_folder(folder))
        row.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        row.customContextMenuRequested.connect(partial(self._folder_menu, folder))
        return row

    def _all_row(self) -> FacetRow:
        row = FacetRow("All folders", icon_mark("images", TOKENS.dim))
        row.chosen.connect(lambda _add: self.folderChosen.emit(None))
        return row

    def _choose(self, group: SetGroup, value: str, add: bool) -> None:
        self.filterChanged.emit(toggled(self._filter, group, value, add=add))

    def _choose_folder(self, folder: Path) -> None:
        self.folderChosen.emit(None if self._filter.folders == {folder} else folder)

    def _folder_menu(self, folder: Path, at: QPoint) -> None:
        menu = QMenu(self)
        menu.addAction("Remove from the list", lambda: self.removeFolderRequested.emit(folder))
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._folders[folder].mapToGlobal(at))

    def _grey_folders(self) -> None:
        for folder, row in self._folders.items():
            word = self._away.word(folder)
            row.set_away(bool(word))
            row.setToolTip("\n".join(filter(None, (printable(folder), word))))

    def _light_folders(self) -> None:
        every = not self._filter.folders or set(self._folders) <= self._filter.folders
        single = len(self._folders) == 1
        for folder, row in self._folders.items():
            row.set_on(folder in self._filter.folders and (single or not every))
        if self._all_folders is not None:
            self._all_folders.set_on(every)


def _folder_name(folder: Path, folders: Sequence[Path]) -> str:
    """Its own name; with its parent's where another folder has the same name."""
    name = folder.name or str(folder)
    same = sum(1 for other in folders if other.name == folder.name) > 1
    return printable(f"{folder.parent.name}/{name}" if same and folder.parent.name else name)
