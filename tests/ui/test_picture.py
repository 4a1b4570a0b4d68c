"""A photo's pixels at falling sizes."""

import io
from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from photocull.ui.picture import Picture, at_full_size, from_jpeg, picture, with_level
from photocull.ui.zoom import Zoom


def pixels(width: int, height: int) -> np.ndarray:
    return np.random.default_rng(1).integers(0, 255, (height, width, 3), dtype=np.uint8)


def sizes(made: Picture) -> list[tuple[int, int]]:
    return [level.size for level in made.levels]


@pytest.mark.parametrize("make", [picture, at_full_size])
def test_a_level_shows_the_same_at_another_size_and_the_pixels_themselves_stay(make: Callable[..., Picture]) -> None:
    first = make(pixels(3001, 2000))
    made = with_level(first, (877, 585))
    assert sizes(made) == [(3001, 2000), (877, 585)]
    assert made.levels[0] is first.levels[0]
    means = [level.piece(0, 0, 9999, 9999).mean(axis=(0, 1)) for level in made.levels]
    assert np.allclose(means[0], means[-1], atol=1)
    assert made.bytes > first.bytes + 877 * 585 * 3


def test_a_level_is_cut_in_no_strips_that_show() -> None:
    slope = np.repeat(np.linspace(0, 255, 2000).astype(np.uint8)[:, None, None], 3, axis=2).repeat(1500, axis=1)
    rows = with_level(at_full_size(slope), (375, 500)).levels[-1].piece(0, 0, 375, 500)[:, 7, 0].astype(int)
    assert np.abs(np.diff(rows)).max() <= 1


def test_a_full_size_picture_is_drawn_from_the_very_pixels() -> None:
    shown = pixels(3001, 2000)
    first = at_full_size(shown)
    assert np.shares_memory(first.levels[0].screen, shown)
    assert first.levels[0].image.pixelColor(7, 5).getRgb()[:3] == tuple(shown[5, 7])


def test_what_is_missing_is_the_size_of_the_whole_photo_or_a_part_of_its_own() -> None:
    made, fit = at_full_size(pixels(3000, 2000)), Zoom((3000, 2000), (900, 900))
    assert made.missing(fit) == (900, 600)
    whole = with_level(made, (900, 600))
    assert whole.missing(fit) is None
    near = [whole.missing(Zoom((3000, 2000), (900, 900), scale)) for scale in (0.4, 0.5, 0.6, 1.0, 4.0)]
    assert near == [(1500, 1000), (1500, 1000), None, None, None]
    assert made.missing(Zoom((3000, 2000), (4000, 4000), enlarge=2.0)) is None, "nothing is made larger than it is"


def test_beside_the_pixels_the_whole_photo_is_kept_and_one_size_between() -> None:
    made = at_full_size(pixels(3000, 2000))
    for size in ((900, 600), (1500, 1000), (1000, 667)):
        made = with_level(made, size)
    assert sizes(made) == [(3000, 2000), (1000, 667), (900, 600)]


def test_the_smallest_level_that_is_wide_enough_is_chosen() -> None:
    made = with_level(with_level(picture(pixels(3000, 2000)), (1500, 1000)), (750, 500))
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
