"""What undoing takes away: never the only copy, by whatever links and mounts two paths lead to one file."""

import os
import shutil
from pathlib import Path

import pytest

from photocull.picks.export_journal import begin
from photocull.picks.plan import Way
from photocull.picks.removing import remains_without
from tests.drives import second_mount
from tests.picks.shoot import choice, content, export, make_shoot, plan, run, take_back

pytestmark = pytest.mark.skipif(os.name == "nt", reason="links need rights there")


@pytest.mark.parametrize("way", ["move", "copy", "hardlink"])
def test_undo_keeps_what_was_exported_where_its_old_folder_has_become_a_link_to_the_new_one(
    tmp_path: Path, way: Way
) -> None:
    shoot, big = tmp_path / "shoot", tmp_path / "big"
    export(make_shoot(shoot, 2), big, tmp_path, way)
    before = content(big)
    shutil.rmtree(shoot)
    shoot.symlink_to(big)
    told = take_back(tmp_path)
    assert {problem.sentence for problem in told.problems} == {"Its old place leads here, so it stays."}
    assert (len(told.problems), told.files) == (8, 0)
    assert content(big) == before
    assert len(before) == 8


def test_undo_of_a_move_keeps_files_to_which_links_lead_from_their_old_places(tmp_path: Path) -> None:
    shoot, out = tmp_path / "shoot", tmp_path / "out"
    export(make_shoot(shoot, 1), out, tmp_path, "move")
    before = content(out)
    for file in out.iterdir():
        (shoot / file.name).symlink_to(file)
    assert len(take_back(tmp_path).problems) == 4
    assert content(out) == before


@pytest.mark.parametrize("way", ["move", "copy"])
def test_undo_keeps_what_was_exported_where_its_old_folder_is_the_new_one_mounted_twice(
    tmp_path: Path, way: Way
) -> None:
    shoot, real = tmp_path / "shoot", tmp_path / "real"
    export(make_shoot(shoot, 1), real, tmp_path, way)
    before = content(real)
    shutil.rmtree(shoot)
    with second_mount(real, shoot):
        assert len(take_back(tmp_path).problems) == 4
    assert content(real) == before


def test_a_copy_of_a_photo_that_was_itself_a_link_goes_all_the_same(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "card", 1)
    (tmp_path / "shoot").mkdir()
    for file in (tmp_path / "card").iterdir():
        (tmp_path / "shoot" / file.name).symlink_to(file)
    assert export(choice(tmp_path / "shoot"), tmp_path / "out", tmp_path).photos == len(photos)
    assert not take_back(tmp_path).problems
    assert not (tmp_path / "out").exists()


def test_of_two_names_one_remains_and_a_name_seen_twice_is_one(tmp_path: Path) -> None:
    one, other, copy = tmp_path / "a.jpg", tmp_path / "b.jpg", tmp_path / "c.jpg"
    one.write_bytes(b"pixels")
    other.hardlink_to(one)
    shutil.copy2(one, copy)
    assert remains_without(one, other)
    assert remains_without(one, copy)
    (tmp_path / "again").symlink_to(tmp_path)
    assert not remains_without(one, tmp_path / "again" / "a.jpg")
    assert remains_without(one, tmp_path / "again" / "b.jpg")
    (tmp_path / "link.jpg").symlink_to(one)
    assert not remains_without(one, tmp_path / "link.jpg")
    assert not remains_without(tmp_path / "link.jpg", one)


def test_a_move_whose_folders_became_one_while_it_was_interrupted_leaves_the_photo(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot, out = tmp_path / "shoot", tmp_path / "out"
    journal = begin(plan(make_shoot(shoot, 1), out, "move"), tmp_path / "exports")
    before = content(shoot)
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("photocull.picks.export._Work._let_go", die)
        with pytest.raises(KeyboardInterrupt):
            run(journal)
    shutil.rmtree(shoot)
    shoot.symlink_to(out)
    (problem,) = run(journal).problems
    assert "leads here" in problem.sentence
    assert content(out) == before
