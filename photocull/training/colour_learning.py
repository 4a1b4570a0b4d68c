"""The colour head's part of `train builtin`: photos of good colour and copies with damaged colours, learnt from."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import TrainingError
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import TrunkRuntime
from photocull.training.colour_pairs import COPIES, gather_colour
from photocull.training.colour_photos import colour_photos
from photocull.training.datasets import DISTORTED, LabelledSet
from photocull.training.learning import FEATURES, WORKERS, Work
from photocull.training.material import product_pixels
from photocull.training.subject import spread

_ORDINARY: Final = 600
"""Photos that the shown score is spread over, drawn evenly from all rated sets."""


def learnt_colour(
    sets: Sequence[LabelledSet], runtime: TrunkRuntime, weights_id: str, work: Work
) -> dict[str, NDArray[np.generic]]:
    """The colour head's tensors by their names in the model; none where the recipe has no part ``[colour]``.

    Args:
        sets: in the order of `material.Materials`. runtime: the trunk as it is stored. weights_id: its identity.

    Raises:
        TrainingError: there is no photo of good colour. CancelledError: stopped; what was looked at is kept.
    """
    recipe = work.recipe.colour
    if recipe is None:
        return {}
    from photocull.training.colour_training import fit_colour

    good, ordinary = colour_photos(sets, "train"), _ordinary(sets)
    if not good:
        raise TrainingError("There is no training photo of good colour for the colour head to learn from.")
    step = work.steps("Looking at colours", len(good) * COPIES + len(ordinary))
    gather = partial(
        gather_colour,
        runtime=runtime,
        weights_id=weights_id,
        load=product_pixels,
        prepare=partial(trunk_input, side=work.recipe.views[0]),
        cache=work.folder / FEATURES,
        workers=WORKERS,
        token=work.token,
        step=step,
    )
    damaged, shown = gather(good), gather(ordinary, damages=False)
    work.begin("Fitting the colour head")
    return fit_colour(damaged, recipe, work.recipe.seed, shown)


def _ordinary(sets: Sequence[LabelledSet]) -> list[Path]:
    rated = [one for labelled in sets[:3] for one in labelled.examples if one.split == "train"]
    return list(spread([one.path for one in rated if one.group != DISTORTED], _ORDINARY))
