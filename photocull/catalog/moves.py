"""Decides, without touching anything, which known photo each scanned file is: the same, moved, edited, or new."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
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
        moved: ids whose path changes. new: files that no photo of the catalogue is.
        replaced: ids without a mark whose path another photo took over. ousted: those with marks; they are kept out of
            sight until their content turns up.
    """

    ids: Mapping[Path, int]
    moved: frozenset[int]
    replaced: frozenset[int]
    ousted: frozenset[int]
    new: tuple[FoundPhoto, ...]

    def going_on(self, heads: Mapping[Path, KnownPlace]) -> "Plan":
        """With some of the new files in the place of known photos, as if those had moved there."""
        ids = {path: place.id for path, place in heads.items()}
        return replace(
            self,
            ids={**self.ids, **ids},
            moved=self.moved | frozenset(ids.values()),
            new=tuple(f for f in self.new if f.photo.path not in ids),
        )


def unsettled(found: Iterable[FoundPhoto], at: Mapping[Path, KnownPlace]) -> list[FoundPhoto]:
    """The files whose path is unknown or has another content now."""
    return [f for f in found if (place := at.get(f.photo.path)) is None or place.fingerprint != f.fingerprint]


def plan(
    found: Mapping[Path, FoundPhoto],
    at: Mapping[Path, KnownPlace],
    like: Sequence[KnownPlace],
    gone: Callable[[Path], bool],
    strangers: Collection[tuple[Path, int]] = (),
) -> Plan:
    """Match files to photos, by path and content first, by content next, by path alone last.

    Content goes before path so that renumbering a shoot (1 to 2, 2 to 3) carries each photo's marks along. A photo
    with marks is not pushed from its path by one without: then the file counts as edited.

    Args:
        found: scanned files by path. at: known photos at those paths. like: known photos of the same contents anywhere.
        gone: whether a path is gone from disk. strangers: files, each with a photo that it is not, edited or otherwise.
    """
    open_files = unsettled(found.values(), at)
    others = {path for path, place in at.items() if (path, place.id) in strangers}
    moves = _by_content(open_files, found, like, gone)
    held = {place.id for place in moves.values()}
    edited = [p for p in moves if p in at and at[p].id not in held and p not in others]
    for path in [path for path in edited if at[path].decided > moves[path].decided]:
        del moves[path]
    moved = frozenset(place.id for place in moves.values())
    taken = moves.keys() | others
    pushed = [at[path] for path in taken if path in at and at[path].id not in moved]
    ids = {path: place.id for path, place in at.items() if place.id not in moved and path not in taken}
    ids |= {path: place.id for path, place in moves.items()}
    return Plan(
        ids=ids,
        moved=moved,
        replaced=frozenset(place.id for place in pushed if not place.decided),
        ousted=frozenset(place.id for place in pushed if place.decided),
        new=tuple(f for f in open_files if f.photo.path not in ids),
    )


def _by_content(
    open_files: Sequence[FoundPhoto],
    found: Mapping[Path, FoundPhoto],
    like: Sequence[KnownPlace],
    gone: Callable[[Path], bool],
) -> dict[Path, KnownPlace]:
    """Which photo moved to which path, each at most once."""
    owners: dict[str, set[int]] = {}
    for place in like:
        owners.setdefault(place.fingerprint, set()).add(place.id)
    free: dict[str, list[KnownPlace]] = {}
    for place in like:
        here = found.get(place.path)
        if gone(place.path) if here is None else _shuffled(place, here, owners):
            free.setdefault(place.fingerprint, []).append(place)
    moves: dict[Path, KnownPlace] = {}
    for file in open_files:
        path, candidates = file.photo.path, free.get(file.fingerprint)
        if candidates:
            best = min(candidates, key=lambda place: (not place.decided, place.path.name != path.name, place.id))
            candidates.remove(best)
            moves[path] = best
    return moves


def _shuffled(place: KnownPlace, here: FoundPhoto, owners: Mapping[str, set[int]]) -> bool:
    """Whether another known photo lies at this path now; a content never seen before means that the file was edited."""
    return here.fingerprint != place.fingerprint and bool(owners.get(here.fingerprint, set()) - {place.id})
