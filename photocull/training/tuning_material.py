"""What the trunk is fine-tuned on: labelled photos, their mirror images, and pairs in an order that people agree on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from photocull.training.chunks import Load
from photocull.training.early import Early
from photocull.training.objectives import within_groups
from photocull.training.pair_choice import SightPair, damaged_pairs, sound_photos, spoilt_pairs
from photocull.training.sights import Change, Sight
from photocull.training.theme_measuring import labels_of

if TYPE_CHECKING:
    from photocull.training.datasets import Example, LabelledSet
    from photocull.training.finetune_recipe import FinetuneRecipe

Look = Callable[[Sequence[Sight]], list[Early]]
_BOTH: Final[tuple[Change, Change]] = ("plain", "mirror")


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """Photos of one kind of label.

    Attributes:
        looks: (plain, mirror image) of each photo.
        wanted: (n,) in standard units, or (n, 39) labels of 0 and 1.
        weight: (n,). group: (n,) a number; only photos of one group are compared.
    """

    looks: list[tuple[Early, Early]]
    wanted: NDArray[np.float32]
    weight: NDArray[np.float32]
    group: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.looks)


@dataclass(frozen=True, slots=True, eq=False)
class TaughtPair:
    """A better and a worse picture, and the head that must see it."""

    better: Early
    worse: Early
    quality: bool


@dataclass(frozen=True, slots=True, eq=False)
class TuningMaterial:
    """Everything that fine-tuning draws from."""

    everyday: Taught
    snapshots: Taught
    beauty: Taught
    themes: Taught
    pairs: list[TaughtPair]


def tuning_pairs(sets: Sequence["LabelledSet"], recipe: "FinetuneRecipe", load: Load) -> list[SightPair]:
    """The pairs that are learnt from, drawn by the recipe's seed from the training split alone."""
    sound = sound_photos(sets, "train")
    beauty = [example.path for example in _training(sets[2])]
    return damaged_pairs(sound, recipe.seed, recipe.damages) + spoilt_pairs(
        beauty + sound[:: recipe.every], recipe.seed, recipe.spoilings, load
    )


def gather_tuning(
    sets: Sequence["LabelledSet"], pairs: Sequence[SightPair], weights: dict[str, float], look: Look
) -> TuningMaterial:
    """Look at every picture once; ``sets`` in the order of `material.Materials`.

    Args:
        weights: of BIQ2021's photos by group.
    """
    biq, snapshots, beauty, themes = (_training(labelled) for labelled in sets)
    opinions = np.array([e.opinion for e in (*biq, *snapshots)])
    centre, spread = opinions.mean(), opinions.std()
    categories = np.array([e.group for e in beauty])
    z = within_groups(np.array([e.opinion for e in beauty]), categories)
    labels = labels_of(themes)
    return TuningMaterial(
        _taught(biq, _standard(biq, centre, spread), look, np.array([weights.get(e.group, 1.0) for e in biq])),
        _taught(snapshots, _standard(snapshots, centre, spread), look),
        _taught(beauty, z, look, group=np.unique(categories, return_inverse=True)[1]),
        _taught(themes, labels, look),
        _pairs(pairs, look),
    )


def _training(labelled: "LabelledSet") -> list["Example"]:
    return [example for example in labelled.examples if example.split == "train"]


def _standard(examples: Sequence["Example"], centre: float, spread: float) -> NDArray[np.float64]:
    return np.asarray((np.array([e.opinion for e in examples]) - centre) / spread)


def _taught(
    examples: Sequence["Example"],
    wanted: NDArray[np.generic],
    look: Look,
    weight: NDArray[np.float64] | None = None,
    group: NDArray[np.int64] | None = None,
) -> Taught:
    plain, mirror = (look([Sight(e.path, change) for e in examples]) for change in _BOTH)
    count = len(examples)
    return Taught(
        list(zip(plain, mirror, strict=True)),
        wanted.astype(np.float32),
        np.ones(count, np.float32) if weight is None else weight.astype(np.float32),
        np.zeros(count, np.int64) if group is None else group,
    )


def _pairs(pairs: Sequence[SightPair], look: Look) -> list[TaughtPair]:
    sights = list(dict.fromkeys(sight for pair in pairs for sight in (pair.better, pair.worse)))
    seen = dict(zip(sights, look(sights), strict=True))
    return [TaughtPair(seen[pair.better], seen[pair.worse], pair.head == "quality") for pair in pairs]
