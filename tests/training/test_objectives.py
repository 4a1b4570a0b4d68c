"""Measures against values worked out by hand, and the losses' direction."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.training.objectives import average_precision, bootstrap, plcc, ranks, roc_area, srcc, within_groups

_NUMBERS = st.lists(st.integers(-50, 50), min_size=3, max_size=40)


def test_ties_share_their_mean_rank() -> None:
    assert ranks(np.array([3.0, 1.0, 3.0, 2.0])).tolist() == [2.5, 0.0, 2.5, 1.0]


def test_rank_correlation_of_a_worked_example() -> None:
    # Spearman 1904: 1 - 6 * (1 + 1) / (5 * 24) for one swapped neighbour pair
    assert srcc(np.array([1.0, 2, 3, 4, 5]), np.array([2.0, 1, 3, 4, 5])) == pytest.approx(0.9)


@given(_NUMBERS)
def test_rank_correlation_ignores_every_rising_map(numbers: list[int]) -> None:
    values = np.array(numbers, dtype=np.float64)
    other = np.sin(values * 7) + values
    if np.ptp(values) == 0:
        assert math.isnan(srcc(values, other))
    else:
        assert srcc(values, other) == pytest.approx(srcc(values**3, other), abs=1e-9)


def test_linear_correlation_of_a_constant_is_not_a_number() -> None:
    assert math.isnan(plcc(np.ones(5), np.arange(5.0)))


def test_average_precision_of_a_worked_example() -> None:
    positive = np.array([True, False, True, False])
    assert average_precision(np.array([4.0, 3, 2, 1]), positive) == pytest.approx((1 + 2 / 3) / 2)
    assert math.isnan(average_precision(np.array([1.0]), np.array([False])))


def test_area_counts_pairs_in_the_right_order() -> None:
    positive = np.array([True, False, True, False])
    assert roc_area(np.array([4.0, 3, 2, 1]), positive) == pytest.approx(3 / 4)
    assert roc_area(np.ones(4), positive) == pytest.approx(0.5)
    assert math.isnan(roc_area(np.ones(2), np.array([True, True])))


def test_an_interval_holds_the_value_and_narrows_with_photos() -> None:
    generator = np.random.default_rng(0)
    wide, narrow = (
        bootstrap(srcc, values, values + generator.standard_normal(count), rounds=200)
        for count in (30, 600)
        for values in [generator.standard_normal(count)]
    )
    assert wide.low < wide.value < wide.high
    assert narrow.high - narrow.low < wide.high - wide.low


def test_groups_are_set_to_their_own_mean_and_spread() -> None:
    values, groups = np.array([1.0, 3, 10, 30]), np.array(["a", "a", "b", "b"])
    assert within_groups(values, groups).tolist() == [-1, 1, -1, 1]
    known = np.array([True, True, True, False])
    assert within_groups(values, groups, known).tolist() == [-1, 1, 0, 20]


def test_losses_fall_towards_what_is_wanted() -> None:
    torch = pytest.importorskip("torch", reason="torch is an extra")
    from photocull.training.objectives import label_loss, opinion_loss

    wanted, weight = torch.tensor([0.0, 1.0, 2.0]), torch.ones(3)
    assert opinion_loss(wanted, wanted, weight, 0.5).item() == pytest.approx(0, abs=1e-4)
    assert opinion_loss(-wanted, wanted, weight, 0.5) > opinion_loss(-wanted, wanted, weight, 0.0) + 0.9
    labels = torch.tensor([[1.0, 0.0]])
    sure = torch.tensor([[3.0, 3.0]])
    assert label_loss(sure, labels, 0.1) < label_loss(sure, labels, 1.0)
