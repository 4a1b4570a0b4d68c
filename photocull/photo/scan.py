"""Find the photos under files and folders, with what belongs to each; looks at names and types, opens no file."""

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from photocull.core.errors import UsageError
from photocull.core.named import is_folder
from photocull.core.types import Photo
from photocull.core.work import CancelToken, Problem
from photocull.photo.families import Entry, photos_of
from photocull.photo.formats import PHOTO_SUFFIXES, RAW_SUFFIXES, SIDECAR_SUFFIXES, VIDEO_SUFFIXES, suffix_of

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


@dataclass(slots=True)
class _Walk:
    token: CancelToken | None
    photos: dict[Path, Photo] = field(default_factory=dict)
    videos: set[Path] = field(default_factory=set)
    problems: dict[Path, Problem] = field(default_factory=dict)
    visited: set[tuple[int, int]] = field(default_factory=set)

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
    folders, files = _sorted_out(paths)
    _walk_all(folders, walk)
    _add_named(files, walk)
    photos = sorted(walk.photos.values(), key=lambda photo: photo.path.parts)
    problems = sorted(walk.problems.values(), key=lambda problem: problem.path.parts)
    return ScanResult(tuple(photos), len(walk.videos), tuple(problems))


def _sorted_out(paths: Iterable[Path]) -> tuple[list[Path], list[Path]]:
    """Absolute folders and files among the arguments, not resolved: a photo keeps the name that the person sees."""
    folders: list[Path] = []
    files: list[Path] = []
    for path in paths:
        absolute = Path(os.path.normpath(path.absolute()))
        _require(absolute, path)
        (folders if is_folder(absolute) else files).append(absolute)
    return folders, files


def _require(absolute: Path, named: Path) -> None:
    try:
        absolute.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise UsageError("There is no such file or folder.", path=named, remedy="Check the spelling.") from error
    except OSError as error:
        remedy = "Check the spelling and the permissions."
        raise UsageError(f"It cannot be reached: {_reason(error)}.", path=named, remedy=remedy) from error


def _walk_all(folders: list[Path], walk: _Walk) -> None:
    # Links wait until all real folders are done, so that a photo is found by its own path where that lies below too.
    waiting, links = folders[::-1], list[Path]()
    while waiting or links:
        if walk.token is not None:
            walk.token.check()
        _enter(waiting.pop() if waiting else links.pop(), walk, waiting, links)


def _enter(folder: Path, walk: _Walk, waiting: list[Path], links: list[Path]) -> None:
    try:
        state = folder.stat()
        if (state.st_dev, state.st_ino) in walk.visited:
            return
        walk.visited.add((state.st_dev, state.st_ino))
        with os.scandir(folder) as found:
            entries = [entry for entry in found if not entry.name.startswith(".")]
    except OSError as error:
        walk.problem(folder, f"The folder could not be read: {_reason(error)}.")
        return
    files = []
    for entry in entries:
        if not _is_folder(entry):
            files.append(entry)
        elif entry.name.lower() not in _LEFT_OUT and not _hidden(entry):
            (links if entry.is_symlink() else waiting).append(folder / entry.name)
    _keep(photos_of(_listed(files, folder, walk)), walk)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_file()
    except OSError:  # a link in a circle must not hide the neighbours that are listed after it
        return False


def _hidden(entry: os.DirEntry[str]) -> bool:
    """By the attribute of Windows; elsewhere a leading dot hides."""
    if os.name != "nt":
        return False
    return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN)


def _listed(entries: Iterable[os.DirEntry[str]], folder: Path, walk: _Walk) -> Iterator[Entry]:
    """Photos and sidecars among a folder's files; videos are counted, all else passed over unopened."""
    for entry in entries:
        suffix = suffix_of(entry.name)
        if suffix in VIDEO_SUFFIXES:
            walk.videos.add(folder / entry.name)
        elif suffix in PHOTO_SUFFIXES or suffix in SIDECAR_SUFFIXES:
            try:
                state = entry.stat()
            except OSError as error:
                walk.problem(folder / entry.name, _unreachable(entry.is_symlink(), error))
                continue
            if stat.S_ISREG(state.st_mode) and not _hidden(entry):
                yield Entry(entry.name, folder / entry.name, state.st_size, state.st_mtime_ns)


def _unreachable(link: bool, error: OSError) -> str:
    if link and isinstance(error, FileNotFoundError):
        return "The link leads nowhere."
    return f"The file could not be read: {_reason(error)}."


def _reason(error: OSError) -> str:
    return (error.strerror or "unknown reason").rstrip(".").lower()


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
        _keep(photos_of([*_named(folder, names, walk), *_neighbours(folder, names)], names), walk)


def _named(folder: Path, names: set[str], walk: _Walk) -> Iterator[Entry]:
    for name in names:
        path = folder / name
        try:
            state = path.stat()
        except OSError as error:
            walk.problem(path, _unreachable(path.is_symlink(), error))
            continue
        if stat.S_ISREG(state.st_mode):
            yield Entry(name, path, state.st_size, state.st_mtime_ns)
        else:
            walk.problem(path, "This is a device or pipe, not a photo file.")


def _neighbours(folder: Path, names: set[str]) -> Iterator[Entry]:
    """What may belong to a named file; nothing where the folder may not be listed."""
    with suppress(OSError), os.scandir(folder) as found:
        for entry in found:
            known = suffix_of(entry.name) in PHOTO_SUFFIXES | SIDECAR_SUFFIXES
            if known and entry.name not in names and not entry.name.startswith(".") and _is_file(entry):
                yield Entry(entry.name, folder / entry.name, 0, 0)


__all__ = ["PHOTO_SUFFIXES", "RAW_SUFFIXES", "SIDECAR_SUFFIXES", "VIDEO_SUFFIXES", "ScanResult", "scan"]
