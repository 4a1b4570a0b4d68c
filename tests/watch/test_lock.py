"""Watches of one folder, and of folders inside each other, exclude each other."""

import subprocess
import sys
from pathlib import Path

import pytest

from photocull.core.errors import UsageError
from photocull.watch.lock import alone
from tests.conftest import ROOT


def test_two_watches_of_one_folder_exclude_each_other_and_others_do_not(tmp_path: Path) -> None:
    one, other = tmp_path / "one", tmp_path / "other"
    (tmp_path / "link").symlink_to(one)
    with alone(tmp_path / "locks", "a.sqlite", [one]):
        for again in (one, tmp_path / "link"):
            with (
                pytest.raises(UsageError, match="Another watch"),
                alone(tmp_path / "locks", "a.sqlite", [other, again]),
            ):
                pass
        with alone(tmp_path / "locks", "a.sqlite", [other]), alone(tmp_path / "locks", "b.sqlite", [one]):
            pass
    with alone(tmp_path / "locks", "a.sqlite", [one, other]):
        pass
    assert not list((tmp_path / "locks").iterdir())


def test_two_watches_of_folders_inside_each_other_exclude_each_other_too(tmp_path: Path) -> None:
    locks, outer = tmp_path / "locks", tmp_path / "outer"
    inner, beside = outer / "a" / "inner", tmp_path / "outer 2"
    inner.mkdir(parents=True)
    (tmp_path / "link").symlink_to(inner)
    for first, second, words in (
        (outer, inner, "above"),
        (outer, tmp_path / "link", "above"),
        (inner, outer, "in this"),
    ):
        with alone(locks, "a.sqlite", [first]):
            with pytest.raises(UsageError, match=words), alone(locks, "a.sqlite", [beside, second]):
                pass
            with alone(locks, "a.sqlite", [beside]), alone(locks, "b.sqlite", [second]):
                pass
    with alone(locks, "a.sqlite", [outer, tmp_path / "link"]):
        pass
    assert not list(locks.iterdir())


def test_a_watch_that_was_killed_keeps_no_folder_above_or_below(tmp_path: Path) -> None:
    locks, outer = tmp_path / "locks", tmp_path / "outer"
    code = (
        "import sys, time; from pathlib import Path; from photocull.watch.lock import alone\n"
        "with alone(Path(sys.argv[1]), 'a.sqlite', [Path(sys.argv[2])]): print('held', flush=True); time.sleep(100)"
    )
    with subprocess.Popen([sys.executable, "-c", code, locks, outer], stdout=subprocess.PIPE, cwd=ROOT) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"held"
        with pytest.raises(UsageError, match="above"), alone(locks, "a.sqlite", [outer / "inner"]):
            pass
        other.kill()
    with alone(locks, "a.sqlite", [outer / "inner"]):
        assert len(list(locks.glob("*.folder"))) == 1
