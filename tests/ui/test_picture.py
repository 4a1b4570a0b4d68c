"""A photo's pixels at falling sizes."""

import io

import numpy as np
import pytest
from PIL import Image

from photocull.ui.picture import at_full_size, from_jpeg, picture, with_halves


def pixels(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)


def test_each_level_is_half_the_one_before_and_shows_the_same() -> None:
    made = picture(pixels(3001, 2000))
    assert [level.width for level in made.levels] == [3001, 1501, 751]
    means = [level.piece(0, 0, 9999, 9999).mean(axis=(0, 1)) for level in made.levels]
    assert np.allclose(means[0], means[-1], atol=1)
    assert made.size == (3001, 2000)
    assert made.bytes > 3001 * 2000 * 4


def test_a_full_size_picture_is_drawn_from_the_very_pixels_and_gets_its_smaller_levels_later() -> None:
    shown = pixels(3001, 2000)
    first = at_full_size(shown)
    assert [level.width for level in first.levels] == [3001]
    assert np.shares_memory(first.levels[0].screen, shown)
    assert first.levels[0].image.pixelColor(7, 5).getRgb()[:3] == tuple(shown[5, 7])
    whole = with_halves(first)
    assert [level.width for level in whole.levels] == [3001, 1501, 751]
    means = [level.piece(0, 0, 9999, 9999).mean(axis=(0, 1)) for level in whole.levels]
    assert np.allclose(means[0], means[-1], atol=1)


def test_the_smallest_level_that_is_wide_enough_is_chosen() -> None:
    made = picture(pixels(3000, 2000))
    assert [made.level(width) for width in (100, 750, 751, 1500, 1510, 9000)] == [2, 2, 1, 1, 0, 0]


def test_red_stays_red() -> None:
    red = np.zeros((10, 20, 3), np.uint8)
    red[..., 0] = 255
    level = picture(red).levels[0]
    assert level.image.pixelColor(3, 3).name() == "#ff0000"
    assert np.array_equal(level.piece(0, 0, 20, 10), red)


def test_a_stored_preview_is_read_and_a_damaged_one_refused() -> None:
    buffer = io.BytesIO()
    Image.fromarray(pixels(60, 40)).save(buffer, "JPEG")
    assert from_jpeg(buffer.getvalue()).shape == (40, 60, 3)
    with pytest.raises(OSError, match="cannot identify"):
        from_jpeg(b"no picture")
