"""Theme probes: they find what the labels show, are calibrated out of fold, and never part near twins."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.heads import FEATURES, LinearHeads
from photocull.judge.themes import THEME_INPUTS, theme_numbers
from photocull.training.theme_probes import (
    ProbeRecipe,
    calibration,
    emphasis,
    fit_theme_probes,
    folds_of,
    mean_precision,
    near_twins,
)


def _photos(count: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Features in which the first theme shows in pooled numbers, the second in none; the third is never labelled."""
    generator = np.random.default_rng(seed)
    plain = generator.normal(size=(count, FEATURES)).astype(np.float32)
    labels = np.zeros((count, 3), dtype=np.float32)
    plain[:, 400:900] += 1.5 * (np.arange(count)[:, None] % 3 == 0)
    labels[:, 0] = np.arange(count) % 3 == 0
    labels[:, 1] = generator.random(count) < 0.2
    return plain, labels


def _confidences(heads: LinearHeads, plain: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-heads.values(theme_numbers(plain))))


def _probes(plain: np.ndarray, labels: np.ndarray, **choices: float) -> LinearHeads:
    return fit_theme_probes(plain, plain, labels, ProbeRecipe(folds=3, **choices))


def test_a_theme_that_shows_is_found_and_one_that_does_not_is_doubted() -> None:
    heads = _probes(*_photos(90, 0))
    plain, labels = _photos(60, 1)
    found = _confidences(heads, plain)
    assert found[labels[:, 0] > 0, 0].mean() > found[labels[:, 0] == 0, 0].mean() + 0.15
    assert found[:, 1].std() < found[:, 0].std()
    assert found[:, 2].max() < 0.05


def test_a_fit_is_the_same_every_time() -> None:
    plain, labels = _photos(60, 2)
    first, second = _probes(plain, labels), _probes(plain, labels)
    assert np.array_equal(first.weight, second.weight)
    assert np.array_equal(first.bias, second.bias)


def test_an_absent_label_that_weighs_less_raises_confidence() -> None:
    plain, labels = _photos(45, 3)
    low, high = (_confidences(_probes(plain, labels, absent=weight), plain).mean() for weight in (1.0, 0.25))
    assert high > low


def test_a_single_photo_can_be_fitted() -> None:
    plain, labels = _photos(1, 4)
    heads = _probes(plain, labels)
    assert heads.weight.shape == (THEME_INPUTS, 3)
    assert np.isfinite(heads.weight).all()


def test_near_twins_of_near_twins_are_one_group() -> None:
    generator = np.random.default_rng(5)
    base = generator.normal(size=(12, 200))
    twin = base[3] + 0.2 * generator.normal(size=200)
    photos = np.vstack([base, twin, twin + 0.2 * generator.normal(size=200)]).astype(np.float32)
    groups = near_twins(photos, 0.9)
    assert groups[3] == groups[12] == groups[13]
    assert len(np.unique(groups)) == 12


def test_folds_part_no_group_and_are_nearly_equal() -> None:
    groups = np.array([0] * 7 + [1] * 3 + list(range(2, 22)))
    parts = folds_of(groups, 3)
    assert len(set(parts[:7])) == len(set(parts[7:10])) == 1
    assert np.ptp(np.bincount(parts)) <= 1


def test_calibration_mends_odds_that_are_too_sure_and_keeps_the_order() -> None:
    generator = np.random.default_rng(6)
    true = generator.normal(-1, 1.5, size=(3000, 4))
    labels = (generator.random(true.shape) < 1 / (1 + np.exp(-true))).astype(np.float32)
    slope, offset = calibration(3 * true + 2, labels, absent=1.0, shrinkage=16)
    assert slope == pytest.approx(1 / 3, abs=0.05)
    assert offset == pytest.approx(-2 / 3, abs=0.15)


def test_a_theme_of_few_photos_keeps_the_common_calibration() -> None:
    generator = np.random.default_rng(7)
    odds = generator.normal(size=(600, 2))
    labels = (generator.random(odds.shape) < 1 / (1 + np.exp(-odds))).astype(np.float32)
    labels[:, 1] = 0
    labels[int(odds[:, 1].argmin()), 1] = 1
    slope, _ = calibration(odds, labels, absent=1.0, shrinkage=1e6)
    assert slope[0] == pytest.approx(slope[1], rel=1e-3)
    assert (calibration(odds, labels, absent=1.0, shrinkage=1.0)[0] > 0).all()


def test_themes_of_too_few_photos_have_no_say_in_the_choice() -> None:
    labels = np.zeros((40, 2), dtype=np.float32)
    labels[:20, 0] = labels[39, 1] = 1
    odds = np.column_stack([-np.arange(40.0), -np.arange(40.0)])
    assert mean_precision(odds, labels, least=20) == 1.0


def test_class_groups_and_first_stages_are_penalised_less() -> None:
    factors = emphasis(ProbeRecipe(emphasis_groups=4.0, emphasis_early=2.0))
    assert factors.shape == (THEME_INPUTS,)
    assert (factors[FEATURES:] == 4).all()
    assert (factors == 2).sum() == 160
