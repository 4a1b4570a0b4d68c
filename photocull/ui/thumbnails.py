"""Small pictures for the grid and the filmstrip: read off the GUI thread, newest wish first, in a bounded cache."""

import logging
import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from photocull.catalog.records import PhotoRow
from photocull.core.errors import PhotocullError
from photocull.core.types import PREVIEW_SIDE
from photocull.core.work import CancelToken
from photocull.photo.decode import load_preview
from photocull.photo.fingerprint import fingerprint
from photocull.photo.previews import PreviewStore
from photocull.photo.source import is_passing
from photocull.ui.layout import UNKNOWN_ASPECT

log = logging.getLogger(__name__)
_HEIGHTS: Final = (96, 128, 192, 256, 384, 512, 768, 1024)
"""Heights in device pixels in which pictures are kept, so that the slider does not ask anew at every step."""
_AGAIN: Final = 20.0
"""Seconds after which a photo is asked for again that a drive or want of memory kept back."""
_LIMIT_BYTES: Final = 128 * 2**20


@dataclass(frozen=True, slots=True)
class Wish:
    """One picture asked for; frozen, so that a worker never sees a row change.

    Attributes:
        height: of the picture in device pixels. side: its longer side.
        quick: nothing is judged yet, so that the camera's own small picture will do until it is.
    """

    photo_id: int
    path: Path
    fingerprint: str
    height: int
    side: int
    quick: bool = False

    @property
    def key(self) -> tuple[str, int]:
        """What the picture is kept under."""
        return _name(self.fingerprint, self.quick), self.height


@dataclass(frozen=True, slots=True, eq=False)
class _Answer:
    wish: Wish
    image: QImage | None
    sentence: str
    lasting: bool = True


Loader = Callable[[Wish], QImage]


class Thumbnails(QObject):
    """Gives pixmaps at once if they are there, else reads them and tells by `ready`.

    Args:
        load: reads one picture in a worker thread; raises PhotocullError or OSError.
    """

    ready = Signal(int)
    _arrived = Signal()

    def __init__(
        self, load: Loader, *, workers: int = 2, limit_bytes: int = _LIMIT_BYTES, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._load = load
        self._limit = limit_bytes
        self._bytes = 0
        self._cache: OrderedDict[tuple[str, int], QPixmap] = OrderedDict()
        self._sizes: dict[str, set[int]] = {}
        self._problems: dict[str, tuple[str, float]] = {}
        self._wishes: OrderedDict[tuple[str, int], Wish] = OrderedDict()
        self._working: set[tuple[str, int]] = set()
        self._answers: deque[_Answer] = deque()
        self._closed = False
        self._changed = threading.Condition()
        self._arrived.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._threads = [threading.Thread(target=self._work, name=f"thumbnail-{n}") for n in range(workers)]
        for thread in self._threads:
            thread.start()

    def pixmap(self, row: PhotoRow, height: int) -> QPixmap | None:
        """The photo about ``height`` logical pixels high, upright and uncropped.

        Returns:
            The nearest size at hand while the right one is read; None if there is none yet, or never will be.
        """
        wanted = _bucket(height * QGuiApplication.primaryScreen().devicePixelRatio())
        quick = row.status == "new"
        key = (_name(row.fingerprint, quick), wanted)
        if key in self._cache:
            self._cache.move_to_end(key)
            return self._cache[key]
        if row.status != "unreadable" and self.problem(row) is None:
            self._wish(Wish(row.id, row.path, row.fingerprint, wanted, _side(row, wanted), quick))
        return self._nearest(row.fingerprint, wanted)

    @property
    def held_bytes(self) -> int:
        """Memory that the kept pictures take."""
        return self._bytes

    def problem(self, row: PhotoRow) -> str | None:
        """Why there is no picture of this photo, if there will be none, or none for a while."""
        sentence, until = self._problems.get(row.fingerprint, ("", 0.0))
        return sentence if time.monotonic() < until else None

    def forget_problems(self) -> None:
        """Ask again for what could not be read: its drive may be back."""
        self._problems.clear()

    def keep(self, ids: Iterable[int]) -> None:
        """Drop the wishes for all photos but these: the others scrolled away."""
        kept = frozenset(ids)
        with self._changed:
            for key in [key for key, wish in self._wishes.items() if wish.photo_id not in kept]:
                del self._wishes[key]

    def close(self) -> None:
        """Drop all wishes and end the threads."""
        with self._changed:
            self._closed = True
            self._wishes.clear()
            self._changed.notify_all()
        for thread in self._threads:
            thread.join()

    def _nearest(self, fingerprint: str, wanted: int) -> QPixmap | None:
        for name in (_name(fingerprint, False), _name(fingerprint, True)):
            if sizes := self._sizes.get(name):
                return self._cache[name, min(sizes, key=lambda s: abs(s - wanted))]
        return None

    def _wish(self, wish: Wish) -> None:
        with self._changed:
            if self._closed or wish.key in self._working:
                return
            self._wishes[wish.key] = wish
            self._wishes.move_to_end(wish.key)
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._closed or self._wishes)
                if self._closed:
                    return
                key, wish = self._wishes.popitem(last=True)
                self._working.add(key)
            answer = self._answer(wish)
            with self._changed:
                self._answers.append(answer)
                if not self._closed:
                    self._arrived.emit()

    def _answer(self, wish: Wish) -> _Answer:
        try:
            image = self._load(wish)
        except PhotocullError as error:
            return _Answer(wish, None, error.sentence, lasting=not is_passing(error))
        except Exception:
            log.exception("The picture of %s cannot be made.", wish.path)
            return _Answer(wish, None, "The picture cannot be shown; the log file says more.")
        high = min(wish.height, image.height())
        scaled = image.scaledToHeight(high, Qt.TransformationMode.SmoothTransformation)
        return _Answer(wish, scaled.convertToFormat(QImage.Format.Format_RGB32), "")

    def _take(self) -> None:
        while self._answers:
            answer = self._answers.popleft()
            wish = answer.wish
            with self._changed:
                self._working.discard(wish.key)
            if answer.image is None:
                until = math.inf if answer.lasting else time.monotonic() + _AGAIN
                self._problems[wish.fingerprint] = answer.sentence, until
            else:
                self._keep(wish.key, QPixmap.fromImage(answer.image))
            self.ready.emit(wish.photo_id)

    def _keep(self, key: tuple[str, int], pixmap: QPixmap) -> None:
        self._cache[key] = pixmap
        self._sizes.setdefault(key[0], set()).add(key[1])
        self._bytes += _cost(pixmap.size())
        while self._bytes > self._limit and len(self._cache) > 1:
            (name, height), dropped = self._cache.popitem(last=False)
            self._bytes -= _cost(dropped.size())
            self._sizes[name].discard(height)
            if not self._sizes[name]:
                del self._sizes[name]


def preview_loader(previews: PreviewStore, token: CancelToken | None = None) -> Loader:
    """Reads from the store of previews, else from the file.

    What a quick wish brings is not stored: the run that judges the photo stores its own, which is never a thumbnail.

    Args:
        token: ends the waiting for a drive that does not answer.
    """

    def load(wish: Wish) -> QImage:
        stored = previews.get(wish.fingerprint, wish.side)
        image = QImage.fromData(stored) if stored is not None else QImage()
        if not image.isNull():
            return image
        pixels = load_preview(wish.path, wish.side if wish.quick else PREVIEW_SIDE, token=token)
        # Else another file lies there by now.
        if not wish.quick and fingerprint(wish.path, token=token) == wish.fingerprint:
            previews.put(wish.fingerprint, pixels)
        height, width, _ = pixels.shape
        return QImage(pixels.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888).copy()

    return load


def _name(fingerprint: str, quick: bool) -> str:
    return f"{fingerprint} quick" if quick else fingerprint


def _bucket(pixels: float) -> int:
    return next((height for height in _HEIGHTS if height >= pixels), _HEIGHTS[-1])


def _side(row: PhotoRow, height: int) -> int:
    aspect = row.width / row.height if row.width and row.height else UNKNOWN_ASPECT
    return math.ceil(height * max(aspect, 1.0))


def _cost(size: QSize) -> int:
    return size.width() * size.height() * 4
