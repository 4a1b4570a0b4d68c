"""The trunk's input: sizes, values, and that nothing but the pixels matters."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.judge.networks.inputs import AREA_SIDE, LONGEST_ASPECT, input_size, trunk_input


@pytest.mark.parametrize(
    ("photo", "expected"),
    [
        ((6000, 4000), (480, 320)),
        ((512, 512), (384, 384)),
        ((1920, 1080), (512, 288)),
        ((1080, 1920), (288, 512)),
        ((4000, 3000), (448, 320)),
    ],
)
def test_common_formats_keep_their_aspect(photo: tuple[int, int], expected: tuple[int, int]) -> None:
    assert input_size(*photo) == expected


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_any_photo_gets_whole_cells_near_its_aspect_and_area(width: int, height: int) -> None:
    wide, high = input_size(width, height)
    assert wide % 32 == 0
    assert high % 32 == 0
    assert 0.85 < wide * high / AREA_SIDE**2 < 1.18
    aspect = min(max(width / height, 1 / LONGEST_ASPECT), LONGEST_ASPECT)
    assert abs(math.log(wide / high / aspect)) < 0.13
    assert input_size(height, width) == (high, wide)


def test_values_are_scaled_as_the_weights_were_trained() -> None:
    grey = np.full((384, 384, 3), 127, dtype=np.uint8)
    white = np.full((384, 384, 3), 255, dtype=np.uint8)
    assert np.all(trunk_input(grey) == 0.0)
    assert np.all(trunk_input(white) == 1.0)
    assert trunk_input(white).shape == (3, 384, 384)


def test_a_view_gives_the_same_input_as_its_copy() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    mirrored = pixels[:, ::-1]
    assert np.array_equal(trunk_input(mirrored), trunk_input(mirrored.copy()))


def test_reduction_averages_fine_detail_instead_of_skipping_it() -> None:
    stripes = np.zeros((1152, 1152, 3), dtype=np.uint8)
    stripes[:, ::2] = 254
    values = trunk_input(stripes)
    assert np.abs(values).max() < 0.2
