"""Files come to their places on drives that cannot do all that others can."""

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from tests.drives import second_mount
from tests.picks.shoot import content, export, make_shoot, take_back


def test_between_two_mounts_of_one_drive_a_move_copies(tmp_path: Path) -> None:
    with (
        second_mount(tmp_path / "a", tmp_path / "shoot") as shoot,
        second_mount(tmp_path / "b", tmp_path / "out") as out,
    ):
        photos = make_shoot(shoot, 1)
        before = content(shoot)
        assert export(photos, out / "picks", tmp_path, "move").problems == ()
        assert (content(out / "picks"), content(shoot)) == (before, {})
        assert not take_back(tmp_path).problems
        assert (content(out), content(shoot)) == ({}, before)


@pytest.mark.skipif(not hasattr(os, "listxattr"), reason="this system has no such notes")
def test_a_drive_without_extended_attributes_is_copied_from_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: Any, **__: Any) -> list[str]:
        raise OSError(errno.EOPNOTSUPP, os.strerror(errno.EOPNOTSUPP))

    monkeypatch.setattr(os, "listxattr", refuse)
    assert export(make_shoot(tmp_path / "shoot", 1), tmp_path / "out", tmp_path).problems == ()
    assert content(tmp_path / "out") == content(tmp_path / "shoot")
