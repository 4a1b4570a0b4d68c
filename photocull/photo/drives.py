"""Which drives may fall silent: those of a network, and those that a program serves; told without touching them.

A disk of the machine's own answers or fails; the system sees to that. A server that is gone lets a read wait for ever.
"""

import os
import re
import sys
import time
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Final

_NETWORK: Final = frozenset(
    ("nfs", "nfs3", "nfs4", "cifs", "smb3", "smbfs", "afpfs", "webdav", "davfs", "9p", "ceph", "afs", "ncpfs")
) | frozenset(("autofs", "fuse", "macfuse", "osxfuse", "glusterfs", "lustre", "beegfs", "orangefs"))
"""Kinds of file systems; ``fuse.sshfs`` and its like count by their first word. ``fuseblk`` is a local disk."""
_MOST_LINKS: Final = 40
_FRESH: Final = 2.0
"""Seconds for which the list of drives is taken as it was."""
_REMOTE: Final = 4
"""What Windows' GetDriveTypeW says of a network drive."""
_SAID_BY_MACOS: Final = re.compile(r"^.* on (?P<place>/.*) \((?P<kind>\w+)[,)]")


def silent_drive(path: Path) -> Path | None:
    """Where the drive begins that a path leads to, if it is one that may fall silent; None for the machine's own."""
    moment = int(time.monotonic() / _FRESH)
    if sys.platform == "win32":
        return _remote(path)
    places = _places(moment)
    if not places:
        return None
    folder = _crossed(str(path.parent), moment)
    found = folder or _first_crossed(str(path), places)
    return None if found is None else Path(found)


@lru_cache(maxsize=1)
def _places(moment: int) -> frozenset[str]:
    """Where such drives are mounted; ``moment`` lets what is remembered grow old."""
    try:
        if sys.platform == "darwin":
            return told_by_macos(said_by_mount())
        return told_by_linux(Path("/proc/self/mountinfo").read_text("utf-8", "surrogateescape"))
    except OSError:
        return frozenset()


def said_by_mount() -> str:
    """What the command of that name says on macOS.

    Raises:
        OSError: it cannot be run.
    """
    import subprocess  # commands that touch no photo start without it

    said = subprocess.run(["/sbin/mount"], capture_output=True, text=True, check=False)
    return said.stdout


@lru_cache(maxsize=4096)
def _crossed(folder: str, moment: int) -> str | None:
    return _first_crossed(folder, _places(moment))


def told_by_linux(table: str, *, every: bool = False) -> frozenset[str]:
    """Mount points of such drives, or of ``every`` one, in a mountinfo table, proc_pid_mountinfo(5)."""
    return frozenset(place for place, kind, _ in _lines(table) if every or _may_stall(kind))


def device_on_linux(table: str, place: str) -> str | None:
    """What is mounted at a place, the last one there, in a mountinfo table: ``/dev/sdb1``; None where nothing is."""
    return {at: device for at, _, device in _lines(table)}.get(place)


def _lines(table: str) -> Iterator[tuple[str, str, str]]:
    """Mount point, kind and device of each line."""
    for line in table.splitlines():
        before, _, after = line.partition(" - ")
        if before:
            kind, device, *_ = [*after.split(" "), ""]
            yield _unescaped(before.split(" ")[4]), kind, _unescaped(device)


def _unescaped(text: str) -> str:
    found = text.encode("utf-8", "surrogateescape")
    return os.fsdecode(re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), found))


def told_by_macos(said: str, *, every: bool = False) -> frozenset[str]:
    """Mount points of such drives, or of ``every`` one, as ``mount`` says: ``//host/x on /Volumes/x (smbfs, …)``."""
    lines = (_SAID_BY_MACOS.match(line) for line in said.splitlines())
    return frozenset(line["place"] for line in lines if line and (every or _may_stall(line["kind"])))


def _may_stall(kind: str) -> bool:
    return kind.partition(".")[0] in _NETWORK


def _first_crossed(path: str, places: frozenset[str]) -> str | None:
    """The first of these places on the way to a path; links are followed by hand, up to such a place and no further."""
    at, links = "/", 0
    rest = path.split("/")[::-1]
    while rest:
        part = rest.pop()
        if part in ("", ".", ".."):
            at = os.path.dirname(at) if part == ".." else at  # noqa: PTH120
            continue
        at = f"{at.rstrip('/')}/{part}"
        if at in places:
            return at
        target = _target(at)
        if target is not None:
            links += 1
            if links > _MOST_LINKS:
                return None
            at = "/" if target.startswith("/") else os.path.dirname(at)  # noqa: PTH120
            rest += target.split("/")[::-1]
    return None


def _target(path: str) -> str | None:
    try:
        return os.readlink(path)  # noqa: PTH115
    except OSError:
        return None


def _remote(path: Path) -> Path | None:
    """Windows: a share by its name, or a letter that stands for one."""
    import ctypes

    anchor = path.absolute().anchor
    library = getattr(ctypes, "windll").kernel32  # noqa: B009  there on Windows alone
    named = anchor.startswith("\\\\") and not anchor.startswith(("\\\\?\\", "\\\\.\\"))
    return Path(anchor) if named or library.GetDriveTypeW(anchor) == _REMOTE else None
