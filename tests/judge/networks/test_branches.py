"""The branches beside the trunk say what they claim to: likeness with its slope, colours in either mirror image."""

import numpy as np
import pytest

from photocull.judge.networks.branches import ThemeBank, cells_of, colour_distribution


def _bank(prototypes: int = 5) -> ThemeBank:
    generator = np.random.default_rng(0)
    rows = generator.standard_normal((prototypes, 1000))
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    scale = generator.uniform(0.5, 2, 1000)
    return ThemeBank(generator.standard_normal(1000), scale, rows, tuple(f"theme {k}" for k in range(prototypes)))


def test_a_photo_on_a_prototype_is_wholly_alike_however_sure_the_trunk_is() -> None:
    bank = _bank()
    for sure in (0.5, 20.0):
        likeness = bank.likeness(bank.centre + sure * bank.scale * bank.prototypes[3])
        assert likeness[3] == pytest.approx(1)
        assert likeness.argmax() == 3
    assert np.allclose(bank.likeness(bank.centre), 0)


def test_the_slope_by_the_logits_is_the_one_that_small_steps_show() -> None:
    bank, generator = _bank(), np.random.default_rng(1)
    logits, towards = generator.standard_normal(1000) * 3, generator.standard_normal(5)
    slope = bank.pulled_back(logits, towards)
    for step in generator.standard_normal((3, 1000)) * 1e-5:
        seen = towards @ (bank.likeness(logits + step) - bank.likeness(logits - step)) / 2
        assert seen == pytest.approx(slope @ step, rel=1e-5)
    assert not bank.pulled_back(bank.centre, towards).any()


def test_colours_are_spread_alike_in_a_photo_and_its_mirror_image() -> None:
    photo = np.random.default_rng(2).integers(0, 255, (96, 96, 3), dtype=np.uint8)
    photo[:40] //= 3
    plain, mirrored = (colour_distribution(cells_of(one)) for one in (photo, photo[:, ::-1]))
    assert plain.shape == (98,)
    assert np.allclose(plain, mirrored, atol=1e-6)
    assert not np.allclose(plain, colour_distribution(cells_of(photo[::-1])), atol=1e-3)


def test_one_colour_is_like_itself_everywhere_and_an_odd_shape_is_no_trouble() -> None:
    grey = np.full((33, 140, 3), 90, np.uint8)
    spread = colour_distribution(cells_of(grey))
    assert np.allclose(spread[:36], 1, atol=1e-4)
    assert np.isfinite(spread).all()
