"""Published state dicts without published weights: every tensor is filled from its published name, as the golden
numbers were, so that two implementations can be compared number by number."""

import csv
import math
import zlib
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

GOLDEN = Path(__file__).with_name("golden")


def read_shapes(name: str) -> dict[str, tuple[int, ...]]:
    """Shape of every published key of ``golden/NAME.csv`` (columns key, shape as 3x4 or scalar, dtype), in order."""
    with (GOLDEN / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        return {row["key"]: _shape(row["shape"]) for row in csv.DictReader(file)}


def published_state(shapes: Mapping[str, tuple[int, ...]], skip: Iterable[str] = ()) -> dict[str, Tensor]:
    """A state dict under the published names, but for the keys that contain a part in `skip`.

    Batch counters are 0; every other tensor is float32. Indices and masks that a network makes itself belong in `skip`.
    """
    parts = tuple(skip)
    kept = {name: shape for name, shape in shapes.items() if not any(part in name for part in parts)}
    return {name: _tensor(name, shape) for name, shape in kept.items()}


def value_for(name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """What the tensor of this published name and shape holds: noise of a size that keeps activations moderate."""
    noise = np.random.default_rng(zlib.crc32(name.encode())).standard_normal(shape).astype(np.float32)
    leaf = name.rpartition(".")[2]
    if leaf == "running_var":
        filled = 1.0 + 0.25 * np.abs(noise)
    elif leaf == "running_mean":
        filled = 0.1 * noise
    elif len(shape) <= 1:
        filled = (1.0 if leaf == "weight" else 0.0) + 0.05 * noise
    else:
        filled = noise / math.sqrt(math.prod(shape[1:]))
    return np.asarray(filled, dtype=np.float32)


def _tensor(name: str, shape: tuple[int, ...]) -> Tensor:
    if name.endswith("num_batches_tracked"):
        return torch.zeros(shape, dtype=torch.int64)
    return torch.from_numpy(value_for(name, shape).reshape(shape))


def _shape(text: str) -> tuple[int, ...]:
    return () if text == "scalar" else tuple(int(side) for side in text.split("x"))
