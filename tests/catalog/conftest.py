"""A real catalogue for each test of this room, in a file and on a server."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog, open_catalog


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """For what is about SQLite's file itself."""
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def catalog(location: Path | str) -> Iterator[Catalog]:
    with open_catalog(location) as catalog:
        yield catalog
