"""Counting brightness, and drawing what was counted."""

import numpy as np
from pytestqt.qtbot import QtBot

from photocull.ui.histogram import BINS, Histogram, clipped, curves


def test_each_channel_is_counted_by_itself() -> None:
    pixels = np.zeros((10, 10, 3), np.uint8)
    pixels[..., 0] = 100
    pixels[:5, :, 1] = 200
    found = curves(pixels)
    assert found.shape == (3, BINS)
    assert (found[0].argmax(), found[1][100] > 0, found[2][0]) == (50, True, 1)


def test_a_burnt_sky_does_not_press_the_rest_flat() -> None:
    pixels = np.full((10, 10, 3), 255, np.uint8)
    pixels[0] = 100
    assert curves(pixels)[0][50] == 1


def test_clipped_shares_are_told() -> None:
    pixels = np.full((10, 10, 3), 128, np.uint8)
    pixels[:2] = 0
    pixels[9, :, 0] = 255
    assert clipped(pixels) == (0.2, 0.1)


def test_an_empty_histogram_is_a_line_and_a_full_one_has_colour(qtbot: QtBot) -> None:
    widget = Histogram()
    qtbot.addWidget(widget)
    widget.resize(200, 56)
    empty = widget.grab().toImage()
    widget.set_curves(curves(np.full((4, 4, 3), (220, 90, 40), np.uint8)), (0.0, 0.0))
    assert widget.grab().toImage() != empty
    assert "Pure black 0.0%" in widget.toolTip()
