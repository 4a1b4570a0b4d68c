"""Decides, without touching anything, which known photo each scanned file is: the same, moved, edited, or new."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from photocull.catalog.records import FoundPhoto


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A photo of the catalogue as far as its place goes; ``decided``: it has a mark that must not get lost."""

    id: int
    path: Path
    fingerprint: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What becomes of each scanned file.

    Attributes:
        ids: catalogue id by path, for all files but the new ones.
        moved: ids whose path changes. displaced: ids without a mark whose path another photo took over.
        new: files that no photo of the catalogue is.
    """

    ids: Mapping[Path, int]
    moved: frozenset[int]
    displaced: frozenset[int]
    new: tuple[FoundPhoto, ...]


def unsettled(found: Iterable[FoundPhoto], at: Mapping[Path, KnownPlace]) -> list[FoundPhoto]:
    """The files whose path is unknown or has another content now."""
    return [f for f in found if (place := at.get(f.photo.path)) is None or place.fingerprint != f.fingerprint]


def plan(
    found: Mapping[Path, FoundPhoto],
    at: Mapping[Path, KnownPlace],
    like: Sequence[KnownPlace],
    gone: Callable[[Path], bool],
) -> Plan:
    """Match files to photos, by path and content first, by content next, by path alone last.

    Content goes before path so that renumbering a shoot (1 to 2, 2 to 3) carries each photo's marks along; but a photo
    with marks is never pushed from its path by a mere namesake: then the file counts as edited.

    Args:
        found: scanned files by path. at: known photos at those paths. like: known photos of the same contents anywhere.
        gone: whether a path is gone from disk.
    """
    open_files = unsettled(found.values(), at)
    moves = _by_content(open_files, found, like, gone)
    while blocked := [p for p in moves if _stays(at.get(p), moves) and at[p].decided]:
        for path in blocked:
            del moves[path]
    moved = frozenset(place.id for place in moves.values())
    ids = {path: place.id for path, place in at.items() if place.id not in moved and path not in moves}
    displaced = frozenset(at[path].id for path in moves if _stays(at.get(path), moves))
    ids |= {path: place.id for path, place in moves.items()}
    return Plan(ids, moved, displaced, tuple(f for f in open_files if f.photo.path not in ids))


def _by_content(
    open_files: Sequence[FoundPhoto],
    found: Mapping[Path, FoundPhoto],
    like: Sequence[KnownPlace],
    gone: Callable[[Path], bool],
) -> dict[Path, KnownPlace]:
    free: dict[str, list[KnownPlace]] = {}
    for place in like:
        here = found.get(place.path)
        if (here.fingerprint != place.fingerprint) if here is not None else gone(place.path):
            free.setdefault(place.fingerprint, []).append(place)
    moves: dict[Path, KnownPlace] = {}
    for file in open_files:
        path, candidates = file.photo.path, free.get(file.fingerprint)
        if candidates:
            best = min(candidates, key=lambda place: (not place.decided, place.path.name != path.name, place.id))
            candidates.remove(best)
            moves[path] = best
    return moves


def _stays(place: KnownPlace | None, moves: Mapping[Path, KnownPlace]) -> bool:
    return place is not None and all(moved.id != place.id for moved in moves.values())
