"""Pictures for the loupe, loaded off the GUI thread: the shown photo first, then those that will be asked for next."""

import math
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Signal

from photocull.catalog.records import PhotoRow
from photocull.core.errors import PhotocullError
from photocull.core.types import PREVIEW_SIDE, Pixels
from photocull.core.work import CancelToken
from photocull.photo.decode import load_full, load_preview, load_upper
from photocull.photo.previews import PreviewStore
from photocull.ui.bridge import Bridge
from photocull.ui.overlays import Part
from photocull.ui.picture import Picture, at_full_size, from_jpeg, picture, with_level
from photocull.ui.zoom import Zoom

_SMALL_LIMIT: Final = 64 << 20
_FULL_LIMIT: Final = 180 << 20
"""Bytes of pictures kept; the one that is shown is kept whatever it weighs. At 24 megapixels that is this one and one
more, and a dozen previews."""
_WORTH: Final = 0.75
"""Share of a photo's rows below which they are decoded first when they are looked at, and again with all of it."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a photo cannot be shown, and what the person can do."""

    sentence: str
    remedy: str | None = None


class Shelf:
    """Pictures by fingerprint, the least recently used thrown away beyond a number of bytes."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._kept: OrderedDict[str, Picture] = OrderedDict()

    def get(self, fingerprint: str) -> Picture | None:
        """The picture, now the most recently used."""
        if fingerprint in self._kept:
            self._kept.move_to_end(fingerprint)
        return self._kept.get(fingerprint)

    def put(self, fingerprint: str, made: Picture) -> None:
        """Keep this one, whatever it weighs."""
        self._kept[fingerprint] = made
        self._kept.move_to_end(fingerprint)
        self.make_room()

    def make_room(self, coming: int = 0) -> None:
        """Throw away what the limit will not hold beside so many bytes, before they are there, but the last one."""
        while len(self._kept) > 1 and coming + sum(p.bytes for p in self._kept.values()) > self._limit:
            self._kept.popitem(last=False)

    def __contains__(self, fingerprint: str) -> bool:
        return fingerprint in self._kept


def small_pixels(previews: PreviewStore, row: PhotoRow, token: CancelToken | None = None) -> Pixels:
    """The photo at `PREVIEW_SIDE` from the store, else from the file.

    Raises:
        UnreadablePhotoError: the file cannot be read, and nothing is stored. CancelledError: the token said so.
    """
    stored = previews.get(row.fingerprint, PREVIEW_SIDE) if row.fingerprint else None
    if stored is not None:
        try:
            return from_jpeg(stored)
        except OSError:
            pass  # a damaged preview is as good as none: the file has the truth
    return load_preview(row.path, PREVIEW_SIDE, token=token)


class LoupeImages(QObject):
    """Loads one small and one full-size picture at a time, so that other questions of the window are not held up.

    Signals carry the fingerprint of the photo whose picture arrived, or failed and why.
    """

    arrived = Signal(str)
    failed = Signal(str, object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._small, self._full = Shelf(_SMALL_LIMIT), Shelf(_FULL_LIMIT)
        self._troubles: dict[tuple[str, bool], Trouble] = {}
        self._loading: dict[bool, str | None] = {False: None, True: None}
        self._current: PhotoRow | None = None
        self._ahead: tuple[PhotoRow, ...] = ()
        self._want_full = False
        self._zoom = Zoom((1, 1), (1, 1))
        self._upper: tuple[str, Part] | None = None
        self._levelled: tuple[str, bool, tuple[int, int]] | None = None

    def show(self, row: PhotoRow | None, zoom: Zoom, *, full: bool) -> None:
        """Load this photo next, and its full size if ``full``; what was asked for another is not started any more.

        Args:
            zoom: how it is looked at; pictures come with the size at which they are painted untouched.
        """
        self._current, self._zoom, self._want_full = row, zoom, full
        self._go_on()
        if row is not None:
            self._level(row)

    def set_ahead(self, rows: Sequence[PhotoRow]) -> None:
        """Load these after the shown one, the first first."""
        self._ahead = tuple(rows)
        self._go_on()

    def small(self, row: PhotoRow) -> Picture | None:
        """The preview, if it is loaded."""
        return self._small.get(row.fingerprint)

    def full(self, row: PhotoRow) -> Picture | None:
        """The full size, if it is loaded."""
        return self._full.get(row.fingerprint)

    def upper(self, row: PhotoRow) -> Part | None:
        """The part of the full size that is there before all of it."""
        return self._upper[1] if self._upper is not None and self._upper[0] == row.fingerprint else None

    def trouble(self, row: PhotoRow, *, full: bool = False) -> Trouble | None:
        """Why this photo could not be loaded."""
        return self._troubles.get((row.fingerprint, full))

    def _go_on(self) -> None:
        for full in (False, True):
            row = self._next(full)
            if row is not None and self._loading[full] is None:
                self._load(row, full)

    def _next(self, full: bool) -> PhotoRow | None:
        if full and not self._want_full:
            return None
        rows = ([] if self._current is None else [self._current]) + list(self._ahead[: 1 if full else None])
        shelf = self._shelf(full)
        missing = (r for r in rows if r.fingerprint not in shelf and (r.fingerprint, full) not in self._troubles)
        return next(missing, None)

    def _load(self, row: PhotoRow, full: bool) -> None:
        self._loading[full] = row.fingerprint
        if full:
            self._full.make_room(3 * (row.width or 0) * (row.height or 0))
        rows = _rows_in_view(row, self._zoom) if full and row is self._current else 0
        if rows:
            self._load_upper(row, rows)
        else:
            self._load_whole(row, full)

    def _load_upper(self, row: PhotoRow, rows: int) -> None:
        """What is in view first, then all of it."""

        def done(found: Pixels | None) -> None:
            if self._current is None or self._current.fingerprint != row.fingerprint:
                self._ended(row, True)  # nobody looks at it any more
                return
            if found is not None:
                part = at_full_size(found[:rows]).levels[0]
                self._upper = row.fingerprint, Part(part, 0.0, 0.0, 1.0, rows / len(found))
                self.arrived.emit(row.fingerprint)
            self._load_whole(row, True, found)

        def failed(_error: BaseException) -> None:
            self._load_whole(row, True)  # it will fail again, and says why

        self._bridge.query(lambda: load_upper(row.path, rows), done, failed=failed, owner=self)

    def _load_whole(self, row: PhotoRow, full: bool, upper: Pixels | None = None) -> None:
        previews, token, zoom = self._bridge.previews, self._bridge.token, self._zoom

        def load() -> Picture:
            if not full:
                return _whole(picture(small_pixels(previews, row, token)), row, zoom)
            made = at_full_size(load_full(row.path, token=token, upper=upper))
            return _whole(made, row, zoom) if zoom.scale is None else made

        def done(made: Picture) -> None:
            self._shelf(full).put(row.fingerprint, made)
            self._ended(row, full)
            self.arrived.emit(row.fingerprint)

        def failed(error: BaseException) -> None:
            trouble = _trouble(error)
            self._troubles[row.fingerprint, full] = trouble
            self._ended(row, full)
            self.failed.emit(row.fingerprint, trouble)

        self._bridge.query(load, done, failed=failed, owner=self)

    def _level(self, row: PhotoRow) -> None:
        """Make the size at which the shown picture is looked at, if it has none, then the one for going back to fit."""
        full = row.fingerprint in self._full
        made = self._shelf(full).get(row.fingerprint)
        size = None if made is None else made.missing(self._zoom) or made.missing(self._zoom.fitted())
        if made is None or size is None or self._levelled == (row.fingerprint, full, size):
            return
        self._levelled = row.fingerprint, full, size

        def done(levelled: Picture) -> None:
            self._levelled = None
            if self._shelf(full).get(row.fingerprint) is made:
                self._shelf(full).put(row.fingerprint, levelled)
                self.arrived.emit(row.fingerprint)

        self._bridge.query(lambda: with_level(made, size), done, owner=self, key="level")

    def _shelf(self, full: bool) -> Shelf:
        return self._full if full else self._small

    def _ended(self, row: PhotoRow, full: bool) -> None:
        if full:
            self._upper = None
        if self._loading[full] == row.fingerprint:
            self._loading[full] = None
        self._go_on()

    def forget_troubles(self, fingerprint: str | None = None) -> None:
        """Try this photo again when it is next asked for; every one if none is named."""
        for key in [key for key in self._troubles if fingerprint in (None, key[0])]:
            del self._troubles[key]


def _whole(made: Picture, row: PhotoRow, zoom: Zoom) -> Picture:
    """The same as it is painted when the whole photo is seen; its own pixels will do where they are no more."""
    photo = (row.width, row.height) if row.width and row.height else made.size
    size = zoom.whole(photo)
    return with_level(made, size) if size[0] < made.size[0] else made


def _rows_in_view(row: PhotoRow, zoom: Zoom) -> int:
    """How many upper rows hold all that is in view; 0 where that is not worth a decoding of its own."""
    if zoom.scale is None or not row.width or not row.height or zoom.photo != (row.width, row.height):
        return 0
    rows = math.ceil(zoom.at(0, zoom.view[1])[1] * row.height)
    return rows if rows < _WORTH * row.height else 0


def _trouble(error: BaseException) -> Trouble:
    if isinstance(error, PhotocullError):
        return Trouble(error.sentence, error.remedy)
    return Trouble("This photo cannot be shown.", str(error) or None)
