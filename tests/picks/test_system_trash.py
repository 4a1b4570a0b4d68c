"""The system's trash on drives of their own: files are found again by whatever way they were named."""

import os
from pathlib import Path

import pytest

from photocull.picks.export_journal import begin
from photocull.picks.plan import plan_trash
from tests.drives import small_drive
from tests.picks.shoot import choice, content, make_shoot, own_trash, run, take_back


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_what_was_named_by_a_link_to_another_drive_comes_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own_trash(tmp_path, monkeypatch)
    with small_drive(tmp_path / "drive", "4m") as drive:
        make_shoot(drive / "shoot", 1)
        (tmp_path / "Pictures").symlink_to(drive / "shoot")
        before = content(drive / "shoot")
        photos = choice(tmp_path / "Pictures")
        assert run(begin(plan_trash(photos), tmp_path / "exports")).photos == 1
        assert content(drive / "shoot") == {}
        told = take_back(tmp_path)
        assert (told.files, told.problems) == (4, ())
        assert content(drive / "shoot") == before
