"""The first half of `train builtin`: which pairs are learnt from, and the trunk's later stages learning from all."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.work import CancelToken, Listener, Pace
from photocull.training.datasets import LabelledSet
from photocull.training.early import Early, EarlyCache
from photocull.training.material import product_pixels
from photocull.training.pair_choice import SightPair
from photocull.training.recipe import Recipe
from photocull.training.sights import Sight
from photocull.training.tuning_material import TuningMaterial, gather_tuning, tuning_pairs

Tensors = Mapping[str, NDArray[np.generic]]
Phase = Callable[[str], None]
FEATURES: Final = "features"
_EARLY: Final = "early"
_TRUNK: Final = "trunk"
KEPT: Final = (FEATURES, _EARLY, _TRUNK)
"""Folders of a run in its output."""
WORKERS: Final = 2
"""Pictures that are looked at beside each other."""


@dataclass(frozen=True, slots=True)
class Work:
    """A run at work: where its files lie, what was chosen, how it is stopped and who hears of it."""

    folder: Path
    recipe: Recipe
    token: CancelToken
    listener: Listener | None = None
    phase: Phase | None = None

    def begin(self, what: str) -> None:
        """Tell what begins."""
        if self.phase is not None:
            self.phase(what)

    def steps(self, what: str, total: int) -> Callable[[int, bool], None]:
        """Begin a phase of so many steps; the function is told of steps that are done, and whether they were before."""
        self.begin(what)
        pace = Pace(total)

        def step(count: int, known: bool) -> None:
            progress = pace.step(0 if known else count, cached=count if known else 0)
            if self.listener is not None:
                self.listener(progress)

        return step


def chosen_pairs(sets: Sequence[LabelledSet], recipe: Recipe, work: Work) -> list[SightPair]:
    """The pairs of the recipe; none where the trunk does not learn."""
    if recipe.trunk is None:
        return []
    work.begin("Choosing photos to spoil")
    return tuning_pairs(sets, recipe.trunk, product_pixels)


def learnt_trunk(trunk: Tensors, sets: Sequence[LabelledSet], pairs: Sequence[SightPair], work: Work) -> Tensors:
    """The trunk with its later stages fine-tuned, as the recipe says; as it is where the recipe says nothing.

    Raises:
        TrainingError: the output holds another run. CancelledError: stopped; finished epochs are kept.
    """
    recipe = work.recipe.trunk
    if recipe is None:
        return trunk
    from photocull.training.finetuning import finetune

    material = _looked(trunk, sets, pairs, recipe.side, work)
    step = work.steps("Fine-tuning the trunk", recipe.passes * max(1, len(material.everyday) // recipe.everyday))
    done = 0

    def told(now: int, total: int, losses: Mapping[str, float]) -> None:
        nonlocal done
        if now > done + 1:
            step(now - 1 - done, True)
        step(1, False)
        done = now

    learnt = finetune(trunk, material, recipe, work.folder / _TRUNK, token=work.token, told=told)
    return {**trunk, **{name: blended(trunk[name], values, recipe.share) for name, values in learnt.items()}}


def blended(before: NDArray[np.generic], learnt: NDArray[np.float32], share: float) -> NDArray[np.float32]:
    """A point on the line between both: what ImageNet taught is kept where these few photos say nothing of it."""
    return np.asarray((1 - share) * before.astype(np.float32) + share * learnt, dtype=np.float32)


def _looked(
    trunk: Tensors, sets: Sequence[LabelledSet], pairs: Sequence[SightPair], side: int, work: Work
) -> TuningMaterial:
    cache = EarlyCache(work.folder / _EARLY, trunk, side, product_pixels, workers=WORKERS)
    labelled = sum(2 * (example.split == "train") for one in sets for example in one.examples)
    step = work.steps("Reading photos", labelled + len({s for pair in pairs for s in (pair.better, pair.worse)}))

    def look(sights: Sequence[Sight]) -> list[Early]:
        return cache.extract(sights, token=work.token, step=step)

    return gather_tuning(sets, pairs, work.recipe.group_weights, look)


def rounded(tensors: Tensors, precision: str) -> dict[str, NDArray[np.generic]]:
    """The trunk as it is stored; features come from exactly this."""
    return {name: np.ascontiguousarray(values, dtype=np.dtype(precision)) for name, values in tensors.items()}
