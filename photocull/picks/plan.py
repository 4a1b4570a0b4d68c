"""What an export or a clean-up is going to do, file by file, before anything is touched; the dry run shows it."""

import os
import shutil
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from photocull.catalog.records import PhotoDetail
from photocull.core.amounts import bytes_words
from photocull.core.errors import OutputError, UsageError
from photocull.core.types import Photo
from photocull.core.work import CancelToken, Listener, Pace, Problem
from photocull.photo.looking import reason
from photocull.picks.belonging import as_they_are
from photocull.picks.collisions import Made, Member, Names, Rule, Wanted, members_of
from photocull.picks.naming import Template, subjects

Way = Literal["copy", "hardlink", "symlink", "move", "convert", "trash"]
"""How files come to their targets; "convert" writes a JPEG instead, "trash" is the system's own."""
_MARGIN: Final = 32 << 20
"""Bytes that are left free: systems and other programs need some too."""


@dataclass(frozen=True, slots=True)
class Item:
    """One file. ``target`` is None where the system chooses it. ``size`` in bytes and ``mtime_ns`` as planned."""

    source: Path
    target: Path | None
    size: int
    mtime_ns: int


@dataclass(frozen=True, slots=True)
class Family:
    """One photo with what belongs to it, which goes whole or not at all.

    Attributes:
        photo: the main file. items: what is to be done, the main file first.
        there: what lies there already, the same in every byte.
    """

    photo: Path
    items: tuple[Item, ...]
    there: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is to be done. ``folder`` is None for the system's trash; ``left_out`` says why.

    Attributes:
        inside: photos that are passed over, as they lie in the folder, like copies that were made there before.
        most: bytes that a converted picture does not go beyond; None where that is not known.
    """

    way: Way
    folder: Path | None
    families: tuple[Family, ...]
    left_out: tuple[Problem, ...] = ()
    inside: int = 0
    most: int | None = None

    @property
    def files(self) -> int:
        """How many files are to be made or moved."""
        return sum(len(family.items) for family in self.families)

    def of(self, photos: Iterable[PhotoDetail]) -> list[PhotoDetail]:
        """Those of these photos that it does not leave out."""
        kept = frozenset(family.photo for family in self.families)
        return [detail for detail in photos if detail.row.path in kept]

    def without(self, sources: Iterable[Path]) -> "Plan":
        """The plan but for the photos that these files are of."""
        gone = frozenset(sources)
        kept = (f for f in self.families if not any(i.source in gone for i in (*f.items, *f.there)))
        return replace(self, families=tuple(kept))

    @property
    def needed(self) -> int:
        """Bytes that it takes at the target; what is only renamed or linked takes none."""
        items = (item for family in self.families for item in family.items if _weighs(self.way, item))
        return sum(item.size if self.most is None else min(item.size, self.most) for item in items)


def plan_export(
    choice: Sequence[PhotoDetail],
    folder: Path,
    way: Way,
    template: Template,
    rule: Rule = "number",
    *,
    made: Made | None = None,
    most: int | None = None,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> Plan:
    """Where each photo of a choice, best first, goes with its partners and sidecars; nothing is touched.

    Args:
        made: tells which JPEGs need not be made again. most: bytes that one of them does not go beyond.
        listener: hears `Progressed`: what lies there already is compared byte by byte, which may take its time.

    Raises:
        UsageError: the folder is a file or on another drive than a hard link can reach; with the rule "stop" also a
            name that is taken. CancelledError: the token said so.
    """
    _check_folder(folder)
    names, families, left_out = Names(way, made), list[Family](), list[Problem]()
    going = choice if way == "move" else _from_outside(choice, folder)
    today = {} if way == "convert" else as_they_are([detail.photo for detail in going], token=token)
    pace = Pace(len(going))
    for subject in subjects(going):
        if token is not None:
            token.check()
        if listener is not None:
            listener(pace.step())
        photo = today.get(subject.detail.row.path, subject.detail.photo)
        if photo is None:  # it goes with its RAW
            continue
        try:
            members = list(_members(photo, way))
        except OSError as error:
            left_out.append(Problem(photo.path, _why(error)))
            continue
        name = folder.joinpath(*template.fill(subject).parts)
        placed = names.place(Wanted(name.parent, name.name, tuple(members)), rule)
        if placed is None:
            left_out.append(Problem(photo.path, "A file of its name lies there already; it was left out."))
        else:
            families.append(_family(photo.path, members, placed.targets, placed.there))
    if way == "hardlink":
        _check_drive(families, folder)
    return Plan(way, folder, tuple(families), tuple(left_out), len(choice) - len(going), most)


def plan_trash(choice: Sequence[PhotoDetail]) -> Plan:
    """What goes to the system's trash, each photo with its partners and sidecars; nothing is touched."""
    families, left_out = list[Family](), list[Problem]()
    for photo in as_they_are([detail.photo for detail in choice]).values():
        if photo is None:
            continue
        try:
            members = list(_members(photo, "trash"))
        except OSError as error:
            left_out.append(Problem(photo.path, _why(error)))
            continue
        items = tuple(Item(m.path, None, m.size, m.mtime_ns) for m in members)
        families.append(Family(photo.path, items))
    return Plan("trash", None, tuple(families), tuple(left_out))


def check_room(plan: Plan) -> None:
    """Say before the first byte that a plan does not fit.

    Raises:
        OutputError: the drive has less room than it takes, or cannot be asked.
    """
    if plan.folder is None:
        return
    try:
        needed = plan.needed
        if not needed:
            return
        free = shutil.disk_usage(existing(plan.folder)).free
    except OSError as error:
        raise OutputError(f"The folder cannot be reached: {reason(error)}.", path=plan.folder) from error
    if needed + _MARGIN > free:
        remedy = "Make room there, choose fewer photos, or export links with --hardlink or --symlink."
        sentence = f"There is not enough room: {bytes_words(needed)} are needed and {bytes_words(free)} are free."
        raise OutputError(sentence, path=plan.folder, remedy=remedy)


def existing(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next((place for place in (folder, *folder.parents) if os.path.lexists(place)), Path(folder.anchor))


def _from_outside(choice: Sequence[PhotoDetail], folder: Path) -> Sequence[PhotoDetail]:
    """Photos that do not lie in the folder already; all, where all do: then it is meant to hold both."""
    target = os.path.realpath(folder)
    real = {parent: os.path.realpath(parent) for parent in {detail.row.path.parent for detail in choice}}
    outside = [one for one in choice if not Path(real[one.row.path.parent]).is_relative_to(target)]
    return outside or choice


def _members(photo: Photo, way: Way) -> Iterator[Member]:
    """The files of a photo that go along; a converted picture stands for itself.

    Raises:
        OSError: one of them is not there or cannot be reached, or is a link where the file itself would be moved.
    """
    paths = (photo.path,) if way == "convert" else (photo.path, *photo.partners, *photo.sidecars)
    for path, name in zip(paths, members_of(photo, paths, converted=way == "convert"), strict=True):
        if way in ("move", "trash") and path.is_symlink():
            raise OSError(0, "it is a link, and only files themselves are moved", str(path))
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise OSError(0, "it is no regular file", str(path))
        yield Member(path, name, state.st_size, state.st_mtime_ns)


def _family(main: Path, members: Sequence[Member], targets: Sequence[Path], there: frozenset[Path]) -> Family:
    items = [Item(m.path, target, m.size, m.mtime_ns) for m, target in zip(members, targets, strict=True)]
    return Family(main, tuple(i for i in items if i.target not in there), tuple(i for i in items if i.target in there))


def _check_folder(folder: Path) -> None:
    try:
        place = existing(folder)
        if not os.path.lexists(place):
            raise UsageError("There is no such drive.", path=place, remedy="Name another folder after --to.")
        if not place.is_dir():
            raise UsageError("This is a file, not a folder.", path=place, remedy="Name another folder after --to.")
    except OSError as error:
        raise UsageError(f"The folder cannot be reached: {reason(error)}.", path=folder) from error


def _check_drive(families: Sequence[Family], folder: Path) -> None:
    drive = existing(folder).stat().st_dev
    if any(item.source.stat().st_dev != drive for family in families for item in family.items):
        remedy = "Use --copy or --symlink."
        raise UsageError("A hard link cannot lead to a file on another drive.", path=folder, remedy=remedy)


def _weighs(way: Way, item: Item) -> bool:
    if way == "move" and item.target is not None:
        try:
            drive = item.source.stat().st_dev
        except OSError:  # it is gone since it was planned: carrying out names it and goes on with the others
            return False
        return drive != existing(item.target.parent).stat().st_dev
    return way in ("copy", "convert")


def _why(error: OSError) -> str:
    name = Path(error.filename).name if error.filename else "a file"
    return f"It stays where it is, as {name} cannot go: {reason(error)}."
