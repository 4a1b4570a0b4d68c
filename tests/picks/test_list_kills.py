"""An export is killed while it writes its lists: each is written once, whole, and goes again when it is undone."""

import json
import sys
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.records import FoundPhoto
from photocull.core.work import CancelToken
from photocull.photo.fingerprint import fingerprint
from photocull.photo.previews import PreviewStore
from photocull.picks.export import carry_out
from photocull.picks.export_journal import begin, holding, journals
from photocull.picks.postscript import postscript, write_postscript
from tests.picks.shoot import content, make_shoot, plan, run
from tests.picks.test_export_faults import killed, undone

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")


@pytest.mark.parametrize("act", [5, *range(8, 18), 22, 26, 30, 34, 38])  # of 39; the first are the catalogue's
def test_killed_at_any_moment_of_its_lists_an_export_writes_them_once_and_takes_them_back(
    tmp_path: Path, act: int
) -> None:
    photos, out, catalog = make_shoot(tmp_path / "shoot", 2), tmp_path / "out", tmp_path / "catalog.sqlite"
    originals, made = content(tmp_path / "shoot"), plan(photos, out)
    with open_catalog(catalog, backup=False) as opened:
        opened.writer.register([FoundPhoto(detail.photo, fingerprint(detail.photo.path)) for detail in photos]).result()
    journal = begin(made, tmp_path / "exports", postscript(made, ("csv", "html", "json")))

    def write() -> None:
        with (
            open_catalog(catalog, backup=False) as opened,
            PreviewStore(tmp_path / "previews.sqlite", limit_bytes=1 << 20) as previews,
            holding(journal) as held,
        ):
            carry_out(held, lambda event: None, CancelToken())
            write_postscript(opened, "pixels-1", held, (), previews)

    run(journal)
    assert [left.state for left in journals(tmp_path / "exports", interrupted=True)] == ["open"]
    assert killed(write, act)
    assert [left.state for left in journals(tmp_path / "exports", interrupted=True)] == ["open"]
    write()
    lists = {"picks.csv", "picks.html", "picks.json"}
    assert content(out).keys() == originals.keys() | lists
    assert [record["rank"] for record in json.loads(content(out)["picks.json"])] == [1, 2]
    assert not list(journals(tmp_path / "exports", interrupted=True))
    killed(lambda: undone(journal), act)
    undone(journal)
    assert content(tmp_path / "shoot") == originals
    assert not out.exists()
