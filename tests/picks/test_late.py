"""Sidecars that come late: after the plan, while photos are moved, or where those were moved to."""

import os
import sys
from pathlib import Path

import pytest

from photocull.picks import export as carrying
from photocull.picks.export_journal import Entry, begin, read
from photocull.picks.plan import plan_trash
from tests.picks.shoot import choice, content, export, own_trash, plan, run, take_back
from tests.picks.test_export_faults import killed, undone


def photos(folder: Path, *names: str) -> Path:
    folder.mkdir()
    for name in names:
        (folder / name).write_bytes(name.encode())
    return folder


def test_a_sidecar_that_came_after_the_plan_moves_and_comes_back(tmp_path: Path) -> None:
    shoot = photos(tmp_path / "shoot", "a.jpg", "b.jpg")
    journal = begin(plan(choice(shoot), tmp_path / "out", "move", "x-{name}"), tmp_path / "exports")
    (shoot / "a.jpg.xmp").write_bytes(b"five stars")
    assert run(journal).files == 3
    assert sorted(content(tmp_path / "out")) == ["x-a.jpg", "x-a.jpg.xmp", "x-b.jpg"]
    assert content(shoot) == {}
    assert take_back(tmp_path).files == 3
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.xmp", "b.jpg"]


def test_a_sidecar_that_is_written_while_its_photo_goes_is_fetched_at_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot = photos(tmp_path / "shoot", "a.NEF", "a.jpg", "b.jpg")
    let_go = carrying._Work._let_go

    def write(work: carrying._Work, entry: Entry) -> None:
        let_go(work, entry)
        if entry.item.source.name == "a.jpg":
            (shoot / "a.xmp").write_bytes(b"late")

    monkeypatch.setattr(carrying._Work, "_let_go", write)
    assert export(choice(shoot), tmp_path / "out", tmp_path, "move").photos == 2
    assert sorted(content(tmp_path / "out")) == ["a.NEF", "a.jpg", "a.xmp", "b.jpg"]
    assert content(shoot) == {}


def test_what_belongs_to_a_new_photo_of_that_name_stays_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot = photos(tmp_path / "shoot", "a.jpg")
    let_go = carrying._Work._let_go

    def write(work: carrying._Work, entry: Entry) -> None:
        let_go(work, entry)
        (shoot / "a.jpg").write_bytes(b"another")
        (shoot / "a.jpg.xmp").write_bytes(b"its stars")

    monkeypatch.setattr(carrying._Work, "_let_go", write)
    export(choice(shoot), tmp_path / "out", tmp_path, "move")
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.xmp"]
    assert sorted(content(tmp_path / "out")) == ["a.jpg"]


def test_the_system_s_trash_takes_late_sidecars_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    trash, shoot = own_trash(tmp_path, monkeypatch), photos(tmp_path / "shoot", "a.jpg")
    journal = begin(plan_trash(choice(shoot)), tmp_path / "exports")
    (shoot / "a.jpg.xmp").write_bytes(b"no")
    run(journal)
    assert sorted(content(trash / "files")) == ["a.jpg", "a.jpg.xmp"]
    assert take_back(tmp_path).files == 2
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.xmp"]


def test_a_late_sidecar_that_cannot_go_leaves_its_photo_whole(tmp_path: Path) -> None:
    shoot = photos(tmp_path / "shoot", "a.jpg")
    journal = begin(plan(choice(shoot), tmp_path / "out", "move"), tmp_path / "exports")
    (shoot / "a.jpg.xmp").write_bytes(b"five stars")
    photos(tmp_path / "out", "a.jpg.xmp")
    (problem,) = run(journal).problems
    assert "come to the folder meanwhile" in problem.sentence
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.xmp"]
    assert content(tmp_path / "out") == {"a.jpg.xmp": b"a.jpg.xmp"}


def test_edits_that_were_made_at_the_new_place_come_back_under_the_old_name(tmp_path: Path) -> None:
    shoot = photos(tmp_path / "shoot", "a.jpg", "b.jpg")
    out = tmp_path / "out"
    export(choice(shoot), out, tmp_path, "move", template="x-{rank}")
    for name in ("x-1.jpg.pp3", "x-1_01.jpg.xmp", "x-2.xmp"):
        (out / name).write_bytes(name.encode())
    told = take_back(tmp_path)
    assert (told.photos, told.files, told.problems) == (2, 5, ())
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.pp3", "a_01.jpg.xmp", "b.jpg", "b.xmp"]
    assert content(shoot)["b.xmp"] == b"x-2.xmp"
    assert not out.exists()


def test_an_edit_whose_old_place_is_taken_stays_and_is_named(tmp_path: Path) -> None:
    shoot, out = photos(tmp_path / "shoot", "a.jpg"), tmp_path / "out"
    export(choice(shoot), out, tmp_path, "move")
    (out / "a.jpg.xmp").write_bytes(b"made there")
    (shoot / "a.jpg.xmp").write_bytes(b"made here")
    (problem,) = take_back(tmp_path).problems
    assert (problem.path, "both stay" in problem.sentence) == (out / "a.jpg.xmp", True)
    assert content(shoot) == {"a.jpg": b"a.jpg", "a.jpg.xmp": b"made here"}
    assert content(out) == {"a.jpg.xmp": b"made there"}


def test_an_undo_that_was_killed_finds_late_sidecars_in_the_journal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shoot, out = photos(tmp_path / "shoot", "a.jpg"), tmp_path / "out"
    export(choice(shoot), out, tmp_path, "move")
    (out / "a.jpg.xmp").write_bytes(b"made there")
    with monkeypatch.context() as patch:

        def die(*_: object) -> None:
            raise KeyboardInterrupt

        patch.setattr("photocull.picks.undo._undo_one", die)
        with pytest.raises(KeyboardInterrupt):
            take_back(tmp_path)
    (file,) = (tmp_path / "exports").glob("*.jsonl")
    assert [entry.item.source.name for entry in read(file).entries] == ["a.jpg", "a.jpg.xmp"]
    assert not take_back(tmp_path).problems
    assert content(shoot) == {"a.jpg": b"a.jpg", "a.jpg.xmp": b"made there"}


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_a_late_link_is_let_be(tmp_path: Path) -> None:
    shoot = photos(tmp_path / "shoot", "a.jpg")
    journal = begin(plan(choice(shoot), tmp_path / "out", "move"), tmp_path / "exports")
    (tmp_path / "kept.xmp").write_bytes(b"kept")
    (shoot / "a.jpg.xmp").symlink_to(tmp_path / "kept.xmp")
    assert run(journal).files == 1
    assert (shoot / "a.jpg.xmp").is_symlink()


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and signals")
@pytest.mark.parametrize("act", range(2, 60, 6))
def test_killed_at_any_moment_late_sidecars_go_and_come_back_with_their_photos(tmp_path: Path, act: int) -> None:
    shoot, out = photos(tmp_path / "shoot", "a.jpg", "b.jpg"), tmp_path / "out"
    journal = begin(plan(choice(shoot), out, "move", "x-{name}"), tmp_path / "exports")
    (shoot / "a.jpg.xmp").write_bytes(b"late")
    killed(lambda: run(journal), act)
    run(journal)
    assert (sorted(content(out)), content(shoot)) == (["x-a.jpg", "x-a.jpg.xmp", "x-b.jpg"], {})
    (out / "x-b.jpg.xmp").write_bytes(b"made there")
    killed(lambda: undone(journal), act)
    undone(journal)
    assert sorted(content(shoot)) == ["a.jpg", "a.jpg.xmp", "b.jpg", "b.jpg.xmp"]
    assert not out.exists()
