"""Killed while it decides and writes sidecars: nothing that was confirmed is lost, and the next run catches up."""

import os
from itertools import count
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import FoundPhoto
from photocull.core.types import Decision, Photo
from photocull.core.work import CancelToken
from photocull.pipeline.telling import Telling
from photocull.sidecar import names
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Rules
from tests.faults.table import KILLS
from tests.killing import Tell, Victim
from tests.sidecar.packets import packet


def decide_and_write(tell: Tell, location: str) -> None:
    """Without end: a decision, told once it is confirmed, then its sidecar."""
    with open_catalog(Path(location)) as catalog:
        telling = Telling(catalog, "", Rules())
        for number in count(1):
            photo, stars = number % 8 + 1, number // 8 % 5 + 1
            catalog.writer.decide([Decision(photo, "rating", stars)], initiator="window").result()
            tell((photo, stars))
            telling.tell([photo], CancelToken())


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")
@pytest.mark.parametrize("round", range(KILLS))
def test_what_was_confirmed_is_in_the_catalogue_and_after_the_next_run_in_the_sidecar(
    tmp_path: Path, round: int
) -> None:
    folder, location = tmp_path / "photos", tmp_path / "catalog.sqlite"
    folder.mkdir()
    paths = [folder / f"{n}.jpg" for n in range(8)]
    for path in paths:
        path.write_bytes(b"a photo")
        path.with_name(path.name + ".xmp").write_bytes(packet('crs:Tint="+4"', f"<crs:A>{'x' * 50_000}</crs:A>"))
    with open_catalog(location) as catalog:
        found = [FoundPhoto(Photo(p, 7, 1, (), (p.with_name(p.name + ".xmp"),)), p.name) for p in paths]
        assert catalog.writer.register(found).result() == tuple(range(1, 9))
    confirmed: dict[int, int] = {}
    program = Victim(decide_and_write, str(location))
    confirmed.update([program.first()])
    assert program.kill_after(0.011 * round)
    confirmed.update(program.told())
    with open_catalog(location) as catalog:
        ids = list(range(1, 9))
        assert catalog.check() == ()
        kept = {row.id: row.rating for row in photo_rows(catalog, ids, "")}
        unconfirmed = {photo for photo, stars in confirmed.items() if kept[photo] != stars}
        assert len(unconfirmed) <= 1, "only the last decision may have gone further than it was told"
        telling = Telling(catalog, "", Rules())
        assert telling.tell(telling.untold(ids), CancelToken()).problems == ()
        for photo, stars in kept.items():
            content = paths[photo - 1].with_name(f"{photo - 1}.jpg.xmp").read_bytes()
            assert b"x" * 50_000 in content
            assert parse(content).text(names.RATING) == (None if stars is None else str(stars))
            assert not photo_rows(catalog, [photo], "")[0].notes
        assert telling.untold(ids) == []
