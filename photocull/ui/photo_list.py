"""The photos of the grid and the filmstrip as a Qt model: ids, their shapes and a bounded cache of rows.

Everything is asked off the GUI thread. What arrives later never re-orders the list: new photos come last, new scores
are counted (`newScores`) until the photographer asks to sort again (`refresh`).
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal

from photocull.catalog.query import photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.errors import printable
from photocull.core.types import Decision
from photocull.core.work import PhotosChanged
from photocull.ui.bridge import INITIATOR, Bridge
from photocull.ui.decisions import decided
from photocull.ui.listing import Listing, ListQuestion, no_photos, read_listing

PAGE: Final = 64
_KEPT_ROWS: Final = 4096
_CHECK_MS: Final = 400
_AGAIN_MS: Final = 5_000
_AT_ONCE: Final = 2
_WISHES: Final = 32
"""More pages than the largest screen shows of the smallest photos."""
RowRole: Final = int(Qt.ItemDataRole.UserRole) + 1
IdRole: Final = int(Qt.ItemDataRole.UserRole) + 2
Index = QModelIndex | QPersistentModelIndex


class PhotoListModel(QAbstractListModel):
    """Ids in the order asked for; rows come by page as they are looked at.

    Signals:
        listed: a new list is here (also when it is empty). listingFailed: it cannot be had; a sentence.
        newScores: how many results, and how many decisions, arrived that another sorting would put elsewhere.
        aspectsChanged: shapes of some photos became known, from this position on.
    """

    listed = Signal()
    listingFailed = Signal(str)
    newScores = Signal(int, int)
    aspectsChanged = Signal()

    def __init__(self, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._bridge = bridge
        self._question: ListQuestion | None = None
        self._answered: ListQuestion | None = None
        self.wanted = Filter()
        self.order = Sort()
        self._ids: list[int] = []
        self._places: dict[int, int] = {}
        self._aspects: list[float] = []
        self._rows: OrderedDict[int, PhotoRow] = OrderedDict()
        self._stale: set[int] = set()
        self._asked: set[int] = set()
        self._wished: OrderedDict[int, None] = OrderedDict()
        self._changed: set[int] = set()
        self._decided: set[int] = set()
        self._checking = QTimer(self, singleShot=True, interval=_CHECK_MS)
        self._checking.timeout.connect(self._check)
        bridge.photosChanged.connect(self._on_changed)
        bridge.changedOutside.connect(self._on_changed_outside)
        bridge.marked.connect(self._on_marked)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  Qt's own signature
        """How many photos."""
        return 0 if parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """`RowRole`: the PhotoRow or None while it is read; `IdRole`: the id; display and tool tip: the file's name."""
        if not index.isValid() or index.row() >= len(self._ids):
            return None
        if role == IdRole:
            return self._ids[index.row()]
        row = self.row_at(index.row())
        if role == RowRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return printable(row.path.name) if row is not None else ""
        return None

    def show(self, filter: Filter, sort: Sort) -> None:
        """Ask for the photos of this filter in this order; `listed` tells when they are here."""
        self.wanted, self.order = filter, sort
        self._question = ListQuestion(filter, sort, self._bridge.model)
        self._checking.stop()
        ask = partial(read_listing, self._bridge.catalog, self._question)
        self._bridge.query(ask, self._take_list, failed=self._no_list, owner=self, key="list")

    def stay(self) -> bool:
        """Want just those photos that are listed; no where none were asked for, or another model judges by now."""
        if self._answered is None or self._answered.model != self._bridge.model:
            return False
        self._question = self._answered
        self.wanted, self.order = self._answered.filter, self._answered.sort
        return True

    def refresh(self) -> None:
        """Ask again, in the order as it is now."""
        self.show(self.wanted, self.order)

    def clear(self) -> None:
        """Show no photo, until `show` asks for some."""
        self._question = None
        self._checking.stop()
        self._bridge.query(no_photos, self._take_list, owner=self, key="list")

    @property
    def ids(self) -> Sequence[int]:
        """The photos' ids in order."""
        return self._ids

    @property
    def aspects(self) -> Sequence[float]:
        """Width over height of each photo in order; a guess where it is not known yet."""
        return self._aspects

    def place(self, photo_id: int) -> int | None:
        """Where this photo is in the list."""
        return self._places.get(photo_id)

    def row_at(self, place: int) -> PhotoRow | None:
        """The row if it is here; otherwise its page is asked for and `dataChanged` tells when it came."""
        photo_id = self._ids[place]
        row = self._rows.get(photo_id)
        if row is None or photo_id in self._stale:
            self._ask(place // PAGE)
        return row

    def row(self, photo_id: int) -> PhotoRow | None:
        """The row of this photo if it is in the list and here."""
        place = self._places.get(photo_id)
        return None if place is None else self.row_at(place)

    def _take_list(self, listing: Listing) -> None:
        self.beginResetModel()
        self._answered = listing.question
        self._ids, self._aspects, self._places = listing.ids, listing.aspects, listing.places
        self._stale.update(self._rows)
        self._asked.clear()
        self._wished.clear()
        self.endResetModel()
        self._tell_moved(False)
        self.listed.emit()

    def _no_list(self, error: BaseException) -> None:
        self.listingFailed.emit(str(error))

    def _ask(self, page: int) -> None:
        """Wish for a page; the newest wish is read first, and old ones give way: what they showed scrolled away."""
        if page in self._asked:
            return
        self._wished[page] = None
        self._wished.move_to_end(page)
        while len(self._wished) > _WISHES:
            self._wished.popitem(last=False)
        self._read()

    def _read(self) -> None:
        while self._wished and len(self._asked) < _AT_ONCE:
            page, _ = self._wished.popitem(last=True)
            self._asked.add(page)
            self._read_page(page, self._ids[page * PAGE : (page + 1) * PAGE])

    def _read_page(self, page: int, ids: Sequence[int]) -> None:
        self._stale.difference_update(ids)
        catalog, model = self._bridge.catalog, self._bridge.model

        def take(rows: list[PhotoRow]) -> None:
            self._asked.discard(page)
            if model == self._bridge.model:
                self._take_rows(rows)
            else:
                self._tell(ids)  # another model judges by now: let the view ask for its scores
            self._read()

        def failed(error: BaseException) -> None:
            self._asked.discard(page)
            self._bridge.questionFailed.emit(str(error))

        fn = partial(photo_rows, catalog, ids, model)
        self._bridge.query(fn, take, failed=failed, owner=self, key=f"page {page}")

    def _take_rows(self, rows: Sequence[PhotoRow]) -> None:
        for row in self._bridge.pending.show(rows):
            self._rows[row.id] = row
            self._rows.move_to_end(row.id)
        while len(self._rows) > _KEPT_ROWS:
            self._rows.popitem(last=False)
        self._tell([row.id for row in rows])

    def _tell(self, ids: Iterable[int]) -> None:
        places = [self._places[i] for i in ids if i in self._places]
        if places:
            self.dataChanged.emit(self.index(min(places)), self.index(max(places)))

    def _on_marked(self, decisions: Sequence[Decision]) -> None:
        for decision in decisions:
            row = self._rows.get(decision.photo_id)
            if row is not None:
                self._rows[row.id] = decided(row, decision)
        self._tell([decision.photo_id for decision in decisions])

    def _on_changed(self, event: PhotosChanged) -> None:
        """Mark the rows stale; they stay on the screen until the view asks and the new ones are here."""
        (self._decided if event.initiator == INITIATOR else self._changed).update(event.ids)
        self._reread([i for i in event.ids if i in self._places])

    def _on_changed_outside(self) -> None:
        """Which photos another program moved or renamed is not known: all rows are read anew."""
        self._reread([i for i in self._rows if i in self._places])

    def _reread(self, known: Sequence[int]) -> None:
        self._stale.update(known)
        # A page that is being read may have been read before this change: let it be asked for again.
        self._asked.difference_update({self._places[i] // PAGE for i in known})
        self._tell(known)
        if not self._checking.isActive():
            self._checking.start()

    def _check(self) -> None:
        """Ask what the list would be by now; one that is still on its way first comes, to be compared with."""
        if self._question is None:
            return
        if self._question != self._answered:
            self._checking.start()
            return
        ask = partial(read_listing, self._bridge.catalog, self._question)
        self._bridge.query(ask, self._take_check, failed=self._no_check, owner=self, key="check")

    def _no_check(self, error: BaseException) -> None:
        """What is missing in the list is looked for again: nothing else may ever change."""
        self._bridge.questionFailed.emit(str(error))
        self._checking.start(_AGAIN_MS)

    def _take_check(self, listing: Listing) -> None:
        if not listing.question == self._question == self._answered:
            return  # another list was asked for meanwhile: what is missing in the old one has no place in it
        aspects = dict(zip(listing.ids, listing.aspects, strict=True))
        self._append({i: aspect for i, aspect in aspects.items() if i not in self._places})
        self._reshape(aspects)
        # A long list is compared less often, so that comparing never takes a noticeable share of the machine.
        self._checking.setInterval(max(_CHECK_MS, int(listing.seconds * 20_000)))
        self._tell_moved(listing.ids != self._ids)

    def _tell_moved(self, moved: bool) -> None:
        if not moved:
            self._changed.clear()
            self._decided.clear()
        self.newScores.emit(len(self._changed), len(self._decided))

    def _append(self, added: Mapping[int, float]) -> None:
        if not added:
            return
        first = len(self._ids)
        self.beginInsertRows(QModelIndex(), first, first + len(added) - 1)
        self._ids.extend(added)
        self._aspects.extend(added.values())
        self._places.update({photo_id: first + n for n, photo_id in enumerate(added)})
        # The last page may have been read when it was shorter.
        self._asked.discard((first - 1) // PAGE)
        self.endInsertRows()

    def _reshape(self, known: Mapping[int, float]) -> None:
        fresh = [known.get(photo_id, old) for photo_id, old in zip(self._ids, self._aspects, strict=True)]
        if fresh != self._aspects:
            self._aspects = fresh
            self.aspectsChanged.emit()
