"""Which frames belong to one series: those of the camera's own burst, or taken in quick succession and looking alike.

A pure function of times, burst names and embeddings; for rating policies, whose best frame speaks for its series.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

QUICK: Final = 10.0
"""Seconds from one frame to the next at most."""
ALIKE: Final = 0.5
"""Cosine of the embeddings of neighbouring frames at least; see decision 28."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One photo as far as series go.

    Attributes:
        key: to know it by. name: orders frames of one moment.
        seconds: when it was taken, None where unknown. camera, burst: as the camera wrote them.
        embedding: (n,) floats of unit length, None where there is none.
    """

    key: int
    name: str
    seconds: float | None = None
    camera: str | None = None
    burst: str | None = None
    embedding: NDArray[np.float32] | None = None


def series_of(frames: Iterable[Frame]) -> list[tuple[int, ...]]:
    """The series among these frames: keys of two or more each, in the order of taking; single frames are left out.

    Frames of one camera follow each other by time; one without a time belongs to a burst by name, or to none.
    """
    frames = sorted(frames, key=lambda frame: (frame.seconds is None, frame.seconds or 0.0, frame.name))
    first = {frame.key: frame.key for frame in frames}

    def head(key: int) -> int:
        while first[key] != key:
            key = first[key]
        return key

    for one, other in _neighbours(frames):
        first[head(other.key)] = head(one.key)
    groups: dict[int, list[int]] = {}
    for frame in frames:
        groups.setdefault(head(frame.key), []).append(frame.key)
    return [tuple(keys) for keys in groups.values() if len(keys) > 1]


def _neighbours(frames: Sequence[Frame]) -> Iterable[tuple[Frame, Frame]]:
    """Pairs that belong together; what they have in common with others follows from them."""
    bursts: dict[tuple[str | None, str], list[Frame]] = {}
    rolls: dict[str | None, list[Frame]] = {}
    for frame in frames:
        if frame.burst:
            bursts.setdefault((frame.camera, frame.burst), []).append(frame)
        if frame.seconds is not None:
            rolls.setdefault(frame.camera, []).append(frame)
    for together in bursts.values():
        yield from pairwise(together)
    for roll in rolls.values():
        yield from (pair for pair in pairwise(roll) if _continued(*pair))


def _continued(one: Frame, other: Frame) -> bool:
    """Whether a frame goes on with what the one before it showed."""
    if one.seconds is None or other.seconds is None or other.seconds - one.seconds > QUICK:
        return False
    if one.embedding is None or other.embedding is None or one.embedding.shape != other.embedding.shape:
        return False
    return float(one.embedding @ other.embedding) >= ALIKE
