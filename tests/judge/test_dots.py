"""Points as dots over the photo."""

import numpy as np

from photocull.judge.dots import paint_dots


def test_a_dot_is_the_larger_and_brighter_the_higher_its_value() -> None:
    pixels = np.full((280, 420, 3), 120, np.uint8)
    grid = np.zeros((28, 28), np.float16)
    grid[5, 5], grid[20, 20] = 1, 0.25
    painted = paint_dots(pixels, grid, 0, 0, 420, 280)
    plain = painted[0, 0]
    middles = painted[55, 82], painted[205, 307]
    assert middles[0].sum() > middles[1].sum() > plain.sum()
    areas = [np.any(part != plain, axis=-1).sum() for part in (painted[:140], painted[140:])]
    assert areas[0] > 2.5 * areas[1], "a quarter of the value is a quarter of the area, but for the rim"
    assert (pixels == 120).all(), "the photo is left as it is"


def test_where_nothing_lies_the_photo_is_seen_without_dots() -> None:
    painted = paint_dots(np.full((60, 80, 3), 200, np.uint8), np.zeros((28, 28), np.float16), 0, 0, 80, 60)
    assert len(np.unique(painted.reshape(-1, 3), axis=0)) == 1


def test_a_piece_looks_like_the_same_piece_of_the_whole() -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 255, (700, 501, 3), dtype=np.uint8)
    grid = random.random((28, 28)).astype(np.float16)
    whole = paint_dots(pixels, grid, 0, 0, 501, 700)
    assert np.array_equal(paint_dots(pixels[33:615, 77:402], grid, 77, 33, 501, 700), whole[33:615, 77:402])
