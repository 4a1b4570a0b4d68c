"""Killed in the middle of writing, disk full, two processes at once: what was confirmed is there, and all is sound."""

import os
import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.core.errors import CatalogError
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled, found, register
from tests.faults.table import KILLS, SERVER_KILLS

ROOT = Path(__file__).resolve().parent.parent.parent


def start(location: Path | str, first: int, *more: int) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "tests.catalog.busy_process", str(location), str(first), *map(str, more)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def run_and_kill(location: Path | str, first: int, seconds: float) -> dict[int, int]:
    """What the process had confirmed when it was killed: stars by photo id."""
    with start(location, first) as process:
        assert process.stdout is not None
        confirmed = process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        confirmed += process.stdout.read()
    complete = [line.split() for line in confirmed.splitlines(keepends=True) if line.endswith("\n")]
    return {int(photo): int(stars) for photo, stars in complete}


def check_kept(location: Path | str, confirmed: dict[int, int]) -> None:
    with open_catalog(location) as catalog:
        assert catalog.check() == ()
        rows = query.photo_rows(catalog, list(confirmed), MODEL)
        assert {row.id: row.rating for row in rows} == confirmed


def test_what_was_confirmed_survives_a_kill(location: Path | str) -> None:
    confirmed = run_and_kill(location, 0, 0.2)
    assert confirmed
    check_kept(location, confirmed)


@pytest.mark.slow
def test_what_was_confirmed_survives_many_kills(location: Path | str) -> None:
    confirmed: dict[int, int] = {}
    for n in range(KILLS if isinstance(location, Path) else SERVER_KILLS):
        confirmed |= run_and_kill(location, n * 10_000, random.uniform(0, 0.3))
        check_kept(location, confirmed)
    assert len(confirmed) > 50


@pytest.mark.slow
def test_a_process_killed_while_it_makes_the_catalogue_leaves_one_that_opens(new_location: Path | str) -> None:
    for seconds in (0.35, 0.5, 0.65):
        process = start(new_location, 0)
        time.sleep(seconds)
        process.kill()
        process.communicate()
    with open_catalog(new_location) as catalog:
        assert catalog.check() == ()


def test_two_processes_write_at_once_and_both_are_kept(location: Path | str) -> None:
    with start(location, 0, 15) as one, start(location, 10_000, 15) as two:
        outputs = [process.communicate(timeout=800)[0] for process in (one, two)]
    assert (one.returncode, two.returncode) == (0, 0)
    with open_catalog(location) as catalog:
        assert catalog.info().photos == 2 * 15 * 5
        assert catalog.info().judged == 2 * 15 * 5
        assert catalog.check() == ()
    check_kept(location, {int(p): int(s) for out in outputs for p, s in (line.split() for line in out.splitlines())})


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of one megabyte."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, check=False, capture_output=True).returncode != 0:
        pytest.skip("a small disk cannot be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_is_told_and_loses_nothing_that_was_confirmed(small_disk: Path) -> None:
    with open_catalog(small_disk / "catalog.sqlite") as catalog:
        _until_full(catalog)


def test_a_full_catalogue_is_told_and_loses_nothing_that_was_confirmed(file: Path) -> None:
    with open_catalog(file) as catalog:
        with catalog.engine.connect() as connection:  # stands for a full disk where none can be mounted
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
            connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 40}")
        _until_full(catalog)


def _until_full(catalog: Catalog) -> None:
    (photo,) = filled(catalog, 1)
    catalog.writer.decide([Decision(photo, "rating", 5)], initiator="test").result(10)
    with pytest.raises(CatalogError, match="disk is full"):
        _register_without_end(catalog)
    assert query.photo_rows(catalog, [photo], MODEL)[0].rating == 5
    assert catalog.check() == ()
    before = catalog.info().photos
    assert before % 50 == 1  # each scan is there as a whole or not at all


def _register_without_end(catalog: Catalog) -> None:
    for n in range(1000):
        register(catalog, *(found(f"/more/{n}-{i}.jpg", f"{n}-{i}") for i in range(50)))


@pytest.mark.skipif(os.name == "nt", reason="limits are of another kind there")
def test_a_disk_that_refuses_to_write_is_told(file: Path) -> None:
    program = (
        "import resource, sys\n"
        "from photocull.catalog.database import open_catalog\n"
        "from photocull.core.errors import CatalogError\n"
        "from tests.catalog.building import filled\n"
        "with open_catalog(sys.argv[1]) as catalog:\n"
        "    filled(catalog, 3)\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))\n"
        "    try:\n"
        "        filled(catalog, 2000)\n"
        "    except CatalogError as error:\n"
        "        sys.exit(str(error))\n"
    )
    command = [sys.executable, "-c", program, str(file)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert done.returncode == 1
    assert "disk failed" in done.stderr
    with open_catalog(file) as catalog:
        assert catalog.check() == ()
        assert catalog.info().photos == 3
