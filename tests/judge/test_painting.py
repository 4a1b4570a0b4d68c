"""A map over a photo: smooth, inferno, the photo's brightness still to be seen."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from photocull.judge.painting import enlarge, inferno, paint_clipping, paint_map
from tests.building import draw


def luminance(pixels: np.ndarray) -> np.ndarray:
    return pixels.astype(float) @ [0.2126, 0.7152, 0.0722]


def test_inferno_grows_brighter_all_the_way() -> None:
    brightness = luminance(inferno(np.linspace(-0.5, 1.5, 201)))
    assert np.all(np.diff(brightness) >= -0.01)
    assert brightness[0] < 5
    assert brightness[-1] > 240


@given(arrays(np.float16, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.floats(0, 1, width=16)))
def test_an_enlarged_map_stays_in_range_and_keeps_its_shape(grid: np.ndarray) -> None:
    large = enlarge(grid, 40, 30)
    assert large.shape == (30, 40)
    assert large.min() >= 0
    assert large.max() <= 1


def test_an_even_map_stays_even_and_a_peak_stays_where_it_was() -> None:
    assert np.allclose(enlarge(np.full((3, 4), 0.25, np.float16), 101, 77), 0.25, atol=1e-6)
    grid = np.zeros((6, 8), np.float16)
    grid[1, 6] = 1
    row, column = np.unravel_index(enlarge(grid, 160, 120).argmax(), (120, 160))
    assert abs(row - 30) <= 1
    assert abs(column - 130) <= 1


def test_an_enlarged_map_has_no_visible_steps() -> None:
    grid = np.zeros((4, 4), np.float16)
    grid[1:3, 1:3] = 1
    assert np.abs(np.diff(enlarge(grid, 400, 400), axis=1)).max() < 0.02


def test_a_painted_photo_keeps_the_order_of_its_brightness_under_an_even_map() -> None:
    photo = draw((320, 240), seed=1)
    painted = paint_map(photo, np.full((3, 3), 0.7, np.float16))
    assert painted.shape == photo.shape
    assert painted.dtype == np.uint8
    assert np.corrcoef(luminance(photo).ravel(), luminance(painted).ravel())[0, 1] > 0.99


def test_where_the_map_is_high_the_picture_is_brighter_than_where_it_is_low() -> None:
    photo = np.full((300, 400, 3), 128, np.uint8)
    grid = np.zeros((6, 8), np.float16)
    grid[:, 4:] = 1
    painted = luminance(paint_map(photo, grid))
    assert painted[:, 300:].mean() > painted[:, :100].mean() + 60
    assert np.all(photo == 128)


def test_strength_nothing_leaves_the_photo_as_it_is() -> None:
    photo = draw((64, 48), seed=2)
    assert np.array_equal(paint_map(photo, np.ones((2, 2), np.float16), 0.0), photo)


@pytest.mark.parametrize(("value", "red", "blue"), [(255, True, False), (0, False, True), (128, False, False)])
def test_clipping_marks_burnt_and_black_pixels(value: int, red: bool, blue: bool) -> None:
    r, _, b = (int(channel) for channel in paint_clipping(np.full((2, 2, 3), value, np.uint8))[0, 0])
    assert (r > b + 100, b > r + 100) == (red, blue)
