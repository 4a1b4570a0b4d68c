"""Every file of the shared collection of camera files and broken ones goes through the window as its manifest says."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from photocull.catalog.records import PhotoRow, Sort
from photocull.core.types import PREVIEW_SIDE, Pixels
from photocull.photo.decode import load_preview
from photocull.ui.cell import paint_cover
from photocull.ui.problems import Complaint, ProblemsDialog
from tests.photo.manifest import PHOTOS, SENTENCE_LIMIT, misfits
from tests.photo.reading import difference
from tests.ui.conftest import Studio

LONGEST_RUN = 600_000
"""Milliseconds for the whole collection on the slowest machine."""
TURNED = (
    "orientation_avif/Pillow", "orientation_avif/kimage", "orientation_heic/", "orientation_jpeg/Pillow",
    "orientation_jpeg/exif-orientati__Landscape", "orientation_jpeg/exif-orientati__Portrait", "orientation_jxl/",
    "orientation_tiff/",
)  # fmt: skip
"""Each of one picture, stored in many ways."""
LOOKS_ALIKE = 4.0
"""Of 255, reduced to 12 pixels; the most alike that another turn of any of them comes is 9.8."""


@pytest.mark.slow
def test_every_file_is_a_painted_photo_or_one_line_of_problems(studio: Studio, shared: Path) -> None:
    window = studio.open(PHOTOS)
    studio.qtbot.waitUntil(lambda: bool(studio.reports) or bool(studio.failures), timeout=LONGEST_RUN)
    assert not studio.failures
    ids = set(studio.reports[-1].ids)
    window.session.set_sort(Sort("name", False))
    studio.until(lambda: window.session.photos.order.key == "name" and set(window.session.photos.ids) == ids)
    photos = listed(studio)
    assert not misfits({str(row.path.relative_to(PHOTOS)): (row.status, row.width, row.height) for row in photos})
    check_thumbnails(studio, photos)
    check_loupe(studio, photos)
    check_problems(photos, problems_of(studio))


def listed(studio: Studio) -> list[PhotoRow]:
    """The photos as the grid has them, once all are judged or failed."""
    found: list[PhotoRow] = []

    def done() -> bool:
        found[:] = [row for row in studio.rows() if row is not None]
        return len(found) == len(studio.window.session.photos.ids) and all(r.status != "new" for r in found)

    studio.until(done)
    return found


def problems_of(studio: Studio) -> list[Complaint]:
    """What the dialog lists that the command opens."""
    found: list[Complaint] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if isinstance(dialog, ProblemsDialog) and dialog._model.complaints:
            found.extend(dialog._model.complaints)
            dialog.accept()
        else:
            QTimer.singleShot(100, look)

    QTimer.singleShot(100, look)
    next(command for command in studio.window.commands if command.id == "problems").run()
    return found


def check_problems(photos: list[PhotoRow], complaints: list[Complaint]) -> None:
    """A line for each file that cannot be read and for each remark, and none besides."""
    lines = [complaint.path for complaint in complaints]
    assert sorted(lines) == sorted(
        path for row in photos for path in [row.path] * (len(row.notes) + (row.status == "unreadable"))
    )
    assert sum(row.status == "unreadable" for row in photos) > 10
    for complaint in complaints:
        assert 10 < len(complaint.reason) < SENTENCE_LIMIT, complaint
        assert "\n" not in complaint.line
        assert "Error" not in complaint.line


def check_thumbnails(studio: Studio, photos: list[PhotoRow]) -> None:
    """Each cell shows its photo's picture, in its photo's shape, or why there is none."""
    grid, thumbnails = studio.window.grid, studio.desk.thumbnails
    for place, row in enumerate(photos):
        grid.choose(place)
        if row.status == "unreadable":
            assert thumbnails.pixmap(row, grid.cell_rect(place).height()) is None
            continue
        studio.until(lambda place=place, row=row: is_painted(studio, place, row))
        small = thumbnails.pixmap(row, grid.cell_rect(place).height())
        assert small is not None
        assert row.width is not None
        assert row.height is not None
        if min(row.width, row.height) > 60 and max(row.width, row.height) < 5 * min(row.width, row.height):
            assert abs(small.width() * row.height / (small.height() * row.width) - 1) < 0.05, row.path


def is_painted(studio: Studio, place: int, row: PhotoRow) -> bool:
    """Whether the upper half of a cell, where no marks lie, shows the small picture that was read for it."""
    grid = studio.window.grid
    rect = grid.cell_rect(place)
    small = studio.desk.thumbnails.pixmap(row, rect.height())
    if small is None:
        assert studio.desk.thumbnails.problem(row) is None, row.path
        return False
    wanted = QImage(rect.size(), QImage.Format.Format_RGB32)
    painter = QPainter(wanted)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    paint_cover(painter, wanted.rect(), small)
    painter.end()
    upper = rect.adjusted(4, 4, -4, -rect.height() // 2).intersected(grid.viewport().rect())
    there = array(grid.viewport().grab(upper).toImage())
    # The median: a badge may lie over a corner.
    return float(np.median(np.abs(there.astype(int) - array(wanted.copy(upper.translated(-rect.topLeft())))))) < 4


def array(image: QImage) -> Pixels:
    """(H, W, 3) of a picture of Qt."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows_ = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows_[:, : 3 * plain.width()].reshape(plain.height(), plain.width(), 3).copy()


def check_loupe(studio: Studio, photos: list[PhotoRow]) -> None:
    """Each photo opens upright with its own pixels; what cannot be read says why; the eight turns look alike."""
    studio.window.grid.choose(0)
    studio.press("Return")
    assert studio.window.view == "loupe"
    loupe, looks = studio.window.loupe, {}
    for row in photos:
        if row.status == "unreadable":
            studio.until(lambda row=row: loupe._row is not None and loupe._row.id == row.id)
            assert row.error is not None
            assert row.error.split(";")[0].rstrip(".") in loupe.canvas.accessibleDescription()
        else:
            studio.until(lambda row=row: loupe._row and loupe._row.id == row.id and loupe.canvas._picture)
            looks[row.path] = check_shown(studio, row)
        studio.press("Right")
    for series in TURNED:
        alike([look for path, look in looks.items() if str(path.relative_to(PHOTOS)).startswith(series)])


def check_shown(studio: Studio, row: PhotoRow) -> Pixels:
    """The loupe's picture against the file's own pixels; returns it very small."""
    picture = studio.window.loupe.canvas._picture
    assert picture is not None
    shown, wanted = picture.levels[0].piece(0, 0, *picture.size), load_preview(row.path, PREVIEW_SIDE)
    assert shown.shape == wanted.shape, row.path
    assert difference(shown, wanted) < 12, row.path
    return np.asarray(Image.fromarray(shown).resize((12, 12)))


def alike(looks: list[Pixels]) -> None:
    """However they are stored and turned, these are one picture."""
    assert len(looks) > 3
    assert max(difference(look, looks[0]) for look in looks) < LOOKS_ALIKE
