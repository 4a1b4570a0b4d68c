"""The heads by which `curve` compares views: a ridge regression, and a few small perceptrons; never shipped."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.judge.networks.torch_loading import load_torch
from photocull.models.unpickling import NEEDS_TORCH, has_torch
from photocull.training.objectives import Values, srcc

if TYPE_CHECKING:
    from torch import Tensor, nn

Matrix = NDArray[np.float32]
Answer = Callable[[Matrix], Values]
_ALPHAS: Final = (30.0, 300.0, 3000.0)
_FOLDS: Final = 5
_FLAT: Final = 1e-3
_MEMBERS: Final = 3
_WIDTH: Final = 96
_EPOCHS: Final = 20
_BATCH: Final = 128


def fitted_ridge(numbers: Matrix, wanted: Values, weights: Values) -> Answer:
    """Weighted ridge regression on standardised numbers; its penalty is chosen by folds of these very photos."""
    centre, scale = _standard(numbers)
    x = ((numbers - centre) / scale).astype(np.float64)
    fold = np.random.default_rng(0).permutation(len(x)) % min(_FOLDS, len(x))

    def agreement(alpha: float) -> float:
        held = np.zeros(len(x))
        for part in range(int(fold.max()) + 1):
            out = fold == part
            held[out] = x[out] @ _ridge(x[~out], wanted[~out], weights[~out], alpha)
        return srcc(held, wanted)

    solution = _ridge(x, wanted, weights, max(_ALPHAS, key=agreement))
    return lambda others: np.asarray(((others - centre) / scale).astype(np.float64) @ solution)


def _ridge(x: Values, wanted: Values, weights: Values, alpha: float) -> Values:
    """In the space of photos where there are fewer of them than numbers."""
    weighted = x * weights[:, None]
    if len(x) < x.shape[1]:
        inner = x @ x.T + alpha * np.diag(1 / weights)
        return np.asarray(x.T @ np.linalg.solve(inner, wanted))
    return np.asarray(np.linalg.solve(weighted.T @ x + alpha * np.eye(x.shape[1]), weighted.T @ wanted))


def fitted_perceptrons(numbers: Matrix, wanted: Values, weights: Values) -> Answer:
    """The mean of a few perceptrons of one hidden layer, with dropout, squared error and a correlation term.

    Raises:
        TrainingError: PyTorch is not installed.
    """
    if not has_torch():
        raise TrainingError("The curve's heads need PyTorch, which is not installed.", remedy=f"{NEEDS_TORCH}.")
    load_torch()
    import torch

    from photocull.training.objectives import opinion_loss

    centre, scale = _standard(numbers)
    x = torch.from_numpy(((numbers - centre) / scale).astype(np.float32))
    goal, weight = (torch.from_numpy(values.astype(np.float32)) for values in (wanted, weights))
    members = []
    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # tiny fits, which threads slow down
    for seed in range(_MEMBERS):
        members.append(_member(x, goal, weight, seed, opinion_loss))
    torch.set_num_threads(threads)

    def answer(others: Matrix) -> Values:
        given = torch.from_numpy(((others - centre) / scale).astype(np.float32))
        with torch.no_grad():
            answers = [member(given)[:, 0].double().numpy() for member in members]
        return np.asarray(np.mean(answers, axis=0), dtype=np.float64)

    return answer


def _member(x: "Tensor", goal: "Tensor", weight: "Tensor", seed: int, loss: Callable[..., "Tensor"]) -> "nn.Module":
    import torch
    from torch import nn

    torch.manual_seed(seed)
    generator = torch.Generator().manual_seed(seed)
    member = nn.Sequential(
        nn.Dropout(0.3), nn.Linear(x.shape[1], _WIDTH), nn.ReLU(), nn.Dropout(0.5), nn.Linear(_WIDTH, 1)
    )
    size = min(_BATCH, len(x))
    steps = _EPOCHS * (len(x) // size)
    optimizer = torch.optim.AdamW(member.parameters(), lr=1e-3, weight_decay=0.1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 1e-3, total_steps=steps + 2, pct_start=0.1)
    for _ in range(_EPOCHS):
        order = torch.randperm(len(x), generator=generator)
        for start in range(0, len(x) - size + 1, size):
            rows = order[start : start + size]
            optimizer.zero_grad()
            torch.autograd.backward(loss(member(x[rows])[:, 0], goal[rows], weight[rows], 0.5))
            optimizer.step()
            schedule.step()
    return member.eval()


def _standard(numbers: Matrix) -> tuple[Values, Values]:
    centre = numbers.mean(axis=0, dtype=np.float64)
    return centre, np.maximum(numbers.std(axis=0, dtype=np.float64), _FLAT)
