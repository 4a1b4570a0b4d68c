"""Which photos are one shoot: those of one folder, parted where the camera rested for long."""

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from photocull.catalog.paths import natural_key
from photocull.catalog.ratable import Ratable

Shoot = tuple[Ratable, ...]


def shoots(photos: Sequence[Ratable], gap_hours: float | None) -> list[Shoot]:
    """The shoots among these photos, in order of folder and time, each by path.

    A photo without a time is in the shoot of the photo named before it (as people count: 2 before 10), and if there is
    none, of the first that has one.

    Args:
        gap_hours: a longer pause begins another shoot; None: each folder is one.
    """
    folders: dict[Path, list[Ratable]] = {}
    for photo in photos:
        folders.setdefault(photo.path.parent, []).append(photo)
    parted = (part for folder in sorted(folders) for part in _parted(folders[folder], gap_hours))
    return [tuple(sorted(part, key=_path)) for part in parted]


def _parted(photos: list[Ratable], gap_hours: float | None) -> list[list[Ratable]]:
    number = _numbered(photos, gap_hours)
    if not number:
        return [photos]
    parts: list[list[Ratable]] = [[] for _ in range(max(number.values()) + 1)]
    named = sorted(photos, key=lambda photo: (natural_key(photo.path.name), photo.path))
    here = next(number[photo.id] for photo in named if photo.id in number)
    for photo in named:
        here = number.get(photo.id, here)
        parts[here].append(photo)
    return parts


def _numbered(photos: list[Ratable], gap_hours: float | None) -> dict[int, int]:
    """Photos with a time, each with the number of its shoot; none where the whole folder is one."""
    timed = sorted((p.seconds, p.path, p.id) for p in photos if p.seconds is not None)
    if gap_hours is None or not timed:
        return {}
    number, shoot = {timed[0][2]: 0}, 0
    for (before, _, _), (after, _, photo_id) in pairwise(timed):
        shoot += after - before > gap_hours * 3600
        number[photo_id] = shoot
    return number


def _path(photo: Ratable) -> Path:
    return photo.path
