"""A watch that is begun before its catalogue can be used waits for it, and ends where waiting would not help."""

import errno
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from photocull.catalog.claims import own
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.faults import may_pass
from photocull.cli import waiting
from photocull.cli.waiting import begun_in_time
from photocull.core.errors import CatalogError, OutputError
from photocull.core.settings import folders
from photocull.core.work import CancelToken
from photocull.watch.lock import alone
from tests.building import make_folder
from tests.drives import fill, small_drive
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


@contextmanager
def in_time(begin: Callable[[], AbstractContextManager[Catalog]]) -> Iterator[tuple[Catalog, list[str]]]:
    """Begun by the same waiting as a watch, with what it said; what it waits for comes true at its first wait."""
    said: list[str] = []
    with begun_in_time(begin, CancelToken(), said.append, lambda: None) as begun:
        yield begun, said


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "PAUSE", 0.05)


@pytest.mark.usefixtures("impatient")
def test_a_catalogue_on_a_drive_that_is_not_there_yet_is_waited_for(tmp_path: Path) -> None:
    drive, tries = tmp_path / "drive", list[int]()

    def begin() -> Catalog:
        tries.append(1)
        if len(tries) == 3:
            drive.mkdir()
        return open_catalog(drive / "catalog.sqlite")

    with in_time(begin) as (catalog, said):
        assert catalog.info().photos == 0
    assert len(tries) == 3
    (line,) = said
    assert "The catalogue's folder does not exist." in line
    assert line.endswith("It is tried again.")


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("room", [0, 20_000, 60_000])
def test_a_catalogue_on_a_full_disk_is_waited_for_and_the_disk_called_full(tmp_path: Path, room: int) -> None:
    with small_drive(tmp_path / "disk", "2m") as drive:
        ballast, tries = fill(drive, but=room), list[int]()

        def begin() -> Catalog:
            tries.append(1)
            if len(tries) == 3:
                ballast.unlink()
            return open_catalog(drive / "catalog.sqlite")

        with in_time(begin) as (catalog, said):
            assert catalog.check() == ()
    assert (len(tries), len(said)) == (3, 1)
    assert "The disk is full" in said[0]


@pytest.mark.usefixtures("impatient")
def test_locks_for_which_there_is_no_room_are_waited_for(tmp_path: Path) -> None:
    with small_drive(tmp_path / "disk", "64k") as drive:
        ballast, tries = fill(drive), list[int]()

        @contextmanager
        def begin() -> Iterator[Catalog]:
            tries.append(1)
            if len(tries) == 3:
                ballast.unlink()
            with alone(drive / "watching", "a.sqlite", [tmp_path]), open_catalog(tmp_path / "a.sqlite") as catalog:
                yield catalog

        with in_time(begin) as (_, said):
            assert [line.endswith("the disk is full. It is tried again.") for line in said] == [True]


@pytest.mark.parametrize("code", [errno.EIO, errno.EROFS, errno.EACCES, errno.ENOSPC])
def test_locks_that_the_system_refuses_may_be_possible_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(OutputError) as caught, alone(tmp_path / "watching", "a.sqlite", [tmp_path]):
        pass
    assert may_pass(caught.value)


@pytest.mark.slow
def test_the_command_begins_without_its_catalogues_drive_and_goes_on_when_that_is_there(tmp_path: Path) -> None:
    make_folder(tmp_path / "in", 1, size=SMALL)
    kept = ("--catalog", tmp_path / "drive" / "catalog.sqlite")
    with watching(*FAST, *kept, tmp_path / "in") as watch:
        watch.says("The catalogue's folder does not exist.")
        (tmp_path / "drive").mkdir()
        watch.says("IMG_0001.jpg: scored")
        if os.name != "nt":
            assert watch.end() == 0
    once = photocull("watch", "--once", *FAST, "--catalog", tmp_path / "none" / "catalog.sqlite", tmp_path / "in")
    assert (once.returncode, len(once.stderr.splitlines())) == (2, 1), once.stderr


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
