"""Rating that is killed at any moment: the catalogue is sound, and rating again ends as if nothing had happened."""

import random
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import photo_rows
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.watch.autorating import AutoRating
from tests.catalog.building import MODEL, found, judgement, register, scored, store
from tests.conftest import ROOT
from tests.faults.table import KILLS
from tests.watch.busy_rater import MANY

FOLDERS, EACH = 12, 20


def fill(catalog: Catalog) -> list[int]:
    """Shoots with every fifth photo marked by the photographer, every tenth cleared."""
    names = [f"/{folder:02}/{n:02}.jpg" for folder in range(FOLDERS) for n in range(EACH)]
    chance = random.Random(0)
    ids = register(catalog, *(found(name, name) for name in names))
    store(catalog, [scored(i, name, judgement(chance.uniform(0, 10))) for i, name in zip(ids, names, strict=True)])
    mine = [Decision(i, "rating", 3) for i in ids[::5]]
    catalog.writer.decide(mine, initiator="ui").result()
    catalog.writer.decide([Decision(i, "rating", None) for i in ids[::10]], initiator="ui").result()
    return list(ids)


def marks(catalog: Catalog, ids: Sequence[int]) -> list[Any]:
    return [(row.rating, row.pick, row.label, row.rated_by) for row in photo_rows(catalog, ids, MODEL)]


def kill(location: Path, seconds: float) -> int:
    """Let a process rate for a while after it has begun, and kill it; how often it had been through by then."""
    command = [sys.executable, "-m", "tests.watch.busy_rater", str(location)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(seconds)
        process.kill()
        return 1 + process.stdout.read().count("\n")


def survives(tmp_path: Path, kills: int) -> None:
    with open_catalog(tmp_path / "whole.sqlite") as whole:
        ids = fill(whole)
        AutoRating(whole, MODEL, MANY).rate(ids, CancelToken())
        expected = marks(whole, ids)
    location = tmp_path / "killed.sqlite"
    with open_catalog(location) as catalog:
        assert fill(catalog) == ids
        mine = marks(catalog, ids)[::5]
    between = 0
    for _ in range(kills):
        assert kill(location, random.uniform(0, 0.25))
        with open_catalog(location) as catalog:
            assert catalog.check() == ()
            now = marks(catalog, ids)
            assert [rating for rating, *_ in now[::5]] == [rating for rating, *_ in mine]
            between += now != expected
    assert between  # it was not killed when all was done alone
    with open_catalog(location) as catalog:
        AutoRating(catalog, MODEL, MANY).rate(ids, CancelToken())
        assert marks(catalog, ids) == expected
        assert AutoRating(catalog, MODEL, MANY).propose(ids, CancelToken()) == ()
        assert catalog.check() == ()


@pytest.mark.slow
def test_rating_ends_the_same_after_many_kills(tmp_path: Path) -> None:
    survives(tmp_path, KILLS)
