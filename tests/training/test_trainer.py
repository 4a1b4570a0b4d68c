"""Heads learn what is there to learn, and nothing from what is not."""

import dataclasses

import numpy as np
import pytest

pytest.importorskip("torch", reason="torch is an extra")

from photocull.judge.networks.heads import FEATURES, POOLED
from photocull.training.fitting import answers, calibrate
from photocull.training.objectives import srcc
from photocull.training.recipe import HeadRecipe, read_recipe, shipped_recipe
from photocull.training.trainer import Lesson, fit_head, lesson_of


def _numbers(count: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).standard_normal((count, FEATURES)).astype(np.float32)


def _lesson(wanted: np.ndarray, numbers: np.ndarray) -> Lesson:
    return lesson_of(numbers, numbers, wanted.astype(np.float32), np.ones(len(wanted), dtype=np.float32))


def _recipe() -> HeadRecipe:
    return dataclasses.replace(read_recipe(shipped_recipe()).quality, reads=("stages",))


def test_a_head_learns_a_bent_relation_and_repeats_itself() -> None:
    numbers = _numbers(200, 0)
    numbers[:, 8:] = 0
    wanted = np.abs(numbers[:, 0]) + numbers[:, 1]
    wanted = (wanted - wanted.mean()) / wanted.std()
    recipe = dataclasses.replace(
        _recipe(), members=1, width=24, epochs=60, batch=50, learning_rate=5e-3, input_dropout=0.0
    )
    first, second = (fit_head(_lesson(wanted, numbers), recipe, seed=3) for _ in range(2))
    given = answers(first, numbers)
    assert srcc(given, wanted) > 0.9
    assert abs(given.mean()) < 0.2
    assert np.array_equal(first.hidden, second.hidden)
    assert len(first.centre) == POOLED


def test_a_photo_without_weight_teaches_nothing() -> None:
    numbers = np.zeros((200, FEATURES), dtype=np.float32)
    numbers[:, 0] = np.random.default_rng(1).standard_normal(200)
    wanted = np.where(np.arange(200) % 2, 1, -1) * numbers[:, 0]
    lesson = _lesson(wanted, numbers)
    lesson.weight[1::2] = 0
    recipe = dataclasses.replace(_recipe(), members=1, width=16, epochs=30, batch=20)
    assert srcc(answers(fit_head(lesson, recipe, 0), numbers), numbers[:, 0].astype(np.float64)) < -0.9


@pytest.mark.slow
def test_pairs_are_put_in_order_against_the_opinions() -> None:
    numbers = _numbers(200, 3)
    numbers[:, 8:] = 0
    better, worse = numbers.copy(), numbers.copy()
    better[:, 1], worse[:, 1] = 0.5, -0.5
    lesson = lesson_of(numbers, numbers, numbers[:, 0].copy(), np.ones(200, np.float32), better, worse)
    recipe = dataclasses.replace(_recipe(), members=1, width=16, epochs=60, batch=20, learning_rate=5e-3, pair_weight=2)

    head = fit_head(lesson, recipe, 0)

    assert (answers(head, better) > answers(head, worse)).mean() > 0.95
    assert srcc(answers(head, numbers), numbers[:, 0].astype(np.float64)) > 0.6


def test_a_mirror_image_is_answered_as_its_photo() -> None:
    numbers, mirrored = _numbers(200, 5), _numbers(200, 6)
    numbers[:, 8:] = mirrored[:, 8:] = 0
    mirrored[:, :4] = numbers[:, :4]
    wanted = numbers[:, :8].sum(axis=1)
    lesson = lesson_of(numbers, mirrored, wanted / wanted.std(), np.ones(200, np.float32))

    def change(steadiness: float) -> float:
        few = dataclasses.replace(_recipe(), members=1, width=16, epochs=40, batch=20, learning_rate=5e-3)
        head = fit_head(lesson, dataclasses.replace(few, steadiness=steadiness), 0)
        return float(np.abs(answers(head, numbers) - answers(head, mirrored)).mean())

    assert change(10.0) < 0.6 * change(0.0)


def test_calibration_shows_the_chosen_percentiles_as_asked() -> None:
    values = np.random.default_rng(3).standard_normal(1000)
    offset, slope = calibrate(values, (3.0, 8.0))
    shown = 10 / (1 + np.exp(-(offset + slope * values)))
    assert np.percentile(shown, [10, 90]) == pytest.approx([3, 8], abs=0.01)
