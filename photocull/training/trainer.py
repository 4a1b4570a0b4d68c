"""Fits the heads on cached features with PyTorch; imported by training alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photocull.judge.networks.heads import Head, columns_of
from photocull.training.objectives import opinion_loss, order_loss, pair_loss
from photocull.training.recipe import HeadRecipe

Matrix = NDArray[np.float32]
_FLAT = 1e-3
"""Least spread of a feature: one that hardly varies must not be blown up."""


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What a head learns from.

    Attributes:
        plain, mirrored: (n, d) numbers of the photos and of their mirror images, see `heads.BLOCKS`.
        wanted: (n,) opinions in standard units.
        weight: (n,) of each photo.
        better, worse: (m, d) numbers of pairs in an order that people agree on; m may be 0.
    """

    plain: Matrix
    mirrored: Matrix
    wanted: Matrix
    weight: Matrix
    better: Matrix
    worse: Matrix


def lesson_of(
    plain: Matrix,
    mirrored: Matrix,
    wanted: Matrix,
    weight: Matrix,
    better: Matrix | None = None,
    worse: Matrix | None = None,
) -> Lesson:
    """A lesson, without pairs where none are given."""
    none = np.zeros((0, plain.shape[1]), dtype=np.float32)
    return Lesson(plain, mirrored, wanted, weight, none if better is None else better, none if worse is None else worse)


def fit_head(lesson: Lesson, recipe: HeadRecipe, seed: int) -> Head:
    """An ensemble whose answer has the mean of ``wanted``; every member has its own start, order and dropout."""
    columns = columns_of(recipe.reads)
    centre, scale = _standard(lesson.plain[:, columns])
    lesson = _standardised(lesson, columns, centre, scale)
    with _one_thread():
        members = [_fit_member(lesson, recipe, 1000 * seed + number) for number in range(recipe.members)]
    layers = [[parameter.detach().double().numpy() for parameter in member.parameters()] for member in members]
    return Head(
        columns=columns,
        centre=centre,
        scale=scale,
        hidden=np.hstack([hidden.T for hidden, _, _, _ in layers]),
        hidden_bias=np.hstack([bias for _, bias, _, _ in layers]),
        output=np.hstack([output[0] for _, _, output, _ in layers]) / recipe.members,
        output_bias=float(np.mean([bias[0] for _, _, _, bias in layers])),
    )


def _fit_member(lesson: Lesson, recipe: HeadRecipe, seed: int) -> nn.Sequential:
    generator = _seeded(seed)
    member = nn.Sequential(
        nn.Dropout(recipe.input_dropout),
        nn.Linear(lesson.plain.shape[1], recipe.width),
        nn.ReLU(),
        nn.Dropout(recipe.hidden_dropout),
        nn.Linear(recipe.width, 1),
    )
    steps = recipe.epochs * max(1, len(lesson.plain) // recipe.batch)
    optimizer = torch.optim.AdamW(member.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, recipe.learning_rate, total_steps=steps + 2, pct_start=0.1
    )
    pairs = _pair_batches(lesson, recipe.pairs, generator)
    for (plain, mirrored), flipped, wanted, weight in _batches(lesson, recipe.epochs, recipe.batch, generator):
        answer = member(torch.where(flipped, mirrored, plain))[:, 0]
        loss = opinion_loss(answer, wanted, weight, recipe.correlation) + recipe.rank * order_loss(answer, wanted)
        if recipe.steadiness:
            change = undropped(member, plain) - undropped(member, mirrored)
            loss = loss + recipe.steadiness * change.square().mean()
        if recipe.pairs and len(lesson.better):
            better, worse = next(pairs)
            loss = loss + recipe.pair_weight * pair_loss(member(better)[:, 0], member(worse)[:, 0])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        schedule.step()
    return member.eval()


@contextmanager
def _one_thread() -> Iterator[None]:
    """The fits are tiny: threads cost more than they bring, and their number would show in the weights."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _seeded(seed: int) -> torch.Generator:
    torch.manual_seed(seed)
    return torch.Generator().manual_seed(seed)


def _standard(numbers: Matrix) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    centre = numbers.mean(axis=0, dtype=np.float64)
    scale = np.maximum(numbers.std(axis=0, dtype=np.float64), _FLAT)
    # Rounded as they are stored, so that the head is fitted to what is shipped.
    return centre.astype(np.float32).astype(np.float64), scale.astype(np.float32).astype(np.float64)


def _standardised(
    lesson: Lesson, columns: NDArray[np.intp], centre: NDArray[np.float64], scale: NDArray[np.float64]
) -> Lesson:
    plain, mirrored, better, worse = (
        ((numbers[:, columns] - centre) / scale).astype(np.float32)
        for numbers in (lesson.plain, lesson.mirrored, lesson.better, lesson.worse)
    )
    return Lesson(plain, mirrored, lesson.wanted, lesson.weight, better, worse)


def _pair_batches(lesson: Lesson, size: int, generator: torch.Generator) -> Iterator[tuple[Tensor, Tensor]]:
    better, worse = torch.from_numpy(lesson.better), torch.from_numpy(lesson.worse)
    while True:
        rows = torch.randint(len(better), (size,), generator=generator)
        yield better[rows], worse[rows]


def undropped(layers: nn.Sequential, numbers: Tensor) -> Tensor:
    """The layers' answers without anything dropped: two of them differ by what was looked at alone."""
    answers = numbers
    for layer in layers:
        answers = answers if isinstance(layer, nn.Dropout) else layer(answers)
    return answers


def _batches(
    lesson: Lesson, epochs: int, size: int, generator: torch.Generator
) -> Iterator[tuple[tuple[Tensor, Tensor], Tensor, Tensor, Tensor]]:
    """Shuffled batches of photos with their mirror images, and which of each two is seen, with equal chance; a last
    short batch is left out."""
    plain, mirrored, wanted, weight = map(
        torch.from_numpy, (lesson.plain, lesson.mirrored, lesson.wanted, lesson.weight)
    )
    size = min(size, len(plain))
    for _ in range(epochs):
        order = torch.randperm(len(plain), generator=generator)
        for start in range(0, len(plain) - size + 1, size):
            rows = order[start : start + size]
            flipped = torch.rand(len(rows), 1, generator=generator) < 0.5
            yield (plain[rows], mirrored[rows]), flipped, wanted[rows], weight[rows]
