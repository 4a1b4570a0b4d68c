"""What a cell paints: nothing lies over anything else, however narrow the photo."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter, QPixmap
from pytestqt.qtbot import QtBot

from photocull.catalog.records import PhotoRow
from photocull.ui.cell import CellState, GridDelegate
from photocull.ui.style import TOKENS


def row(rating: int) -> PhotoRow:
    return PhotoRow(
        id=1,
        path=Path("a.jpg"),
        fingerprint="f",
        status="ok",
        error=None,
        width=40,
        height=60,
        aesthetic=7.0,
        colour=7.0,
        technical=7.0,
        overall=7.1,
        flags=(),
        rating=rating,
        pick=None,
        label=None,
        rated_by="photographer",
    )


def gold(width: int, rating: int) -> list[int]:
    """Columns in which the photographer's stars are seen."""
    cell = QImage(width, 140, QImage.Format.Format_RGB32)
    cell.fill(QColor(TOKENS.window))
    picture = QPixmap(width, 140)
    picture.fill(QColor("#303030"))
    painter = QPainter(cell)
    GridDelegate().paint(painter, QRect(0, 0, width, 140), row(rating), picture, CellState())
    painter.end()
    star = QColor(TOKENS.star)
    return [x for x in range(width) if any(cell.pixelColor(x, y) == star for y in range(140))]


@pytest.mark.parametrize("width", [88, 100, 118, 240])
@pytest.mark.parametrize("rating", [1, 4, 5])
def test_stars_never_lie_over_the_score(qtbot: QtBot, width: int, rating: int) -> None:
    columns = gold(width, rating)
    assert columns
    assert min(columns) > 36
    assert max(columns) < width - 4


def below_the_words(width: int, height: int, problem: str) -> QImage:
    """The band in which an unreadable photo's stars lie."""
    cell = QImage(width, height, QImage.Format.Format_RGB32)
    cell.fill(QColor(TOKENS.window))
    painter = QPainter(cell)
    unreadable = replace(row(0), status="unreadable", overall=None, rated_by=None)
    GridDelegate().paint(painter, QRect(0, 0, width, height), unreadable, None, CellState(), problem=problem)
    painter.end()
    return cell.copy(0, height - 22, width, 22)


@pytest.mark.parametrize(("width", "height"), [(126, 84), (126, 90), (140, 130), (234, 156)])
def test_a_long_reason_ends_above_the_stars(qtbot: QtBot, width: int, height: int) -> None:
    reason = "The file is cut off before anything of the picture can be shown; copy it again from the card. " * 3
    assert below_the_words(width, height, reason) == below_the_words(width, height, "Empty.")


def painted(shown: PhotoRow) -> QImage:
    cell = QImage(200, 140, QImage.Format.Format_RGB32)
    cell.fill(QColor(TOKENS.window))
    picture = QPixmap(200, 140)
    picture.fill(QColor("white"))
    painter = QPainter(cell)
    GridDelegate().paint(painter, QRect(0, 0, 200, 140), shown, picture, CellState())
    painter.end()
    return cell


def amount(cell: QImage, colour: str) -> int:
    """Pixels of about this colour."""
    wanted = QColor(colour)
    near = 0
    for x in range(cell.width()):
        for y in range(cell.height()):
            seen = cell.pixelColor(x, y)
            near += all(abs(a - b) < 24 for a, b in zip(seen.getRgb()[:3], wanted.getRgb()[:3], strict=True))
    return near


def test_the_program_s_flag_and_label_are_hollow_and_its_reject_does_not_darken_the_photo(qtbot: QtBot) -> None:
    mine = replace(row(0), pick="pick", label="red")
    guessed = replace(mine, rated_by="photocull", suggested=frozenset({"pick", "label"}))
    for colour in (TOKENS.pick, TOKENS.label("red")):
        assert amount(painted(guessed), colour) < amount(painted(mine), colour)
    rejected = replace(row(0), pick="reject")
    assert amount(painted(rejected), "white") < 100  # the score's own digits
    assert amount(painted(replace(rejected, suggested=frozenset({"pick"}))), "white") > 5000


def test_five_suggested_stars_do_not_look_like_none(qtbot: QtBot) -> None:
    none = replace(row(0), rating=None, rated_by=None)
    suggested = replace(row(5), rated_by="photocull", suggested=frozenset({"rating"}))
    corner = QRect(120, 115, 78, 22)
    assert (
        amount(painted(suggested).copy(corner), TOKENS.text) > 3 * amount(painted(none).copy(corner), TOKENS.text) + 20
    )
