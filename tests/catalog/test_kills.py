"""Killed while it undoes, migrates or copies: the next start goes on from what was confirmed."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from photocull.catalog import kept, query, schema
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.soundness import proved
from photocull.core.types import Decision
from tests.catalog.building import MODEL, filled
from tests.catalog.test_faults import ROOT
from tests.catalog.test_upgrade import take_back

MIGRATING = (0.0, 0.1, 0.2, 0.3, 0.4, 0.6)
COPYING = (0.0, 0.01, 0.023, 0.031, 0.05)
"""Seconds after which a process is killed."""


@contextmanager
def process(*arguments: object) -> Iterator[subprocess.Popen[str]]:
    """Killed at the end of the block."""
    command = [sys.executable, "-m", "tests.catalog.killed_process", *map(str, arguments)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def hear(started: subprocess.Popen[str], word: str) -> None:
    assert started.stdout is not None
    assert started.stdout.readline() == f"{word}\n"


def stars(catalog: Catalog, photo: int) -> int | None:
    return query.photo_rows(catalog, [photo], MODEL)[0].rating


def test_what_was_undone_before_a_kill_can_be_redone_after_it(location: Path) -> None:
    with open_catalog(location) as catalog:
        (photo,) = filled(catalog, 1)
        for number in (2, 4):
            catalog.writer.decide([Decision(photo, "rating", number)], initiator="test").result(10)
    with process("undo", location) as undoing:
        hear(undoing, "ready")
        hear(undoing, "done")
    with open_catalog(location) as catalog:
        assert stars(catalog, photo) == 2
        assert catalog.writer.redo("test").result(10) is not None
        assert stars(catalog, photo) == 4
        assert catalog.writer.undo("test").result(10) is not None
        assert catalog.writer.undo("test").result(10) is not None
        assert stars(catalog, photo) is None
        assert catalog.check() == ()


@pytest.mark.slow
def test_a_migration_that_is_killed_is_made_by_the_next_start(file: Path) -> None:
    with open_catalog(file) as catalog:
        ids = filled(catalog, 200)
        catalog.writer.decide([Decision(i, "rating", 3) for i in ids], initiator="test").result(10)
    take_back(file, "0001")
    for seconds in MIGRATING:
        with process("open", file) as opening:
            hear(opening, "ready")
            time.sleep(seconds)
    for copy in kept.backups(file):
        assert proved(copy.file).photos == 200
    with open_catalog(file) as catalog:
        assert catalog.info().revision == schema.REVISION
        assert {row.rating for row in query.photo_rows(catalog, ids, MODEL)} == {3}
        assert catalog.check() == ()
    assert kept.backups(file)


@pytest.mark.slow
def test_a_backup_that_is_killed_leaves_the_one_before(file: Path, tmp_path: Path) -> None:
    target = tmp_path / "copy.sqlite"
    with open_catalog(file) as catalog:
        filled(catalog, 500)
    for seconds in COPYING:
        with process("backup", file, target) as copying:
            hear(copying, "ready")
            hear(copying, "done")
            time.sleep(seconds)
        assert proved(target).photos == 500
