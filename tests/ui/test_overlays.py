"""Overlays: their names, keys and legends, and the pictures of them."""

import numpy as np
from pytestqt.qtbot import QtBot

from photocull.core.vocabulary import OVERLAY_KINDS
from photocull.ui.keymap import load_keymap
from photocull.ui.legend import Legend
from photocull.ui.overlay_bar import OverlayBar, ZoomBar
from photocull.ui.overlays import OVERLAYS, key_of, overlay, painted


def grey() -> np.ndarray:
    return np.full((120, 180, 3), 128, np.uint8)


def test_every_kind_of_map_can_be_shown_and_has_a_key_of_its_own() -> None:
    assert {known.kind for known in OVERLAYS} == set(OVERLAY_KINDS)
    assert len({known.key for known in OVERLAYS}) == len(OVERLAYS)
    assert key_of("focus") == "⇧F"
    assert key_of(None) == ""
    assert overlay("nothing") is None


def test_the_keys_on_the_buttons_are_those_of_the_default_keymap() -> None:
    keys = load_keymap("lightroom").keys
    for known in OVERLAYS:
        assert known.key == keys[f"overlay-{known.kind}"][0].replace("Shift+", "⇧")


def test_a_map_is_brighter_where_it_is_higher_and_as_large_as_the_photo() -> None:
    grid = np.tile(np.linspace(0, 1, 8, dtype=np.float16), (6, 1))
    made = painted(grey(), "aesthetic", grid)
    assert made.size == (180, 120)
    columns = made.levels[0].pixels.astype(float).mean(axis=(0, 2))
    assert columns[170] > columns[90] > columns[10]


def test_clipping_is_exact_to_the_pixel() -> None:
    pixels = grey()
    pixels[10, 20] = 255
    pixels[30, 40] = 0
    shown = painted(pixels, "clipping", None).levels[0].pixels
    assert shown[10, 20, 0] > 200 > shown[10, 20, 2]
    assert shown[30, 40, 2] > 200 > shown[30, 40, 0]
    assert tuple(shown[10, 21]) == tuple(shown[50, 50])


def test_a_second_click_on_a_toggle_takes_the_overlay_away(qtbot: QtBot) -> None:
    bar = OverlayBar()
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
