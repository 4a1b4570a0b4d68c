"""A catalogue on a PostgreSQL server: how it is named, what is refused and told in a line, and never a password."""

import logging
import socket
import subprocess
import sys
import traceback
from contextlib import closing
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.engine import url_of
from photocull.core.errors import CatalogError
from tests.catalog.building import filled
from tests.conftest import ROOT
from tests.postgres_server import PASSWORD, USER, PostgresServer


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


@pytest.mark.slow
def test_a_server_that_says_nothing_is_waited_for_no_longer_than_the_url_says() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"127.0.0.1:{mute.getsockname()[1]}"
        assert "does not answer" in refused(f"postgresql://me:s3cret@{address}/photos?connect_timeout=2").sentence


def test_a_password_may_lie_in_a_file_of_its_own(
    postgresql: PostgresServer, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "pgpass").write_text(f"127.0.0.1:*:*:{USER}:{PASSWORD}\n", "utf-8")
    (tmp_path / "pgpass").chmod(0o600)
    bare = postgresql.url(name_of(url), password=None)
    assert "user and password" in refused(bare).sentence
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "pgpass"))
    with open_catalog(bare) as catalog:
        assert filled(catalog)


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


def test_looking_makes_no_tables(postgresql: PostgresServer, database: str) -> None:
    with pytest.raises(CatalogError, match="no catalogue here"):
        open_catalog(database, create=False)
    with closing(postgresql.connect(name_of(database))) as other:
        assert other.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall() == []


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
            owner.execute("ALTER ROLE guest CONNECTION LIMIT 0")
            assert "no connection left" in refused(guest).sentence
            owner.execute("ALTER ROLE photocull IN DATABASE catalogue SET default_transaction_read_only = on")
            with open_catalog(url) as catalog, pytest.raises(CatalogError, match="only reads"):
                filled(catalog)
        finally:
            owner.execute("SET default_transaction_read_only = off")
            owner.execute("ALTER ROLE photocull IN DATABASE catalogue RESET default_transaction_read_only")
            owner.execute("DROP ROLE guest")


def test_the_driver_is_photoculls_own_whatever_is_named() -> None:
    assert {url_of(f"{scheme}://host/x").drivername for scheme in ("postgres", "postgresql+pg8000")} == {
        "postgresql+psycopg"
    }
