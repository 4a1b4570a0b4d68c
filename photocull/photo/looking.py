"""What the system says of paths and folders; where a drive may fall silent, a helper process looks in our place."""

import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from photocull.core.errors import UnreadablePhotoError
from photocull.core.named import is_folder, is_there
from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.photo.formats import FAMILY_SUFFIXES, PHOTO_SUFFIXES, suffix_of

What = Literal["folder", "file", "other", "unknown"]
_TIMES: Final = (-(2**63), 2**63 - 1)
"""Nanoseconds that a database takes, 1677 to 2262; file systems know more: NTFS counts from 1601."""


@dataclass(frozen=True, slots=True)
class Seen:
    """One name and what lies behind it, links followed.

    Attributes:
        what: "unknown" where ``fault`` tells why. link: whether the name itself is a link.
        size, mtime_ns: of photos, sidecars and what was looked at by itself; else 0. A time beyond 64 bits is the
            first or the last that fits.
        ctime_ns: of the same, set by the system alone where programs set the other one; when it was made on Windows.
        fault: why it could not be reached, lower case, without a stop; empty where it could.
        lost: whether a link leads nowhere. hidden: by the attribute of Windows.
    """

    name: str
    what: What
    link: bool = False
    size: int = 0
    mtime_ns: int = 0
    ctime_ns: int = 0
    fault: str = ""
    lost: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder's content, names with a leading dot left out; ``identity`` is the same by whatever name it is met."""

    identity: tuple[int, int]
    entries: tuple[Seen, ...]


def look(path: Path, *, token: CancelToken | None = None) -> Seen:
    """What lies at a path, links followed.

    Raises:
        OSError: nothing lies there, or it cannot be reached; `TimeoutError` where its drive is silent.
    """
    if silent_drive(path) is None:
        return look_here(path)
    return Seen(**_asked("look", path, token)["seen"])


def is_present(path: Path, *, token: CancelToken | None = None) -> bool:
    """Whether something that can be reached lies there, links not followed at its end; no where a drive is silent."""
    try:
        look(path, token=token)
    except OSError:
        return False
    return True


def is_folder_there(path: Path, *, token: CancelToken | None = None) -> bool:
    """Whether a folder that can be reached lies there, links followed; no where a drive is silent."""
    try:
        return look(path, token=token).what == "folder"
    except OSError:
        return False


def meant_folder(path: Path) -> Path | None:
    """The folder that a person means who names it or a file in it; None where nothing lies there. Never waits.

    A drive that may fall silent is not touched: there, what is called like a photo counts as one.
    """
    if silent_drive(path) is not None:
        return path.parent if suffix_of(path.name) in PHOTO_SUFFIXES else path
    if is_folder(path):
        return path
    return path.parent if is_there(path) else None


def list_folder(path: Path, *, token: CancelToken | None = None) -> Folder:
    """What lies in a folder.

    Raises:
        OSError: it cannot be read; `TimeoutError` where its drive is silent.
    """
    if silent_drive(path) is None:
        return list_here(path)
    words = _asked("list", path, token)
    device, number = words["identity"]
    return Folder((device, number), tuple(Seen(**entry) for entry in words["entries"]))


def _asked(errand: str, path: Path, token: CancelToken | None) -> dict[str, Any]:
    from photocull.photo.guard import ask  # which starts nothing before it is needed

    try:
        return dict(ask(errand, path, token=token).words)
    except UnreadablePhotoError as error:
        raise TimeoutError(errno.ETIMEDOUT, error.sentence.rstrip(".").lower(), str(path)) from error


def look_here(path: Path) -> Seen:
    """As `look`, in this process.

    Raises:
        OSError: nothing lies there, or it cannot be reached.
    """
    own = path.lstat()
    try:
        return _of(path.name, path.stat(), link=stat.S_ISLNK(own.st_mode))
    except OSError as error:
        return _unknown(path.name, error, link=stat.S_ISLNK(own.st_mode))


def list_here(folder: Path) -> Folder:
    """As `list_folder`, in this process.

    Raises:
        OSError: it cannot be read.
    """
    state = folder.stat()
    with os.scandir(folder) as found:
        entries = tuple(_entry(folder, entry) for entry in found if not entry.name.startswith("."))
    return Folder((state.st_dev, state.st_ino), entries)


def _entry(folder: Path, entry: os.DirEntry[str]) -> Seen:
    """An entry of a folder; a file is asked for size and time only if it may be a photo or belong to one."""
    link = entry.is_symlink()
    if link and silent_drive(folder / entry.name) is not None:
        return _linked(folder / entry.name)
    try:
        if entry.is_dir():
            return Seen(entry.name, "folder", link=link, hidden=_hidden(entry))
        if suffix_of(entry.name) in FAMILY_SUFFIXES:
            return _of(entry.name, entry.stat(), link=link, hidden=_hidden(entry))
        return Seen(entry.name, "file" if entry.is_file() else "other", link=link)
    except OSError as error:  # a link in a circle must not hide the neighbours that are listed after it
        return _unknown(entry.name, error, link=link)


def _linked(path: Path) -> Seen:
    try:
        return look(path)
    except OSError as error:
        return _unknown(path.name, error, link=True)


def _of(name: str, state: os.stat_result, *, link: bool, hidden: bool = False) -> Seen:
    if stat.S_ISDIR(state.st_mode):
        return Seen(name, "folder", link=link, hidden=hidden)
    what: What = "file" if stat.S_ISREG(state.st_mode) else "other"
    first, last = _TIMES
    mtime_ns = min(max(first, state.st_mtime_ns), last)
    size, ctime_ns = state.st_size, state.st_ctime_ns
    return Seen(name, what, link=link, size=size, mtime_ns=mtime_ns, ctime_ns=ctime_ns, hidden=hidden)


def _unknown(name: str, error: OSError, *, link: bool) -> Seen:
    return Seen(name, "unknown", link=link, fault=reason(error), lost=link and isinstance(error, FileNotFoundError))


def reason(error: OSError) -> str:
    """What the system says, to stand in the midst of a sentence."""
    return (error.strerror or "unknown reason").rstrip(".").lower()


def _hidden(entry: os.DirEntry[str]) -> bool:
    """By the attribute of Windows; elsewhere a leading dot hides."""
    if os.name != "nt":
        return False
    return bool(getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_HIDDEN)
