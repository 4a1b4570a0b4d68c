"""Files from times that no database takes, on a real drive that keeps them: photos like the others."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from photocull.catalog.query import photo_rows
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.pipeline.telling import Telling
from photocull.sidecar.rules import Rules
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig
from tests.sidecar.packets import packet


@pytest.fixture(params=[-11_644_473_600, 13_569_465_600], ids=["1601", "2400"])
def far(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Path, int]]:
    """A folder on a drive that keeps this moment, and the moment: in nanoseconds it takes more than 64 bits."""
    moment = request.param * 10**9
    for parent in filter(Path.is_dir, (tmp_path, Path("/dev/shm"))):
        with tempfile.TemporaryDirectory(dir=parent) as folder:
            with suppress(OSError, OverflowError):
                os.utime(folder, ns=(moment, moment))
            if Path(folder).stat().st_mtime_ns == moment:
                yield Path(folder), moment
                return
    pytest.skip("no drive here keeps such a time")


def test_a_photo_from_a_time_that_no_database_takes_is_one_like_the_others(rig: Rig, far: tuple[Path, int]) -> None:
    """NTFS says 1601 where it knows no time."""
    folder, moment = far
    photo, *others = make_folder(folder, 3)
    sidecar = folder / f"{photo.name}.xmp"
    sidecar.write_bytes(packet('xmp:Rating="4"'))
    for path in (photo, sidecar):
        os.utime(path, ns=(moment, moment))
    first = rig.score(folder)
    assert (first.scored, first.problems) == (3, ())
    assert [row.rating for row in photo_rows(rig.catalog, first.ids, "")] == [4, None, None]
    again = rig.score(photo, *others)
    assert (again.ids, again.cached) == (first.ids, 3)
    rig.catalog.writer.decide([Decision(first.ids[0], "rating", 2)], initiator="test").result(10)
    told = Telling(rig.catalog, rig.scorer.fingerprint, Rules()).tell(first.ids[:1], CancelToken())
    assert (told.written, told.problems) == (1, ())
    make_photo(photo, size=(300, 200), seed=77)
    assert (rig.score(folder).scored, rig.catalog.check()) == (1, ())
