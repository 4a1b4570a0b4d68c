"""Which sidecars belong to a photo, which of them are read and written, and how a new one is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

from photocull.core.types import Photo
from photocull.photo.families import Entry, folded, photos_of
from photocull.photo.formats import PHOTO_SUFFIXES, RAW_SUFFIXES, SIDECAR_SUFFIXES, suffix_of

Naming = Literal["stem", "full", "both"]
"""How a new sidecar of a RAW is called: ``photo.xmp``, ``photo.raf.xmp``, or both."""
SUFFIX: Final = ".xmp"


def readable(photo: Photo) -> tuple[Path, ...]:
    """The sidecars whose marks are the photo's: every ``.xmp`` of it and its partners, ``photo.xmp`` first.

    Those of further edits (darktable's ``photo_01.raf.xmp``) have marks of their own, which are not the photo's.
    """
    files = (photo.path, *photo.partners)
    ranked = [(rank, path) for path in photo.sidecars if (rank := _rank(path, files)) is not None]
    return tuple(path for _, path in sorted(ranked))


def writable(photo: Photo, folder: "Beside", naming: Naming) -> tuple[Path, ...]:
    """The sidecars to write: those that exist, and where there is none, a new one.

    ``photo.xmp`` is a RAW's; any other photo gets ``photo.jpg.xmp``, for beside a RAW of its name ``photo.xmp`` would
    be that one's. So does a RAW beside another one of its name.

    """
    existing = readable(photo)
    own = [path for path in existing if _rank(path, (photo.path,)) is not None]
    stem, full = photo.path.with_name(_stem(photo.path.name) + SUFFIX), photo.path.with_name(photo.path.name + SUFFIX)
    raw = suffix_of(photo.path.name) in RAW_SUFFIXES and not _shared(photo, folder)
    wanted = {"stem": [stem], "full": [full], "both": [stem, full]}[naming] if raw else [full]
    taken = {folded(path.name) for path in existing}
    if naming == "both" and raw:
        return (*existing, *(path for path in wanted if folded(path.name) not in taken))
    return existing if own else (*existing, *wanted)


@dataclass(frozen=True, slots=True)
class Beside:
    """The photos and sidecars of a folder, by how their names begin: a photo's own are found among few."""

    by_start: Mapping[str, tuple[Entry, ...]]

    def near(self, photo: Photo) -> tuple[Entry, ...]:
        """What may belong to a photo: files whose names are alike up to the first dot."""
        return self.by_start.get(_start(photo.path.name), ())


def beside(folder: Path, names: Iterable[str]) -> Beside:
    """Photos and sidecars among the names of a folder."""
    kinds = PHOTO_SUFFIXES | SIDECAR_SUFFIXES
    found: dict[str, list[Entry]] = {}
    for name in names:
        if suffix_of(name) in kinds:
            found.setdefault(_start(name), []).append(Entry(name, folder / name, 0, 0))
    return Beside({start: tuple(entries) for start, entries in found.items()})


def refreshed(photo: Photo, folder: Beside) -> Photo:
    """The photo with the sidecars and partners that lie beside it now."""
    near = folder.near(photo)
    found = {p.path: p for p in photos_of(near)}
    if photo.path not in found:  # a JPEG that stands for itself beside its RAW
        found = {p.path: p for p in photos_of(near, {photo.path.name})}
    return found.get(photo.path, photo)


def _start(name: str) -> str:
    return folded(name).partition(".")[0]


def _stem(name: str) -> str:
    return name[: len(name) - len(suffix_of(name))]


def _rank(sidecar: Path, files: Sequence[Path]) -> int | None:
    """0 for ``photo.xmp``, 1 and on for ``photo.ext.xmp`` of each file; None for a sidecar of something else."""
    if suffix_of(sidecar.name) != SUFFIX:
        return None
    stem = folded(_stem(sidecar.name))
    if stem in {folded(_stem(file.name)) for file in files}:
        return 0
    named = [folded(file.name) for file in files]
    return named.index(stem) + 1 if stem in named else None


def _shared(photo: Photo, folder: Beside) -> bool:
    """Whether another RAW of the same name lies beside it, to which ``photo.xmp`` may belong."""
    stem = folded(_stem(photo.path.name))
    return any(
        entry.suffix in RAW_SUFFIXES and entry.stem == stem and entry.name != photo.path.name
        for entry in folder.near(photo)
    )
