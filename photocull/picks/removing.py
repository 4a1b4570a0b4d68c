"""Takes names of exported files away: a photo's own only while its content remains under another one.

Nothing is removed unless another entry of a folder leads to the same, verified content and is not reached through the
one that goes. Two paths may be one entry: where a folder was replaced by a link to the other, or is mounted twice.
"""

import os
from contextlib import suppress
from pathlib import Path
from stat import S_ISLNK
from typing import Literal

from photocull.core.durable import sync_folder
from photocull.core.errors import OutputError
from photocull.picks.safe_names import folded


def release(gone: Path, kept: Path, other: Literal["old", "new"]) -> None:
    """Take a name away whose content was found under another one; one that is gone already is no fault.

    Args:
        other: what the kept place is, to be told.

    Raises:
        OutputError: both are one, so that nothing would remain. OSError: it cannot be looked at, or the folder cannot
            be written.
    """
    if not os.path.lexists(gone):
        return
    if not remains_without(gone, kept):
        raise OutputError(f"Its {other} place leads here, so it stays.", path=gone)
    remove(gone)


def remains_without(gone: Path, kept: Path) -> bool:
    """Whether a path still leads to a file when another one's entry is taken away.

    Raises:
        OSError: one of them cannot be looked at.
    """
    real, going = kept.resolve(strict=True), gone.lstat()
    state = real.stat()
    if S_ISLNK(going.st_mode):
        return False
    if (state.st_dev, state.st_ino) != (going.st_dev, going.st_ino):
        return True
    # Of one file: two names in one folder, or one name seen through a link or a second mount.
    same_name = folded(real.name) == folded(gone.name) and real.parent.samefile(gone.parent)
    return going.st_nlink > 1 and not same_name


def remove(path: Path) -> None:
    """Take away a link, a list or what else is nobody's content; one that is gone already is no fault.

    Raises:
        OSError: the folder cannot be written.
    """
    with suppress(FileNotFoundError):
        path.unlink()
        sync_folder(path.parent)
