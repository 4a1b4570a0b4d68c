"""Find the photos under files and folders, with what belongs to each; looks at names and types, opens no file."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from photocull.core.errors import UsageError
from photocull.core.named import from_root
from photocull.core.types import Photo
from photocull.core.work import CancelToken, Problem
from photocull.photo.families import DUPLICATE, Entry, folded, photos_of
from photocull.photo.formats import PHOTO_SUFFIXES, RAW_SUFFIXES, SIDECAR_SUFFIXES, VIDEO_SUFFIXES, suffix_of
from photocull.photo.looking import Folder, Seen, list_folder, look, reason

_LEFT_OUT: Final = frozenset(
    ("$recycle.bin", "recycler", "recycled", "system volume information", "trash", "lost+found", "__macosx")
) | frozenset(("@eadir", "@recycle", "#recycle", "@tmp", "#snapshot", "@snapshot"))
"""Folders of systems, network disks and wastebaskets, lower case; names with a leading dot are left out anyway."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What was found.

    Attributes:
        photos: each once, sorted by path. videos: how many were left out.
        problems: folders and links that could not be read.
    """

    photos: tuple[Photo, ...]
    videos: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Walked:
    """A folder that was met, its content, and whether a link leads there."""

    path: Path
    content: Folder
    linked: bool


@dataclass(slots=True)
class _Walk:
    token: CancelToken | None
    photos: dict[Path, Photo] = field(default_factory=dict)
    videos: set[Path] = field(default_factory=set)
    problems: dict[Path, Problem] = field(default_factory=dict)

    def problem(self, path: Path, sentence: str) -> None:
        """Keep one remark a path."""
        self.problems[path] = Problem(path, sentence)


def scan(paths: Iterable[Path], *, token: CancelToken | None = None) -> ScanResult:
    """Find the photos in files and folders, folders with all that lies below.

    A RAW and the JPEG or HEIC of the same name beside it are one photo. Hidden files, wastebaskets and system folders
    are left out, unless named. A file that is named counts as a photo whatever its suffix, unless it is a video or a
    sidecar; a JPEG that is named without its RAW stands for itself. Links are followed, each real folder once.

    Raises:
        UsageError: a path does not exist or cannot be reached. CancelledError: the token says so.
    """
    walk = _Walk(token)
    folders, files = _sorted_out(paths, walk)
    _walk_all(folders, walk)
    _add_named(files, walk)
    photos = sorted(walk.photos.values(), key=lambda photo: photo.path.parts)
    problems = sorted(walk.problems.values(), key=lambda problem: problem.path.parts)
    return ScanResult(tuple(photos), len(walk.videos), tuple(problems))


def _sorted_out(paths: Iterable[Path], walk: _Walk) -> tuple[list[Path], list[Path]]:
    """Absolute folders and files among the arguments, not resolved: a photo keeps the name that the person sees."""
    folders: list[Path] = []
    files: list[Path] = []
    for path in paths:
        absolute = from_root(path)
        try:
            seen = look(absolute, token=walk.token)
        except TimeoutError as error:
            walk.problem(absolute, _unreachable(reason(error)))
            continue
        except OSError as error:
            raise _wrong(path, error) from error
        (folders if seen.what == "folder" else files).append(absolute)
    return folders, files


def _wrong(named: Path, error: OSError) -> UsageError:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return UsageError("There is no such file or folder.", path=named, remedy="Check the spelling.")
    remedy = "Check the spelling and the permissions."
    return UsageError(f"It cannot be reached: {reason(error)}.", path=named, remedy=remedy)


def _walk_all(folders: list[Path], walk: _Walk) -> None:
    def failed(folder: Path, error: OSError) -> None:
        walk.problem(folder, f"The folder could not be read: {reason(error)}.")

    for found in walked(folders, failed, token=walk.token):
        _keep(photos_of(_listed(found.content.entries, found.path, walk)), walk)


def walked(
    folders: Iterable[Path], failed: Callable[[Path, OSError], None], *, token: CancelToken | None = None
) -> Iterator[Walked]:
    """These folders and all below them but wastebaskets, system folders and hidden ones; each real folder once.

    Raises:
        CancelledError: the token says so.
    """
    # Links wait until all real folders are done, so that a photo is found by its own path where that lies below too.
    waiting, links, visited = list(folders)[::-1], list[Path](), set[tuple[int, int]]()
    while waiting or links:
        if token is not None:
            token.check()
        linked = not waiting
        folder = links.pop() if linked else waiting.pop()
        try:
            found = list_folder(folder, token=token)
        except OSError as error:
            failed(folder, error)
            continue
        if found.identity in visited:
            continue
        visited.add(found.identity)
        for seen in found.entries:
            if seen.what == "folder" and is_walked(seen.name) and not seen.hidden:
                (links if seen.link else waiting).append(folder / seen.name)
        yield Walked(folder, found, linked)


def is_walked(name: str) -> bool:
    """Whether a folder of this name is looked into where it is met on the way."""
    return not name.startswith(".") and name.lower() not in _LEFT_OUT


def families(folder: Path, names: Iterable[str], *, token: CancelToken | None = None) -> tuple[Photo, ...]:
    """The photos of one folder to which files of these names belong or may have belonged, each with all that is its.

    Raises:
        OSError: the folder cannot be read; `TimeoutError` where its drive is silent. CancelledError: the token says so.
    """
    wanted = {stem for name in names for stem in _stems(name)}
    found = photos_of(one for one in files_of(folder, token=token) if not wanted.isdisjoint(_stems(one.name)))
    return tuple(sorted(found, key=lambda photo: photo.path.parts))


def files_of(folder: Path, *, token: CancelToken | None = None) -> tuple[Entry, ...]:
    """The photos and sidecars that lie in one folder now, hidden ones left out.

    Raises:
        OSError: the folder cannot be read; `TimeoutError` where its drive is silent. CancelledError: the token says so.
    """
    return tuple(_listed(list_folder(folder, token=token).entries, folder, _Walk(token)))


def _stems(name: str) -> Iterator[str]:
    """What a name may share with others of its family: ``img_01.nef.xmp`` gives img_01.nef, img_01 and img."""
    stem = folded(name)
    while suffix := suffix_of(stem):
        stem = stem.removesuffix(suffix)
        yield stem
    doubled = DUPLICATE.fullmatch(stem)
    if doubled is not None:
        yield doubled[1]


def _listed(found: Iterable[Seen], folder: Path, walk: _Walk) -> Iterator[Entry]:
    """Photos and sidecars among a folder's files; videos are counted, all else passed over unopened."""
    for seen in found:
        suffix = suffix_of(seen.name)
        if suffix in VIDEO_SUFFIXES and seen.what != "folder":
            walk.videos.add(folder / seen.name)
        elif suffix in PHOTO_SUFFIXES or suffix in SIDECAR_SUFFIXES:
            if seen.what == "unknown":
                walk.problem(folder / seen.name, _why(seen))
            elif seen.what == "file" and not seen.hidden:
                yield Entry(seen.name, folder / seen.name, seen.size, seen.mtime_ns)


def _why(seen: Seen) -> str:
    return "The link leads nowhere." if seen.lost else _unreachable(seen.fault)


def _unreachable(why: str) -> str:
    return f"The file could not be read: {why}."


def _keep(photos: Iterable[Photo], walk: _Walk) -> None:
    for photo in photos:
        walk.photos.setdefault(photo.path, photo)


def _add_named(files: list[Path], walk: _Walk) -> None:
    """Files that were named one by one, with their neighbours' sidecars; a folder is listed once for all of them."""
    known = {partner for photo in walk.photos.values() for partner in photo.partners} | set(walk.photos)
    by_folder: dict[Path, set[str]] = {}
    for path in files:
        if suffix_of(path.name) in VIDEO_SUFFIXES:
            walk.videos.add(path)
        elif path not in known and suffix_of(path.name) not in SIDECAR_SUFFIXES:
            by_folder.setdefault(path.parent, set()).add(path.name)
    for folder, names in by_folder.items():
        if walk.token is not None:
            walk.token.check()
        _keep(photos_of([*_named(folder, names, walk), *_neighbours(folder, names, walk)], names), walk)


def _named(folder: Path, names: set[str], walk: _Walk) -> Iterator[Entry]:
    for name in names:
        path = folder / name
        try:
            seen = look(path, token=walk.token)
        except OSError as error:
            walk.problem(path, _unreachable(reason(error)))
            continue
        if seen.what == "unknown":
            walk.problem(path, _why(seen))
        elif seen.what == "file":
            yield Entry(name, path, seen.size, seen.mtime_ns)
        else:
            walk.problem(path, "This is a device or pipe, not a photo file.")


def _neighbours(folder: Path, names: set[str], walk: _Walk) -> Iterator[Entry]:
    """What may belong to a named file; nothing where the folder may not be listed."""
    with suppress(OSError):
        for seen in list_folder(folder, token=walk.token).entries:
            known = suffix_of(seen.name) in PHOTO_SUFFIXES | SIDECAR_SUFFIXES
            if known and seen.name not in names and seen.what == "file":
                yield Entry(seen.name, folder / seen.name, 0, 0)


__all__ = [
    "PHOTO_SUFFIXES", "RAW_SUFFIXES", "SIDECAR_SUFFIXES", "VIDEO_SUFFIXES", "ScanResult", "Walked", "families",
    "files_of", "is_walked", "scan", "walked",
]  # fmt: skip
