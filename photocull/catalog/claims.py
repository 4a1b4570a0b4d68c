"""Who has a catalogue's file open: everyone shares a lock file beside it, and who replaces the file wants it alone.

The operating system holds the locks, so they end with the process that holds them; the empty file stays.
"""

import os
from pathlib import Path

from photocull.core.errors import CatalogBusyError
from photocull.core.locks import take


class Claim:
    """A held lock; `release` it, or leave it to the end of the process."""

    def __init__(self, handle: int | None) -> None:
        self._handle = handle

    def release(self) -> None:
        """Let go; a second call does nothing."""
        handle, self._handle = self._handle, None
        if handle is not None:
            os.close(handle)


def lock_of(catalog: Path) -> Path:
    """The lock file of a catalogue's file."""
    return catalog.with_name(f".{catalog.name}.lock")


def share(catalog: Path) -> Claim:
    """Use a catalogue's file beside others.

    Raises:
        CatalogBusyError: it is just being replaced.
    """
    claim = _claimed(catalog, alone=False)
    if claim is None:
        raise CatalogBusyError("A backup of the catalogue is being put back.", path=catalog, remedy="Try again soon.")
    return claim


def own(catalog: Path) -> Claim:
    """Have a catalogue's file alone, to replace it.

    Raises:
        CatalogBusyError: another Photocull has it open.
    """
    claim = _claimed(catalog, alone=True)
    if claim is None:
        sentence = "Another Photocull has this catalogue open; nothing was changed."
        raise CatalogBusyError(sentence, path=catalog, remedy="Close it and try again.")
    return claim


def claim_folder(folder: Path) -> Claim | None:
    """Have a folder of backups alone; None while another process writes there."""
    return _claimed(folder / "backups", alone=True)


def _claimed(catalog: Path, *, alone: bool) -> Claim | None:
    """The lock; one without effect where the place takes none: a catalogue there is seldom opened twice at once."""
    try:
        handle = os.open(lock_of(catalog), os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o666)
    except OSError:
        return Claim(None)
    if take(handle, alone=alone):
        return Claim(handle)
    os.close(handle)
    return None
