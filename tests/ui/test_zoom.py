"""Fit, 1:1, zoom at the cursor and pan, as arithmetic."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.ui.zoom import MOST, Zoom

SIDES = st.integers(1, 12_000)
VIEWS = st.integers(50, 4_000)
POINTS = st.floats(0, 1)


@st.composite
def zooms(draw: st.DrawFn) -> Zoom:
    zoom = Zoom((draw(SIDES), draw(SIDES)), (draw(VIEWS), draw(VIEWS)))
    for factor in draw(st.lists(st.floats(0.2, 5), max_size=4)):
        zoom = zoom.zoomed(factor, draw(POINTS) * zoom.view[0], draw(POINTS) * zoom.view[1])
    return zoom


def test_fit_shows_the_whole_photo_in_the_middle() -> None:
    placed = Zoom((6000, 4000), (1000, 1000)).placed()
    assert (placed.x, placed.width) == (0, 1000)
    assert placed.y == pytest.approx(167, abs=1)
    assert placed.height == pytest.approx(666.7, abs=0.1)


def test_a_small_photo_is_not_blown_up_by_fit() -> None:
    assert Zoom((200, 100), (1000, 1000)).shown_scale == 1
    assert Zoom((200, 100), (2000, 2000), enlarge=2.0).shown_scale == 2


def test_one_to_one_shows_what_was_under_the_cursor() -> None:
    zoom = Zoom((6000, 4000), (1000, 1000))
    before = zoom.at(700, 400)
    near = zoom.toggled(700, 400)
    assert near.scale == 1
    assert near.at(700, 400) == pytest.approx(before, abs=2e-3)
    assert near.toggled(700, 400) == zoom


def test_one_to_one_lies_on_whole_pixels() -> None:
    placed = Zoom((6001, 4003), (1000, 999)).toggled(123.4, 777.7).placed()
    assert placed.x == int(placed.x)
    assert placed.y == int(placed.y)
    assert (placed.width, placed.height) == (6001, 4003)


def test_the_wheel_halts_at_one_to_one() -> None:
    zoom = Zoom((6000, 4000), (1000, 1000))
    while zoom.shown_scale < 1:
        zoom = zoom.zoomed(1.25, 500, 500)
    assert zoom.shown_scale == 1


def test_zooming_out_ends_at_fit() -> None:
    zoom = Zoom((6000, 4000), (1000, 1000)).toggled(10, 10).zoomed(0.01, 500, 500)
    assert zoom.scale is None


def test_a_pan_stops_at_the_edge_of_the_photo() -> None:
    zoom = Zoom((3000, 2000), (1000, 1000)).toggled(500, 500).panned(99_999, -99_999)
    placed = zoom.placed()
    assert placed.x == 0
    assert placed.y + placed.height == pytest.approx(1000, abs=1)


def test_fit_cannot_be_panned() -> None:
    zoom = Zoom((3000, 2000), (1000, 1000))
    assert zoom.panned(100, 100) == zoom


def test_place_and_scale_stay_for_a_photo_of_the_same_size() -> None:
    zoom = Zoom((3000, 2000), (1000, 1000)).toggled(900, 300)
    assert zoom.on((3000, 2000)) == zoom
    assert zoom.on((2000, 3000)).scale is None


def test_a_larger_window_keeps_the_middle_and_never_leaves_fit_behind() -> None:
    zoom = Zoom((3000, 2000), (1000, 1000)).toggled(500, 500)
    assert zoom.in_view(1400, 800).centre == zoom.centre
    assert zoom.in_view(4000, 4000).scale is None


@given(zooms(), POINTS, POINTS, st.floats(0.3, 3))
def test_the_point_under_the_cursor_stays_while_nothing_is_at_an_edge(z: Zoom, u: float, v: float, f: float) -> None:
    x, y = u * z.view[0], v * z.view[1]
    after = z.zoomed(f, x, y)
    assert z.fit_scale <= after.shown_scale <= max(MOST, z.fit_scale)
    placed = after.placed()
    free = placed.x < -2 and placed.y < -2
    free = free and placed.x + placed.width > z.view[0] + 2 and placed.y + placed.height > z.view[1] + 2
    if free and after.scale is not None and all(0 <= share <= 1 for share in z.at(x, y)):
        shift = [abs(a - b) * n for a, b, n in zip(after.at(x, y), z.at(x, y), z.photo, strict=True)]
        assert max(shift) * z.shown_scale < 2
        assert max(shift) * after.shown_scale < 2 + after.shown_scale / z.shown_scale


@given(zooms(), st.floats(-5000, 5000), st.floats(-5000, 5000))
def test_no_empty_band_opens_beside_a_photo_that_is_larger_than_the_view(z: Zoom, dx: float, dy: float) -> None:
    placed = z.panned(dx, dy).placed()
    for start, length, view in ((placed.x, placed.width, z.view[0]), (placed.y, placed.height, z.view[1])):
        if length >= view:
            assert start <= 0.5
            assert start + length >= view - 0.5
        else:
            assert start == pytest.approx((view - length) / 2, abs=1)
