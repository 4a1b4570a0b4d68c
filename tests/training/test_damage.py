"""Photos spoilt for training: of the same shape, from one seed the same, worse with every strength, never in place."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from photocull.core.types import Pixels
from photocull.training.damage import DAMAGES, KINDS, STRENGTHS, VISIBLE, Damage, fair_partner, spoilt
from photocull.training.damage_frame import inner_share

each = pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.name)


def scene(width: int, height: int, seed: int = 0) -> Pixels:
    """Smooth light with edges and some texture in it, from dark to pale: something that every damage can spoil."""
    generator = np.random.default_rng(seed)
    small = generator.integers(15, 250, (7, 9, 3)).astype(np.uint8)
    pixels = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)).astype(np.int16)
    fine = Image.fromarray(generator.integers(0, 60, (height // 4 + 1, width // 4 + 1)).astype(np.uint8))
    pixels += np.asarray(fine.resize((width, height), Image.Resampling.BILINEAR))[..., None].astype(np.int16)
    return np.clip(pixels, 0, 255).astype(np.uint8)


def difference(first: Pixels, second: Pixels) -> float:
    return float(np.abs(first.astype(np.int16) - second.astype(np.int16)).mean())


@each
@settings(max_examples=12, deadline=None)
@given(
    width=st.integers(16, 90),
    height=st.integers(16, 90),
    strength=st.sampled_from(STRENGTHS),
    seed=st.integers(0, 2**31),
    flat=st.sampled_from([None, 0, 255]),
)
def test_a_spoilt_photo_has_the_shape_of_the_original_which_stays_as_it_is(
    damage: Damage, width: int, height: int, strength: int, seed: int, flat: int | None
) -> None:
    pixels = scene(width, height, seed) if flat is None else np.full((height, width, 3), flat, dtype=np.uint8)
    before = pixels.copy()
    pixels.setflags(write=False)

    copy = spoilt(damage, pixels, strength, seed)

    assert copy.shape == pixels.shape
    assert copy.dtype == np.uint8
    assert not np.shares_memory(copy, pixels)
    np.testing.assert_array_equal(pixels, before)


@each
def test_one_seed_gives_one_copy(damage: Damage) -> None:
    pixels = scene(120, 80)
    for seed in (0, 1, 5):
        np.testing.assert_array_equal(spoilt(damage, pixels, 3, seed), spoilt(damage, pixels, 3, seed))


@each
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 2**31), picture=st.integers(0, 50), wide=st.booleans())
def test_each_strength_changes_a_photo_more_than_the_one_before(
    damage: Damage, seed: int, picture: int, wide: bool
) -> None:
    pixels = scene(300, 200, picture) if wide else scene(200, 300, picture)
    base = [fair_partner(damage, pixels, strength, seed) for strength in STRENGTHS]
    changes = [difference(spoilt(damage, pixels, s, seed), b) for s, b in zip(STRENGTHS, base, strict=True)]
    assert changes[0] > 0
    assert all(weaker < stronger for weaker, stronger in pairwise(changes)), changes


@each
def test_a_strength_looks_the_same_at_any_size(damage: Damage) -> None:
    large = scene(2400, 1600, 4)
    small = np.asarray(Image.fromarray(large).reduce(5))
    for strength in VISIBLE:
        reduced = np.asarray(Image.fromarray(spoilt(damage, large, strength, 3)).reduce(5))
        assert difference(reduced, small) == pytest.approx(
            difference(spoilt(damage, small, strength, 3), small), rel=0.5
        )


def test_the_damages_are_those_that_people_notice() -> None:
    assert set(KINDS) == {
        "gaussian-blur",
        "motion-blur",
        "missed-focus",
        "noise",
        "jpeg-blocks",
        "overexposed",
        "underexposed",
        "clipped-highlights",
        "colour-cast",
        "tilt",
    }
    assert set(VISIBLE) < set(STRENGTHS)


def test_an_unknown_strength_is_refused() -> None:
    with pytest.raises(ValueError, match="strength is one of"):
        spoilt(DAMAGES[0], scene(20, 20), 5, 0)


def test_exposure_moves_light_and_not_codes() -> None:
    grey = np.full((32, 32, 3), 118, dtype=np.uint8)  # 0.18 of white's light
    assert float(spoilt(KINDS["underexposed"], grey, 4, 0)[0, 0, 0]) == pytest.approx(59, abs=2)  # 0.045
    assert float(spoilt(KINDS["overexposed"], grey, 2, 0)[0, 0, 0]) == pytest.approx(162, abs=2)  # 0.36


def test_a_cast_keeps_a_grey_as_bright_as_it_was() -> None:
    grey = np.full((32, 32, 3), 118, dtype=np.uint8)
    for seed in range(8):
        tinted = spoilt(KINDS["colour-cast"], grey, 3, seed)
        assert int(tinted.max()) - int(tinted.min()) > 15
        assert np.asarray(Image.fromarray(tinted).convert("L")).mean() == pytest.approx(118, abs=9)


def test_clipped_highlights_leave_the_darker_half_alone() -> None:
    pixels = scene(200, 200, 2)
    copy = spoilt(KINDS["clipped-highlights"], pixels, 3, 0)
    luma = pixels @ np.array([0.2126, 0.7152, 0.0722])
    dark = luma < 60
    assert difference(copy[dark], pixels[dark]) < 1.5
    assert (copy.min(axis=2) >= 254).mean() > (pixels.min(axis=2) >= 254).mean() + 0.05


def test_movement_leaves_edges_along_it_sharp() -> None:
    stripes = np.zeros((128, 128, 3), dtype=np.uint8)
    stripes[:, ::16] = stripes[::16] = 255
    contrasts = []
    for seed in range(6):
        copy = spoilt(KINDS["motion-blur"], stripes, 4, seed).astype(np.float64)
        contrasts.append((np.diff(copy.mean(axis=0)[:, 0]).std(), np.diff(copy.mean(axis=1)[:, 0]).std()))
    ratios = [abs(np.log(across / down)) for across, down in contrasts]
    assert max(ratios) > 0.3


def test_missed_focus_may_leave_part_of_a_photo_sharp() -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (96, 96, 3)).astype(np.uint8)
    untouched = [
        (np.abs(spoilt(KINDS["missed-focus"], pixels, 3, seed).astype(int) - pixels).max(axis=2) <= 1).mean()
        for seed in range(12)
    ]
    assert min(untouched) < 0.05  # all of it soft
    assert max(untouched) > 0.2


def test_a_tilted_horizon_hangs_by_the_angle_and_shows_no_border() -> None:
    pixels = np.full((300, 400, 3), 200, dtype=np.uint8)
    pixels[150:] = 60
    copy = spoilt(KINDS["tilt"], pixels, 4, 0)
    assert set(np.unique(copy[::10, ::10])) >= {60, 200}
    assert copy.min() >= 30  # ringing at the edge, but no black corner
    heights = (copy[..., 0] > 130).sum(axis=0)
    assert abs(np.degrees(np.arctan2(float(heights[-1]) - float(heights[0]), 399))) == pytest.approx(8, abs=0.4)


def test_the_fair_partner_of_a_tilt_is_level_as_tight_and_as_soft() -> None:
    pixels = scene(240, 180, 3)
    partner = fair_partner(KINDS["tilt"], pixels, 3, 0)
    copy = spoilt(KINDS["tilt"], pixels, 3, 0)

    def detail(picture: Pixels) -> float:
        inner = picture[20:-20, 20:-20].astype(np.float64)
        return float((np.diff(inner, axis=0) ** 2).mean() + (np.diff(inner, axis=1) ** 2).mean())

    assert partner.shape == pixels.shape
    assert difference(partner, pixels) > 0
    assert detail(copy) == pytest.approx(detail(partner), rel=0.12)


def test_the_fair_partner_of_all_else_is_the_photo_itself() -> None:
    pixels = scene(64, 48)
    for damage in DAMAGES:
        if damage.name != "tilt":
            assert fair_partner(damage, pixels, 2, 0) is pixels


@pytest.mark.parametrize(("width", "height"), [(300, 200), (200, 300), (256, 256), (500, 80)])
def test_the_inner_rectangle_fits_into_the_turned_picture(width: int, height: int) -> None:
    for degrees in (0.0, 2.0, -5.5, 8.0):
        share = inner_share(width, height, degrees)
        angle = np.radians(degrees)
        x, y = share * width / 2, share * height / 2
        corners = [
            (cx * np.cos(angle) - cy * np.sin(angle), cx * np.sin(angle) + cy * np.cos(angle))
            for cx in (-x, x)
            for cy in (-y, y)
        ]
        reach = max(max(abs(cx) / (width / 2), abs(cy) / (height / 2)) for cx, cy in corners)
        assert reach == pytest.approx(1.0, abs=1e-9)
