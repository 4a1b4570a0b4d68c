"""Which photos are spoilt to learn from, and how: good ones only, since a copy of a bad photo need not look worse."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np

from photocull.core.types import Pixels
from photocull.training.chunks import Load
from photocull.training.damage import DAMAGES, STRENGTHS
from photocull.training.datasets import DISTORTED, LabelledSet, Split
from photocull.training.sights import SPOILING, Sight

_GOOD_BIQ: Final = 0.62
"""Mean opinion of 0..1 from which a photo of BIQ2021 is sound enough to be spoilt."""
_GOOD_SNAPSHOT: Final = 0.68
_SPOILT_STRENGTHS: Final = (2, 4)
_OFTEN: Final = {"tilt": 3.0, "overexposed": 2.0, "underexposed": 2.0, "colour-cast": 1.5, "clipped-highlights": 1.5}
"""How many times as often a damage is drawn as the others: those that a frozen trunk hardly sees."""
_AGAINST_PHOTO: Final = 0.5
"""Share of tilts that are compared with the untouched photo, as people do, beside those with a level crop."""


@dataclass(frozen=True, slots=True)
class SightPair:
    """Two pictures that people put in this order; ``head`` is the one that must see it."""

    better: Sight
    worse: Sight
    head: Literal["quality", "beauty"]


def sound_photos(sets: Sequence[LabelledSet], split: Split) -> list[Path]:
    """Photos whose quality people found good: sharp, well exposed; ordinary ones only."""
    biq, snapshots = sets[0], sets[1]
    chosen = [
        example.path
        for example in biq.examples
        if example.split == split and example.group != DISTORTED and example.opinion >= _GOOD_BIQ
    ]
    return chosen + [e.path for e in snapshots.examples if e.split == split and e.opinion >= _GOOD_SNAPSHOT]


def damaged_pairs(photos: Iterable[Path], seed: int, each: int) -> list[SightPair]:
    """``each`` damages of every photo, drawn without repeating a kind; a strong one against the sound photo, or against
    a weaker one of the same kind."""
    generator = np.random.default_rng(seed)
    often = np.array([_OFTEN.get(damage.name, 1.0) for damage in DAMAGES])
    pairs = []
    for path in photos:
        for index in generator.choice(len(DAMAGES), each, replace=False, p=often / often.sum()):
            pairs.append(_damaged(path, DAMAGES[index].name, generator))
    return pairs


def _damaged(path: Path, kind: str, generator: np.random.Generator) -> SightPair:
    strength = int(generator.choice(STRENGTHS))
    worse = Sight(path, "damaged", kind, strength)
    weaker = strength > 2 and generator.random() < 0.3
    if weaker:
        return SightPair(Sight(path, "damaged", kind, strength - 2), worse, "quality")
    fair = kind == "tilt" and generator.random() >= _AGAINST_PHOTO
    return SightPair(Sight(path, "sound", kind, strength) if fair else Sight(path), worse, "quality")


def spoilt_pairs(photos: Iterable[Path], seed: int, each: int, load: Load) -> list[SightPair]:
    """``each`` of the spoilings that would be seen on the photo as a fault."""
    generator = np.random.default_rng(seed)
    pairs = []
    for path in photos:
        suited = _suited(load(path))
        for index in generator.permutation(len(suited))[:each]:
            strength = int(generator.choice(_SPOILT_STRENGTHS))
            better, worse = (Sight(path, change, suited[index], strength) for change in ("composed", "spoilt"))
            pairs.append(SightPair(better, worse, "beauty"))
    return pairs


def _suited(pixels: Pixels) -> list[str]:
    return [name for name, spoiling in SPOILING.items() if spoiling.suits(pixels)]
