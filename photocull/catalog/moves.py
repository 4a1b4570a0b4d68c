"""Decides, without touching anything, which known photo each scanned file is: the same, moved, edited, or new."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photocull.catalog.records import FoundPhoto


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A photo of the catalogue as far as its place goes.

    Attributes:
        decided: it has a mark that must not get lost. rejected: that of a reject is among them.
        missing: that its file is gone was known before.
    """

    id: int
    path: Path
    fingerprint: str
    decided: bool
    missing: bool = False
    rejected: bool = False


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
    with marks is not pushed from its path by one without, which an editor may have saved beside it first: then the
    file counts as edited. It is pushed if it was gone before, or if yet another photo lies where that one came from.

    Args:
        found: scanned files by path. at: known photos at those paths. like: known photos of the same contents anywhere.
        gone: whether a path is gone from disk. strangers: files, each with a photo that it is not, edited or otherwise.
    """
    open_files = unsettled(found.values(), at)
    others = {path for path, place in at.items() if (path, place.id) in strangers}
    moves = _by_content(open_files, found, like, gone)
    held = {place.id for place in moves.values()}
    edited = [p for p in moves if p in at and at[p].id not in held and p not in others and not at[p].missing]
    alone = [path for path in edited if moves[path].path not in moves]
    for path in [path for path in alone if at[path].decided > moves[path].decided]:
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
    in_sight = {place.fingerprint for place in like if not place.missing}
    now: dict[str, list[KnownPlace]] = {}
    before: dict[str, list[KnownPlace]] = {}
    for place in like:
        here = found.get(place.path)
        if not (gone(place.path) if here is None else _shuffled(place, here, owners)):
            continue
        if not place.missing:
            now.setdefault(place.fingerprint, []).append(place)
        elif not (place.rejected and place.fingerprint in in_sight):  # what was kept of it must not become a reject
            before.setdefault(place.fingerprint, []).append(place)
    files: dict[str, list[Path]] = {}
    for file in open_files:
        files.setdefault(file.fingerprint, []).append(file.photo.path)
    moves: dict[Path, KnownPlace] = {}
    for free in (now, before):  # what was in sight until now is what moved, if anything did
        for fingerprint, candidates in free.items():
            moves |= _nearest([path for path in files.get(fingerprint, ()) if path not in moves], candidates)
    return moves


def _nearest(paths: Sequence[Path], candidates: Sequence[KnownPlace]) -> dict[Path, KnownPlace]:
    """Which of these photos of one content lies at each of these paths: those with most of the path's end in common."""
    ranked = sorted(candidates, key=lambda place: (place.rejected, not place.decided, place.id))
    if not paths or not ranked:
        return {}
    chosen: dict[Path, KnownPlace] = {}
    for length in range(max(len(path.parts) for path in paths), -1, -1):
        ends: dict[tuple[str, ...], list[KnownPlace]] = {}
        held = {place.id for place in chosen.values()}
        for place in ranked:
            if place.id not in held:
                ends.setdefault(_end(place.path, length), []).append(place)
        for path in paths:
            if path not in chosen and (fitting := ends.get(_end(path, length))):
                chosen[path] = fitting.pop(0)
    return chosen


def _end(path: Path, length: int) -> tuple[str, ...]:
    return path.parts[-length:] if length else ()


def _shuffled(place: KnownPlace, here: FoundPhoto, owners: Mapping[str, set[int]]) -> bool:
    """Whether another known photo lies at this path now; a content never seen before means that the file was edited."""
    return here.fingerprint != place.fingerprint and bool(owners.get(here.fingerprint, set()) - {place.id})
