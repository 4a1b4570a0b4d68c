"""The published networks' input."""

import numpy as np
import pytest

from photocull.judge.networks.squares import MEAN, SIDE, SPREAD, square_input


@pytest.mark.parametrize("shape", [(480, 640, 3), (1, 1, 3), (3000, 20, 3), (224, 224, 3)])
def test_any_photo_becomes_a_square(shape: tuple[int, int, int]) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    values = square_input(pixels)
    assert values.shape == (3, SIDE, SIDE)
    assert values.dtype == np.float32
    assert values.flags.c_contiguous


def test_values_are_imagenets() -> None:
    pixels = np.empty((300, 500, 3), dtype=np.uint8)
    pixels[...] = (255, 128, 0)
    wanted = [(value / 255 - mean) / spread for value, mean, spread in zip((255, 128, 0), MEAN, SPREAD, strict=True)]
    np.testing.assert_allclose(
        square_input(pixels), np.broadcast_to(np.reshape(wanted, (3, 1, 1)), (3, 224, 224)), atol=1e-6
    )


def test_the_whole_photo_is_seen_and_its_aspect_given_up() -> None:
    pixels = np.zeros((200, 800, 3), dtype=np.uint8)
    pixels[:, :400, 0] = 255
    red = square_input(pixels)[0]
    assert red[:, :100].min() > 2
    assert red[:, 124:].max() < -2


def test_fine_detail_is_averaged_and_not_skipped() -> None:
    pixels = np.zeros((1120, 1120, 3), dtype=np.uint8)
    pixels[::2] = 255
    inner = square_input(pixels)[:, 4:-4, 4:-4]
    assert np.ptp(inner[0]) < 0.2
    assert abs(inner[0].mean() - (0.5 - MEAN[0]) / SPREAD[0]) < 0.05


def test_the_photo_is_left_as_it_is() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (50, 70, 3), dtype=np.uint8)
    pixels.flags.writeable = False
    first = square_input(pixels)
    assert np.array_equal(first, square_input(pixels))
