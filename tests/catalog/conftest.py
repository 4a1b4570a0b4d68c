"""A real catalogue on disk for each test of this room."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog, open_catalog


@pytest.fixture
def location(tmp_path: Path) -> Path:
    return tmp_path / "catalog.sqlite"


@pytest.fixture
def catalog(location: Path) -> Iterator[Catalog]:
    with open_catalog(location) as catalog:
        yield catalog
