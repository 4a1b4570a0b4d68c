"""An export is killed at any moment, the disk fills, rights are missing: nothing is lost, no half file has a name."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import OutputError, UsageError
from photocull.core.work import CancelToken
from photocull.picks.export_journal import Journal, begin, holding, journals
from photocull.picks.plan import Way, plan_trash
from photocull.picks.undo import undo
from tests.drives import small_drive
from tests.faults.table import ELSEWHERE, EXPORTS, IN_A_LARGE_FILE
from tests.picks.shoot import content, export, make_shoot, own_trash, plan, run, take_back

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")
ACTS = ("open", "os.", "shutil.")
"""Audit events at which a process may die: whatever touches files."""


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Path]:
    """A folder on another drive than the test's own."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or memory.stat().st_dev == tmp_path.stat().st_dev or not os.access(memory, os.W_OK):
        pytest.skip("there is no second drive here")
    folder = memory / f"photocull-{os.getpid()}-{tmp_path.name}"
    folder.mkdir()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A drive of 256 kB."""
    with small_drive(tmp_path / "small", "256k") as folder:
        yield folder


def killed(work: Any, at: int) -> bool:
    """Do the work in a process that dies by SIGKILL at its so-many-th act on a file; whether it came to that."""
    child = os.fork()
    if child == 0:
        left = [at]

        def die(event: str, _: Any) -> None:
            if event.startswith(ACTS):
                left[0] -= 1
                if left[0] == 0:
                    os.kill(os.getpid(), signal.SIGKILL)

        try:
            sys.addaudithook(die)
            work()
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL


def undone(journal: Journal) -> None:
    with holding(journal) as held:
        undo(held, lambda event: None, CancelToken())


def whole_names(folder: Path, originals: dict[str, bytes]) -> None:
    """Every file under a final name is whole."""
    for name, data in content(folder).items() if folder.exists() else ():
        assert Path(name).name.startswith(".photocull-") or data == originals[name], name


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(EXPORTS))
@pytest.mark.parametrize("way", ["copy", "move"])
def test_killed_at_any_moment_an_export_goes_on_and_can_be_undone(tmp_path: Path, seed: int, way: Way) -> None:
    survive(tmp_path, tmp_path / "out", seed, way)


@pytest.mark.parametrize("seed", range(ELSEWHERE))
def test_killed_at_any_moment_a_move_to_another_drive_goes_on(tmp_path: Path, elsewhere: Path, seed: int) -> None:
    survive(tmp_path, elsewhere / "out", seed, "move")


def survive(base: Path, out: Path, seed: int, way: Way) -> None:
    chance = random.Random(seed)
    photos = make_shoot(base / "shoot", 3)
    originals = content(base / "shoot")
    journal = begin(plan(photos, out, way), base / "exports")
    deaths = 0
    while killed(lambda: run(journal), chance.randint(1, 120)):
        deaths += 1
        whole_names(out, originals)
        everywhere = (content(out) if out.exists() else {}) | content(base / "shoot")
        assert everywhere.items() >= originals.items()
        if deaths == 6:
            break
    done = run(journal)
    assert (done.photos, done.problems) == (3, ())
    assert content(out) == originals
    assert content(base / "shoot") == ({} if way == "move" else originals)
    while killed(lambda: undone(journal), chance.randint(1, 90)) and deaths < 12:
        deaths += 1
        assert ((content(out) if out.exists() else {}) | content(base / "shoot")).items() >= originals.items()
    undone(journal)
    assert content(base / "shoot") == originals
    assert not out.exists() or content(out) == {}
    assert deaths


def test_a_copy_that_was_edited_before_its_move_ended_leaves_the_original(tmp_path: Path, elsewhere: Path) -> None:
    photos, out = make_shoot(tmp_path / "shoot", 2), elsewhere / "out"
    originals = content(tmp_path / "shoot")
    journal = begin(plan(photos, out, "move"), tmp_path / "exports")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("photocull.picks.export._Work._let_go", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
        assert killed(lambda: run(journal), 10**6)
    assert content(out).keys() == {name for name in originals if "IMG_1" in name}
    (out / "IMG_1.xmp").write_bytes(b"edited meanwhile")
    (problem,) = run(journal).problems
    assert "both stay" in problem.sentence
    assert content(tmp_path / "shoot") == {name: data for name, data in originals.items() if "IMG_1" in name}
    assert content(out)["IMG_1.xmp"] == b"edited meanwhile"
    assert content(out).items() >= {name: data for name, data in originals.items() if "IMG_2" in name}.items()


def test_a_hard_link_to_another_drive_is_refused_before_anything_is_made(tmp_path: Path, elsewhere: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    with pytest.raises(UsageError, match="on another drive"):
        plan(photos, elsewhere / "out", "hardlink")
    assert not (elsewhere / "out").exists()
    weight = sum(map(len, content(tmp_path / "shoot").values()))
    assert (plan(photos, elsewhere, "move").needed, plan(photos, tmp_path / "out", "move").needed) == (weight, 0)


@pytest.mark.parametrize("seed", range(ELSEWHERE))
def test_killed_at_any_moment_a_clean_up_goes_on_and_all_comes_back(
    tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash, chance, deaths = own_trash(tmp_path, monkeypatch), random.Random(seed), 0
    photos = make_shoot(tmp_path / "shoot", 3)
    originals = content(tmp_path / "shoot")
    journal = begin(plan_trash(photos), tmp_path / "exports")

    def nothing_is_lost() -> None:
        thrown = content(trash / "files").values() if (trash / "files").exists() else ()
        assert {*thrown, *content(tmp_path / "shoot").values()} >= set(originals.values())

    while deaths < 5 and killed(lambda: run(journal), chance.randint(1, 100)):
        deaths += 1
        nothing_is_lost()
    done = run(journal)
    assert (done.photos, done.problems) == (3, ())
    # By content: the trash numbers what a kill left a note of.
    assert sorted(content(trash / "files").values()) == sorted(originals.values())
    assert content(tmp_path / "shoot") == {}
    while deaths < 10 and killed(lambda: undone(journal), chance.randint(1, 60)):
        deaths += 1
        nothing_is_lost()
    undone(journal)
    assert content(tmp_path / "shoot") == originals
    assert content(trash / "files") == {}
    assert deaths


@pytest.mark.slow
def test_a_kill_in_the_midst_of_a_large_file_leaves_no_half_file(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1, size=40_000_000)
    originals = content(tmp_path / "shoot")
    journal = begin(plan(photos, tmp_path / "out"), tmp_path / "exports")
    chance = random.Random(1)
    for _ in range(IN_A_LARGE_FILE):
        child = os.fork()
        if child == 0:
            try:
                run(journal)
            finally:
                os._exit(0)
        try:
            os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT | os.WNOHANG)
            signal.setitimer(signal.ITIMER_REAL, 0)
            subprocess.run(["sleep", f"{chance.uniform(0.01, 0.15):.3f}"], check=True)
        finally:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
        whole_names(tmp_path / "out", originals)
    run(journal)
    assert content(tmp_path / "out") == originals


def test_a_full_disk_stops_in_a_sentence_and_goes_on_when_there_is_room(tmp_path: Path, small: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 3, size=30_000)
    originals = content(tmp_path / "shoot")
    (small / "ballast").write_bytes(b"x" * 100_000)
    journal = begin(plan(photos, small / "out", "move"), tmp_path / "exports")
    with pytest.raises(OutputError, match="Nothing more can be written there: no space left"):
        run(journal)
    whole_names(small / "out", originals)
    assert not [name for name in content(small / "out") if name.startswith(".")]
    assert (content(small / "out") | content(tmp_path / "shoot")).items() >= originals.items()
    (small / "ballast").unlink()
    with pytest.raises(OutputError):
        run(journal)
    undone(journal)
    assert content(tmp_path / "shoot") == originals
    subprocess.run(["mount", "-o", "remount,size=4m", small], check=True)
    assert export(photos, small / "again", tmp_path, "move").photos == 3
    assert content(small / "again") == originals


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="nothing is forbidden to root")
def test_a_folder_that_may_not_be_written_is_told_and_nothing_goes(tmp_path: Path) -> None:
    forbidden(tmp_path)


def forbidden(base: Path) -> None:
    photos = make_shoot(base / "shoot", 1)
    before = content(base / "shoot")
    (base / "out").mkdir(mode=0o555)
    (problem,) = export(photos, base / "out", base, "move").problems
    assert "permission denied" in problem.sentence
    assert content(base / "shoot") == before


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another")
def test_for_another_than_root_too(tmp_path: Path) -> None:
    base = Path("/tmp") / f"photocull-{os.getpid()}"  # the folders above a test's own are root's alone
    base.mkdir(mode=0o777)
    base.chmod(0o777)
    child = os.fork()
    if child == 0:
        try:
            os.setuid(65534)
            forbidden(base)
            os._exit(0)
        finally:
            os._exit(1)
    try:
        assert os.waitpid(child, 0)[1] == 0
    finally:
        shutil.rmtree(base)


def test_a_source_that_may_not_be_removed_stays_with_its_family(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    before = content(tmp_path / "shoot")
    journal = begin(plan(photos, tmp_path / "out", "move"), tmp_path / "exports")
    with pytest.MonkeyPatch.context() as patch:

        def refuse(path: Path) -> None:
            raise PermissionError(13, "Permission denied", str(path))

        patch.setattr("photocull.picks.removing.remove", refuse)
        (problem,) = run(journal).problems
    assert "permission denied" in problem.sentence
    assert content(tmp_path / "shoot") == before
    (found,) = journals(tmp_path / "exports")
    undone(found)
    assert content(tmp_path / "shoot") == before
    assert not (tmp_path / "out").exists()


def test_a_drive_that_reads_back_other_bytes_is_found_out(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("photocull.picks.placing.digest_of", lambda file: "0" * 64)
        (problem,) = export(photos, tmp_path / "out", tmp_path).problems
    assert "not what can be read back" in problem.sentence
    assert content(tmp_path / "out") == {}


@pytest.mark.parametrize("way", ["copy", "move"])
def test_a_drive_without_hard_links_replaces_nothing_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: Way
) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    originals = content(tmp_path / "shoot")

    def refuse(source: Path, target: Path, **_: Any) -> None:
        raise PermissionError(1, "Operation not permitted", str(target))

    monkeypatch.setattr(os, "link", refuse)
    made = plan(photos, tmp_path / "out", way)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "IMG_2.xmp").write_bytes(b"came meanwhile")
    (problem,) = run(begin(made, tmp_path / "exports")).problems
    assert "come to the folder" in problem.sentence
    assert content(tmp_path / "out")["IMG_2.xmp"] == b"came meanwhile"
    assert len(content(tmp_path / "out")) == 5
    assert not take_back(tmp_path).problems
    assert content(tmp_path / "shoot") == originals
    assert content(tmp_path / "out") == {"IMG_2.xmp": b"came meanwhile"}
