"""The papers' measures against numbers worked by hand and against slow textbook forms."""

import time

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from photocull.core.errors import TrainingError
from photocull.training.measures import agreement, by_group, emd_loss, emd_test, emd_train, mean_vote
from photocull.training.objectives import Interval, Values, bootstrap, plcc, srcc


def _sets(count: int, *, seed: int = 0, digits: int = 1) -> tuple[Values, Values]:
    generator = np.random.default_rng(seed)
    wanted = generator.normal(5, 1, count)
    return (wanted + generator.normal(0, 1, count)).round(digits), wanted.round(digits)


def test_figures_worked_by_hand() -> None:
    given, wanted = np.array([1.0, 2.0, 3.0, 4.0]), np.array([2.0, 1.0, 3.0, 6.0])
    found = agreement(given, wanted, low=0, high=4, rounds=10)
    assert found.srcc.value == pytest.approx(1 - 6 * 2 / (4 * 15))
    assert found.lcc.value == pytest.approx(7 / np.sqrt(5 * 14))
    assert found.mse.value == pytest.approx((1 + 1 + 0 + 4) / 4 / 16)
    assert found.accuracy.value == 1
    assert found.ratio.value == pytest.approx(0.8)
    assert found.emd is None
    assert found.photos == 4


def test_ties_share_their_mean_rank() -> None:
    given, wanted = np.array([1.0, 1.0, 2.0]), np.array([1.0, 2.0, 3.0])
    assert agreement(given, wanted, low=0, high=4, rounds=0).srcc.value == pytest.approx(1.5 / np.sqrt(1.5 * 2))


def test_the_middle_itself_is_not_above_the_middle() -> None:
    given, wanted = np.array([5.0, 5.0, 5.1, 4.0]), np.array([5.0, 5.1, 9.0, 1.0])
    assert agreement(given, wanted, low=0, high=10, rounds=0).accuracy.value == 0.75


def test_squared_errors_are_in_the_unit_of_the_papers() -> None:
    found = agreement(np.array([6.0, 4.0]), np.array([5.0, 5.0]), low=0, high=10, rounds=0)
    assert found.mse.value == pytest.approx(0.01)


@pytest.mark.parametrize("digits", [0, 1, 6])
def test_intervals_are_those_of_the_slow_bootstrap(digits: int) -> None:
    given, wanted = _sets(83, digits=digits)
    found = agreement(given, wanted, low=0, high=10, rounds=200, seed=3)
    _same(found.srcc, bootstrap(srcc, given, wanted, rounds=200, seed=3))
    _same(found.lcc, bootstrap(plcc, given, wanted, rounds=200, seed=3))
    _same(found.mse, bootstrap(lambda a, b: float(((a - b) ** 2).mean() / 100), given, wanted, rounds=200, seed=3))
    right = bootstrap(lambda a, b: float(((a > 5) == (b > 5)).mean()), given, wanted, rounds=200, seed=3)
    _same(found.accuracy, right)
    ratio = bootstrap(lambda a, b: srcc(a, b) / float(((a > 5) == (b > 5)).mean()), given, wanted, rounds=200, seed=3)
    _same(found.ratio, ratio)


def _same(found: Interval, wanted: Interval) -> None:
    assert (found.value, found.low, found.high) == pytest.approx((wanted.value, wanted.low, wanted.high), abs=1e-10)


def test_redraws_do_not_hang_on_how_many_are_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    given, wanted = _sets(50)
    whole = agreement(given, wanted, low=0, high=10, rounds=100)
    monkeypatch.setattr("photocull.training.measures._CELLS", 150)
    parts = agreement(given, wanted, low=0, high=10, rounds=100)
    _same(parts.srcc, whole.srcc)
    _same(parts.ratio, whole.ratio)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=12),
    st.integers(0, 5),
)
def test_any_small_set_agrees_with_the_textbook(pairs: list[tuple[int, int]], seed: int) -> None:
    given, wanted = (np.array(side, dtype=np.float64) for side in zip(*pairs, strict=True))
    found = agreement(given, wanted, low=0, high=6, rounds=20, seed=seed)
    assert found.srcc.value == pytest.approx(srcc(given, wanted), nan_ok=True)
    assert found.lcc.value == pytest.approx(plcc(given, wanted), nan_ok=True)


def test_votes_are_compared_by_the_distance_of_the_paper() -> None:
    first, last = np.eye(10)[[0]], np.eye(10)[[9]]
    assert emd_test(first, last) == pytest.approx([0.9])
    assert emd_train(first, last) == pytest.approx([np.sqrt(0.9)])
    assert emd_test(first, first) == pytest.approx([0])
    half = np.array([[0.5, 0.5, 0, 0, 0, 0, 0, 0, 0, 0]])
    assert emd_test(first, half) == pytest.approx([0.05])
    assert emd_train(first, half) == pytest.approx([np.sqrt(0.025)])


def test_the_distance_of_votes_has_an_interval_of_its_own() -> None:
    generator = np.random.default_rng(1)
    votes = generator.dirichlet(np.ones(10), (2, 60))
    found = agreement(
        mean_vote(votes[0]), mean_vote(votes[1]), low=0, high=10, votes_given=votes[0], votes_wanted=votes[1]
    )
    each = emd_test(votes[0], votes[1])
    assert found.emd is not None
    _same(found.emd, bootstrap(lambda a, _: float(a.mean()), each, each))


def test_the_training_loss_is_the_training_distance() -> None:
    generator = np.random.default_rng(2)
    votes = generator.dirichlet(np.ones(10), (2, 7))
    loss = emd_loss(torch.from_numpy(votes[0]), torch.from_numpy(votes[1]))
    assert float(loss) == pytest.approx(emd_train(votes[0], votes[1]).mean(), abs=1e-6)


def test_the_training_loss_has_a_gradient_where_the_votes_are_equal() -> None:
    votes = torch.full((2, 10), 0.1, requires_grad=True)
    emd_loss(votes, votes.detach().clone()).backward()
    assert votes.grad is not None
    assert torch.isfinite(votes.grad).all()


def test_the_mean_vote_counts_from_one() -> None:
    assert mean_vote(np.eye(10)) == pytest.approx(np.arange(1, 11))


def test_a_constant_side_has_no_correlation() -> None:
    found = agreement(np.full(5, 3.0), np.arange(5.0), low=0, high=4, rounds=20)
    assert np.isnan([found.srcc.value, found.srcc.low, found.lcc.value, found.lcc.high, found.ratio.value]).all()
    assert np.isfinite([found.mse.low, found.accuracy.high]).all()


def test_no_accuracy_leaves_no_ratio() -> None:
    found = agreement(np.array([1.0, 2.0]), np.array([8.0, 9.0]), low=0, high=10, rounds=5)
    assert found.accuracy.value == 0
    assert np.isnan(found.ratio.value)


def test_groups_are_measured_apart_and_a_photo_counts_in_each_of_its_own() -> None:
    given, wanted = _sets(40)
    groups = [("sea",) if k < 15 else ("sea", "sky") if k < 25 else ("sky",) if k < 39 else () for k in range(40)]
    found = {entry.group: entry.agreement for entry in by_group(given, wanted, groups, low=0, high=10, rounds=50)}
    assert {name: value.photos for name, value in found.items()} == {"sea": 25, "sky": 24}
    assert found["sea"] == agreement(given[:25], wanted[:25], low=0, high=10, rounds=50)
    assert found["sky"] == agreement(given[15:39], wanted[15:39], low=0, high=10, rounds=50)


@pytest.mark.parametrize(
    ("given", "wanted", "reason"),
    [
        ([], [], "no photo to measure"),
        ([1.0, np.nan], [1.0, 2.0], "not a number"),
        ([1.0, 2.0], [1.0, np.inf], "not a number"),
        ([1.0, 2.0], [1.0], "cannot be compared"),
    ],
)
def test_what_cannot_be_measured_is_told(given: list[float], wanted: list[float], reason: str) -> None:
    with pytest.raises(TrainingError, match=reason):
        agreement(np.array(given), np.array(wanted), low=0, high=10)


def test_votes_of_one_side_alone_are_told() -> None:
    with pytest.raises(TrainingError, match="votes of the model and of people do not match"):
        agreement(np.arange(3.0), np.arange(3.0), low=0, high=10, votes_given=np.eye(3))


def test_a_scale_without_extent_is_told() -> None:
    with pytest.raises(TrainingError, match="has no middle"):
        agreement(np.arange(3.0), np.arange(3.0), low=5, high=5)


@pytest.mark.slow
def test_a_thousand_redraws_of_a_whole_test_split_take_seconds() -> None:
    given, wanted = _sets(14079, digits=2)
    started = time.process_time()
    agreement(given, wanted, low=0, high=10)
    assert time.process_time() - started < 10
