"""The small heads on the trunk's pooled numbers, in numpy: forward, and the gradient that attention is made of.

All arithmetic is in float64, so that neither the processor's threads nor its vector width show in a score.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.judge.light import NUMBERS
from photocull.judge.networks.layout import CHANNELS, CLASSES
from photocull.judge.networks.runtime import TrunkOutput

Vector = NDArray[np.float64]

POOLED: Final = 2 * CHANNELS
"""1568 pooled numbers: means, then standard deviations."""
FEATURES: Final = POOLED + CLASSES
"""2568 numbers of the first view: the pooled ones, then the class logits."""
_LIGHT: Final = FEATURES + len(NUMBERS)
BLOCKS: Final[Mapping[str, slice]] = MappingProxyType(
    {
        "stages": slice(0, POOLED),
        "classes": slice(POOLED, FEATURES),
        "light": slice(FEATURES, _LIGHT),
        "fine": slice(_LIGHT, _LIGHT + POOLED),
    }
)
"""Everything that a head may read, by name: the first view's pooled numbers and class logits, the picture's light, and
the second view's pooled numbers, which are there only where a model looks twice."""


def pool(output: TrunkOutput) -> Vector:
    """(1568,) means of the 784 channels over the picture, then their standard deviations.

    Cells hold equal numbers of values, so the cells' means give the picture's exactly.
    """
    mean = output.mean.mean(axis=(1, 2), dtype=np.float64)
    square = output.square.mean(axis=(1, 2), dtype=np.float64)
    return np.concatenate([mean, np.sqrt(np.maximum(square - mean * mean, 0.0))])


def features(output: TrunkOutput) -> Vector:
    """(2568,) pooled numbers, then class logits."""
    return np.concatenate([pool(output), output.logits.astype(np.float64)])


def numbers_of(output: TrunkOutput, light: Vector, fine: TrunkOutput | None = None) -> Vector:
    """A photo's numbers in the order of `BLOCKS`.

    Args:
        light: of `judge.light.read_light`. fine: the second view, where the model looks twice.
    """
    return np.concatenate([features(output), light, *([pool(fine)] if fine is not None else [])])


TWICE: Final = "twice."
"""What the names of a model's heads begin with that read both views."""


def columns_of(blocks: Sequence[str]) -> NDArray[np.intp]:
    """Places in a photo's numbers of the blocks of these names."""
    return np.concatenate([np.arange(BLOCKS[name].start, BLOCKS[name].stop) for name in blocks])


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """An ensemble of two-layer perceptrons side by side: out = relu((x - centre) / scale @ hidden + bias) @ output + b.

    Attributes:
        columns: (d,) places of what it reads in a photo's numbers, see `BLOCKS`.
        centre, scale: (d,) of the training photos' numbers.
        hidden: (d, m). hidden_bias: (m,). output: (m,). output_bias: a number.
    """

    columns: NDArray[np.intp]
    centre: Vector
    scale: Vector
    hidden: Vector
    hidden_bias: Vector
    output: Vector
    output_bias: float

    def reads(self, block: str) -> bool:
        """Whether it looks at anything of the block of this name."""
        return bool(np.isin(self.columns, columns_of((block,))).any())

    def value(self, numbers: Vector) -> float:
        """The head's answer to a photo's numbers, in standard deviations of ordinary photos."""
        return self._answer(self._before(numbers))

    def value_and_gradient(self, numbers: Vector) -> tuple[float, Vector]:
        """`value` and its derivative by the photo's numbers, as many as ``numbers``, zero where the head does not look.

        The hidden layer is run once.
        """
        before = self._before(numbers)
        weights = np.where(before > 0, self.output, 0.0)
        gradient = np.zeros(len(numbers))
        gradient[self.columns] = (self.hidden @ weights) / self.scale
        return self._answer(before), gradient

    def _answer(self, before: Vector) -> float:
        return float(np.maximum(before, 0.0) @ self.output) + self.output_bias

    def _before(self, numbers: Vector) -> Vector:
        standard = (numbers[self.columns] - self.centre) / self.scale
        return np.asarray(standard @ self.hidden + self.hidden_bias)


@dataclass(frozen=True, slots=True)
class Calibration:
    """From a head's answer to the score that is shown: 10 / (1 + exp(-(offset + slope * value))), so order is kept."""

    offset: float
    slope: float

    def shown(self, value: float) -> float:
        """0..10, never reaching the ends."""
        return 10 / (1 + math.exp(-min(60.0, max(-60.0, self.offset + self.slope * value))))


@dataclass(frozen=True, slots=True, eq=False)
class LinearHeads:
    """One logistic regression a theme on standardised features.

    Attributes:
        centre, scale: (2568,). weight: (2568, t). bias: (t,).
    """

    centre: Vector
    scale: Vector
    weight: Vector
    bias: Vector

    def values(self, numbers: Vector) -> Vector:
        """(t,) log odds."""
        return np.asarray((numbers - self.centre) / self.scale @ self.weight + self.bias)

    def gradient(self, column: int) -> Vector:
        """(2568,) derivative of one column's log odds."""
        return np.asarray(self.weight[:, column] / self.scale)


def read_head(tensors: Mapping[str, NDArray[np.generic]], name: str) -> Head:
    """The head stored under ``heads.<name>.*``.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """
    part = {
        key: tensor(tensors, f"heads.{name}.{key}") for key in ("centre", "scale", "hidden", "hidden_bias", "output")
    }
    columns = _columns(tensors, name, len(part["centre"]))
    head = Head(columns, **part, output_bias=float(tensor(tensors, f"heads.{name}.output_bias").reshape(-1)[0]))
    inputs, width = head.hidden.shape if head.hidden.ndim == 2 else (0, 0)
    fits = inputs > 0 and head.columns.shape == head.centre.shape == head.scale.shape == (inputs,)
    if not fits or not head.hidden_bias.shape == head.output.shape == (width,):
        raise ModelError(
            f"The head '{name}' of the built-in model has the wrong shape.", remedy="Install Photocull again."
        )
    return head


def read_linear_heads(
    tensors: Mapping[str, NDArray[np.generic]], name: str, count: int, inputs: Sequence[int] = (FEATURES,)
) -> LinearHeads:
    """The ``count`` regressions stored under ``heads.<name>.*``, of as many inputs as one of ``inputs`` says.

    Raises:
        ModelError: a tensor is missing or its shape does not fit.
    """
    heads = LinearHeads(
        *(tensor(tensors, f"heads.{name}.{key}") for key in ("centre", "scale", "weight", "bias")),
    )
    read = heads.centre.size
    fits = read in inputs and heads.centre.shape == heads.scale.shape == (read,)
    if not fits or heads.weight.shape != (read, count) or heads.bias.shape != (count,):
        raise ModelError(
            f"The head '{name}' of the built-in model has the wrong shape.", remedy="Install Photocull again."
        )
    return heads


def _columns(tensors: Mapping[str, NDArray[np.generic]], name: str, count: int) -> NDArray[np.intp]:
    """Where they are not stored, the head reads the first numbers."""
    stored = tensors.get(f"heads.{name}.columns")
    columns = np.arange(count) if stored is None else stored.astype(np.intp)
    last = max(block.stop for block in BLOCKS.values())
    if columns.ndim != 1 or (len(columns) and not 0 <= columns.min() <= columns.max() < last):
        raise ModelError(f"The head '{name}' of the built-in model reads nothing.", remedy="Install Photocull again.")
    return columns


def tensor(tensors: Mapping[str, NDArray[np.generic]], name: str) -> Vector:
    """A built-in model's tensor of this name in float64.

    Raises:
        ModelError: there is none.
    """
    if name not in tensors:
        raise ModelError(f"The built-in model lacks '{name}'.", remedy="Install Photocull again.")
    return tensors[name].astype(np.float64)
