"""What one published network says of one photo, and what each kind of network can say; torch is not needed here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind

ScoreName = Literal["aesthetic", "colour", "technical"]
BUILTIN_MAPS: Final[tuple[OverlayKind, ...]] = ("aesthetic", "theme", "colour", "points", "focus", "clipping")
"""What the built-in model shows on a photo."""
MAP_OF: Final[Mapping[ScoreName, OverlayKind]] = {"aesthetic": "aesthetic", "colour": "colour"}
"""The map that tells where a score comes from: it must be of the network that gave the score, or there is none."""
_BELONGS: Final[Mapping[OverlayKind, ScoreName]] = {
    "aesthetic": "aesthetic",
    "theme": "aesthetic",
    "similarity": "aesthetic",
    "colour": "colour",
    "points": "colour",
    "gates": "colour",
}
"""The score that a network came to by what a map shows: TANet by its scenes and colours to the aesthetic one; points
and gates are weighed by what they did for the colour score."""


@dataclass(frozen=True, slots=True)
class Gives:
    """What a network of one architecture judges, and the maps that it may add to a photo."""

    scores: tuple[ScoreName, ...]
    maps: tuple[OverlayKind, ...]
    themes: bool = False

    def only(self, scores: Sequence[str]) -> "Gives":
        """What is left where only these scores are asked; all, where none is named.

        A network's themes go with its aesthetic score, since they are a step on the way to it.
        """
        if not scores:
            return self
        maps = tuple(kind for kind in self.maps if _BELONGS.get(kind) in scores)
        themes = self.themes and _BELONGS["theme"] in scores
        return Gives(tuple(score for score in self.scores if score in scores), maps, themes)


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


def gives(architecture: str, scores: Sequence[str] = ()) -> Gives:
    """What a network is there for where these scores are asked of it, all if none is named; unknown: for nothing."""
    return GIVES[architecture].only(scores) if architecture in GIVES else Gives((), ())


def narrowed(reading: Reading, wanted: Gives, name: str) -> Reading:
    """A reading without the scores, their raw numbers, the maps and the themes that are not wanted.

    Args:
        name: of the model, as it stands before each of its facts.
    """
    unwanted = {f"{name}.{score}" for score in reading.scores if score not in wanted.scores}
    return Reading(
        {score: value for score, value in reading.scores.items() if score in wanted.scores},
        {fact: value for fact, value in reading.facts.items() if fact not in unwanted},
        {kind: grid for kind, grid in reading.maps.items() if kind in wanted.maps},
        reading.themes if wanted.themes else None,
    )


def overlay_kinds(networks: Sequence[Gives]) -> frozenset[OverlayKind]:
    """The maps that these networks together may have, those of the built-in model included that are kept."""
    kinds = set(BUILTIN_MAPS)
    given: set[str] = set()
    for network in networks:
        first = {MAP_OF[score] for score in network.scores if score in MAP_OF and score not in given}
        kinds -= first - set(network.maps)
        kinds |= {kind for kind in network.maps if kind in first or kind not in MAP_OF.values()}
        given.update(network.scores)
    return frozenset(kinds)
