"""What a network sees in which order: shuffled batches, drawn crops, read ahead in threads.

Every draw comes from (seed, epoch, photo or step) alone: threads, pauses and restarts change nothing.
"""

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.core.work import Listener, Problem
from photocull.judge.networks.squares import normalised
from photocull.training.network_recipe import NetworkRecipe
from photocull.training.square_store import SquareStore, workers

Input = NDArray[np.float32]
Rows = NDArray[np.intp]
_AHEAD: Final = 3
"""Portions that are read before they are asked for."""
_ORDER, _PHOTO, _STEP = range(3)
"""What is drawn for: kept apart, so that no two draws ever share their numbers."""


@dataclass(frozen=True, slots=True)
class Lesson:
    """One photo to learn from or to be measured on.

    Attributes:
        number: its place among the set's photos, which its draws hang on.
        path: the photo. targets: what the outputs should be, 0 to 1.
    """

    number: int
    path: Path
    targets: tuple[float, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Portion:
    """Photos that go through the network at once.

    Attributes:
        inputs: (n, 3, side, side) float32. wanted: (n, outputs) float32.
        share: of its batch, by which its mean loss counts.
        last: whether the optimiser takes its step after it.
        place: which batch of the epoch, and which portion of that.
    """

    inputs: Input
    wanted: NDArray[np.float32]
    share: float
    last: bool
    place: tuple[int, int]


def step_seed(seed: int, epoch: int, place: tuple[int, int]) -> int:
    """The seed of what the network itself draws (dropout, skipped blocks) in one portion."""
    words = np.random.SeedSequence([seed, epoch, _STEP, *place]).generate_state(1, np.uint64)
    return int(words[0] >> np.uint64(1))


def epoch_batches(count: int, recipe: NetworkRecipe, epoch: int) -> list[Rows]:
    """An epoch's batches in order: each photo once; a last single photo joins the batch before it.

    A batch of one has no statistics for a batch normalisation to learn from.
    """
    order = np.random.default_rng([recipe.seed, epoch, _ORDER, 0]).permutation(count)
    starts = list(range(0, count, recipe.batch))
    if len(starts) > 1 and count - starts[-1] == 1:
        starts.pop()
    return np.split(order, starts[1:])


def portions(batch: Rows, step: int) -> list[Rows]:
    """A batch in as few, nearly equal portions of ``step`` photos at most as there can be; of more than one photo each
    unless ``step`` is 1."""
    count = -(-len(batch) // step)
    return np.array_split(batch, count if step == 1 else max(1, min(count, len(batch) // 2)))


def varied(square: Pixels, recipe: NetworkRecipe, epoch: int, number: int) -> Input:
    """(3, crop, crop) float32: the square or its mirror image, a piece drawn from it, as the authors trained."""
    draws = np.random.default_rng([recipe.seed, epoch, _PHOTO, number])
    mirrored = draws.random() < recipe.flip
    x, y = draws.integers(0, len(square) - recipe.crop + 1, 2)
    turned = square[:, ::-1] if mirrored else square
    return normalised(Image.fromarray(np.ascontiguousarray(turned[y : y + recipe.crop, x : x + recipe.crop])))


class Reader:
    """Reads lessons ahead of the network; a photo that vanished meanwhile is told of and left out.

    Args:
        store: the squares. recipe: of the run. listener: hears of photos that cannot be read any more.
    """

    def __init__(self, store: SquareStore, recipe: NetworkRecipe, listener: Listener) -> None:
        self._store = store
        self._recipe = recipe
        self._listener = listener

    def training(self, lessons: Sequence[Lesson], epoch: int, first: int = 0) -> Iterator[Portion]:
        """An epoch's portions from its batch ``first`` on."""

        def load(lesson: Lesson) -> Input:
            square = self._store.square(lesson.path, self._recipe.resize)
            return varied(square, self._recipe, epoch, lesson.number)

        plan = []
        for index, batch in enumerate(epoch_batches(len(lessons), self._recipe, epoch)):
            if index >= first:
                parts = portions(batch, self._recipe.step)
                plan += [
                    (part, len(part) / len(batch), k == len(parts) - 1, (index, k)) for k, part in enumerate(parts)
                ]
        rows = [part for part, _, _, _ in plan]
        for (_, share, last, place), (inputs, wanted) in zip(plan, self._ahead(lessons, rows, load), strict=True):
            yield Portion(inputs, wanted, share, last, place)

    def measuring(self, lessons: Sequence[Lesson]) -> Iterator[Portion]:
        """All lessons in order, whole and as they are scored later."""

        def load(lesson: Lesson) -> Input:
            return normalised(Image.fromarray(self._store.square(lesson.path, self._recipe.crop)))

        rows = portions(np.arange(len(lessons)), self._recipe.step) if lessons else []
        for k, (inputs, wanted) in enumerate(self._ahead(lessons, rows, load)):
            yield Portion(inputs, wanted, 1.0, True, (k, 0))

    def _ahead(
        self, lessons: Sequence[Lesson], plan: Sequence[Rows], load: Callable[[Lesson], Input]
    ) -> Iterator[tuple[Input, NDArray[np.float32]]]:
        waiting: deque[list[tuple[Lesson, Future[Input]]]] = deque()
        remaining = iter(plan)
        with ThreadPoolExecutor(workers(), thread_name_prefix="reading") as pool:
            try:
                while True:
                    while len(waiting) < _AHEAD and (rows := next(remaining, None)) is not None:
                        chosen = [lessons[row] for row in rows]
                        waiting.append([(lesson, pool.submit(load, lesson)) for lesson in chosen])
                    if not waiting:
                        return
                    yield self._stacked(waiting.popleft())
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    def _stacked(self, part: Sequence[tuple[Lesson, "Future[Input]"]]) -> tuple[Input, NDArray[np.float32]]:
        inputs, wanted = [], []
        for lesson, future in part:
            try:
                inputs.append(future.result())
            except UnreadablePhotoError as error:
                self._listener(Problem(lesson.path, f"{error.sentence} It was left out of one batch."))
            else:
                wanted.append(lesson.targets)
        stacked = np.stack(inputs) if inputs else np.zeros((0, 3, self._recipe.crop, self._recipe.crop), np.float32)
        return stacked, np.array(wanted, dtype=np.float32)
