"""How fast the published networks are on this processor, in each form, and how far the forms' scores lie apart.

All forms take turns photo by photo in one process, so that a busy machine slows them alike. Needs torch.
"""

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import torch
from torch import nn

from photocull.core.errors import one_line
from photocull.core.work import CancelToken, Listener, Pace
from photocull.judge.networks.delegate import DelegateTransformer
from photocull.judge.networks.tanet import TANet
from photocull.training.network_forms import Run, Square, form_in_use, forms

TOGETHER: Final = "both, one after the other"
IN_USE: Final = "as the program scores"
FASTEST: Final = "the fastest form of each"
_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class NetworkSpeed:
    """One network in one form.

    Attributes:
        network, form: which. rate: photos a second, by the median time of a photo; None where it could not be measured.
        gain: times as fast as the first form, by the median of the rounds' own ratios.
        difference: the largest of a score, 0 to 10, to the first form's, over the photos of the measurement.
        fault: why it could not be measured.
        effort: processor time of a photo in seconds, all threads together, median: what a busy machine changes least.
    """

    network: str
    form: str
    rate: float | None
    gain: float | None = None
    difference: float | None = None
    fault: str | None = None
    effort: float | None = None


def drawn_networks() -> dict[str, nn.Module]:
    """TANet and the Delegate Transformer at their published sizes, their weights the same random ones each time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        return {"TANet": ready(TANet(1)), "Delegate Transformer": ready(DelegateTransformer())}


def ready(network: nn.Module) -> nn.Module:
    """In evaluation mode, without gradients."""
    return network.eval().requires_grad_(False)


def measure_networks(
    networks: Mapping[str, nn.Module],
    squares: Sequence[Square],
    *,
    rounds: int = 7,
    seconds: float = 40.0,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> tuple[NetworkSpeed, ...]:
    """Every network in every form, then all networks together.

    Args:
        squares: photos, taken in turn. rounds: of one photo in each form of each network, at most.
        seconds: after which no further round begins, if three are done.

    Raises:
        CancelledError: the token said so.
    """
    made = {
        (name, form): _made(maker, network) for name, network in networks.items() for form, maker in forms().items()
    }
    runs = {key: run for key, run in made.items() if not isinstance(run, str)}
    answers = {key: np.array([run(square) for square in squares]) for key, run in runs.items()}  # also warms up
    pace, token = Pace(rounds * len(runs)), token or CancelToken()
    times: dict[tuple[str, str], list[Spent]] = {key: [] for key in runs}
    begun = time.monotonic()
    for turn in range(rounds):
        if turn >= _LEAST and time.monotonic() - begun > seconds:
            break
        for key, run in runs.items():
            token.check()
            times[key].append(_timed(run, squares[turn % len(squares)]))
            if listener is not None:
                listener(pace.step())
    found = [_speed(key, made[key], times, answers) for key in made]
    return (*found, *_together(networks, times))


def _made(maker: Callable[[nn.Module], Run], network: nn.Module) -> Run | str:
    """The form, or why there is none."""
    try:
        return maker(network)
    except (RuntimeError, ImportError, TypeError, ValueError, NotImplementedError) as error:
        return one_line(str(error), 160)


def _timed(run: Run, square: Square) -> "Spent":
    wall, effort = time.perf_counter(), time.process_time()
    run(square)
    return Spent(time.perf_counter() - wall, time.process_time() - effort)


class Spent(NamedTuple):
    """Seconds of one photo: on the clock, and of the processor."""

    wall: float
    effort: float


Times = Mapping[tuple[str, str], Sequence[Spent]]


def _speed(
    key: tuple[str, str], made: Run | str, times: Times, answers: Mapping[tuple[str, str], np.ndarray]
) -> NetworkSpeed:
    if isinstance(made, str):
        return NetworkSpeed(*key, rate=None, fault=made)
    first = (key[0], next(iter(forms())))
    difference = 10 * float(np.abs(answers[key] - answers[first]).max())
    return _summed_up(*key, times[key], times[first], difference)


def _summed_up(
    network: str, form: str, own: Sequence[Spent], first: Sequence[Spent], difference: float | None = None
) -> NetworkSpeed:
    gain = statistics.median(before.wall / after.wall for before, after in zip(first, own, strict=True))
    rate, effort = 1 / statistics.median(spent.wall for spent in own), statistics.median(spent.effort for spent in own)
    return NetworkSpeed(network, form, rate, gain, difference, effort=effort)


def _together(networks: Mapping[str, nn.Module], times: Times) -> list[NetworkSpeed]:
    """One photo through all networks: in each form, as the program scores, and each in its fastest form."""
    plain, *_ = forms()
    sums = {
        form: _added([times[name, form] for name in networks])
        for form in forms()
        if all((name, form) in times for name in networks)
    }
    used = [(name, form_in_use(network)) for name, network in networks.items()]
    if all(key in times for key in used):
        sums[IN_USE] = _added([times[key] for key in used])
    sums[FASTEST] = _added([_fastest(name, times) for name in networks])
    return [_summed_up(TOGETHER, form, spent, sums[plain]) for form, spent in sums.items()]


def _fastest(network: str, times: Times) -> Sequence[Spent]:
    own = [spent for (name, _), spent in times.items() if name == network]
    return min(own, key=lambda spent: statistics.median(one.wall for one in spent))


def _added(parts: Sequence[Sequence[Spent]]) -> list[Spent]:
    """Round by round."""
    return [Spent(sum(one.wall for one in row), sum(one.effort for one in row)) for row in zip(*parts, strict=True)]
