"""The right panel: what the program thinks of the shown photo and why, and what the camera wrote."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from photocull.catalog import query
from photocull.catalog.away import Away
from photocull.catalog.database import Catalog
from photocull.catalog.records import Filter, PhotoDetail, PhotoRow, Rank
from photocull.core.errors import PhotocullError
from photocull.core.work import CancelToken, PhotosChanged
from photocull.photo.previews import PreviewStore
from photocull.ui.bridge import Bridge
from photocull.ui.histogram import Curves, clipped, curves
from photocull.ui.images import small_pixels
from photocull.ui.inspector_body import InspectorBody
from photocull.ui.pieces import scroll_area
from photocull.ui.remedies import reason_and_remedy
from photocull.ui.scores import rank_words

_AGAIN_MS = 400
_REST_MS = 120
"""A photo must stay this long before its histogram is drawn: who flicks through photos waits for none."""


@dataclass(frozen=True, slots=True)
class Looked:
    """What one question to the catalogue brings for one photo.

    Attributes:
        detail: None where the photo is gone. in_folder: rank among all photos of the folders; in_filter: among those
        that the filter leaves, None where that is the same.
    """

    detail: PhotoDetail | None
    in_folder: Rank | None = None
    in_filter: Rank | None = None


def look(catalog: Catalog, photo_id: int, filter: Filter, model: str) -> Looked:
    """Everything that the inspector says of a photo, read in any thread."""
    details = query.photo_details(catalog, [photo_id], model)
    if not details:
        return Looked(None)
    place = Filter(folders=filter.folders, paths=filter.paths)
    in_folder = query.rank(catalog, photo_id, place, "overall", model)
    narrower = filter != place
    in_filter = query.rank(catalog, photo_id, filter, "overall", model) if narrower else None
    return Looked(details[0], in_folder, None if in_filter == in_folder else in_filter)


def look_at_all(catalog: Catalog, ids: Sequence[int], model: str) -> list[PhotoRow]:
    """The rows of a selection, read in any thread."""
    return query.photo_rows(catalog, ids, model)


class Inspector(QWidget):
    """Shows one photo, the sum of several, or how to begin; asks again when what it shows has changed."""

    overlayRequested = Signal(str)

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._photo: int | None = None
        self._ids: tuple[int, ...] = ()
        self._filter = Filter()
        self._count = 0
        self._drawn: str | None = None
        self._resting: PhotoRow | None = None
        self._away = Away()
        self._body = InspectorBody()
        self._body.overlayRequested.connect(self.overlayRequested)
        self._again = QTimer(self, singleShot=True, interval=_AGAIN_MS)
        self._again.timeout.connect(self._ask)
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._draw_histogram)
        bridge.photosChanged.connect(self._on_changed)
        bridge.modelReady.connect(self._again.start)
        self._lay_out()
        self.show_photo(None, Filter(), 0)

    def set_keys(self, keys: Mapping[str, str]) -> None:
        """Name the keys of these commands, by id, beside the reasons that they show."""
        self._body.set_keys(keys)

    def show_photo(self, photo_id: int | None, filter: Filter, count: int, ids: Sequence[int] = ()) -> None:
        """Show this photo.

        Args:
            filter: what is listed; ranks are told within it and within its folders.
            count: photos selected; more than one shows their sum. ids: which, where their scores are to be summed.
        """
        self._photo, self._filter, self._count, self._ids = photo_id, filter, count, tuple(ids)
        if photo_id is None and count == 0:
            self._drawn = None
            self._body.show_sentence("Select a photo to see its scores and the reasons for them.")
        else:
            self._ask()

    def set_away(self, away: Away) -> None:
        """Say of photos on drives that are not connected where they lie."""
        self._away = away
        if self._photo is not None:
            self._ask()

    def _lay_out(self) -> None:
        self.setProperty("role", "inspector")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumWidth(240)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(1, 0, 0, 0)
        whole.addWidget(scroll_area(self._body))

    def _on_changed(self, event: PhotosChanged) -> None:
        # Any result can change the rank, but only the shown photo's own result is worth asking for at once.
        if self._photo in event.ids:
            self._ask()
        elif (self._photo is not None or self._count) and not self._again.isActive():
            self._again.start()

    def _ask(self) -> None:
        catalog, model, filter = self._bridge.catalog, self._bridge.model, self._filter
        if self._count > 1:
            ids, count = self._ids, self._count
            self._bridge.query(
                lambda: look_at_all(catalog, ids, model),
                lambda rows: self._body.show_several(rows, count) if self._count > 1 else None,
                owner=self,
                key="look",
            )
        elif self._photo is not None:
            photo = self._photo
            self._bridge.query(lambda: look(catalog, photo, filter, model), self._show, owner=self, key="look")

    def _show(self, looked: Looked) -> None:
        if self._photo is None:
            return  # the list became empty while this was read
        detail = looked.detail
        if detail is None:
            self._body.show_sentence("This photo is not in the catalogue any more.")
            return
        if detail.row.status == "unreadable":
            self._body.show_unreadable(detail, *reason_and_remedy(detail.row.error or "The file cannot be read."))
        else:
            self._body.show_detail(detail, _rank_lines(looked), self._away.word(detail.row.path))
            self._resting = detail.row
            self._rest.start()

    def _draw_histogram(self) -> None:
        row = self._resting
        if row is None or row.id != self._photo or row.fingerprint == self._drawn:
            return
        self._drawn = row.fingerprint
        previews, token = self._bridge.previews, self._bridge.token

        def done(found: tuple[Curves, tuple[float, float]] | None) -> None:
            self._body.show_histogram(*(found or (None, (0.0, 0.0))))

        self._bridge.query(lambda: _histogram(previews, row, token), done, owner=self, key="histogram")


def _rank_lines(looked: Looked) -> list[str]:
    lines = [rank_words(looked.in_folder)]
    shown = rank_words(looked.in_filter)
    return [line for line in (*lines, f"{shown} shown" if shown else "") if line]


def _histogram(previews: PreviewStore, row: PhotoRow, token: CancelToken) -> tuple[Curves, tuple[float, float]] | None:
    try:
        pixels = small_pixels(previews, row, token)
    except (PhotocullError, OSError):
        return None  # the list of problems tells of it; a histogram is not worth a second complaint
    return curves(pixels), clipped(pixels)
