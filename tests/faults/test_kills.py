"""The program is killed fifty times at each of its works: what was said to be done is done, and nothing is half.

After each kill the catalogue is sound, and in the end everything is as if nobody had killed anything.
"""

import os
import random
import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_details, photo_ids, photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.settings import folders
from photocull.core.types import Decision
from photocull.sidecar import names as words
from photocull.sidecar.parsing import parse
from tests.building import make_folder
from tests.faults.table import KILLS, OF_THE_WHOLE_PROGRAM
from tests.faults.work import command, names, rate_in_window
from tests.journeys.program import command as program
from tests.journeys.program import environment
from tests.killing import Victim, moments, seconds_of
from tests.picks.shoot import content

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name == "nt", reason="needs fork and signals")]
MODEL = "pixels-1"
BY_NAME = Sort("name", descending=False)


def sound() -> None:
    """What `catalog check` finds; it has made no catalogue where a kill came before there was one."""
    if folders().catalog.exists():
        with open_catalog(folders().catalog) as catalog:
            assert catalog.check() == ()


def rows_of(folder: Path) -> dict[str, PhotoRow]:
    with open_catalog(folders().catalog) as catalog:
        ids = photo_ids(catalog, Filter(folders=frozenset({folder})), BY_NAME, MODEL)
        return {row.path.name: row for row in photo_rows(catalog, ids, MODEL)}


def decide(folder: Path, field: Any, values: dict[str, Any]) -> None:
    rows = rows_of(folder)
    with open_catalog(folders().catalog) as catalog:
        wanted = [Decision(rows[name].id, field, value) for name, value in values.items()]
        catalog.writer.decide(wanted, initiator="test").result(60)


def done(*arguments: object) -> None:
    """The command, left alone."""
    victim = Victim(command, *map(str, arguments))
    assert victim.ended() == 0, victim.told()


def kills(arguments: tuple[object, ...], after: Callable[[], None], again: Callable[[], None]) -> Iterator[int]:
    """Kill this command at random moments, so many times as the table says; yields the number of each kill.

    Args:
        after: holds after each kill. again: what is done once the command came to its end before it was killed.
    """
    again()
    until = seconds_of(lambda: done(*arguments))
    again()
    killed = 0
    for moment in moments(len(arguments), until):
        if Victim(command, *map(str, arguments)).kill_after(moment):
            killed += 1
            sound()
            after()
            yield killed
        else:
            again()
        if killed == KILLS:
            return


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    """Forty small photos."""
    make_folder(tmp_path / "shoot", 40, size=(240, 160))
    return tmp_path / "shoot"


def scores(folder: Path) -> dict[str, Any]:
    """Everything that was judged of these photos."""
    with open_catalog(folders().catalog) as catalog:
        ids = photo_ids(catalog, Filter(folders=frozenset({folder})), BY_NAME, MODEL)
        found = photo_details(catalog, ids, MODEL)
    return {d.row.path.name: (d.row.overall, d.themes, d.reasons) for d in found if d.row.overall is not None}


def test_scoring_goes_on_where_it_was_killed_and_ends_as_if_it_never_was(shoot: Path) -> None:
    originals = content(shoot)
    done("score", shoot, "--jobs", 2)
    expected, before = scores(shoot), 0
    assert len(expected) == 40

    def begin() -> None:
        nonlocal before
        shutil.rmtree(folders().data, ignore_errors=True)
        shutil.rmtree(folders().cache, ignore_errors=True)
        before = 0

    def after() -> None:
        nonlocal before
        kept = scores(shoot) if folders().catalog.exists() else {}
        assert kept.items() <= expected.items()
        assert len(kept) >= before
        before = len(kept)
        assert content(shoot) == originals

    assert max(kills(("score", shoot, "--jobs", 2), after, begin)) == KILLS
    done("score", shoot, "--jobs", 2)
    assert scores(shoot) == expected
    assert content(shoot) == originals


def test_no_decision_is_lost_that_the_window_said_was_saved(tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    make_folder(folder, 8, size=(160, 120))
    originals, chance, keys, confirmed = content(folder), random.Random(1), 0, 0
    for _ in range(KILLS):
        window = Victim(rate_in_window, str(folder), keys)
        told = [window.first()]
        while told[-1][0] != "saved":
            told.append(window.first())
        assert window.kill_after(chance.uniform(0, 0.6))
        told += window.told()
        keys += sum(word == "press" for word, _, _ in told)
        confirmed += sum(word == "saved" for word, _, _ in told)
        sound()
        kept = {row.id: row.rating for row in rows_of(folder).values()}
        for photo in {photo for word, photo, _ in told if word == "saved"}:
            pressed = [stars for word, i, stars in told if word == "press" and i == photo]
            saved = sum(word == "saved" and i == photo for word, i, _ in told)
            assert kept[photo] in pressed[saved - 1 :], "what the bar called saved, or a later key that went further"
        whole_sidecars(folder, originals)
    assert confirmed >= KILLS
    done("score", folder, "--write-xmp")
    assert stars_outside(folder) == {name: row.rating for name, row in rows_of(folder).items() if row.rating}


def whole_sidecars(folder: Path, originals: dict[str, bytes]) -> None:
    """Photos are untouched; every sidecar can be read; what else lies there is hidden, and little."""
    now = content(folder)
    assert now.items() >= originals.items()
    added = now.keys() - originals.keys()
    for name in (name for name in added if name.endswith(".xmp")):
        assert parse(now[name]).text(words.RATING) in {"1", "2", "3", "4", "5", None}
    hidden = {name for name in added if not name.endswith(".xmp")}
    assert all(name.startswith(".photocull-") and name.endswith(".tmp") for name in hidden)
    assert len(hidden) <= 8 * len(originals)


def stars_outside(folder: Path) -> dict[str, int]:
    """What the sidecars say, by photo."""
    found = {name.removesuffix(".xmp"): parse((folder / name).read_bytes()) for name in names(folder, "*.xmp")}
    return {name: int(rating) for name, one in found.items() if (rating := one.text(words.RATING))}


def test_sidecars_are_whole_after_each_kill_and_complete_after_the_next_run(shoot: Path) -> None:
    done("score", shoot)
    originals, chance, wanted = content(shoot), random.Random(2), {}

    def begin() -> None:
        wanted.update({name: chance.randint(1, 5) for name in originals})
        decide(shoot, "rating", wanted)

    def after() -> None:
        whole_sidecars(shoot, originals)
        assert {name: row.rating for name, row in rows_of(shoot).items()} == wanted

    def again() -> None:
        begin()

    assert max(kills(("score", shoot, "--write-xmp"), after, again)) == KILLS
    for left in shoot.glob(".photocull-*"):  # what nobody has used for two minutes was left by a kill
        os.utime(left, (left.stat().st_atime - 120, left.stat().st_mtime - 120))
    for _ in range(2):
        begin()
        done("score", shoot, "--write-xmp")
        assert stars_outside(shoot) == wanted
        after()


@pytest.mark.parametrize("way", ["copy", "move"])
def test_an_export_ends_as_if_it_was_never_killed(shoot: Path, tmp_path: Path, way: str) -> None:
    out = tmp_path / "out"
    call = ("export", shoot, "--to", out, f"--{way}", "--yes")
    originals = picked(shoot, "pick")

    def after() -> None:
        there = content(out) if out.exists() else {}
        for name, data in there.items():
            assert Path(name).name.startswith(".photocull-") or data == originals[name], "half under a final name"
        assert (content(shoot) | there).items() >= originals.items()

    def again() -> None:
        put_back(shoot, originals)
        shutil.rmtree(out, ignore_errors=True)
        shutil.rmtree(folders().exports, ignore_errors=True)

    assert max(kills(call, after, again)) == KILLS
    if content(shoot):  # the last kill may have come when all was moved and noted
        done(*call)
    assert content(out) == originals
    assert content(shoot) == ({} if way == "move" else originals)
    sound()
    done("export", "--undo", "--to", out)
    assert content(shoot) == originals
    assert not out.exists()


def test_a_clean_up_ends_as_if_it_was_never_killed(
    shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = tmp_path / "share" / "Trash" / "files"
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    call = ("trash", shoot, "--rejected", "--yes")
    originals = picked(shoot, "reject")

    def after() -> None:
        thrown = content(trash).values() if trash.exists() else ()
        assert {*thrown, *content(shoot).values()} >= set(originals.values())

    def again() -> None:
        put_back(shoot, originals)
        shutil.rmtree(tmp_path / "share", ignore_errors=True)
        shutil.rmtree(folders().exports, ignore_errors=True)

    assert max(kills(call, after, again)) == KILLS
    if content(shoot):  # as above
        done(*call)
    assert content(shoot) == {}
    assert sorted(content(trash).values()) == sorted(originals.values())
    sound()
    done("trash", "--undo")
    assert content(shoot) == originals


def picked(folder: Path, flag: str) -> dict[str, bytes]:
    """Score and flag all; what lies there."""
    done("score", folder)
    decide(folder, "pick", dict.fromkeys(names(folder), flag))
    return content(folder)


def put_back(folder: Path, originals: dict[str, bytes]) -> None:
    for name, data in originals.items():
        if not (folder / name).exists():
            (folder / name).write_bytes(data)


def test_the_real_program_with_its_own_model_goes_on_after_kills(tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    make_folder(folder, 12, size=(600, 400))
    call = program("score", folder, "--model", "builtin-1-fast", "--format", "json", "--write-xmp")
    started, chance = time.monotonic(), random.Random(3)
    whole = {**environment(), "PHOTOCULL_HOME": str(tmp_path / "whole")}
    expected = subprocess.run(call[:-1], env=whole, capture_output=True, check=True).stdout
    until = time.monotonic() - started
    killed = 0
    while killed < OF_THE_WHOLE_PROGRAM:
        run = subprocess.Popen(call, env=environment(), stdout=subprocess.DEVNULL)
        try:
            run.wait(chance.uniform(until / 4, until))
            shutil.rmtree(folders().data)  # it came to its end first: from the beginning
        except subprocess.TimeoutExpired:
            run.kill()
            run.wait()
            killed += 1
        sound()
        for sidecar in folder.glob("*.xmp"):
            parse(sidecar.read_bytes())
    assert subprocess.run(call, env=environment(), capture_output=True, check=True).stdout == expected
    assert len(names(folder, "*.xmp")) == 12
