"""A spoilt photo is worse to look at for one named reason, and its partner differs from it in nothing else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from photocull.training.clutter import cluttered
from photocull.training.composing import SPOILINGS, Spoiling
from photocull.training.subjects import find_subject, levelness
from photocull.training.toning import mean_chroma

BY_NAME = {spoiling.name: spoiling for spoiling in SPOILINGS}


def _photo(height: int = 180, width: int = 240, seed: int = 0) -> np.ndarray:
    """A red disc right of the middle, before a sky that meets a green field in a level line."""
    rows, columns = np.mgrid[:height, :width]
    picture = np.where(rows[..., None] < height * 0.45, (110, 150, 210), (70, 120, 60)).astype(np.float64)
    picture[np.hypot(rows - 0.5 * height, columns - 0.6 * width) < 0.2 * min(height, width)] = (200, 40, 40)
    noise = np.random.default_rng(seed).normal(0, 6, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def _drawn(spoiling: Spoiling, strength: float, photo: np.ndarray, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    pair = spoiling.pair(photo, strength, np.random.default_rng(seed))
    return pair.good, pair.spoilt


@pytest.mark.parametrize("spoiling", SPOILINGS, ids=lambda spoiling: spoiling.name)
@settings(max_examples=12, deadline=None)
@given(
    height=st.integers(64, 150),
    width=st.integers(64, 150),
    strength=st.floats(0, 1),
    seed=st.integers(0, 2**32 - 1),
    flat=st.booleans(),
)
def test_both_partners_have_one_shape_whatever_the_photo(
    spoiling: Spoiling, height: int, width: int, strength: float, seed: int, flat: bool
) -> None:
    photo = np.full((height, width, 3), 128, np.uint8) if flat else _photo(height, width, seed % 7)
    before = photo.copy()
    good, spoilt = _drawn(spoiling, strength, photo, seed)
    assert good.shape == spoilt.shape
    assert good.dtype == spoilt.dtype == np.uint8
    assert min(good.shape[:2]) >= 24
    assert np.array_equal(photo, before)
    assert np.array_equal(spoilt, spoiling.apply(photo, strength, np.random.default_rng(seed)))


@pytest.mark.parametrize("spoiling", SPOILINGS, ids=lambda spoiling: spoiling.name)
def test_the_spoilt_photo_differs_from_its_partner_and_from_other_draws(spoiling: Spoiling) -> None:
    good, first = _drawn(spoiling, 1.0, _photo(), 1)
    assert np.abs(good.astype(int) - first).mean() > 2
    others = [_drawn(spoiling, 1.0, _photo(), seed)[1] for seed in range(2, 8)]
    assert any(other.shape != first.shape or not np.array_equal(other, first) for other in others)


def test_a_strength_out_of_range_and_a_tiny_picture_are_refused() -> None:
    with pytest.raises(ValueError, match="strength"):
        SPOILINGS[0].apply(_photo(), 1.2, np.random.default_rng(0))
    with pytest.raises(ValueError, match="too small"):
        SPOILINGS[0].apply(_photo(40, 200), 0.5, np.random.default_rng(0))


def test_the_subject_is_found_where_the_only_thing_stands() -> None:
    subject = find_subject(_photo())
    across, down = subject.centre
    assert across == pytest.approx(0.6, abs=0.08)
    assert down == pytest.approx(0.5, abs=0.12)
    assert subject.clear > 1.3


def test_a_texture_that_fills_the_frame_has_no_subject_to_cut() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (120, 160, 3), dtype=np.uint8)
    assert not BY_NAME["cut subject"].suits(noise)
    assert BY_NAME["cut subject"].suits(_photo())


def test_a_cut_takes_part_of_the_subject_away_and_more_of_it_at_full_strength() -> None:
    def red(picture: np.ndarray) -> float:
        values = picture.astype(int)
        return float(((values[..., 0] > 150) & (values[..., 1] < 90)).sum())

    taken = []
    for strength in (0.0, 1.0):
        drawn = [_drawn(BY_NAME["cut subject"], strength, _photo(), seed)[1] for seed in range(8)]
        taken.append(1 - np.mean([red(spoilt) for spoilt in drawn]) / red(_photo()))
    assert 0.05 < taken[0] < taken[1] < 0.95


def test_a_horizon_is_tilted_by_what_was_asked_and_its_partner_stays_level() -> None:
    def slope(picture: np.ndarray) -> float:
        # The field is greener than blue, the sky bluer than green: count the sky's rows in every column.
        sky = (picture[..., 2].astype(int) > picture[..., 1]).sum(axis=0)[: picture.shape[1] // 3]
        return abs(float(np.degrees(np.arctan(np.polyfit(np.arange(len(sky)), sky, 1)[0]))))

    photo = _photo(300, 400)
    for strength, angle in ((0.0, 3), (1.0, 8)):
        good, spoilt = _drawn(BY_NAME["tilted horizon"], strength, photo)
        assert slope(good) < 0.5
        assert slope(spoilt) == pytest.approx(angle, abs=0.8)
        assert not (spoilt == 0).all(axis=2).any()


def test_only_a_photo_with_level_lines_can_look_tilted() -> None:
    assert levelness(_photo()) > 2.2
    rows, columns = np.mgrid[:200, :200]
    diagonal = np.repeat(((rows + columns) // 20 % 2 * 200)[..., None], 3, axis=2).astype(np.uint8)
    assert levelness(diagonal) < 0.5
    assert levelness(np.zeros((64, 64, 3), np.uint8)) == 0


def test_a_turned_picture_gives_itself_away_neither_by_softness_nor_by_size() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (256, 256, 3), dtype=np.uint8)
    good, spoilt = _drawn(BY_NAME["tilted horizon"], 1.0, noise)
    energy = [float(np.abs(np.diff(picture.astype(float), axis=1)).mean()) for picture in (good, spoilt)]
    assert energy[1] == pytest.approx(energy[0], rel=0.35)


def test_flat_light_presses_the_range_together_and_keeps_hues() -> None:
    photo = _photo()
    spread = [float(_drawn(BY_NAME["flat light"], strength, photo)[1].std()) for strength in (0.2, 0.6, 1.0)]
    assert photo.std() > spread[0] > spread[1] > spread[2]
    red = _drawn(BY_NAME["flat light"], 1.0, photo)[1][90, 144].astype(int)
    assert red[0] > red[1]
    assert red[0] > red[2]


def test_clutter_stays_at_the_rim_and_grows_with_strength() -> None:
    photo = _photo()
    areas = []
    for strength in (0.0, 1.0):
        changed = [(cluttered(photo, strength, np.random.default_rng(k)) != photo).any(axis=2) for k in range(12)]
        areas.append(float(np.mean(changed)))
        middle = [one[80:100, 110:130].mean() for one in changed]
        assert np.mean(middle) < 0.1
    assert 0.01 < areas[0] < areas[1] < 0.4


def test_pieces_of_other_photos_can_clutter_a_frame() -> None:
    donor = np.full((50, 50, 3), (1, 2, 250), np.uint8)
    drawn = [cluttered(_photo(), 1.0, np.random.default_rng(k), donors=[donor]) for k in range(6)]
    assert any((np.abs(one.astype(int) - (1, 2, 250)).sum(axis=2) < 4).any() for one in drawn)


def test_damaged_colour_moves_colours_and_never_leaves_black_and_white() -> None:
    photo = _photo()
    chroma = [mean_chroma(_drawn(BY_NAME["damaged colour"], 1.0, photo, seed)[1]) for seed in range(12)]
    assert min(chroma) < 0.3 * mean_chroma(photo) < 1.2 * mean_chroma(photo) < max(chroma)
    assert min(chroma) > 0.003
    assert not BY_NAME["damaged colour"].suits(np.repeat(photo[..., :1], 3, axis=2))
