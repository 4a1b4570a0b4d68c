"""Overlays: their names, keys and legends, and the pictures of them."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from pytestqt.qtbot import QtBot

from photocull.core.types import Grid
from photocull.core.vocabulary import OVERLAY_KINDS
from photocull.ui.keymap import load_keymap
from photocull.ui.legend import Legend
from photocull.ui.overlay_bar import OverlayBar, ZoomBar
from photocull.ui.overlays import OVERLAYS, Region, command_of, overlay, painted, seen
from photocull.ui.picture import picture
from photocull.ui.zoom import Zoom


def grey() -> np.ndarray:
    return np.full((120, 180, 3), 128, np.uint8)


def test_every_kind_of_map_can_be_shown_and_has_a_key_of_its_own() -> None:
    assert {known.kind for known in OVERLAYS} == set(OVERLAY_KINDS)
    keys = load_keymap("lightroom").keys
    assert len({keys[command_of(known.kind)] for known in OVERLAYS}) == len(OVERLAYS)
    assert overlay("nothing") is None


def whole(pixels: np.ndarray, kind: str, grid: Grid | None) -> np.ndarray:
    part = painted(picture(pixels).levels[0], Region(0, 0, pixels.shape[1], pixels.shape[0]), kind, grid)
    assert (part.x, part.y, part.width, part.height) == (0, 0, 1, 1)
    return part.level.piece(0, 0, 9999, 9999)


def test_a_map_is_brighter_where_it_is_higher_and_as_large_as_the_photo() -> None:
    grid = np.tile(np.linspace(0, 1, 8, dtype=np.float16), (6, 1))
    shown = whole(grey(), "aesthetic", grid)
    assert shown.shape == (120, 180, 3)
    columns = shown.astype(float).mean(axis=(0, 2))
    assert columns[170] > columns[90] > columns[10]


def test_clipping_is_exact_to_the_pixel() -> None:
    pixels = grey()
    pixels[10, 20] = 255
    pixels[30, 40] = 0
    shown = whole(pixels, "clipping", None)
    assert shown[10, 20, 0] > 200 > shown[10, 20, 2]
    assert shown[30, 40, 2] > 200 > shown[30, 40, 0]
    assert tuple(shown[10, 21]) == tuple(shown[50, 50])


def test_a_piece_looks_like_the_same_piece_of_the_whole() -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 255, (805, 1203, 3), dtype=np.uint8)
    grid = random.random((9, 12)).astype(np.float16)
    level, region = picture(pixels).levels[0], seen(Zoom((1203, 805), (480, 640), 1.0), (1203, 805), 0.1)
    part = painted(level, region, "aesthetic", grid)
    piece = part.level.piece(0, 0, 9999, 9999).astype(int)
    expected = whole(pixels, "aesthetic", grid)[region.top : region.bottom, region.left : region.right].astype(int)
    assert piece.shape == expected.shape
    assert np.abs(piece - expected).mean() < 1
    assert 0 < region.left < region.right < 1203
    assert (part.x, part.width) == (region.left / 1203, (region.right - region.left) / 1203)


@given(st.integers(200, 9000), st.integers(200, 9000), st.floats(0, 1), st.floats(0, 1), st.floats(1, 4))
def test_what_is_seen_lies_within_what_is_painted(w: int, h: int, u: float, v: float, factor: float) -> None:
    zoom = Zoom((w, h), (800, 600)).toggled(u * 800, v * 600).zoomed(factor, u * 800, v * 600)
    needed, wanted = seen(zoom, (w, h)), seen(zoom, (w, h), 0.3)
    assert wanted.holds(needed)
    assert Region(0, 0, w, h).holds(wanted)
    assert needed.left < needed.right
    assert needed.top < needed.bottom
    for x, y in ((1.0, 1.0), (799.0, 599.0)):
        a, b = zoom.at(x, y)
        if 0 < a < 1 and 0 < b < 1:
            assert needed.left - 1 <= a * w <= needed.right + 1
            assert needed.top - 1 <= b * h <= needed.bottom + 1


def test_a_second_click_on_a_toggle_takes_the_overlay_away(qtbot: QtBot) -> None:
    bar = OverlayBar()
    bar.set_keys({"overlay-focus": "Shift+F"})
    qtbot.addWidget(bar)
    chosen: list[object] = []
    bar.chosen.connect(chosen.append)
    bar.chosen.connect(bar.set_kind)
    button = next(b for b in bar.findChildren(type(bar._buttons["focus"])) if b.text() == "Focus")
    button.click()
    button.click()
    assert chosen == ["focus", None]
    assert "⇧F" in button.toolTip()


def test_the_zoom_is_told_in_per_cent(qtbot: QtBot) -> None:
    bar = ZoomBar()
    qtbot.addWidget(bar)
    bar.set_zoom(0.624, fit=True)
    words = [button.text() for button in bar.findChildren(type(bar._fit))]
    assert words == ["Fit", "62 %", "1:1"]
    assert bar._fit.isChecked()
    bar.set_zoom(1.0, fit=False)
    assert bar._one.isChecked()
    assert not bar._fit.isChecked()


def test_the_legend_tells_both_ends_and_the_whole_on_hover(qtbot: QtBot) -> None:
    legend = Legend()
    qtbot.addWidget(legend)
    legend.resize(240, 26)
    known = overlay("aesthetic")
    assert known is not None
    empty = legend.grab().toImage()
    legend.show_scale(known)
    assert legend.toolTip() == known.legend
    assert legend.grab().toImage() != empty
    legend.say("Not scored yet.")
    assert legend.accessibleName() == "Not scored yet."


def test_where_room_is_short_the_toggles_keep_their_words_and_drop_their_keys(qtbot: QtBot) -> None:
    bar = OverlayBar()
    qtbot.addWidget(bar)
    bar.set_keys({command_of(known.kind): "Shift+A" for known in OVERLAYS})
    bar.set_offered(frozenset(OVERLAY_KINDS))
    bar.resize(bar.sizeHint())
    bar.show()
    buttons = [button for button in bar._buttons.values() if button.isVisible()]
    assert len(buttons) == len(OVERLAY_KINDS)
    assert all(button.shows_key for button in buttons)
    bar.resize(bar.minimumSizeHint())
    qtbot.waitUntil(lambda: not any(button.shows_key for button in buttons))
    for button in buttons:
        assert button.width() >= button.fontMetrics().horizontalAdvance(button.text())
