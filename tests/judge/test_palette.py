"""The palette: few colours, true shares, accents kept, always the same."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from photocull.judge.palette import read_palette
from tests.judge.drawing import flat, noisy, scene, stripes


def _rgb(code: str) -> np.ndarray:
    return np.array([int(code[i : i + 2], 16) for i in (1, 3, 5)])


def test_shares_sum_to_one_and_fall() -> None:
    palette = read_palette(scene())
    shares = [swatch.share for swatch in palette]
    assert sum(shares) == pytest.approx(1, abs=1e-5)
    assert shares == sorted(shares, reverse=True)
    assert 3 <= len(palette) <= 6


def test_the_colours_of_a_flag_come_back_with_their_shares() -> None:
    palette = read_palette(stripes((30, 60, 160), (250, 250, 250), (200, 30, 40)))
    found = [_rgb(swatch.hex) for swatch in palette]
    for colour in ((30, 60, 160), (250, 250, 250), (200, 30, 40)):
        assert min(np.abs(other - colour).max() for other in found) <= 3
    assert [swatch.share for swatch in palette] == pytest.approx([1 / 3] * 3, abs=0.02)


def test_a_small_vivid_accent_keeps_its_swatch() -> None:
    picture = noisy(flat((120, 124, 128)), 12)
    picture[100:136, 150:204] = (230, 20, 30)  # 2.25 % of the area
    palette = read_palette(picture)
    accent = min(palette, key=lambda swatch: np.abs(_rgb(swatch.hex) - (230, 20, 30)).sum())
    assert np.abs(_rgb(accent.hex) - (230, 20, 30)).max() < 25
    assert accent.share == pytest.approx(0.0225, abs=0.006)


def test_a_plain_picture_has_one_colour() -> None:
    palette = read_palette(flat((12, 200, 90)))
    assert [swatch.hex for swatch in palette] == ["#0cc85a"]


def test_noise_does_not_multiply_colours() -> None:
    assert len(read_palette(noisy(stripes((30, 60, 160), (240, 190, 60)), 6))) <= 4


@settings(max_examples=25, deadline=None)
@given(arrays.arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 40), st.just(3))))
def test_any_picture_has_a_palette_that_never_changes(picture: np.ndarray) -> None:
    palette = read_palette(picture)
    assert 1 <= len(palette) <= 6
    assert sum(swatch.share for swatch in palette) == pytest.approx(1, abs=1e-4)
    assert palette == read_palette(picture.copy())
