"""Where a set's photos lie: one scan of its folder, then photos by the name that a label file gives them."""

import filecmp
import os
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from photocull.core.errors import TrainingError
from photocull.photo.formats import PHOTO_SUFFIXES, suffix_of

_PHOTOS: Final = PHOTO_SUFFIXES | {".bmp"}
_LABELS: Final = frozenset((".csv", ".txt", ".jpgl"))
_LEFT_OUT: Final = frozenset(("@eadir", "__macosx", "lost+found", "system volume information"))
"""Folders that systems keep, lower case: small pictures in them bear the photos' names."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """What one scan of a folder found.

    Attributes:
        root: the folder, absolute.
        labels: every file that may hold labels, sorted by path.
        photos: absolute paths by file name; the suffix is in lower case.
        unread: folders below it that could not be read.
    """

    root: Path
    labels: tuple[Path, ...]
    photos: dict[str, list[str]] = field(repr=False)
    unread: tuple[str, ...] = ()

    def locate(self, names: Sequence[str], base: Path) -> list[Path | None]:
        """The photo of each label ``name`` ("a.jpg", "complementary/orange_blue/a.jpg"), or None where it is missing.

        A photo is found by the relative path of its label, or else by its file name; a photo that one label names by
        its path is not given to another label by its name alone. Where several photos have the name, the one that lies
        nearest to ``base`` (the folder of the label files) is taken, and equal copies count as one.

        Raises:
            TrainingError: two different photos have the name and no folder tells them apart.
        """
        keys = [_key(name) for name in names]
        exact = [self._by_path(key) for key in keys]
        claimed = {path for found in exact for path in found} if any("/" in key for key in keys) else set()
        pairs = zip(names, keys, exact, strict=True)
        return [_one(name, found or self._by_name(key, claimed), base) for name, key, found in pairs]

    def _by_path(self, key: str) -> list[str]:
        named = self.photos.get(key.rpartition("/")[2], [])
        return [path for path in named if _key(path).endswith(f"/{key}")] if "/" in key else named

    def _by_name(self, key: str, claimed: set[str]) -> list[str]:
        return [path for path in self.photos.get(key.rpartition("/")[2], ()) if path not in claimed]


def scan_data(data: Path) -> DataFolder:
    """Look once at everything in and below ``data``, but hidden folders; links are followed, each real folder once.

    Raises:
        TrainingError: ``data`` is not a folder that can be read.
    """
    root = Path.cwd() / data
    try:
        next(root.iterdir(), None)
    except OSError as error:
        remedy = "Name the folder that holds the label files and the photos with --data."
        raise TrainingError(f"The folder cannot be read: {error.strerror}.", path=data, remedy=remedy) from error
    labels: list[Path] = []
    photos: dict[str, list[str]] = defaultdict(list)
    unread: list[str] = []
    for entry in _files(root, unread):
        suffix = suffix_of(entry.name)
        if suffix in _PHOTOS:
            photos[_key(entry.name)].append(entry.path)
        elif suffix in _LABELS:
            labels.append(Path(entry.path))
    return DataFolder(root, tuple(sorted(labels)), dict(photos), tuple(sorted(unread)))


def _files(root: Path, unread: list[str]) -> Iterator["os.DirEntry[str]"]:
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        folder = waiting.pop()
        try:
            identity = folder.stat()
            if (identity.st_dev, identity.st_ino) in seen:
                continue
            seen.add((identity.st_dev, identity.st_ino))
            with os.scandir(folder) as entries:
                for entry in entries:
                    if not entry.is_dir():
                        yield entry
                    elif not entry.name.startswith(".") and entry.name.lower() not in _LEFT_OUT:
                        waiting.append(Path(entry.path))
        except OSError:
            unread.append(str(folder))


def _key(name: str) -> str:
    plain = name if name.isascii() else unicodedata.normalize("NFC", name)
    plain = plain.replace("\\", "/").removeprefix("./")
    suffix = suffix_of(plain)
    return plain[: len(plain) - len(suffix)] + suffix


def _one(name: str, found: list[str], base: Path) -> Path | None:
    if len(found) > 1:
        found = _nearest(found, base)
        found = sorted(found)[:1] if _equal(found) else sorted(found)
    if len(found) > 1:
        sentence = f"Two different photos are called '{name}': {found[0]} and {found[1]}."
        remedy = "Keep the one that the labels mean, or name its folder with --data."
        raise TrainingError(sentence, remedy=remedy)
    return Path(found[0]) if found else None


def _nearest(found: list[str], base: Path) -> list[str]:
    for folder in (base, *base.parents):
        within = [path for path in found if Path(path).is_relative_to(folder)]
        if within:
            return within
    return found


def _equal(found: Iterable[str]) -> bool:
    first, *others = found
    try:
        return all(filecmp.cmp(first, other, shallow=False) for other in others)
    except OSError as error:
        raise TrainingError(f"The photo cannot be read: {error.strerror}.", path=first) from error
