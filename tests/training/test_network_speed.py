"""Forms of the networks: every one gives nearly the same answer, and what cannot be measured says why."""

import numpy as np
import pytest

from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken, Event, Progressed

torch = pytest.importorskip("torch", reason="the published networks need torch")

from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer  # noqa: E402  needs torch
from photocull.judge.networks.tanet import TANet  # noqa: E402  needs torch
from photocull.training import network_speed  # noqa: E402  needs torch
from photocull.training.network_forms import EAGER, ONNX, PACKED, form_in_use, forms  # noqa: E402  needs torch
from photocull.training.network_speed import (  # noqa: E402  needs torch
    FASTEST,
    IN_USE,
    TOGETHER,
    measure_networks,
    ready,
)

SMALL = DelegateShape(8, (8, 16, 32, 64), (2, 2, 2, 2), (1, 2, 4, 8), (0, 0, 2, 4), (0, 0, 5, 3))
SQUARES = list(np.random.default_rng(0).standard_normal((2, 3, 224, 224)).astype(np.float32))
PLAIN = EAGER


@pytest.fixture(scope="module")
def small() -> DelegateTransformer:
    torch.manual_seed(0)
    return ready(DelegateTransformer(SMALL))


@pytest.mark.slow
def test_every_form_of_a_network_is_timed_against_the_first(small: DelegateTransformer) -> None:
    events: list[Event] = []
    before = {name: values.clone() for name, values in small.state_dict().items()}
    found = measure_networks({"one": small, "two": small}, SQUARES, rounds=3, listener=events.append)
    single = [speed for speed in found if speed.network == "one"]
    assert [speed.form for speed in single] == list(forms())
    for speed in single:
        if speed.fault is not None:
            assert "onnx" in speed.fault
            continue
        assert speed.rate is not None
        assert speed.rate > 0
        assert speed.gain is not None
        assert speed.difference is not None
        assert speed.difference < (0.3 if "bfloat16" in speed.form else 0.001)
    assert (single[0].gain, single[0].difference) == (1, 0)
    both = {speed.form: speed for speed in found if speed.network == TOGETHER}
    assert {FASTEST, IN_USE} <= set(both)
    assert both[IN_USE].rate == pytest.approx(both[PACKED].rate)
    assert both[PLAIN].gain == 1
    assert both[PLAIN].rate == pytest.approx((single[0].rate or 0) / 2, rel=0.9)
    assert [event.done for event in events if isinstance(event, Progressed)][-1] % 3 == 0
    assert all(torch.equal(values, before[name]) for name, values in small.state_dict().items())


def test_the_form_that_scores_with_tanet_is_told_and_agrees_with_the_first() -> None:
    torch.manual_seed(0)
    for network in (ready(TANet(1)), ready(TANet(10))):
        answers = [forms()[form](network)(SQUARES[0]) for form in (EAGER, form_in_use(network))]
        assert form_in_use(network) == ONNX
        assert answers[0].shape == answers[1].shape == (network.votes,)
        assert np.abs(answers[0] - answers[1]).max() < 1e-6


def test_a_form_that_cannot_be_made_says_why_and_costs_nothing_else(
    small: DelegateTransformer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(network: object) -> object:
        raise RuntimeError("This operator\nis unknown.")

    monkeypatch.setattr(network_speed, "forms", lambda: {PLAIN: forms()[PLAIN], "other": refused})
    plain, other, *together = measure_networks({"one": small}, SQUARES[:1], rounds=1)
    assert plain.rate is not None
    assert (other.rate, other.fault) == (None, "This operator is unknown.")
    assert [speed.form for speed in together] == [PLAIN, FASTEST]


def test_a_slow_machine_ends_after_three_rounds(small: DelegateTransformer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_speed, "forms", lambda: {PLAIN: forms()[PLAIN]})
    events: list[Event] = []
    measure_networks({"one": small}, SQUARES[:1], rounds=50, seconds=0, listener=events.append)
    assert len(events) == 3


def test_it_can_be_stopped(small: DelegateTransformer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(network_speed, "forms", lambda: {PLAIN: forms()[PLAIN]})
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        measure_networks({"one": small}, SQUARES[:1], token=token)
