"""The list of problems: each file that could not be read or needed a remark, why, and what to do about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME
from photocull.catalog.records import Filter, PhotoRow
from photocull.core.errors import printable
from photocull.ui.bridge import Bridge
from photocull.ui.pieces import label
from photocull.ui.remedies import note_and_remedy, reason_and_remedy

_HEADINGS = ("File", "What is wrong", "What to do")
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Complaint:
    """One line of the list."""

    path: Path
    reason: str
    remedy: str

    @property
    def line(self) -> str:
        """As copied: the path as it can be pasted, the reason, the remedy."""
        return f"{printable(self.path)}: {self.reason} {self.remedy}".strip()


def complaints(rows: Sequence[PhotoRow]) -> list[Complaint]:
    """A line for each photo that cannot be read, and for each remark on one that can."""
    found = []
    for row in rows:
        if row.status == "unreadable":
            found.append(Complaint(row.path, *reason_and_remedy(row.error or "The file cannot be read.")))
        found += [Complaint(row.path, *note_and_remedy(note)) for note in row.notes]
    return found


def read_complaints(catalog: Catalog, filter: Filter, model: str) -> list[Complaint]:
    """The problems among the filter's folders, by path; any thread may ask."""
    place = replace(Filter(folders=filter.folders, paths=filter.paths), problems_only=True)
    ids = query.photo_ids(catalog, place, BY_NAME, model)
    return complaints(query.photo_rows(catalog, ids, model))


class _OneLine(QStyledItemDelegate):
    """A file's name on one line, elided in its middle: its end tells more than its third word."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """As usual, without wrapping."""
        super().initStyleOption(option, index)
        option.features &= ~QStyleOptionViewItem.ViewItemFeature.WrapText
        option.textElideMode = Qt.TextElideMode.ElideMiddle


class ProblemsModel(QAbstractTableModel):
    """Complaints as a table."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.complaints: list[Complaint] = []

    def set_complaints(self, complaints: list[Complaint]) -> None:
        """Show these."""
        self.beginResetModel()
        self.complaints = complaints
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """Lines."""
        return 0 if parent.isValid() else len(self.complaints)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """File, reason, remedy."""
        return 0 if parent.isValid() else len(_HEADINGS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The words; the tooltip has what is cut off, and the whole path."""
        complaint = self.complaints[index.row()]
        whole = (printable(complaint.path), complaint.reason, complaint.remedy)[index.column()]
        if role == Qt.ItemDataRole.DisplayRole:
            return printable(complaint.path.name) if index.column() == 0 else whole
        return whole if role == Qt.ItemDataRole.ToolTipRole else None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names."""
        across = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return _HEADINGS[section] if across else None


class ProblemsDialog(QDialog):
    """Lists the problems of the folders that are shown; copies them, and opens the folder of one."""

    def __init__(self, bridge: Bridge, filter: Filter, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge, self._filter = bridge, filter
        self.setWindowTitle("Problems")
        self.resize(900, 480)
        self._title = label("Problems", "title")
        self._words = label("Reading the list…", "dim", wrap=True)
        self._model = ProblemsModel(self)
        self._table = self._make_table()
        self._copy = QPushButton("Copy the list")
        self._show = QPushButton("Show in folder")
        self._lay_out()
        self._copy.clicked.connect(self._copy_list)
        self._show.clicked.connect(self._show_folder)
        self._table.doubleClicked.connect(self._show_folder)
        self._table.selectionModel().selectionChanged.connect(self._enable)
        bridge.photosChanged.connect(self._ask)
        self._enable()
        self._ask()

    def _make_table(self) -> QTableView:
        table = QTableView(showGrid=False, wordWrap=True)
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setItemDelegateForColumn(0, _OneLine(table))
        table.setStyleSheet("QTableView::item { padding: 2px 5px; }")
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(42)
        table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        table.horizontalHeader().setSectionResizeMode(0, QHeaderView.ResizeMode.Interactive)
        table.horizontalHeader().resizeSection(0, 260)
        table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        table.horizontalHeader().setHighlightSections(False)
        table.setAccessibleName("Problems")
        return table

    def _lay_out(self) -> None:
        close = QPushButton("Close", default=True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(self._copy)
        buttons.addWidget(self._show)
        buttons.addStretch()
        buttons.addWidget(close)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 20)
        whole.setSpacing(12)
        whole.addWidget(self._title)
        whole.addWidget(self._words)
        whole.addWidget(self._table, 1)
        whole.addLayout(buttons)

    def _ask(self) -> None:
        catalog, model, filter = self._bridge.catalog, self._bridge.model, self._filter
        self._bridge.query(lambda: read_complaints(catalog, filter, model), self._take, owner=self, key="problems")

    def _take(self, found: list[Complaint]) -> None:
        if found != self._model.complaints:
            self._model.set_complaints(found)
        self._words.setText(_summary(found))
        self._table.setVisible(bool(found))
        self._enable()

    def _enable(self) -> None:
        self._copy.setEnabled(bool(self._model.complaints))
        self._show.setEnabled(bool(self._chosen()))

    def _chosen(self) -> list[Complaint]:
        return [self._model.complaints[index.row()] for index in self._table.selectionModel().selectedRows()]

    def _copy_list(self) -> None:
        lines = [complaint.line for complaint in self._chosen() or self._model.complaints]
        QGuiApplication.clipboard().setText("\n".join(lines))

    def _show_folder(self) -> None:
        for folder in {complaint.path.parent for complaint in self._chosen()}:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _summary(found: Sequence[Complaint]) -> str:
    if not found:
        return "Every photo could be read."
    files = len({complaint.path for complaint in found})
    return f"{files:,} {'file needs' if files == 1 else 'files need'} a look. All other photos are not affected."
