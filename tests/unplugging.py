"""Drives that can be unplugged and plugged in, also elsewhere, with and without a mount point staying behind."""

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


class Drives:
    """Drives by where they are mounted now, each with what tells it from others."""

    def __init__(self, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.media = media
        self.mounted: dict[Path, str] = {}
        monkeypatch.setattr(mounts, "mounted", lambda: frozenset(map(str, self.mounted)))
        monkeypatch.setattr(mounts, "identity", lambda drive: self.mounted.get(drive, ""))

    def plug_in(self, name: str, identity: str) -> Path:
        place = self.media / name
        place.mkdir(parents=True, exist_ok=True)
        self.mounted[place] = identity
        return place

    def unplug(self, place: Path) -> None:
        del self.mounted[place]
        if place.exists():
            place.rename(self.media.parent / f"drawer of {place.name}")

    def move(self, place: Path, name: str) -> Path:
        """Unplug a drive, and plug it in where the system gives it another folder."""
        place.rename(self.media / name)
        return self.plug_in(name, self.mounted.pop(place))
