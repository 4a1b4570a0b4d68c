"""Which sidecars belong to a photo, which of them are read and written, and how a new one is called."""

from collections.abc import Iterable, Sequence
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


def writable(photo: Photo, neighbours: Iterable[str], naming: Naming) -> tuple[Path, ...]:
    """The sidecars to write: those that exist, and where there is none, a new one.

    ``photo.xmp`` is a RAW's; any other photo gets ``photo.jpg.xmp``, for beside a RAW of its name ``photo.xmp`` would
    be that one's. So does a RAW beside another one of its name.

    Args:
        neighbours: names of all files in the folder.
    """
    existing = readable(photo)
    own = [path for path in existing if _rank(path, (photo.path,)) is not None]
    stem, full = photo.path.with_name(_stem(photo.path.name) + SUFFIX), photo.path.with_name(photo.path.name + SUFFIX)
    raw = suffix_of(photo.path.name) in RAW_SUFFIXES and not _shared(photo, neighbours)
    wanted = {"stem": [stem], "full": [full], "both": [stem, full]}[naming] if raw else [full]
    taken = {folded(path.name) for path in existing}
    if naming == "both" and raw:
        return (*existing, *(path for path in wanted if folded(path.name) not in taken))
    return existing if own else (*existing, *wanted)


def refreshed(photo: Photo, folder: Sequence[Entry]) -> Photo:
    """The photo with the sidecars and partners that lie beside it now.

    Args:
        folder: photos and sidecars in its folder, see `beside`.
    """
    stem = folded(_stem(photo.path.name))
    near = [entry for entry in folder if folded(entry.name).startswith(stem)]
    found = {p.path: p for p in photos_of(near)}
    if photo.path not in found:  # a JPEG that stands for itself beside its RAW
        found = {p.path: p for p in photos_of(near, {photo.path.name})}
    return found.get(photo.path, photo)


def beside(folder: Path, names: Iterable[str]) -> list[Entry]:
    """Photos and sidecars among the names of a folder."""
    kinds = PHOTO_SUFFIXES | SIDECAR_SUFFIXES
    return [Entry(name, folder / name, 0, 0) for name in names if suffix_of(name) in kinds]


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


def _shared(photo: Photo, neighbours: Iterable[str]) -> bool:
    """Whether another RAW of the same name lies beside it, to which ``photo.xmp`` may belong."""
    stem = folded(_stem(photo.path.name))
    return any(
        suffix_of(name) in RAW_SUFFIXES and folded(_stem(name)) == stem and name != photo.path.name
        for name in neighbours
    )
