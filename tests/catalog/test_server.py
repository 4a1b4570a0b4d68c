"""A catalogue on a PostgreSQL server: how it is named, what is told when it does not answer, never a password."""

import logging
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.engine import url_of, writing
from photocull.catalog.faults import told
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import CatalogBusyError, CatalogError
from photocull.core.types import Decision, Exif
from tests.catalog.building import MODEL, filled, found, judgement, register, scored, store
from tests.conftest import ROOT
from tests.postgres_server import USER, PostgresServer


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """A catalogue with nothing in it."""
    return postgresql.emptied()


@pytest.fixture
def database(postgresql: PostgresServer) -> Iterator[str]:
    """The URL of a database with nothing in it, not even a catalogue."""
    with postgresql.database() as url:
        yield url


def name_of(url: str) -> str:
    return url.rsplit("/", 1)[1]


def refused(location: str) -> CatalogError:
    """What opening it comes to: a line with a remedy, and no password in it or in what a log would have of it."""
    with pytest.raises(CatalogError) as caught:
        open_catalog(location)
    error = caught.value
    assert error.remedy
    assert "\n" not in str(error)
    assert "s3cret" not in str(error) + "".join(traceback.format_exception(error))
    return error


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg", "postgresql+psycopg2"])
def test_a_url_needs_no_driver_and_is_shown_without_its_password(url: str, scheme: str) -> None:
    named = url.replace("postgresql", scheme, 1)
    with open_catalog(named) as catalog:
        filled(catalog)
        info = catalog.info()
    assert info.location.startswith(f"postgresql://{USER}:***@127.0.0.1:")
    assert info.photos == 3
    assert info.size_bytes is not None
    assert info.size_bytes > 1_000_000
    assert catalog.file is None


def test_a_password_is_nowhere_to_be_read(url: str, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG), open_catalog(f"{url}?sslpassword=s3cret&application_name=x") as catalog:
        filled(catalog)
    assert "s3cret" not in catalog.location + caplog.text


def test_what_a_url_lacks_is_said(postgresql: PostgresServer) -> None:
    assert "user and password" in refused(postgresql.url("postgres", password="s3cret?")).sentence
    assert "user and password" in refused(postgresql.url("postgres", username="nobody here")).sentence
    assert "no such database" in refused(postgresql.url("nowhere")).sentence
    assert "does not answer" in refused(postgresql.url("postgres", port=1)).sentence
    assert "by this name" in refused(postgresql.url("postgres", host="no.such.host.invalid")).sentence
    assert "cannot be used: invalid sslmode" in refused(postgresql.url("postgres") + "?sslmode=maybe").sentence
    assert "SSL" in refused(postgresql.url("postgres") + "?sslmode=require").sentence
    assert str(refused(postgresql.url("nowhere"))).startswith(f"postgresql://{USER}:***@127.0.0.1:")


@pytest.mark.parametrize("url", ["postgresql://me:x@s3cret@host/photos", "postgresql://me:x@host:s3cret/photos"])
def test_a_url_that_is_none_is_said_so_without_its_password(url: str) -> None:
    assert "no URL" in refused(url).sentence


def test_a_missing_driver_is_named() -> None:
    assert "pymysql is missing" in refused("mysql+pymysql://me:s3cret@host/photos").sentence


def test_a_missing_postgresql_driver_is_named(url: str) -> None:
    program = (
        "import sys; sys.modules['psycopg'] = None\n"
        "from photocull.catalog.database import open_catalog\n"
        "from photocull.core.errors import CatalogError\n"
        "try: open_catalog(sys.argv[1])\n"
        "except CatalogError as error: sys.exit(str(error))\n"
    )
    done = subprocess.run([sys.executable, "-c", program, url], cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.stderr.startswith("postgresql://…: A database of this kind cannot be opened here: psycopg is missing.")
    assert len(done.stderr.splitlines()) == 1


def test_a_server_that_is_down_is_told_and_comes_back(postgresql: PostgresServer, url: str) -> None:
    with open_catalog(url) as catalog:
        ids = filled(catalog)
        postgresql.stop()
        try:
            assert "does not answer" in refused(url).sentence
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


def test_another_programs_database_is_refused_and_untouched(postgresql: PostgresServer, database: str) -> None:
    with closing(postgresql.connect(name_of(database))) as other:
        other.execute("CREATE TABLE songs (title text)")
        assert "another program" in refused(database).sentence
        other.execute("CREATE TABLE alembic_version (version_num text)")
        other.execute("INSERT INTO alembic_version VALUES ('0003')")
        assert "another program" in refused(database).sentence
        tables = other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
    assert sorted(tables) == [("alembic_version",), ("songs",)]


def test_a_schema_of_its_own_lets_a_catalogue_live_beside_others(postgresql: PostgresServer, database: str) -> None:
    with closing(postgresql.connect(name_of(database))) as other:
        other.execute("CREATE TABLE songs (title text)")
        other.execute("CREATE SCHEMA photocull")
        with open_catalog(f"{database}?options=-csearch_path%3Dphotocull") as catalog:
            filled(catalog)
            assert catalog.check() == ()
        (photos,) = other.execute("SELECT count(*) FROM photocull.photos").fetchone() or (None,)
        assert photos == 3
    assert "no schema" in refused(f"{database}?options=-csearch_path%3Dnowhere").sentence


def test_a_database_that_cannot_hold_every_name_is_refused(postgresql: PostgresServer) -> None:
    postgresql.drop("latin")
    encoding = "ENCODING 'LATIN1' LOCALE_PROVIDER libc LOCALE 'C' TEMPLATE template0"
    postgresql.run(f"CREATE DATABASE {{name}} {encoding}", name="latin")
    try:
        assert "LATIN1" in refused(postgresql.url("latin")).sentence
    finally:
        postgresql.drop("latin")


def test_a_user_without_the_right_is_told(postgresql: PostgresServer, url: str) -> None:
    with closing(postgresql.connect(name_of(url))) as owner:
        owner.execute("DROP ROLE IF EXISTS guest")
        owner.execute("CREATE ROLE guest LOGIN PASSWORD 's3cret'")
        guest = postgresql.url(name_of(url), username="guest", password="s3cret")
        try:
            assert "may not read and write" in refused(guest).sentence
            owner.execute("ALTER ROLE photocull IN DATABASE catalogue SET default_transaction_read_only = on")
            with open_catalog(url) as catalog, pytest.raises(CatalogError, match="only reads"):
                filled(catalog)
        finally:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute("ALTER ROLE photocull IN DATABASE catalogue RESET default_transaction_read_only")
            owner.execute("DROP ROLE guest")


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


NAMES = [
    "IMG_10.jpg", "IMG_9.jpg", "img_9.JPG", "_IMG.jpg", "-a.jpg", "A b.jpg", "Ab.jpg", "a'b.jpg", "caf\udce9.jpg",
    "café.jpg", "cafe\u0301.jpg", "Ä.jpg", "z.jpg", "ß.jpg", "ss.jpg", "new\nline.jpg", "%.jpg", "\\.jpg",
    "\U0001f4f7.jpg", "ﬁ.jpg", "~.jpg", "10.jpg", "9.jpg",
]  # fmt: skip
"""The last byte of the ninth is no UTF-8."""


def test_both_kinds_of_database_sort_and_give_back_alike(url: str, file: Path) -> None:
    numbers = (0.1 + 0.2, 1 / 3, 5e-324, 2.0**-1022, 9.999999999999998, 10.0, 0.0)
    with open_catalog(url) as server, open_catalog(file) as local:
        answers = [_answers(catalog, numbers) for catalog in (server, local)]
    assert answers[0] == answers[1]


def _answers(catalog: Catalog, numbers: tuple[float, ...]) -> list[Any]:
    paths = [Path("/photos") / str(n % 3) / name for n, name in enumerate(NAMES)]
    ids = register(catalog, *(found(path, f"c{n}") for n, path in enumerate(paths)))
    for n, photo in enumerate(ids[:-4]):
        number = numbers[n % len(numbers)]
        said = judgement(number, colour=number / 3, facts={"sharpness": number})
        store(catalog, [scored(photo, f"c{n}", said, exif=Exif(exposure_time=number or 1.0))])
    catalog.writer.decide([Decision(i, "rating", 1 + i % 4) for i in ids[::2]], initiator="test").result(10)
    keys = ("aesthetic", "colour", "technical", "overall", "taken", "name", "rating")
    orders = [query.photo_ids(catalog, Filter(), Sort(key, down), MODEL) for key in keys for down in (True, False)]  # type: ignore[arg-type]
    details = query.photo_details(catalog, ids, MODEL)
    exact = [
        (d.row.path, *(repr(value) for value in (d.row.overall, d.row.colour, d.exif.exposure_time, d.facts)))
        for d in details
    ]
    texts = ("é", "SS", "fi", "%", "_", "\\", "'", "img", "\udce9", "\U0001f4f7")
    found_by = [query.photo_ids(catalog, Filter(text=word), Sort("name", False), MODEL) for word in texts]
    return [orders, exact, found_by, query.folders(catalog), query.facets(catalog, Filter(), MODEL)]


def test_the_driver_is_photoculls_own_whatever_is_named() -> None:
    assert {url_of(f"{scheme}://host/x").drivername for scheme in ("postgres", "postgresql+pg8000")} == {
        "postgresql+psycopg"
    }
