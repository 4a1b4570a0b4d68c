"""A real catalogue for each test of this room, in a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog, open_catalog
from tests.catalog.building import filled, found, register
from tests.catalog.restoring import rate
from tests.conftest import BOTH, place_of
from tests.postgres_server import PostgresServer


@pytest.fixture(params=BOTH)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a catalogue may lie, in turn: a file that is not there yet, an empty catalogue on a server."""
    return place_of(request, tmp_path, request.param)


@pytest.fixture(params=BOTH)
def new_location(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path | str]:
    """As ``location``, but on the server there is only a database so far."""
    if request.param == "sqlite":
        yield tmp_path / "catalog.sqlite"
        return
    with request.getfixturevalue("postgresql").database() as url:
        yield url


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """For what is about SQLite's file itself."""
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def catalog(location: Path | str) -> Iterator[Catalog]:
    with open_catalog(location) as catalog:
        yield catalog


@pytest.fixture
def url(postgresql: PostgresServer) -> str:
    """An empty catalogue on a server."""
    return postgresql.emptied()


@pytest.fixture
def database(postgresql: PostgresServer) -> Iterator[str]:
    """The URL of a database with nothing in it, not even a catalogue."""
    with postgresql.database() as url:
        yield url


@pytest.fixture
def saved(file: Path) -> Path:
    """A backup of three photos of which one has a star; since then another got two, and a fourth photo came."""
    with open_catalog(file) as catalog:
        ids = filled(catalog)
        rate(catalog, ids[0], 1)
        copy = catalog.backup(file.with_name("copy.sqlite"))
        rate(catalog, ids[1], 2)
        register(catalog, found("/photos/late.jpg", "late"))
    return copy
