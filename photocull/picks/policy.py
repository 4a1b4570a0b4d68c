"""A rating policy as a value: which photos are given which stars, flags and labels; `policy_reading` reads one."""

from dataclasses import dataclass
from typing import Literal

from photocull.core.vocabulary import Label

Score = Literal["overall", "aesthetic", "colour", "technical"]
Consequence = Literal["reject", "flag"]


@dataclass(frozen=True, slots=True)
class Rule:
    """What photos are given that meet all of its conditions.

    Attributes:
        stars: 1..5. pick: flag as picked. label: a colour. At least one of them is given.
        best_percent: among this share of the shoot, above 0 and at most 100. best_count: among so many of it.
        at_least: with this score or more, 0..10. score: which one these conditions are about.
    """

    stars: int | None = None
    pick: bool = False
    label: Label | None = None
    best_percent: float | None = None
    best_count: int | None = None
    at_least: float | None = None
    score: Score = "overall"

    @property
    def ranks(self) -> bool:
        """Whether it compares photos of one shoot."""
        return self.best_percent is not None or self.best_count is not None


@dataclass(frozen=True, slots=True)
class SeriesRule:
    """What becomes of frames that were taken in quick succession and look alike; see `judge.series`.

    Attributes:
        best_stars: the best of a series has so many at least. best_pick: it is picked. best_label: it has this label.
        others_most_stars: the others have so many at most, 0..5; None does not hold them down.
    """

    best_stars: int | None = None
    best_pick: bool = False
    best_label: Label | None = None
    others_most_stars: int | None = None


@dataclass(frozen=True, slots=True)
class FaultRule:
    """What becomes of photos with a fault.

    Attributes:
        fault: a word of `vocabulary.FLAGS`.
        do: "reject" flags the photo as rejected, without stars; "flag" only holds its stars down and labels it.
        technical_below: only where the technical score is below this too, above 0 and at most 10: how sure the
            program has to be, as faults themselves come without a confidence.
        most_stars: 0..5, with "flag". label: a colour.
    """

    fault: str
    do: Consequence
    technical_below: float | None = None
    most_stars: int | None = None
    label: Label | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy.

    Attributes:
        name: as typed. title: one line that says what it does.
        gap_hours: a longer pause within one folder begins another shoot; None: a folder is one shoot.
        fewest: with fewer photos than this a shoot has no ranks.
        rules: of those that fit a photo, the first that gives stars gives them; flags and labels likewise.
    """

    name: str
    title: str
    gap_hours: float | None = None
    fewest: int = 20
    rules: tuple[Rule, ...] = ()
    series: SeriesRule | None = None
    faults: tuple[FaultRule, ...] = ()
