"""Damages of colour do what their names say, grow with strength and leave alone what they should."""

import numpy as np
import pytest

from photocull.core.types import Pixels
from photocull.judge.spaces import oklab
from photocull.training.colour_damage import KINDS, Kind, change, damaged
from tests.judge.drawing import flat, scene

_LEVELS = (0.25, 0.5, 0.75, 1.0)


def _chroma(pixels: Pixels) -> float:
    lab = oklab(pixels)
    return float(np.hypot(lab[..., 1], lab[..., 2]).mean())


@pytest.mark.parametrize("kind", KINDS)
def test_a_damage_is_the_same_for_the_same_seed_and_leaves_the_photo_alone(kind: Kind) -> None:
    photo = scene(height=120, width=160)
    before = photo.copy()
    first, second = (damaged(photo, kind, 0.8, 5) for _ in range(2))
    assert np.array_equal(first, second)
    assert np.array_equal(photo, before)
    assert first.dtype == np.uint8
    assert first.shape == photo.shape


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_a_stronger_damage_is_farther_from_the_photo(kind: Kind, seed: int) -> None:
    photo = scene(seed, height=120, width=160)
    changes = [change(photo, damaged(photo, kind, strength, seed)) for strength in _LEVELS]
    assert changes == sorted(changes)
    assert changes[-1] > 1.5


@pytest.mark.parametrize("kind", KINDS)
def test_strength_nought_is_the_photo(kind: Kind) -> None:
    photo = scene(height=60, width=80)
    assert np.array_equal(damaged(photo, kind, 0, 1), photo)


@pytest.mark.parametrize("kind", ["hue shift", "oversaturated", "undersaturated"])
def test_black_and_white_has_no_colour_to_spoil(kind: Kind) -> None:
    grey = np.repeat(scene(height=60, width=80)[..., :1], 3, axis=-1)
    assert change(grey, damaged(grey, kind, 1.0, 2)) < 0.5


def test_saturation_goes_the_way_it_is_named_and_never_to_black_and_white() -> None:
    photo = scene(height=120, width=160)
    assert _chroma(damaged(photo, "oversaturated", 0.6, 0)) > 1.1 * _chroma(photo)
    dull = _chroma(damaged(photo, "undersaturated", 1.0, 0))
    assert 0.1 * _chroma(photo) < dull < 0.6 * _chroma(photo)


def test_faded_blacks_are_lifted_and_whites_dulled() -> None:
    photo = np.vstack([flat((0, 0, 0)), flat((255, 255, 255))])
    faded = damaged(photo, "faded", 1.0, 0)
    assert faded.min() > 30
    assert faded.max() < 250


def test_bleached_colours_run_out_into_white() -> None:
    bleached = damaged(np.hstack([flat((230, 170, 160)), flat((90, 60, 40))]), "bleached", 1.0, 0)
    assert bleached[:, :360].min() == 255
    assert 90 < bleached[:, 360:, 0].min() < 255


def test_a_cast_colours_greys_and_keeps_the_brightness() -> None:
    grey = flat((120, 120, 120))
    lit = damaged(grey, "cast", 1.0, 0)
    assert _chroma(lit) > 0.03
    assert abs(float(oklab(lit)[..., 0].mean()) - float(oklab(grey)[..., 0].mean())) < 0.05


def test_a_recoloured_region_leaves_the_rest_of_the_picture() -> None:
    photo = np.hstack([flat((40, 90, 200)), flat((200, 190, 60))])
    turned = damaged(photo, "hue shift", 1.0, 3)
    apart = np.abs(oklab(turned) - oklab(photo)).sum(axis=-1)
    left, right = apart[:, :360].mean(), apart[:, 360:].mean()
    assert max(left, right) > 20 * min(left, right)
