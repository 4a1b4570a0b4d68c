"""Which branch of the aesthetic score earns its place: the paper's ablation (He et al., IJCAI 2022) on our trunk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.vocabulary import THEMES
from photocull.judge.networks.branches import ThemeBank, cells_of, colour_distribution
from photocull.judge.networks.heads import BLOCKS
from photocull.models.registry import ModelResult
from photocull.training.aesthetic import fit_bank
from photocull.training.datasets import LabelledSet, Split
from photocull.training.material import Material, Materials, product_pixels
from photocull.training.objectives import Interval, Values, bootstrap, srcc, within_groups

_PENALTY: Final = 1.0
_FLAT: Final = 1e-3
_PLACE: Final = "beauty within category, validation"


@dataclass(frozen=True, slots=True, eq=False)
class Branches:
    """What branches say of photos of known beauty.

    Attributes:
        numbers: name -> (n, d); the first is what the others are added to, one by one.
        opinions: (n,) in the set's unit. groups: (n,) categories.
    """

    numbers: Mapping[str, NDArray[np.floating]]
    opinions: Values
    groups: NDArray[np.str_]


def branches_of(beauty: LabelledSet, train: Materials, validation: Materials) -> tuple[Branches, Branches]:
    """Both splits' numbers of all branches: the stages, the class logits, theme prototypes made for them, colours."""
    themes = train.themes
    bank = fit_bank(themes.plain[:, BLOCKS["classes"]], themes.themes, THEMES)
    return _branches(beauty, "train", train.beauty, bank), _branches(beauty, "validation", validation.beauty, bank)


def _branches(beauty: LabelledSet, split: Split, material: Material, bank: ThemeBank) -> Branches:
    paths = [example.path for example in beauty.examples if example.split == split]
    logits = material.plain[:, BLOCKS["classes"]]
    numbers: dict[str, NDArray[np.floating]] = {
        "stages": material.plain[:, BLOCKS["stages"]],
        "class logits": logits,
        "theme prototypes": np.stack([bank.likeness(row) for row in logits.astype(np.float64)]),
        "colour distribution": np.stack([colour_distribution(cells_of(product_pixels(path))) for path in paths]),
    }
    return Branches(numbers, material.opinions, material.groups)


def ablate_branches(train: Branches, validation: Branches, *, penalty: float = _PENALTY) -> tuple[ModelResult, ...]:
    """What each branch brings to a ridge regression on ``train``, with and without it, on ``validation``.

    Returns:
        for each branch alone and each that is added to the first: SRCC in standard units of the category; for each
        added one the gain by it, with the paired interval over photos. Where that lies above 0 it is proven.
    """
    wanted = within_groups(validation.opinions, validation.groups)
    first, *others = train.numbers
    answers = {name: _answers(train, validation, (name,), penalty) for name in train.numbers}
    for name in others:
        answers[f"{first} and {name}"] = _answers(train, validation, (first, name), penalty)
    results = [_result(name, "SRCC", bootstrap(srcc, given, wanted), len(wanted)) for name, given in answers.items()]
    for name in others:
        gain = _gain(answers[f"{first} and {name}"], answers[first], wanted)
        results.append(_result(f"{name} beside {first}", "gain in SRCC", gain, len(wanted)))
    return tuple(results)


def _result(name: str, measure: str, found: Interval, photos: int) -> ModelResult:
    return ModelResult(f"branch: {name}", _PLACE, measure, found.value, found.low, found.high, photos)


def _answers(train: Branches, validation: Branches, names: Sequence[str], penalty: float) -> Values:
    """(n,) answers to the validation photos, in standard units of their category."""
    known, asked = (np.hstack([part.numbers[name] for name in names]) for part in (train, validation))
    answers = _ridge(known, within_groups(train.opinions, train.groups), asked, penalty)
    return within_groups(answers, validation.groups)


def _ridge(numbers: NDArray[np.floating], wanted: Values, asked: NDArray[np.floating], penalty: float) -> Values:
    centre = numbers.mean(axis=0, dtype=np.float64)
    scale = np.maximum(numbers.std(axis=0, dtype=np.float64), _FLAT) * np.sqrt(numbers.shape[1])
    known, new = (numbers - centre) / scale, (asked - centre) / scale
    mean = float(wanted.mean())
    weights = np.linalg.solve(known @ known.T + penalty * np.eye(len(known)), wanted - mean)
    return np.asarray(new @ (known.T @ weights) + mean)


def _gain(more: Values, less: Values, wanted: Values) -> Interval:
    rows = np.arange(len(wanted), dtype=np.float64)

    def gain(drawn: Values, _: Values) -> float:
        kept = drawn.astype(np.int64)
        return srcc(more[kept], wanted[kept]) - srcc(less[kept], wanted[kept])

    return bootstrap(gain, rows, rows)
