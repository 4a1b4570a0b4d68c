"""Carrying an export out and taking it back: copies, links and moves, each file whole and nothing lost."""

import os
from pathlib import Path

import pytest

from photocull.core.errors import CancelledError, OutputError, UsageError
from photocull.core.work import CancelToken, Event, Progressed
from photocull.picks import plan as planning
from photocull.picks.digests import digest
from photocull.picks.export import carry_out
from photocull.picks.export_journal import BusyError, begin, holding, journals, read
from tests.picks.shoot import choice, content, export, make_shoot, plan, run, take_back

LINKS = pytest.mark.skipif(os.name == "nt", reason="links need rights there")


def test_a_copy_takes_partners_and_sidecars_along_with_their_times(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 3)
    before = content(tmp_path / "shoot")
    os.utime(photos[0].row.path, ns=(10**18, 10**18 + 12345))
    done = export(choice(tmp_path / "shoot"), tmp_path / "out", tmp_path)
    assert (done.photos, done.files, done.problems) == (3, 12, ())
    assert done.size == sum(map(len, before.values()))
    assert content(tmp_path / "out") == before
    assert content(tmp_path / "shoot") == before
    assert (tmp_path / "out" / "IMG_1.NEF").stat().st_mtime_ns == 10**18 + 12345


def test_the_journal_keeps_the_hash_of_every_copy(tmp_path: Path) -> None:
    export(make_shoot(tmp_path / "shoot", 1), tmp_path / "out", tmp_path)
    (journal,) = journals(tmp_path / "exports")
    assert journal.state == "finished"
    for entry in journal.entries:
        assert entry.target is not None
        assert entry.hash == digest(entry.target) == digest(entry.item.source)


@LINKS
def test_links_lead_to_the_originals(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    export(photos, tmp_path / "hard", tmp_path, "hardlink")
    export(photos, tmp_path / "soft", tmp_path, "symlink")
    for path in (tmp_path / "shoot").iterdir():
        assert (tmp_path / "hard" / path.name).samefile(path)
        assert not (tmp_path / "hard" / path.name).is_symlink()
        assert (tmp_path / "soft" / path.name).readlink() == path
    assert plan(photos, tmp_path / "hard", "hardlink").files == 0
    assert plan(photos, tmp_path / "soft", "symlink").files == 0


def test_a_move_leaves_nothing_behind_and_undo_brings_all_back(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    before = content(tmp_path / "shoot")
    done = export(photos, tmp_path / "out", tmp_path, "move", template="{folder}/x{rank}")
    assert [(a.name, b and b.name) for a, b in done.moved] == [("IMG_1.NEF", "x1.NEF"), ("IMG_2.NEF", "x2.NEF")]
    assert content(tmp_path / "shoot") == {}
    assert sorted(content(tmp_path / "out").values()) == sorted(before.values())
    back = take_back(tmp_path)
    assert (back.files, back.problems) == (8, ())
    assert content(tmp_path / "shoot") == before
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("way", ["copy", pytest.param("hardlink", marks=LINKS), pytest.param("symlink", marks=LINKS)])
def test_undo_of_copies_and_links_takes_them_away_and_no_more(tmp_path: Path, way: planning.Way) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_bytes(b"mine")
    before = content(tmp_path)
    export(photos, tmp_path / "out", tmp_path, way)
    assert not take_back(tmp_path).problems
    assert {k: v for k, v in content(tmp_path).items() if not k.startswith("exports")} == before


def test_undo_keeps_a_copy_that_was_edited_and_one_whose_original_is_gone(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    export(photos, tmp_path / "out", tmp_path)
    (tmp_path / "out" / "IMG_1.xmp").write_bytes(b"edited")
    (tmp_path / "shoot" / "IMG_2.NEF").unlink()
    told = take_back(tmp_path).problems
    assert sorted(problem.path.name for problem in told) == ["IMG_1.xmp", "IMG_2.NEF"]
    assert sorted(content(tmp_path / "out")) == ["IMG_1.xmp", "IMG_2.NEF"]


def test_undo_of_a_move_never_replaces_what_came_to_the_old_place(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    export(photos, tmp_path / "out", tmp_path, "move")
    (tmp_path / "shoot" / "IMG_1.JPG").write_bytes(b"new")
    (problem,) = take_back(tmp_path).problems
    assert "both stay" in problem.sentence
    assert content(tmp_path / "shoot")["IMG_1.JPG"] == b"new"
    assert list(content(tmp_path / "out")) == ["IMG_1.JPG"]


def test_a_moved_sidecar_that_was_edited_comes_back_as_it_is_now(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    export(photos, tmp_path / "out", tmp_path, "move")
    (tmp_path / "out" / "IMG_1.xmp").write_bytes(b"five stars by now")
    assert not take_back(tmp_path).problems
    assert content(tmp_path / "shoot")["IMG_1.xmp"] == b"five stars by now"


def test_a_folder_that_moved_files_come_from_is_made_again(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot" / "deep", 1)
    before = content(tmp_path / "shoot")
    export(photos, tmp_path / "out", tmp_path, "move")
    (tmp_path / "shoot" / "deep").rmdir()
    assert not take_back(tmp_path).problems
    assert content(tmp_path / "shoot") == before


def test_a_photo_that_vanished_is_told_and_the_others_are_exported(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 3)
    made = plan(photos, tmp_path / "out")
    (tmp_path / "shoot" / "IMG_2.JPG").unlink()
    done = run(begin(made, tmp_path / "exports"))
    assert [(p.path.name, p.sentence) for p in done.problems] == [("IMG_2.NEF", "The file is no longer there.")]
    assert sorted({name.split(".")[0] for name in content(tmp_path / "out")}) == ["IMG_1", "IMG_3"]


def test_a_photo_that_cannot_move_whole_does_not_move_at_all(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    before = content(tmp_path / "shoot")
    made = plan(photos, tmp_path / "out", "move")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "IMG_1.xmp").write_bytes(b"came meanwhile")
    (problem,) = run(begin(made, tmp_path / "exports")).problems
    assert "come to the folder meanwhile" in problem.sentence
    assert content(tmp_path / "shoot") == before
    assert content(tmp_path / "out") == {"IMG_1.xmp": b"came meanwhile"}


def test_a_plan_that_does_not_fit_is_refused_before_the_first_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10_000})())
    with pytest.raises(OutputError, match=r"12 kB are needed and 10 kB are free"):
        planning.check_room(plan(photos, tmp_path / "deep" / "out"))
    planning.check_room(plan(photos, tmp_path / "out", "move"))
    assert not (tmp_path / "deep").exists()


def test_a_link_is_copied_as_a_photo_and_never_moved(tmp_path: Path) -> None:
    if os.name == "nt":
        pytest.skip("links need rights there")
    (tmp_path / "real.jpg").write_bytes(b"pixels")
    (tmp_path / "shoot").mkdir()
    (tmp_path / "shoot" / "a.jpg").symlink_to(tmp_path / "real.jpg")
    photos = choice(tmp_path / "shoot")
    export(photos, tmp_path / "out", tmp_path)
    assert content(tmp_path / "out") == {"a.jpg": b"pixels"}
    assert not (tmp_path / "out" / "a.jpg").is_symlink()
    (problem,) = plan(photos, tmp_path / "moved", "move").left_out
    assert "it is a link" in problem.sentence


@pytest.mark.parametrize("way", ["copy", "convert", pytest.param("symlink", marks=LINKS)])
def test_photos_that_lie_in_the_folder_already_are_passed_over_and_counted(tmp_path: Path, way: planning.Way) -> None:
    make_shoot(tmp_path / "shoot", 2)
    make_shoot(tmp_path / "shoot" / "picks" / "deep", 1)
    made = plan(choice(tmp_path / "shoot"), tmp_path / "shoot" / "picks", way, "{name}-{rank}")
    assert (made.inside, [family.photo.name for family in made.families]) == (1, ["IMG_1.NEF", "IMG_2.NEF"])
    assert (
        made.families[1].items[0].target
        == tmp_path / "shoot" / "picks" / f"IMG_2-2{'.jpg' if way == 'convert' else '.NEF'}"
    )


def test_a_folder_that_all_photos_lie_in_is_meant_to_hold_what_is_made_of_them(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    made = plan(photos, tmp_path / "shoot", "convert", "{name}-web")
    assert (made.inside, len(made.families)) == (0, 2)
    moved = plan([*photos, *make_shoot(tmp_path / "other", 1)], tmp_path / "shoot", "move", "x-{name}")
    assert (moved.inside, len(moved.families)) == (0, 3)


def test_a_folder_that_is_a_file_is_wrong_usage(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    with pytest.raises(UsageError, match="a file, not a folder"):
        plan(photos, tmp_path / "shoot" / "IMG_1.NEF" / "out")


def test_progress_is_told_by_photos_and_stopping_goes_on_later(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 3)
    journal, token, told = begin(plan(photos, tmp_path / "out"), tmp_path / "exports"), CancelToken(), list[Event]()

    def hear(event: Event) -> None:
        told.append(event)
        token.cancel()

    with holding(journal) as held, pytest.raises(CancelledError, match="goes on from here"):
        carry_out(held, hear, token)
    assert [(e.done, e.total) for e in told if isinstance(e, Progressed)] == [(1, 3)]
    assert read(journal.file).state == "open"
    assert run(journal).photos == 3
    assert content(tmp_path / "out") == content(tmp_path / "shoot")


def test_planning_tells_how_far_it_is_and_can_be_stopped(tmp_path: Path) -> None:
    photos, told, token = make_shoot(tmp_path / "shoot", 3), list[Event](), CancelToken()
    plan(photos, tmp_path / "out", listener=told.append, token=token)
    assert [(e.done, e.total) for e in told if isinstance(e, Progressed)] == [(1, 3), (2, 3), (3, 3)]
    token.cancel()
    with pytest.raises(CancelledError):
        plan(photos, tmp_path / "out", token=token)


def test_one_journal_is_worked_on_by_one_alone(tmp_path: Path) -> None:
    journal = begin(plan(make_shoot(tmp_path / "shoot", 1), tmp_path / "out"), tmp_path / "exports")
    with holding(journal), pytest.raises(BusyError), holding(journal):
        pass


def test_a_torn_line_of_the_journal_is_dropped_and_a_damaged_one_hides_no_other(tmp_path: Path) -> None:
    journal = begin(plan(make_shoot(tmp_path / "shoot", 1), tmp_path / "out"), tmp_path / "exports")
    with journal.file.open("ab") as file:
        file.write(b'{"file": 0, "pla')
    (tmp_path / "exports" / "99999999.jsonl").write_bytes(b"nonsense\n")
    (found,) = journals(tmp_path / "exports")
    assert run(found).photos == 1
    assert read(journal.file).state == "finished"


def test_the_plan_is_on_the_disk_under_its_name_before_anything_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    photos, home, synced = make_shoot(tmp_path / "shoot", 1), tmp_path / "exports", list[list[str]]()

    def sync(folder: Path) -> None:
        assert folder == home
        synced.append([path.suffix for path in folder.iterdir()])

    monkeypatch.setattr("photocull.picks.export_journal.sync_folder", sync)
    begin(plan(photos, tmp_path / "out"), home)
    assert synced == [[".jsonl"]]
    assert not (tmp_path / "out").exists()
