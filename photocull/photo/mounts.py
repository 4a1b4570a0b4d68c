"""On which drive a path lies and whether it is there now, told without touching a drive that may fall silent."""

import os
import sys
import time
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from photocull.photo.drives import device_on_linux, said_by_mount, silent_drive, told_by_linux, told_by_macos
from photocull.photo.looking import is_present

_MOST_LINKS: Final = 40
_FRESH: Final = 2.0
_TABLE: Final = Path("/proc/self/mountinfo")
_BY_UUID: Final = Path("/dev/disk/by-uuid")
_SHARES: Final = "gvfs"
"""Below the one place of this name GNOME keeps a folder a network share; each is a drive."""


@dataclass(frozen=True, slots=True)
class Place:
    """What lies below ``folder``, by the name that the person uses, needs ``drive``, a mount point or a root."""

    folder: Path
    drive: Path


def mounted() -> frozenset[str]:
    """Where drives are mounted now, the root itself left out; on Windows the roots of the letters in use."""
    try:
        if sys.platform == "win32":
            return _letters()
        if sys.platform == "darwin":
            return _volumes(int(time.monotonic() / _FRESH))
        table = _TABLE.read_text("utf-8", "surrogateescape")
        return told_by_linux(table, every=True) - {"/"}
    except OSError:
        return frozenset()


def place_of(path: Path, drives: frozenset[str]) -> Place:
    """The drive that a path leads to, links followed by hand; the root's where it is no other.

    Args:
        drives: from `mounted`.
    """
    root = Path(path.anchor)
    if sys.platform == "win32":
        return Place(root, root)
    crossed = _crossed(str(path), drives)
    return Place(path, root) if crossed is None else crossed


def is_there(drive: Path, drives: frozenset[str]) -> bool:
    """Whether a drive that `place_of` named is there; one of a network counts as gone where it does not answer."""
    if str(drive) in drives or (sys.platform != "win32" and drive == Path(drive.anchor)):
        return True
    shared = drive.parent.name == _SHARES and str(drive.parent) in drives
    return (shared or str(drive).startswith("\\\\")) and is_present(drive)


def identity(drive: Path) -> str:
    """What tells the file system of a drive that is there from another one at the same place; empty where unknown.

    The device's number would not do: it is another one at each plugging in.
    """
    try:
        if sys.platform == "win32":
            return _serial(drive)
        device = device_on_linux(_TABLE.read_text("utf-8", "surrogateescape"), str(drive))
        if device is None or not device.startswith("/"):  # of what has no device the table tells its kind
            return ""
        device = os.path.realpath(device)
        return min((one.name for one in _BY_UUID.iterdir() if os.path.realpath(one) == device), default="")
    except OSError:
        return ""


def _crossed(path: str, drives: frozenset[str]) -> Place | None:
    """The last drive on the way to a path; one that may fall silent is the last that is looked at."""
    at, links, found = "", 0, None
    parts = [part for part in path.split("/") if part]
    for number, named in enumerate(parts, 1):
        rest = [named]
        while rest:
            part = rest.pop()
            at = os.path.dirname(at).rstrip("/") if part == ".." else f"{at}/{part}"  # noqa: PTH120
            if at in drives:
                found = Place(Path("/", *parts[:number]), Path(at))
                if silent_drive(Path(at, "x")) is not None:
                    return _share(found, parts[number:], rest)
            target = _target(at)
            if target is not None and (links := links + 1) <= _MOST_LINKS:
                at = "" if target.startswith("/") else os.path.dirname(at).rstrip("/")  # noqa: PTH120
                rest += [part for part in target.split("/") if part not in ("", ".")][::-1]
    return found


def _share(found: Place, after: list[str], rest: list[str]) -> Place:
    """Of GNOME's shares the one that is meant."""
    if found.drive.name != _SHARES or not (after or rest):
        return found
    if rest:
        return Place(found.folder, found.drive / rest[-1])
    return Place(found.folder / after[0], found.drive / after[0])


def _target(path: str) -> str | None:
    try:
        return os.readlink(path)  # noqa: PTH115
    except OSError:
        return None


@lru_cache(maxsize=1)
def _volumes(moment: int) -> frozenset[str]:
    """On macOS a program has to be asked; ``moment`` lets what it said grow old."""
    return told_by_macos(said_by_mount(), every=True) - {"/"}


def _serial(root: Path) -> str:
    """Windows: the number that formatting gave the volume."""
    import ctypes

    number = ctypes.c_uint32()
    library = getattr(ctypes, "windll").kernel32  # noqa: B009  there on Windows alone
    told = library.GetVolumeInformationW(str(root), None, 0, ctypes.byref(number), None, None, None, 0)
    return f"{number.value:08X}" if told else ""


def _letters() -> frozenset[str]:
    import ctypes

    bits = getattr(ctypes, "windll").kernel32.GetLogicalDrives()  # noqa: B009  there on Windows alone
    return frozenset(f"{chr(ord('A') + n)}:\\" for n in range(26) if bits >> n & 1)
