"""Where a planned file is now, whatever stopped the work on it: what a kill left is told from what others did."""

from pathlib import Path

from photocull.picks.digests import digest
from photocull.picks.export_journal import Entry
from photocull.picks.plan import Way
from photocull.picks.system_trash import find_in_trash


def came(entry: Entry, way: Way) -> Path | None:
    """The place where a file lies by this journal's own doing, though the journal may not know it yet.

    Raises:
        OSError: it cannot be looked at.
    """
    item, target = entry.item, entry.target
    if way == "trash" and target is None:
        return None if is_there(item.source) else find_in_trash(item.source, item.size, item.mtime_ns)
    if target is None or not is_there(target):
        return None
    return target if _is_ours(entry, target, way) else None


def _is_ours(entry: Entry, target: Path, way: Way) -> bool:
    source = entry.item.source
    if way == "symlink":
        return target.is_symlink() and target.readlink() == source.absolute()
    if target.is_symlink():
        return False
    if way in ("move", "trash") and not is_there(source):
        return entry.placed or target.stat().st_size == entry.item.size
    if way in ("hardlink", "move", "trash") and is_there(source) and target.samefile(source):
        return True
    return way != "hardlink" and entry.hash is not None and digest(target) == entry.hash


def is_original_kept(entry: Entry) -> bool:
    """Whether the original still lies where it lay, unchanged, so that a copy of it may go."""
    try:
        state = entry.item.source.stat()
    except OSError:
        return False
    return (state.st_size, state.st_mtime_ns) == (entry.item.size, entry.item.mtime_ns)


def is_as_written(path: Path, content: str | None) -> bool:
    """Whether a file lies there that has the content of this hash.

    Raises:
        OSError: it cannot be read.
    """
    return content is not None and is_there(path) and not path.is_symlink() and digest(path) == content


def is_there(path: Path) -> bool:
    """Whether anything lies there, links not followed.

    Raises:
        OSError: it cannot be told.
    """
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True
