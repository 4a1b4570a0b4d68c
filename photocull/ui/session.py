"""What the window is looking at: folders, filter, order, and how the run stands; widgets are told, and never ask."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final, get_args

from PySide6.QtCore import QObject, QTimer, Signal

from photocull.catalog.records import Facets, Filter, Sort, SortKey
from photocull.core.errors import reason_of
from photocull.core.settings import Settings
from photocull.core.work import PhotosChanged, Progressed
from photocull.photo.looking import meant_folder
from photocull.pipeline.run import RunReport
from photocull.ui.bridge import INITIATOR, Bridge
from photocull.ui.counting import count
from photocull.ui.judging import Judging
from photocull.ui.pages import Page, Situation, page_for
from photocull.ui.photo_list import PhotoListModel
from photocull.ui.run_words import finished_words, not_found_words

_FACETS_MS: Final = 700
_AGAIN_MS: Final = 5_000
"""A list that could not be had is asked for again after this time."""


class Session(QObject):
    """Holds the state between the bridge and the widgets.

    Signals:
        foldersChanged, filterChanged(Filter), sortChanged(Sort): what is looked at.
        counted(Facets): counts of the folders and of every filter. pageChanged(Page or None): what the middle shows.
        runChanged(Progressed or None): a run goes on (None: how much there is to do is not known yet).
        runEnded(str sentence, bool fault): no run goes on any more.

    Args:
        save: keeps the settings; called off the GUI thread.
    """

    foldersChanged = Signal()
    filterChanged = Signal(object)
    sortChanged = Signal(object)
    counted = Signal(object)
    pageChanged = Signal(object)
    runChanged = Signal(object)
    runEnded = Signal(str, bool)

    def __init__(self, bridge: Bridge, save: Callable[[Settings], None]) -> None:
        super().__init__(bridge)
        self.bridge = bridge
        self.photos = PhotoListModel(bridge)
        self.settings = bridge.settings
        self.judging = Judging(bridge, lambda name: self.keep(model=name))
        self.folders: tuple[Path, ...] = ()
        self.chosen: Path | None = None
        self.filter = Filter()
        self.sort = _sort(self.settings)
        self.facets: Facets | None = None
        self.paused = False
        self._model = bridge.model
        self._known = bool(bridge.model)
        self._save = save
        self._one_save = threading.Lock()
        self._last = ("", False)
        self._now = Situation()
        self._page: Page | None = None
        self._counting = QTimer(self, singleShot=True, interval=_FACETS_MS)
        self._counting.timeout.connect(self._count)
        self._connect()

    def open(self, folders: Sequence[Path]) -> None:
        """Look at these folders and score what is new in them."""
        self.folders = tuple(dict.fromkeys(folders))
        self._keep_folders()
        self._relook()
        if self.folders:
            self.score()
        else:
            self._turn()

    def add(self, paths: Sequence[Path]) -> None:
        """Add folders (of a file, the folder it lies in), show the first one added and score it."""
        # Without a key: folders that come one upon the other must not replace each other.
        self.bridge.query(lambda: _folders_of(paths), self._add, owner=self)

    def remove(self, folder: Path) -> None:
        """Look at this folder no more; what is known of its photos is kept."""
        self.folders = tuple(f for f in self.folders if f != folder)
        self.chosen = None if self.chosen == folder else self.chosen
        self.bridge.drop(folder)
        self._keep_folders()
        self._relook()

    def choose(self, folder: Path | None) -> None:
        """Show one folder, or all."""
        self.chosen = folder
        self._relook()

    def set_filter(self, wished: Filter) -> None:
        """Show the photos of the folders that this filter leaves."""
        self.filter = wished
        self._relook()

    def clear_filter(self) -> None:
        """Show all photos of the folders."""
        self.set_filter(Filter())

    def set_sort(self, sort: Sort) -> None:
        """Show the photos in this order."""
        self.sort = sort
        self.keep(sort=sort.key, descending=sort.descending)
        self.sortChanged.emit(sort)
        if self.folders and self._known:
            self.photos.show(self.filter, sort)

    @property
    def running(self) -> bool:
        """Whether a run is going on."""
        return self._now.running

    @property
    def filtered(self) -> bool:
        """Whether anything but the folders restricts what is shown."""
        return replace(self.filter, folders=frozenset()) != Filter()

    def score(self, *, resume: bool = True) -> None:
        """Find and score what is new; without ``resume`` a pause stays one."""
        if self.folders:
            self._pause(self.paused and not resume)
            first = [self.chosen] if self.chosen in self.folders and self.chosen is not None else []
            self._turn(running=True, failure="", missing=frozenset())
            self._list_again()
            self.runChanged.emit(None)
            self.bridge.start_scoring([*first, *self.folders])

    def pause_or_resume(self) -> None:
        """Let scoring wait, or go on."""
        if self.running:
            self._pause(not self.paused)

    def keep(self, **changes: object) -> None:
        """Change settings and save them."""
        settings = replace(self.settings, **changes)  # type: ignore[arg-type]  # names and types of Settings
        if settings != self.settings:
            self.settings = settings
            self.bridge.query(self._save_newest, lambda _none: None, failed=self._on_unsaved, owner=self)

    def _save_newest(self) -> None:
        with self._one_save:  # several may be under way, and the last must not write what was wished first
            self._save(self.settings)

    def _on_unsaved(self, error: BaseException) -> None:
        self.bridge.questionFailed.emit(f"The settings are not saved: {reason_of(error)}")

    def _connect(self) -> None:
        self.photos.listed.connect(lambda: self._turn(shown=len(self.photos.ids), unlisted=""))
        self.photos.rowsInserted.connect(lambda: self._turn(shown=len(self.photos.ids)))
        self.photos.listingFailed.connect(self._on_unlisted)
        bridge = self.bridge
        bridge.photosChanged.connect(self._on_changed)
        bridge.changedOutside.connect(self._counting.start)
        bridge.modelKnown.connect(self._on_model)
        bridge.modelReady.connect(lambda _name, fingerprint: self._on_model(fingerprint))
        self.judging.refused.connect(lambda _sentence: self._on_refused())
        bridge.progressed.connect(self._on_progress)
        bridge.runFinished.connect(self._on_finished)
        bridge.runFailed.connect(self._on_failed)
        bridge.runStopped.connect(lambda: self._ended("Scoring was stopped", fault=False))
        bridge.foldersMissing.connect(lambda missing: self._turn(missing=frozenset(missing)))

    def _relook(self) -> None:
        """Ask for the list and the counts anew."""
        shown = (self.chosen,) if self.chosen is not None else self.folders
        self.filter = replace(self.filter, folders=frozenset(shown))
        self._turn(folders=self.folders, filtered=self.filtered, shown=self._now.shown if self.folders else 0)
        self.foldersChanged.emit()
        self.filterChanged.emit(self.filter)
        if self.folders and self._known:
            self.photos.show(self.filter, self.sort)
            self._count()
        elif not self.folders:
            self.photos.clear()

    def _on_unlisted(self, sentence: str) -> None:
        """The list stays as it was; so do filter and order, if only they were to change. Else it is asked for again."""
        self.bridge.questionFailed.emit(f"The photos could not be listed: {sentence}")
        wished = self.filter.folders
        if self.photos.stay() and self.photos.wanted.folders == wished:
            self.filter, sort = self.photos.wanted, self.photos.order
            self.filterChanged.emit(self.filter)
            self._turn(filtered=self.filtered)
            self._count()
            if sort != self.sort:
                self.sort = sort
                self.keep(sort=sort.key, descending=sort.descending)
                self.sortChanged.emit(sort)
        else:
            self._turn(unlisted=sentence)
            QTimer.singleShot(_AGAIN_MS, self, self._list_again)

    def _list_again(self) -> None:
        if self._now.unlisted and self.folders and self._known:
            self.photos.show(self.filter, self.sort)

    def _add(self, found: Sequence[Path]) -> None:
        new = tuple(folder for folder in found if folder not in self.folders)
        self.folders += new
        if found:
            self.chosen = found[0] if len(self.folders) > 1 else None
            self._keep_folders()
            self._turn(shown=None)
            self._relook()
            self.score()

    def _keep_folders(self) -> None:
        self.keep(folders=tuple(str(folder) for folder in self.folders))

    def _pause(self, paused: bool) -> None:
        self.paused = paused
        (self.bridge.pause if paused else self.bridge.resume)()

    def _count(self) -> None:
        ask = partial(count, self.bridge.catalog, self.filter, self.bridge.model, self.folders)
        self.bridge.query(ask, self._take_counts, owner=self, key="counts")

    def _take_counts(self, facets: Facets) -> None:
        self.facets = facets
        self.counted.emit(facets)

    def _on_changed(self, event: PhotosChanged) -> None:
        """Count again: at once after a decision, now and then while results arrive."""
        if event.initiator == INITIATOR:
            self._count()
        elif not self._counting.isActive():
            self._counting.start()

    def _on_model(self, fingerprint: str) -> None:
        """Another model judges: show its scores, and score what it has not seen."""
        other, self._model = fingerprint != self._model, fingerprint
        again = self._known
        self._know()
        if other and again:
            self._relook()
            self.score()
        elif self.running:
            self.runChanged.emit(None)

    def _know(self) -> None:
        """The model's identity is known, or never will be: only now can its scores be asked for."""
        if not self._known:
            self._known = True
            self._relook()

    def _on_refused(self) -> None:
        """Opening a model came to nothing: say again how things stand."""
        if self.running:
            self.runChanged.emit(None)
        else:
            self.runEnded.emit(*self._last)

    def _on_progress(self, progress: Progressed) -> None:
        if self.running:
            self.runChanged.emit(progress)

    def _on_finished(self, report: RunReport) -> None:
        missing = self._now.missing
        self._ended(not_found_words(missing) if missing else finished_words(report), fault=bool(missing))
        self._counting.start()

    def _on_failed(self, sentence: str) -> None:
        self._know()
        self._turn(failure=sentence)
        self._ended(sentence, fault=True)

    def _ended(self, sentence: str, *, fault: bool) -> None:
        self.paused = False
        self._last = (sentence, fault)
        self._turn(running=False)
        self.runEnded.emit(sentence, fault)

    def _turn(self, **changes: object) -> None:
        self._now = replace(self._now, **changes)  # type: ignore[arg-type]  # names and types of Situation
        page = page_for(self._now)
        if page != self._page or "shown" in changes:
            self._page = page
            self.pageChanged.emit(page)


def _sort(settings: Settings) -> Sort:
    """The order of the last time; the usual one where the settings name none that is known."""
    key = next((key for key in get_args(SortKey) if key == settings.sort), None)
    return Sort() if key is None else Sort(key, settings.descending)


def _folders_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    found = (meant_folder(path.absolute()) for path in paths)
    return tuple(dict.fromkeys(folder for folder in found if folder is not None))
