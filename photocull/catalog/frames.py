"""Which known photo a new file goes on with: a RAW that joined its JPEG, or what is left of a frame without its RAW.

A frame keeps its id and its marks whichever of its files stands for it; touches nothing, like `moves`.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path

from photocull.catalog.moves import KnownPlace
from photocull.catalog.records import FoundPhoto


@dataclass(frozen=True, slots=True)
class KnownFrame:
    """A photo of the catalogue with the other renderings that it had when it was last seen."""

    place: KnownPlace
    partners: frozenset[Path]


def by_path(known: Iterable[KnownFrame]) -> dict[Path, list[KnownPlace]]:
    """The photos to whose frame each path belongs."""
    heads: dict[Path, list[KnownPlace]] = {}
    for frame in known:
        for path in {frame.place.path, *frame.partners}:
            heads.setdefault(path, []).append(frame.place)
    return heads


def successors(
    new: Iterable[FoundPhoto],
    known: Iterable[KnownFrame],
    taken: Collection[int],
    gone: Callable[[Path], bool],
    strangers: Collection[tuple[Path, int]] = (),
) -> dict[Path, KnownPlace]:
    """The known photo that each of these new files goes on with, by the file's path; each at most once.

    Args:
        known: photos at the new files' partners, and photos with partners in their folders.
        taken: ids that another file has already. gone: whether a path is gone from disk.
        strangers: files, each with a photo that it does not go on with.
    """
    heads = by_path(known)
    held, chosen = set(taken), dict[Path, KnownPlace]()
    for file in new:
        own = {file.photo.path, *file.photo.partners}
        places = {place.id: place for path in sorted(own) for place in heads.get(path, ()) if place.id not in held}
        kin = [place for place in places.values() if (file.photo.path, place.id) not in strangers]
        fitting = [place for place in kin if place.path in own or gone(place.path)]
        if fitting:
            best = min(fitting, key=lambda place: (not place.decided, place.id))
            held.add(best.id)
            chosen[file.photo.path] = best
    return chosen
