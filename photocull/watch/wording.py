"""How photos and the folders that they lie in are named in the lines of a watch."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from photocull.core.amounts import counted
from photocull.core.errors import printable

_FEW: Final = 8
"""Up to so many photos at once have a line each."""


def scored(scores: Mapping[Path, float], seconds: float, waiting: int) -> list[str]:
    """What is said of photos that were judged in so many seconds, while others wait."""
    if len(scores) <= _FEW:
        return [f"{printable(path)}: scored {score:.1f}." for path, score in scores.items()]
    rate = f" ({len(scores) / seconds:.1f} photos/s)" if seconds else ""
    left = f"; {waiting} wait" if waiting else ""
    return [f"{counted(len(scores), 'photo')} scored in {places(list(scores))}{rate}{left}."]


def places(paths: Sequence[Path]) -> str:
    """The folder of the first of these photos, and how many others there are."""
    folders = list(dict.fromkeys(path.parent for path in paths))
    others = len(folders) - 1
    more = f" and {counted(others, 'more folder')}" if others else ""
    return f"{printable(folders[0])}{more}"
