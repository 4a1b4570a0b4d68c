"""A server that goes away and comes back, and several programs on it at once: nothing is half written, nobody stuck."""

import signal
import subprocess
import sys
import threading

import pytest
from sqlalchemy import text

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import writing
from photocull.catalog.faults import told
from photocull.core.errors import CatalogBusyError, CatalogError
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, found, register, scored, store
from tests.conftest import ROOT
from tests.postgres_server import PostgresServer


def test_a_server_that_is_down_is_told_and_comes_back(postgresql: PostgresServer, url: str) -> None:
    with open_catalog(url) as catalog:
        ids = filled(catalog)
        postgresql.stop()
        try:
            with pytest.raises(CatalogError, match="does not answer"):
                open_catalog(url)
            for _ in range(2):
                with pytest.raises(CatalogError, match=r"was lost|does not answer"):
                    query.photo_rows(catalog, ids, MODEL)
                with pytest.raises(CatalogError, match=r"was lost|does not answer"):
                    store(catalog, [scored(ids[0], "content 0")])
            assert len(catalog.check()) == 1
        finally:
            postgresql.start()
        assert catalog.writer.decide([Decision(ids[0], "rating", 4)], initiator="test").result(10).ids == (ids[0],)
        assert query.photo_rows(catalog, ids[:1], MODEL)[0].rating == 4


def test_a_connection_that_is_lost_in_the_middle_is_told_and_nothing_is_half_written(
    postgresql: PostgresServer, url: str
) -> None:
    with open_catalog(url) as catalog:
        ids = filled(catalog)
        with pytest.raises(CatalogError, match="connection to the catalogue's server was lost"):
            _read_and_restart(catalog, postgresql)
        with pytest.raises(CatalogError, match="was lost"):
            _write_and_restart(catalog, postgresql)
        assert query.photo_rows(catalog, ids, MODEL)[0].rating is None
        assert catalog.check() == ()


def _read_and_restart(catalog: Catalog, server: PostgresServer) -> None:
    with catalog.reading() as connection:
        connection.execute(text("SELECT 1"))
        server.stop()
        server.start()
        connection.execute(text("SELECT 1"))


def _write_and_restart(catalog: Catalog, server: PostgresServer) -> None:
    with told(catalog.location), writing(catalog.engine, durable=True) as connection:
        connection.execute(text("UPDATE photos SET rating = 5"))
        server.stop()
        server.start()
        connection.execute(text("UPDATE photos SET label = 'red'"))


def test_many_waiting_changes_do_not_each_wait_for_a_server_that_is_away(
    postgresql: PostgresServer, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_catalog(url) as catalog:
        ids = filled(catalog)
        tries: list[int] = []
        connect = catalog.engine.connect
        monkeypatch.setattr(catalog.engine, "connect", lambda: (tries.append(1), connect())[1])
        hold = threading.Event()
        catalog.writer.add_listener(lambda _: (hold.wait(10), None)[1])
        first = catalog.writer.store([scored(ids[0], "content 0")])
        waiting = [catalog.writer.store([scored(ids[0], "content 0")]) for _ in range(40)]
        postgresql.stop()
        try:
            hold.set()
            errors = [future.exception(60) for future in (first, *waiting)]
        finally:
            postgresql.start()
        assert all(isinstance(error, CatalogError) for error in errors[1:])
        assert len(tries) <= 4


def test_what_was_confirmed_survives_a_crash_of_the_server(postgresql: PostgresServer, url: str) -> None:
    with open_catalog(url) as catalog:
        ids = filled(catalog)
        catalog.writer.decide([Decision(i, "rating", 5) for i in ids], initiator="test").result(10)
        postgresql.stop(signal.SIGQUIT)
        postgresql.start()
        assert [row.rating for row in query.photo_rows(catalog, ids, MODEL)] == [5, 5, 5]
        assert catalog.check() == ()


@pytest.mark.slow
def test_programs_that_start_at_once_make_one_catalogue(database: str) -> None:
    program = (
        "import sys; from photocull.catalog.database import open_catalog; open_catalog(sys.argv[1], busy_seconds=60)"
    )
    started = [subprocess.Popen([sys.executable, "-c", program, database], cwd=ROOT) for _ in range(3)]
    assert [process.wait(120) for process in started] == [0, 0, 0]
    with open_catalog(database) as catalog:
        assert filled(catalog) == (1, 2, 3)
        assert catalog.check() == ()


def test_two_programs_that_decide_on_the_same_photos_lose_nothing(url: str) -> None:
    with open_catalog(url) as one, open_catalog(url) as two:
        ids = filled(one, 5)
        threads = [threading.Thread(target=_decide, args=(catalog, ids, n)) for n, catalog in enumerate((one, two))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert one.check() == ()
        entries = query.journal(one, ids[0], 1000)[::-1]
        assert [entry.before for entry in entries[1:]] == [entry.after for entry in entries[:-1]]
        while two.writer.undo("test").result(10) is not None:
            pass
        assert {row.rating for row in query.photo_rows(one, ids, MODEL)} == {None}
        assert one.check() == ()


def _decide(catalog: Catalog, ids: tuple[int, ...], first: int) -> None:
    for n in range(30):
        catalog.writer.decide([Decision(i, "rating", 1 + (n + first) % 5) for i in ids], initiator="test").result(60)


def test_two_programs_that_find_the_same_photos_enter_each_once(url: str) -> None:
    with open_catalog(url) as one, open_catalog(url) as two:
        photos = [found(f"/shoot/{n}.jpg", f"content {n}") for n in range(300)]
        parts = [photos[n : n + 30] for n in range(0, 300, 30)]
        futures = [c.writer.register(part) for part in parts for c in (one, two)]
        ids = [future.result(60) for future in futures]
        assert ids[::2] == ids[1::2]
        assert one.info().photos == 300
        assert one.check() == ()


def test_a_writer_waits_for_another_program_and_says_so_when_that_takes_too_long(url: str) -> None:
    with open_catalog(url, busy_seconds=0.1) as catalog, open_catalog(url) as other:
        with writing(other.engine), pytest.raises(CatalogBusyError, match="nothing was changed"):
            register(catalog, found("/a.jpg", "a"))
        assert register(catalog, found("/a.jpg", "a"))
