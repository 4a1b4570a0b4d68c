"""The system's trash: puts a file there with the system's own means, and finds it again to bring it back."""

import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final
from urllib.parse import unquote_to_bytes

from photocull.core.errors import OutputError

_INFO: Final = ".trashinfo"


def discard(path: Path) -> None:
    """Put a file into the system's trash.

    Raises:
        OSError: it is not there, or may not be moved. OutputError: this drive has no trash.
    """
    from send2trash import TrashPermissionError, send2trash  # it loads the desktop's libraries where there are any

    path.lstat()
    try:
        send2trash(str(path))
    except TrashPermissionError as error:
        remedy = "Name a folder with --to instead."
        raise OutputError("There is no trash on this drive.", path=path, remedy=remedy) from error


def find_in_trash(path: Path, size: int, mtime_ns: int) -> Path | None:
    """Where a file lies in the trash that was at this path; the last one of this size and time, None if there is none.

    On Linux as freedesktop.org's trash specification has it, on macOS by name, on Windows by the recycle bin's notes.
    """
    if sys.platform == "darwin":
        found = _named(path)
    elif sys.platform == "win32":
        found = _recycled(Path(path.anchor) / "$Recycle.Bin", path)
    else:
        found = _noted(path)
    kept = [place for place in found if _is(place, size, mtime_ns)]
    return kept[-1] if kept else None


def forget(place: Path) -> None:
    """Remove the trash's note of a file that was brought back."""
    with suppress(OSError):
        if place.parent.name == "files":
            (place.parent.parent / "info" / f"{place.name}{_INFO}").unlink(missing_ok=True)
        elif place.name.startswith("$R"):
            place.with_name(f"$I{place.name[2:]}").unlink(missing_ok=True)


def _is(place: Path, size: int, mtime_ns: int) -> bool:
    try:
        state = place.lstat()
    except OSError:
        return False
    # Some drives keep times to two seconds.
    return state.st_size == size and abs(state.st_mtime_ns - mtime_ns) < 2_000_000_001


def _noted(path: Path) -> Iterator[Path]:
    """By the notes of the trash folders of the home and of the drives above the path, oldest first."""
    dated, names = list[tuple[str, Path]](), {str(name) for name in _names(path)}
    for trash, base in _trashes(path):
        with suppress(OSError):
            for note in (trash / "info").iterdir():
                # Desktops number a second file of a name before its ending, so that the beginning is kept.
                if note.name.startswith(path.name.split(".")[0]) and note.name.endswith(_INFO):
                    where, when = _read(note)
                    if where is not None and os.path.normpath(base / where) in names:
                        dated.append((when, trash / "files" / note.name.removesuffix(_INFO)))
    return iter([place for _, place in sorted(dated, key=lambda pair: pair[0])])


def _trashes(path: Path) -> Iterator[tuple[Path, Path]]:
    """Trash folders with the folder that their notes' relative paths begin at."""
    data = Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share")
    yield data / "Trash", data
    user = os.getuid() if hasattr(os, "getuid") else 0
    for top in _drives_above(path):
        yield top / ".Trash" / str(user), top
        yield top / f".Trash-{user}", top


def _names(path: Path) -> set[Path]:
    """A file's path as it was named, and where its folder lies in truth: the trash goes by that."""
    return {path, Path(os.path.realpath(path.parent), path.name)}


def _drives_above(path: Path) -> Iterator[Path]:
    for top in {top: None for name in sorted(_names(path)) for top in name.parents}:
        if top.is_mount():
            yield top


def _read(note: Path) -> tuple[Path | None, str]:
    where, when = None, ""
    with suppress(OSError):
        for line in note.read_bytes().splitlines():
            if line.startswith(b"Path="):
                where = Path(os.fsdecode(unquote_to_bytes(line[5:])))
            elif line.startswith(b"DeletionDate="):
                when = line[13:].decode("ascii", "replace")
    return where, when


def _named(path: Path) -> Iterator[Path]:
    """macOS keeps no notes that may be read; a second file of a name gets the time behind it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    trashes = [Path.home() / ".Trash", *(top / ".Trashes" / str(user) for top in _drives_above(path))]
    for trash in trashes:
        with suppress(OSError):
            near = [p for p in trash.iterdir() if p.name.startswith(path.stem) and p.suffix == path.suffix]
            yield from sorted(near, key=lambda place: (place.name == path.name, place.name))


def _recycled(trash: Path, path: Path) -> Iterator[Path]:
    """Windows: ``$I`` and six letters holds where ``$R`` and the same letters came from, from the 28th byte on."""
    dated: list[tuple[bytes, Path]] = []
    with suppress(OSError):
        for note in trash.glob(f"*/$I*{path.suffix}"):
            content = note.read_bytes()
            where = content[28:].decode("utf-16-le", "replace").split("\0")[0]
            if where.casefold() == str(path).casefold():
                dated.append((content[16:24][::-1], note.with_name(f"$R{note.name[2:]}")))
    return iter([place for _, place in sorted(dated)])
