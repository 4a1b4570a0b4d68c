"""A real drive, mounted and unmounted under a run: nothing mocked, so that what the system says is what is read."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog.query import away, photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig


class Mounted:
    """A folder that is mounted at another place, as often as wanted."""

    def __init__(self, content: Path, place: Path) -> None:
        self.content, self.place = content, place
        content.mkdir()
        place.mkdir(parents=True)

    def mount(self) -> bool:
        command = ["mount", "--bind", str(self.content), str(self.place)]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.place)], check=True)


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Mounted]:
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a drive")
    made = Mounted(tmp_path / "content", tmp_path / "media" / "USB stick")
    if not made.mount():
        pytest.skip("a drive cannot be mounted here")
    yield made
    subprocess.run(["umount", "-l", str(made.place)], check=False, capture_output=True)


def names(rig: Rig, folder: Path) -> list[str]:
    ids = photo_ids(rig.catalog, Filter(folders=frozenset({folder})), Sort("name", descending=False), "pixels-1")
    return [row.path.name for row in photo_rows(rig.catalog, ids, "pixels-1")]


def test_a_drive_that_is_unmounted_and_mounted_again_loses_nothing(rig: Rig, drive: Mounted, tmp_path: Path) -> None:
    make_folder(drive.place / "trip", 3)
    make_photo(tmp_path / "media" / "near.jpg")
    first = rig.score(tmp_path / "media")
    everything = names(rig, tmp_path / "media")
    assert len(everything) == 4
    drive.unmount()
    assert not list(drive.place.iterdir())
    token = CancelToken()
    assert rig.run().absent([drive.place / "trip", tmp_path / "media"], token) == (drive.place / "trip",)
    rig.score(tmp_path / "media")
    assert names(rig, tmp_path / "media") == everything
    assert away(rig.catalog).word(drive.place / "trip" / "x.jpg") == f"On a drive that is not connected: {drive.place}"
    marked = next(row for row in photo_rows(rig.catalog, first.ids, "pixels-1") if row.path.is_relative_to(drive.place))
    rig.catalog.writer.decide([Decision(marked.id, "rating", 5)], initiator="test").result(10)
    assert drive.mount()
    assert away(rig.catalog).places == {}
    again = rig.score(tmp_path / "media")
    assert (set(again.ids), again.scored) == (set(first.ids), 0)
    assert photo_rows(rig.catalog, [marked.id], "pixels-1")[0].rating == 5


def test_what_is_deleted_on_a_mounted_drive_is_gone_though_it_is_unmounted_afterwards(rig: Rig, drive: Mounted) -> None:
    paths = make_folder(drive.place / "trip", 3)
    rig.score(drive.place / "trip")
    paths[0].unlink()
    rig.score(drive.place / "trip")
    drive.unmount()
    rig.run().absent([drive.place / "trip"], CancelToken())
    assert len(names(rig, drive.place)) == 2
