"""Which labelled photos the colour head learns from and is tried on: those of good colour, spread over all sets."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from photocull.training.datasets import Example, LabelledSet, Split
from photocull.training.subject import spread

_UNSPOILT: Final = "ss03"
"""BIQ2021's photographs; the rest were spoilt on purpose or are snapshots."""
_GOOD: Final = 0.55
_BEAUTIFUL: Final = 4.0
_LIGHTS: Final = frozenset({"light", "music", "night", "snow", "sunset", "winter"})
"""Themes whose colours are out of the ordinary on purpose, so that the head sees enough of them."""
_MOST: Final[dict[Split, dict[str, int]]] = {
    "train": {"biq2021": 260, "snapshots": 120, "beauty": 140, "themes": 180, "lights": 128},
    "validation": {"biq2021": 70, "snapshots": 40, "beauty": 40, "themes": 50, "lights": 0},
}


def colour_photos(sets: Sequence[LabelledSet], split: Split) -> list[Path]:
    """Paths of one split's photos of good colour, set by set, each set thinned out evenly.

    A photo of BIQ2021 that the themes hold as well is taken from its own set alone, by that set's split.
    """
    chosen: list[Path] = []
    for labelled in sets:
        good = sorted(each.path for each in labelled.examples if each.split == split and _is_good(labelled.name, each))
        chosen += spread(good, _MOST[split].get(labelled.name, 0))
        lit = [each.path for each in labelled.examples if each.split == split and _LIGHTS & set(each.themes)]
        rest = sorted(path for path in set(lit) - set(chosen) if not _is_of_biq2021(path))
        chosen += spread(rest, _MOST[split]["lights"])
    return chosen


def _is_good(name: str, example: Example) -> bool:
    match name:
        case "biq2021":
            return example.group == _UNSPOILT and example.opinion > _GOOD
        case "snapshots":
            return example.opinion > _GOOD
        case "beauty":
            return example.opinion > _BEAUTIFUL
        case _:
            return not _is_of_biq2021(example.path)


def _is_of_biq2021(path: Path) -> bool:
    return path.name.startswith("biq2021")
