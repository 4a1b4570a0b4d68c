"""A watch that is begun before its catalogue can be used waits for it, and ends where waiting would not help."""

import os
import signal
from pathlib import Path

import pytest

from photocull.catalog.claims import own
from photocull.catalog.database import open_catalog
from photocull.catalog.faults import may_pass
from photocull.core.errors import CatalogError
from photocull.core.settings import folders
from tests.building import make_folder
from tests.journeys.program import photocull
from tests.journeys.watching import FAST, watching
from tests.postgres_server import PostgresServer, running

SMALL = (96, 64)


@pytest.mark.slow
def test_a_watch_waits_until_a_backup_was_put_back_and_ends_at_once_if_told_to(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    with open_catalog(folders().catalog):
        pass
    claim = own(folders().catalog)
    with watching(*FAST, tmp_path / "in") as watch:
        watch.says("is being put back. It is tried again.")
        assert watch.end() == 0
        assert "what was scored is kept" in watch.text
    once = photocull("watch", "--once", *FAST, tmp_path / "in")
    assert (once.returncode, len(once.stderr.splitlines())) == (2, 1), once.stderr
    with watching(*FAST, tmp_path / "in") as watch:
        watch.says("is being put back. It is tried again.")
        claim.release()
        watch.says("IMG_0001.jpg: scored")
        assert watch.end() == 0


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="the server's own signals")
def test_a_watch_that_is_begun_before_its_server_waits_for_it(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    with running() as server:
        url = server.make("photos")
        server.stop(signal.SIGINT)
        with watching(*FAST, "--catalog", url, tmp_path / "in") as watch:
            watch.says("The catalogue's server does not answer.")
            assert "It is tried again." in watch.text
            server.start()
            watch.says("IMG_0001.jpg: scored")
            assert watch.end() == 0
        wrong = server.url("nothing of this name")
        ended = photocull("watch", *FAST, "--catalog", wrong, tmp_path / "in")
        assert (ended.returncode, "There is no such database" in ended.stderr) == (2, True), ended.stderr


@pytest.mark.parametrize(
    ("parts", "passes"),
    [({"port": 1}, True), ({"password": "wrong"}, False), ({"database": "none"}, False), ({"username": "no"}, False)],
)
def test_only_what_nobody_has_to_correct_is_waited_for(
    postgresql: PostgresServer, parts: dict[str, object], passes: bool
) -> None:
    with pytest.raises(CatalogError) as caught:
        open_catalog(postgresql.url("photos", **parts)).close()
    assert may_pass(caught.value) is passes
