"""Judgements become a choice: the best photos by count or share, in a stated order that never depends on chance."""

import math
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal

from photocull.catalog.records import PhotoDetail
from photocull.core.vocabulary import Pick

Order = Literal["aesthetic", "colour", "technical", "overall", "taken"]
_FLAGGED: Final[dict[Pick, str]] = {"pick": "picked", "reject": "rejected"}


def top(
    details: Sequence[PhotoDetail],
    *,
    count: int | None = None,
    percent: float | None = None,
    sort: Order = "overall",
) -> list[PhotoDetail]:
    """The best photos, best first: highest score, or latest taken; equal ones by path.

    Photos without the value that is sorted by cannot be compared and are left out.

    Args:
        count: so many at most. percent: this share of the comparable photos, 0..100, rounded up.
            With neither, all of them.

    Raises:
        ValueError: count or percent is out of range, or both are given.
    """
    if count is not None and percent is not None:
        raise ValueError("Choose by count or by percent, not by both.")
    if count is not None and count < 1:
        raise ValueError("The count must be 1 or more.")
    if percent is not None and not 0 < percent <= 100:
        raise ValueError("The percentage must be above 0 and at most 100.")
    valued = [(value, detail) for detail in details if (value := _value(detail, sort)) is not None]
    ordered = sorted(valued, key=lambda pair: (-pair[0], pair[1].row.path))
    return [detail for _, detail in ordered[: size_of(len(ordered), count, percent)]]


def ranked(details: Sequence[PhotoDetail], sort: Order = "overall") -> list[PhotoDetail]:
    """All of them, best first as `top` has it; those without the value come last, in the order given."""
    best = top(details, sort=sort)
    valued = {detail.row.id for detail in best}
    return [*best, *(detail for detail in details if detail.row.id not in valued)]


def size_of(available: int, count: int | None, percent: float | None) -> int:
    """How many of so many are the best: a share, 0..100, is rounded up."""
    if percent is not None:
        return math.ceil(round(available * percent / 100, 9))  # 30 % of 10 is 3, whatever binary fractions say
    return available if count is None else count


def _value(detail: PhotoDetail, sort: Order) -> float | None:
    if sort == "taken":
        return None if detail.exif.taken is None else local_seconds(detail.exif.taken)
    scores = {
        "aesthetic": detail.row.aesthetic,
        "colour": detail.row.colour,
        "technical": detail.row.technical,
        "overall": detail.row.overall,
    }
    return scores[sort]


def local_seconds(taken: datetime) -> float:
    """Seconds that sort photos by the clock on the wall where they were taken, zones left out."""
    # On purpose: naive and aware times must sort together, and people remember the hour they saw.
    return taken.replace(tzinfo=UTC).timestamp()


def whose(flagged: Sequence[PhotoDetail], flag: Pick) -> str:
    """How many of these flags are only a policy's, as a sentence: nobody may have looked at them. Empty for none."""
    count = sum("pick" in detail.row.suggested for detail in flagged)
    return f"{count} of {len(flagged)} {_FLAGGED[flag]} by a rating policy, not by you." if count else ""
