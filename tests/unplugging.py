"""A drive that can be unplugged and plugged in, with and without its mount point staying behind."""

from pathlib import Path

import pytest

from photocull.photo import mounts


class Drive:
    """A mount point that the system tells of while it is plugged in."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder, self.there = folder, True
        self._drawer = folder.parent.parent / "drawer"
        folder.mkdir(parents=True)
        monkeypatch.setattr(mounts, "mounted", lambda: frozenset({str(folder)} if self.there else ()))

    def unplug(self, *, leave_folder: bool = False) -> None:
        self.folder.rename(self._drawer)
        self.there = False
        if leave_folder:
            self.folder.mkdir()

    def plug_in(self) -> None:
        if self.folder.exists():
            self.folder.rmdir()
        self._drawer.rename(self.folder)
        self.there = True
