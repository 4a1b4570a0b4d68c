"""A drive that comes back at another place, through whole runs."""

from pathlib import Path

import pytest

from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.core.types import Decision
from photocull.pipeline import stages
from tests.building import make_folder
from tests.pipeline.conftest import Rig
from tests.sidecar.packets import packet
from tests.unplugging import Drives

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")


def test_what_is_decided_wherever_a_drive_is_mounted_is_there_at_each_place_and_nothing_is_read_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drives = Drives(tmp_path / "media", monkeypatch)
    disk = drives.plug_in("DISK", "A")
    make_folder(disk / "2024", 3)
    (disk / "2024" / "IMG_0002.jpg.xmp").write_bytes(packet('xmp:Rating="2"'))
    first = rig.score(disk)
    rig.catalog.writer.decide([Decision(first.ids[0], "rating", 3)], initiator="test").result(10)

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a known photo was opened")

    monkeypatch.setattr(stages, "decode_photo", opened)
    monkeypatch.setattr(stages, "fingerprint", opened)
    there = drives.move(disk, "DISK1")
    again = rig.score(there / "2024")
    assert (again.ids, again.scored, again.cached) == (first.ids, 0, 3)
    rig.catalog.writer.decide([Decision(first.ids[0], "rating", 5)], initiator="test").result(10)
    rig.score(drives.move(there, "DISK"))
    everything = photo_ids(rig.catalog, Filter(missing=True), Sort("name", descending=False), "")
    assert tuple(everything) == first.ids
    rows = photo_rows(rig.catalog, everything, "")
    assert [(row.path.parent, row.rating) for row in rows] == [(disk / "2024", stars) for stars in (5, 2, None)]
    assert rig.catalog.check() == ()
