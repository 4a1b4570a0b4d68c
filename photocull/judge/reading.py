"""What one published network says of one photo, and what each kind of network can say; torch is not needed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind

ScoreName = Literal["aesthetic", "colour", "technical"]
BUILTIN_MAPS: Final[tuple[OverlayKind, ...]] = ("aesthetic", "theme", "colour", "focus", "clipping")
"""What the built-in model shows on a photo."""
MAP_OF: Final[Mapping[ScoreName, OverlayKind]] = {"aesthetic": "aesthetic", "colour": "colour"}
"""The map that tells where a score comes from: it must be of the network that gave the score, or there is none."""


@dataclass(frozen=True, slots=True)
class Gives:
    """What a network of one architecture judges, and the maps that it may add to a photo."""

    scores: tuple[ScoreName, ...]
    maps: tuple[OverlayKind, ...]
    themes: bool = False


GIVES: Final[Mapping[str, Gives]] = {
    "tanet-tad66k": Gives(("aesthetic",), ("aesthetic", "theme", "similarity"), themes=True),
    "tanet-ava": Gives(("aesthetic",), ("aesthetic", "theme", "similarity"), themes=True),
    "delegate-icaa17k": Gives(("aesthetic", "colour"), ("aesthetic", "colour", "points", "gates")),
    "delegate-spaq": Gives(("colour",), ("colour", "points")),  # its authors train it on SPAQ's Colorfulness
}
"""By architecture."""


@dataclass(frozen=True, slots=True, eq=False)
class Reading:
    """What one network says of one photo.

    Attributes:
        scores: 0..10 each. facts: the network's own numbers, by its own measure.
        maps: of the kinds that its architecture `GIVES`, as far as this photo has something to show.
        themes: confidence 0..1 by theme; None from a network that knows none.
    """

    scores: Mapping[ScoreName, float]
    facts: Mapping[str, float]
    maps: Mapping[OverlayKind, Grid] = field(default_factory=dict)
    themes: Mapping[str, float] | None = None


def overlay_kinds(architectures: Sequence[str]) -> frozenset[OverlayKind]:
    """The maps that a model of these architectures may have, those of the built-in model included that it keeps."""
    kinds = set(BUILTIN_MAPS)
    given: set[str] = set()
    for gives in (GIVES[name] for name in architectures if name in GIVES):
        first = {MAP_OF[score] for score in gives.scores if score in MAP_OF and score not in given}
        kinds -= first - set(gives.maps)
        kinds |= {kind for kind in gives.maps if kind in first or kind not in MAP_OF.values()}
        given.update(gives.scores)
    return frozenset(kinds)
