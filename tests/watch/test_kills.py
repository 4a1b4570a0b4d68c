"""Killed at any moment and begun again: nothing is lost, and what reached the catalogue is not done twice."""

import os
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import journal, photo_ids, photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from tests.conftest import ROOT
from tests.faults.table import OF_A_WATCH
from tests.watch.storm import tiny_photos


def rows(home: Path) -> list[PhotoRow]:
    with open_catalog(home / "catalog.sqlite") as catalog:
        ids = photo_ids(catalog, Filter(), Sort("name", descending=False), "")
        return photo_rows(catalog, ids, "pixels-1")


def begun(command: list[str]) -> subprocess.Popen[bytes]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)


@pytest.mark.slow
def test_killed_again_and_again_nothing_is_lost_and_nothing_done_twice(tmp_path: Path) -> None:
    home, inbox, notes = tmp_path / "home", tmp_path / "inbox", tmp_path / "judged"
    home.mkdir()
    inbox.mkdir()
    contents = list(tiny_photos(600))
    chance, poured = random.Random(5), threading.Event()

    def pour() -> None:
        for number, content in enumerate(contents):
            folder = inbox / f"card {number // 150}"
            folder.mkdir(exist_ok=True)
            (folder / f"{number:04}.jpg").write_bytes(content)
            time.sleep(0.02)
        poured.set()

    command = [sys.executable, "-m", "tests.watch.program", str(home), str(inbox), str(notes)]
    pouring = threading.Thread(target=pour)
    pouring.start()
    settled: set[str] = set()
    judged_by_then = 0
    for _ in range(OF_A_WATCH):
        with begun(command) as program:
            time.sleep(1.5 + 3 * chance.random())
            program.kill()
        if not (home / "catalog.sqlite").exists():
            continue
        judged = notes.read_text().splitlines() if notes.exists() else []
        again = settled & set(judged[judged_by_then:])
        assert not again, f"judged though the catalogue had it: {again}"
        settled = {row.path.name for row in rows(home) if row.overall is not None}
        judged_by_then = len(judged)
    pouring.join()
    with begun(command) as program:
        end = time.monotonic() + 300
        while len(list(inbox.rglob("*.xmp"))) < len(contents) and time.monotonic() < end:
            time.sleep(0.5)
        time.sleep(2.0)
        program.kill()
    found = rows(home)
    assert len(found) == len({row.path for row in found}) == len(contents)
    assert all(row.overall is not None and row.rating == 3 for row in found)
    judged = notes.read_text().splitlines()
    assert not settled & set(judged[judged_by_then:])
    twice = sum(count - 1 for count in Counter(judged).values())
    assert twice <= 32 * (OF_A_WATCH + 1), "at most the slice that a kill interrupted is judged again"
    with open_catalog(home / "catalog.sqlite") as catalog:
        assert catalog.check() == ()
        entries = journal(catalog, limit=10_000)
    ratings = Counter(entry.photo_id for entry in entries if entry.field == "rating")
    assert set(ratings.values()) == {1}, "each was rated once"
    assert len(list(inbox.rglob("*.xmp"))) == len(contents)
