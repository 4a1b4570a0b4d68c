"""A shoot on disk for exports: RAWs with JPEGs and sidecars, as details of a catalogue, and what becomes of them."""

import hashlib
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.records import PhotoDetail
from photocull.core.types import Exif, Photo
from photocull.core.work import CancelToken
from photocull.photo.scan import scan
from photocull.picks.export import Outcome, carry_out
from photocull.picks.export_journal import Journal, begin, holding, read
from photocull.picks.naming import Template
from photocull.picks.plan import Plan, Way, plan_export
from photocull.picks.undo import undo
from tests.picks.test_choose import detail


def of(photo: Photo, *, exif: Exif | None = None) -> PhotoDetail:
    made = detail(photo.path.name)
    return replace(made, row=replace(made.row, path=photo.path), photo=photo, exif=exif or Exif())


def choice(folder: Path) -> list[PhotoDetail]:
    """Every photo below a folder, as a scan finds it."""
    return [of(photo) for photo in scan([folder]).photos]


def make_shoot(folder: Path, count: int = 2, *, size: int = 3000) -> list[PhotoDetail]:
    """``count`` RAWs, each with a JPEG, a sidecar of its own name and one of its whole name; bytes that differ."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        for ending in (".NEF", ".JPG", ".xmp", ".NEF.xmp"):
            seed = hashlib.sha256(f"{number}{ending}".encode()).digest()
            (folder / f"IMG_{number + 1}{ending}").write_bytes(seed * (size // 32 + number))
    return choice(folder)


def plan(photos: Sequence[PhotoDetail], to: Path, way: Way = "copy", template: str = "{name}", **more: Any) -> Plan:
    return plan_export(photos, to, way, Template(template), **more)


def run(journal: Journal) -> Outcome:
    with holding(journal) as held:
        return carry_out(held, lambda event: None, CancelToken())


def export(photos: Sequence[PhotoDetail], to: Path, home: Path, way: Way = "copy", **more: Any) -> Outcome:
    """The whole way, from the plan to the end."""
    return run(begin(plan(photos, to, way, **more), home / "exports"))


def take_back(home: Path) -> Outcome:
    """Undo the last export."""
    journal = read(max((home / "exports").glob("*.jsonl")))
    with holding(journal) as held:
        return undo(held, lambda event: None, CancelToken())


def own_trash(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The system's trash, moved to a folder of the test's own."""
    if sys.platform in ("win32", "darwin"):
        pytest.skip("the trash of this system cannot be moved")
    import send2trash.plat_other as plat

    data = folder / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(data))
    monkeypatch.setattr(plat, "XDG_DATA_HOME", os.fsencode(data))
    monkeypatch.setattr(plat, "HOMETRASH_B", os.fsencode(data / "Trash"))
    # As on a person's machine, where the home and the photos share a drive.
    monkeypatch.setenv("HOME", str(folder))
    return data / "Trash"


def content(folder: Path) -> dict[str, bytes]:
    """Every file below, hidden ones too."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}
