"""Which names are free in the folders of an export, so that nothing is replaced and no two photos become one."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal

from photocull.core.errors import UsageError
from photocull.core.types import Photo
from photocull.photo.families import undoubled
from photocull.photo.formats import PHOTO_SUFFIXES, RAW_SUFFIXES, SIDECAR_SUFFIXES, suffix_of
from photocull.picks.digests import same_content
from photocull.picks.safe_names import folded

Rule = Literal["number", "skip", "stop"]
"""What is done where a name is taken: a number is added, the photo is left out, or nothing is exported at all."""
_MOST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Member:
    """A file of a photo and how its name goes on after the photo's own: ``.NEF``, ``.xmp``, ``_01.NEF.xmp``."""

    path: Path
    ending: str
    size: int
    mtime_ns: int


Made = Callable[[Member, Path], bool]
"""Whether a file was made of another one earlier, and lies there as it was made."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The name that a photo is to have, without an ending, and its files, the main one first."""

    folder: Path
    stem: str
    members: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Where the files of a photo go, in their order, and which of these lie there already."""

    targets: tuple[Path, ...]
    there: frozenset[Path]


@dataclass(slots=True)
class _Folder:
    """Names in a folder, folded: of files that lie there, of those that are to come, of both by what they are of.

    ``edits`` has what may be a photo's further edits by the whole name of that photo.
    """

    files: dict[str, Path] = field(default_factory=dict)
    claimed: set[str] = field(default_factory=set)
    by_root: dict[str, set[str]] = field(default_factory=dict)
    edits: dict[str, set[str]] = field(default_factory=dict)

    def know(self, name: str) -> None:
        """Remember whose a name may be."""
        for root in _roots(name):
            self.by_root.setdefault(root, set()).add(folded(name))
        if photo := _edited(folded(name)):
            self.edits.setdefault(photo, set()).add(folded(name))

    def apart(self, names: Sequence[str]) -> bool:
        """Whether files of these names stay one photo here: no other's is taken for theirs, nor the reverse."""
        own = {folded(name) for name in names}
        mates = {mate for name in names for root in _roots(name) for mate in self.by_root.get(root, ())} - own
        if mates and any(_binds(name) for name in mates | own):
            return False
        theirs = (edit for name in own for edit in self.edits.get(name, set()) - own)
        ours = (name for name in own if self._has(_edited(name)) and _edited(name) not in own)
        # A further edit's name is first of all that of a sidecar of the photo whose own name ends in the number.
        return all(_without_ending(edit) in own or self._has(_without_ending(edit)) for edit in (*theirs, *ours))

    def _has(self, name: str) -> bool:
        return name in self.files or name in self.claimed


class Names:
    """The names of one export as they are given away, one photo after the other.

    Args:
        way: of the export; a copy or link that lies there already need not be made again.
        made: tells of converted pictures whether they need not either.
    """

    def __init__(self, way: str, made: Made | None = None) -> None:
        self._way, self._made = way, made
        self._folders: dict[str, _Folder] = {}

    def place(self, wanted: Wanted, rule: Rule) -> Placed | None:
        """Names for all files of a photo, alike but for their endings; None where it is to be left out.

        Raises:
            UsageError: the rule is "stop" and a name is taken.
        """
        folder = self._folder(wanted.folder)
        for number in range(1, _MOST):
            stem = wanted.stem if number == 1 else f"{wanted.stem}-{number}"
            targets = tuple(wanted.folder / f"{stem}{member.ending}" for member in wanted.members)
            there = self._there(folder, wanted.members, targets)
            if there is not None and folder.apart([target.name for target in targets]):
                for target in targets:
                    folder.claimed.add(folded(target.name))
                    folder.know(target.name)
                return Placed(targets, there)
            if rule == "skip":
                return None
            if rule == "stop":
                remedy = "Choose another template, or --collision number or skip."
                raise UsageError(
                    "A file of this name lies there already, or would twice.", path=targets[0], remedy=remedy
                )
        raise UsageError("There is no free name left.", path=wanted.folder, remedy="Choose another template.")

    def _folder(self, path: Path) -> _Folder:
        key = folded(str(path))
        if key not in self._folders:
            self._folders[key] = made = _Folder()
            with suppress(OSError), os.scandir(path) as entries:
                for entry in entries:
                    made.files[folded(entry.name)] = path / entry.name
                    made.know(entry.name)
        return self._folders[key]

    def _there(self, folder: _Folder, members: Sequence[Member], targets: Sequence[Path]) -> frozenset[Path] | None:
        """Those targets that lie there already as they should; None where one is taken by anything else."""
        there = set()
        for member, target in zip(members, targets, strict=True):
            key = folded(target.name)
            if key in folder.claimed:
                return None
            if key in folder.files:
                if folder.files[key] != target or not self._is_it(member, target):
                    return None
                there.add(target)
        return frozenset(there)

    def _is_it(self, member: Member, target: Path) -> bool:
        source = member.path
        try:
            if self._way == "symlink":
                return target.is_symlink() and target.readlink() == source
            if target.is_symlink():
                return False
            if self._way == "convert":
                return self._made is not None and self._made(member, target)
            if self._way == "hardlink" or target.samefile(source):
                return target.samefile(source)
            return self._way == "copy" and same_content(source, target)
        except OSError:
            return False


def members_of(photo: Photo, paths: Sequence[Path], *, converted: bool = False) -> Iterator[str]:
    """How each file's name goes on after that of its photo; of a converted picture always ``.jpg``."""
    stem = photo.path.stem
    for path in paths:
        own = path.name[: len(stem)]
        if converted:
            yield ".jpg"
        elif folded(own) == folded(stem) and len(path.name) > len(stem):
            yield path.name[len(stem) :]
        else:  # the same name in another spelling, whose letters cannot be counted off
            yield path.suffix


def _roots(name: str) -> set[str]:
    """The names, folded and without an ending, of the photos that a file may be of: see `photo.families`."""
    stem = _without_ending(name)
    roots = {stem}
    if suffix_of(name) in SIDECAR_SUFFIXES and suffix_of(stem) in PHOTO_SUFFIXES:
        roots.add(_without_ending(stem))
    return {folded(root) for root in roots}


def _edited(name: str) -> str:
    """The photo that a sidecar called ``stem_01.ext.xmp`` may be a further edit of; empty if it is none."""
    stem = _without_ending(name)
    photo = undoubled(stem) if suffix_of(name) in SIDECAR_SUFFIXES else stem
    return "" if photo == stem else photo


def _without_ending(name: str) -> str:
    return name[: len(name) - len(suffix_of(name))]


def _binds(name: str) -> bool:
    """Whether a file takes others of its name for its own, or is taken by them; plain pictures stand side by side."""
    return suffix_of(name) in RAW_SUFFIXES | SIDECAR_SUFFIXES
