"""What each set of views would cost and bring: simple heads on the model's own trunk, fitted and timed alike for all.

The heads are made for comparing views, not for shipping: a ridge regression, and a few small perceptrons, on the means
and deviations of all stages, learnt from the train photos of BIQ2021 and the snapshots, measured on their validation.
"""

import hashlib
import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import OutputError, TrainingError
from photocull.core.work import CancelToken, Listener, Pace
from photocull.judge.networks.heads import POOLED, pool
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import TrunkRuntime, open_runtime
from photocull.judge.scorer import BuiltinModel
from photocull.models.charting import svg_chart
from photocull.models.registry import CurvePoint
from photocull.photo.fingerprint import fingerprint
from photocull.training.builtin import write_atomically
from photocull.training.chunks import gathered
from photocull.training.curve_heads import fitted_perceptrons, fitted_ridge
from photocull.training.datasets import Example, read_biq2021, read_snapshots
from photocull.training.material import product_pixels
from photocull.training.objectives import Values, srcc
from photocull.training.subject import spread

VIEWS: Final[tuple[tuple[int, ...], ...]] = (
    (224,), (288,), (320,), (384,), (448,), (512,), (224, 512), (288, 448), (288, 512),
)  # fmt: skip
_NAMES: Final[Mapping[str, str]] = {"biq2021": "BIQ2021", "snapshots": "snapshots"}
_DRIFTING: Final = "ss02"
_DRIFTING_WEIGHT: Final = 0.3
"""Of BIQ2021's photos whose opinions drifted by session; see the recipe."""
_HEADS: Final[Mapping[str, Callable[..., Callable[[NDArray[np.float32]], Values]]]] = {
    "ridge": fitted_ridge,
    "perceptrons": fitted_perceptrons,
}
_TURNS: Final = 15
_CHUNK: Final = 64
_POOLED: Final = "pooled"


@dataclass(frozen=True, slots=True, eq=False)
class _Photos:
    """Photos of both sets and both splits, in one list."""

    examples: tuple[Example, ...]
    sets: NDArray[np.str_]

    def rows(self, split: str, name: str | None = None) -> NDArray[np.bool_]:
        right = np.array([example.split == split for example in self.examples])
        return right if name is None else right & (self.sets == name)


def measure_curve(
    model: BuiltinModel,
    data: Path,
    cache: Path,
    *,
    views: Sequence[tuple[int, ...]] = VIEWS,
    limit: int | None = None,
    workers: int = 1,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> tuple[CurvePoint, ...]:
    """A point for each set of views and each kind of heads.

    Args:
        data: the folder of biq2021 and snapshots. cache: where the trunk's numbers are kept, so that a stopped call
            goes on. limit: photos of each set and split at most. workers: photos at a time.

    Raises:
        TrainingError: data or PyTorch is missing. CancelledError: stopped.
    """
    token = token or CancelToken()
    photos = _read(data, limit)
    sides = sorted({side for one in views for side in one})
    runtime = open_runtime(model.graph, model.tensors, device="cpu", threads=1)
    pace = Pace(len(sides) * len(photos.examples))

    def step(count: int, known: bool) -> None:
        if listener is not None:
            listener(pace.step(count))

    read = {}
    for side in sides:
        look = _Look(runtime, model.identity, side, workers, token)
        chunks = gathered(cache, photos.examples, _CHUNK, look.key, look.make, token, step)
        read[side] = np.vstack([chunk[_POOLED] for chunk in chunks])
    times = network_times(runtime, sides, token)
    return tuple(
        CurvePoint(one, heads, cost := sum(times[side] for side in one), cost / times[sides[0]], reached)
        for one in views
        for heads, reached in _reached(np.hstack([read[side] for side in one]), photos).items()
    )


def network_times(runtime: TrunkRuntime, sides: Sequence[int], token: CancelToken) -> dict[int, float]:
    """Median milliseconds of processor time for a square photo at each side, in turns.

    A runtime of one thread works in the calling one, whose own time counts: what else the machine does hardly shows.
    """
    inputs = {side: np.zeros((3, side, side), dtype=np.float32) for side in sides}
    taken: dict[int, list[float]] = {side: [] for side in sides}
    for turn in range(_TURNS + 1):
        for side, values in inputs.items():
            token.check()
            started = time.thread_time()
            runtime.run(values)
            if turn:
                taken[side].append((time.thread_time() - started) * 1000)
    return {side: statistics.median(times) for side, times in taken.items()}


def _read(data: Path, limit: int | None) -> _Photos:
    examples: list[Example] = []
    sets: list[str] = []
    for labelled in (read_biq2021(data), read_snapshots(data)):
        for split in ("train", "validation"):
            chosen = spread([example for example in labelled.examples if example.split == split], limit)
            examples += chosen
            sets += [labelled.name] * len(chosen)
    return _Photos(tuple(examples), np.array(sets))


def _reached(numbers: NDArray[np.float32], photos: _Photos) -> dict[str, dict[str, float]]:
    """SRCC by kind of heads and set."""
    opinions = np.array([example.opinion for example in photos.examples])
    weights = np.array([_DRIFTING_WEIGHT if example.group == _DRIFTING else 1.0 for example in photos.examples])
    train = photos.rows("train")
    wanted = (opinions[train] - opinions[train].mean()) / opinions[train].std()
    reached: dict[str, dict[str, float]] = {}
    for heads, fit in _HEADS.items():
        answer = fit(numbers[train], wanted, weights[train])
        reached[heads] = {
            shown: srcc(answer(numbers[rows]), opinions[rows])
            for name, shown in _NAMES.items()
            if (rows := photos.rows("validation", name)).any()
        }
    return reached


@dataclass(frozen=True, slots=True, eq=False)
class _Look:
    """The trunk's pooled numbers of photos at one side."""

    runtime: TrunkRuntime
    identity: str
    side: int
    workers: int
    token: CancelToken

    def make(self, examples: Sequence[Example]) -> dict[str, NDArray[np.float32]]:
        """(n, 1568)."""
        with ThreadPoolExecutor(self.workers) as threads:
            return {_POOLED: np.stack(list(threads.map(self._one, examples)))}

    def _one(self, example: Example) -> NDArray[np.float32]:
        self.token.check()
        values = trunk_input(product_pixels(example.path), self.side)
        return pool(self.runtime.run(values)).astype(np.float32)

    def key(self, examples: Sequence[Example]) -> str:
        digest = hashlib.sha256(f"curve-1:{self.identity}:{self.side}:{POOLED}".encode())
        for example in examples:
            digest.update(fingerprint(example.path).encode())
        return digest.hexdigest()[:32]


def written(points: Sequence[CurvePoint]) -> str:
    """The curve as `read_curve` reads it."""
    return json.dumps([asdict(point) for point in points], indent=1) + "\n"


def save_curve(folder: Path, points: Sequence[CurvePoint]) -> None:
    """Write curve.json, which a card can be made with, and curve.svg.

    Raises:
        OutputError: the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / "curve.json", written(points).encode())
        write_atomically(folder / "curve.svg", svg_chart(points).encode())
    except OSError as error:
        reason = error.strerror or "it failed"
        remedy = "Choose another folder with --output."
        raise OutputError(f"The curve cannot be written: {reason}.", path=folder, remedy=remedy) from error


def read_curve(path: Path) -> tuple[CurvePoint, ...]:
    """The curve in a file that `written` made.

    Raises:
        TrainingError: the file is missing or holds no curve.
    """
    try:
        entries = json.loads(path.read_text("utf-8"))
        return tuple(CurvePoint(**{**entry, "views": tuple(entry["views"])}) for entry in entries)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError("The curve cannot be read.", path=path, remedy="Measure it again.") from error
