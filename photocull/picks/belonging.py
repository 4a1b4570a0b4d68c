"""What belongs to photos as their folders are now: the catalogue does not know what was written there since."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from photocull.core.named import is_there
from photocull.core.types import Photo
from photocull.core.work import CancelToken
from photocull.photo.families import Entry, photos_of
from photocull.photo.scan import files_of


def as_they_are(photos: Sequence[Photo], *, token: CancelToken | None = None) -> dict[Path, Photo | None]:
    """Each photo with what is its own today, in their order; None for what has become part of another one of these.

    One whose folder cannot be listed stays as it is known.

    Raises:
        CancelledError: the token said so.
    """
    found: dict[Path, Photo | None] = {photo.path: photo for photo in photos}
    for folder, names in _by_folder(photo.path for photo in photos).items():
        try:
            there = files_of(folder, token=token)
        except OSError:
            continue
        listed = {entry.name for entry in there}
        left = {name for name in names if name in listed or is_there(folder / name)}
        today = _photos(folder, there, left)
        found |= {folder / name: today.get(folder / name) for name in left}
    return found


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are one photo, the main one first; ``left`` says that the main one lies there no more."""

    main: Path
    files: tuple[Path, ...]
    left: bool = False


def strange_sidecars(groups: Sequence[Group]) -> Iterator[tuple[Group, Photo, tuple[Path, ...]]]:
    """Groups beside which sidecars lie that belong to them and are not among their files; each folder is listed once.

    Of one that has left, what it left behind; nothing where another photo has taken its name.
    """
    by_folder: dict[Path, list[Group]] = {}
    for group in groups:
        by_folder.setdefault(group.main.parent, []).append(group)
    for folder, own in by_folder.items():
        try:
            there = files_of(folder)
        except OSError:
            continue
        names = {entry.name for entry in there}
        held = [group for group in own if group.left != (group.main.name in names)]
        today = _photos(folder, there, {file.name for group in held for file in group.files if file.parent == folder})
        for group in held:
            photo = today.get(group.main)
            strange = () if photo is None else tuple(s for s in photo.sidecars if s not in group.files)
            if photo is not None and strange:
                yield group, photo, strange


def _by_folder(paths: Iterable[Path]) -> dict[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for path in paths:
        found.setdefault(path.parent, set()).add(path.name)
    return found


def _photos(folder: Path, there: Sequence[Entry], names: set[str]) -> dict[Path, Photo]:
    """The photos of these names, though they are not there, or under a name that no scan takes for a photo's."""
    lacking = names - {entry.name for entry in there}
    entries = [*there, *(Entry(name, folder / name, 0, 0) for name in lacking)]
    return {photo.path: photo for photo in photos_of(entries, names)}
