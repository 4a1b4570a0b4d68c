"""`export` as a person calls it: choices, names, ways, questions, undo, exit codes."""

import io
import json
import os
import sys
from pathlib import Path

import pytest

from photocull.core.settings import folders
from tests.building import make_folder, make_photo
from tests.cli.conftest import ON_BOTH, Answer, Photocull
from tests.cli.marking import mark, rows
from tests.picks.shoot import content
from tests.pixel_scorer import PixelScorer
from tests.sidecar.packets import packet

pytestmark = ON_BOTH


@pytest.fixture
def shoot(tmp_path: Path) -> Path:
    """Five photos, the second with a sidecar."""
    make_folder(tmp_path / "shoot", 5)
    (tmp_path / "shoot" / "IMG_0002.xmp").write_bytes(packet())
    return tmp_path / "shoot"


def lines(answer: Answer) -> list[str]:
    return answer.out.splitlines()


def test_what_is_picked_is_copied_with_its_sidecar(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    mark(photocull, shoot, IMG_0002="pick", IMG_0004="pick", IMG_0005="reject")
    before = content(shoot)
    answer = photocull("export", shoot, "--to", tmp_path / "out")
    assert (answer.code, answer.err) == (0, "")
    assert lines(answer)[0].startswith("2 photos (3 files, ")
    assert lines(answer)[0].endswith(f"To undo: photocull export --to {tmp_path / 'out'} --undo")
    assert sorted(content(tmp_path / "out")) == ["IMG_0002.jpg", "IMG_0002.xmp", "IMG_0004.jpg"]
    assert content(tmp_path / "out").items() <= before.items()
    assert content(shoot) == before
    again = photocull("export", shoot, "--to", tmp_path / "out", "--picked")
    assert (again.code, lines(again)) == (0, [f"Nothing to do: all of it lies in {tmp_path / 'out'} already."])


def test_flags_are_exported_without_scoring(photocull: Photocull, scorer: PixelScorer, shoot: Path) -> None:
    mark(photocull, shoot, IMG_0001="reject")
    make_photo(shoot / "new.jpg")
    seen = len(scorer.seen)
    answer = photocull("export", shoot, "--to", shoot.parent / "out", "--rejected", "--template", "no/{name}")
    assert answer.code == 0
    assert list(content(shoot.parent / "out")) == ["no/IMG_0001.jpg"]
    assert len(scorer.seen) == seen


@pytest.mark.parametrize(
    ("choice", "count"),
    [(["--count", 2], 2), (["--percent", 40], 2), (["--theme", "sunset"], 3), (["--colour-scheme", "orange_blue"], 5),
     (["--rating", ">=3"], 1), (["--theme", "moon"], 0), (["--picked", "--theme", "sunset"], 0)],
)  # fmt: skip
def test_the_choices_of_top_choose_here_too(
    photocull: Photocull, shoot: Path, choice: list[object], count: int, tmp_path: Path
) -> None:
    mark(photocull, shoot, "rating", IMG_0003=4)
    answer = photocull("export", shoot, "--to", tmp_path / "out", *choice, "--format", "json")
    assert answer.code == 0
    assert [entry["status"] for entry in answer.records] == ["done"] * count
    assert len([n for n in content(tmp_path / "out") if n.endswith(".jpg")] if count else []) == count


def test_the_best_are_named_by_rank_and_score(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    best = [Path(r["path"]).stem for r in photocull("top", shoot, "--count", 2, "--format", "json").records]
    photocull("export", shoot, "--to", tmp_path / "out", "--count", 2, "--template", "{theme}/{rank}_{name}_{score}")
    names = sorted(path.stem for path in (tmp_path / "out").rglob("*.jpg"))
    assert [name.rsplit("_", 1)[0] for name in names] == [f"{n}_{stem}" for n, stem in enumerate(best, 1)]


def test_a_dry_run_shows_the_plan_and_touches_nothing(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    mark(photocull, shoot, IMG_0002="pick")
    before = content(tmp_path)
    answer = photocull("export", shoot, "--to", tmp_path / "out", "--move", "--template", "a{rank}", "--dry-run")
    assert answer.code == 0
    assert lines(answer)[:2] == [
        f"{shoot / 'IMG_0002.jpg'} -> {tmp_path / 'out' / 'a1.jpg'}",
        f"{shoot / 'IMG_0002.xmp'} -> {tmp_path / 'out' / 'a1.xmp'}",
    ]
    assert content(tmp_path) == before
    assert not folders().exports.exists()


def test_a_move_asks_and_the_catalogue_follows_there_and_back(
    photocull: Photocull, shoot: Path, tmp_path: Path
) -> None:
    mark(photocull, shoot, IMG_0002="pick", IMG_0003="pick")
    before, out = content(shoot), tmp_path / "out"
    refused = photocull("export", shoot, "--to", out, "--move")
    assert (refused.code, content(shoot)) == (2, before)
    assert "--yes" in refused.err
    assert photocull("export", shoot, "--to", out, "--move", "--yes").code == 0
    assert sorted(content(shoot)) == ["IMG_0001.jpg", "IMG_0004.jpg", "IMG_0005.jpg"]
    moved = rows(photocull, out)
    assert [(row.path.parent, row.pick, row.overall is not None) for row in moved] == [(out, "pick", True)] * 2
    assert len(rows(photocull, shoot)) == 3
    answer = photocull("export", "--undo")
    assert (answer.code, answer.out[:36]) == (0, "Undone: 2 photos (3 files, " + answer.out[27:36])
    assert content(shoot) == before
    assert len(rows(photocull, shoot)) == 5
    assert not rows(photocull, out)


@pytest.mark.parametrize(("said", "code", "left"), [("n\n", 130, 5), ("y\n", 0, 4)])
def test_a_person_is_asked_before_anything_moves(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str, code: int, left: int
) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    mark(photocull, shoot, IMG_0001="pick")
    monkeypatch.setattr("sys.stdin", Terminal(said))
    answer = photocull("export", shoot, "--to", tmp_path / "out", "--move")
    assert "Move 1 photo (1 file, " in answer.err
    assert answer.code == code
    assert len([name for name in content(shoot) if name.endswith(".jpg")]) == left


def test_undo_takes_the_last_export_to_that_folder(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    for name in ("a", "b"):
        photocull("export", shoot, "--to", tmp_path / name)
    assert photocull("export", shoot, "--to", tmp_path / "a", "--undo", "--dry-run").code == 0
    assert (tmp_path / "a").exists()
    assert photocull("export", shoot, "--to", tmp_path / "a", "--undo").code == 0
    assert ((tmp_path / "a").exists(), (tmp_path / "b").exists()) == (False, True)
    none = photocull("export", tmp_path / "elsewhere", "--undo")
    assert (none.code, len(none.err.splitlines())) == (2, 1)
    assert photocull("export", "--undo").code == 0
    assert not (tmp_path / "b").exists()
    assert photocull("export", "--undo").code == 2


def test_what_was_interrupted_goes_on_with_the_next_export(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(photocull, shoot, IMG_0001="pick", IMG_0002="pick")

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.placing.finish", interrupt)
        stopped = photocull("export", shoot, "--to", tmp_path / "a", "--template", "{name}-x")
    assert stopped.code == 130
    assert not (tmp_path / "a").exists() or not content(tmp_path / "a")
    answer = photocull("export", shoot, "--to", tmp_path / "b")
    assert answer.code == 0
    assert f"Going on with what was interrupted: 2 photos to {tmp_path / 'a'}." in answer.err
    assert sorted(content(tmp_path / "a")) == ["IMG_0001-x.jpg", "IMG_0002-x.jpg", "IMG_0002-x.xmp"]
    assert len(content(tmp_path / "b")) == 3


def test_an_interrupted_export_waits_while_its_drive_is_away(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    drive = tmp_path / "drive"
    drive.mkdir()
    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.placing.finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        photocull("export", shoot, "--to", drive / "out")
    drive.rename(tmp_path / "away")
    waiting = photocull("export", shoot, "--to", tmp_path / "b")
    assert "waits until" in waiting.err
    assert not drive.exists()
    (tmp_path / "away").rename(drive)
    shoot.rename(tmp_path / "unplugged")
    (tmp_path / "other").mkdir()
    make_photo(tmp_path / "other" / "a.jpg")
    assert "waits until" in photocull("export", tmp_path / "other", "--to", tmp_path / "b").err
    (tmp_path / "unplugged").rename(shoot)
    photocull("export", shoot, "--to", tmp_path / "b")
    assert list(content(drive / "out")) == ["IMG_0001.jpg"]


def test_collisions_by_each_rule(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    mark(photocull, shoot, IMG_0001="pick", IMG_0003="pick")
    out = tmp_path / "out"
    out.mkdir()
    (out / "IMG_0001.jpg").write_bytes(b"mine")
    assert photocull("export", shoot, "--to", out, "--collision", "stop").code == 2
    assert list(content(out)) == ["IMG_0001.jpg"]
    skipped = photocull("export", shoot, "--to", out, "--collision", "skip")
    assert (skipped.code, sorted(content(out))) == (1, ["IMG_0001.jpg", "IMG_0003.jpg"])
    assert skipped.err.startswith(str(shoot / "IMG_0001.jpg"))
    assert photocull("export", shoot, "--to", out).code == 0
    assert sorted(content(out)) == ["IMG_0001-2.jpg", "IMG_0001.jpg", "IMG_0003.jpg"]
    assert (out / "IMG_0001.jpg").read_bytes() == b"mine"


def test_json_names_every_file_with_its_hash(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    import hashlib

    mark(photocull, shoot, IMG_0002="pick")
    call = ("export", shoot, "--to", tmp_path / "out", "--format", "json")
    (planned,) = photocull(*call, "--dry-run").records
    assert (planned["status"], planned["files"][0]["sha256"]) == ("planned", None)
    (entry,) = photocull(*call).records
    assert (entry["path"], entry["status"], entry["error"]) == (str(shoot / "IMG_0002.jpg"), "done", None)
    for file in entry["files"]:
        assert file["sha256"] == hashlib.sha256(Path(file["target"]).read_bytes()).hexdigest()
    assert [e["status"] for e in photocull(*call).records] == ["there"]
    assert json.loads(photocull("export", shoot, "--to", tmp_path, "--rejected", "--format", "json").out) == []


@pytest.mark.parametrize(
    "wrong",
    [["--copy", "--move"], ["--picked", "--rejected"], ["--count", 1, "--percent", 2], ["--template", "{nothing}"],
     ["--theme", "bagpipes"], ["--collision", "replace"]],
)  # fmt: skip
def test_what_cannot_be_meant_is_wrong_usage_in_one_line(
    photocull: Photocull, shoot: Path, tmp_path: Path, wrong: list[object]
) -> None:
    answer = photocull("export", shoot, "--to", tmp_path / "out", *wrong)
    assert (answer.code, len(answer.err.splitlines()), answer.out) == (2, 1, "")
    assert not (tmp_path / "out").exists()


def test_no_photo_and_no_folder_are_wrong_usage(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert photocull("export", tmp_path / "empty", "--to", tmp_path / "out").code == 2
    assert photocull("export", shoot).code == 2
    assert photocull("export", "--to", tmp_path / "out").code == 2
    answer = photocull("export", shoot, "--to", tmp_path / "out")
    assert (answer.code, answer.out) == (0, f"Nothing to do: no photo under {shoot} fits the choice.\n")


@pytest.mark.skipif(os.name == "nt", reason="links need rights there")
def test_links_by_option(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    photocull("export", shoot, "--to", tmp_path / "soft", "--symlink")
    photocull("export", shoot, "--to", tmp_path / "hard", "--hardlink")
    assert (tmp_path / "soft" / "IMG_0001.jpg").readlink() == shoot / "IMG_0001.jpg"
    assert (tmp_path / "hard" / "IMG_0001.jpg").samefile(shoot / "IMG_0001.jpg")


def test_too_little_room_is_said_before_the_first_byte(
    photocull: Photocull, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark(photocull, shoot, IMG_0001="pick")
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10})())
    answer = photocull("export", shoot, "--to", tmp_path / "out")
    assert answer.code == 2
    assert "There is not enough room" in answer.err
    assert not (tmp_path / "out").exists()


def test_jpegs_for_sharing_are_smaller_and_keep_no_secret(photocull: Photocull, shoot: Path, tmp_path: Path) -> None:
    from PIL import Image

    mark(photocull, shoot, IMG_0001="pick", IMG_0002="pick")
    private = ("--jpeg", "--resize", 100, "--quality", 80, "--metadata", "private")
    assert photocull("export", shoot, "--to", tmp_path / "out", *private).code == 0
    assert sorted(content(tmp_path / "out")) == ["IMG_0001.jpg", "IMG_0002.jpg"]
    assert {Image.open(io.BytesIO(path.read_bytes())).size for path in (tmp_path / "out").iterdir()} == {(100, 75)}


@pytest.mark.parametrize("wrong", [["--resize", 100], ["--metadata", "strip"], ["--jpeg", "--move"]])
def test_what_goes_with_jpegs_alone_is_said(photocull: Photocull, shoot: Path, wrong: list[object]) -> None:
    answer = photocull("export", shoot, "--to", shoot / "out", *wrong)
    assert (answer.code, len(answer.err.splitlines())) == (2, 1)


@pytest.mark.skipif(os.name == "nt" or sys.platform == "darwin", reason="names are text there")
def test_names_of_any_bytes_arrive_safe_and_come_back(photocull: Photocull, tmp_path: Path) -> None:
    shoot = tmp_path / "shoot"
    make_photo(shoot / os.fsdecode(b"\xff\xfe.jpg"))
    make_photo(shoot / "a:b?\n.jpg", seed=2)
    before = content(shoot)
    told = ("--list", tmp_path / "l.csv", "--sheet", tmp_path / "s.html")
    assert photocull("export", shoot, "--to", tmp_path / "out", "--percent", 100, "--move", "--yes", *told).code == 0
    assert "a:b" in (tmp_path / "l.csv").read_text("utf-8")
    assert sorted(content(tmp_path / "out")) == ["_.jpg", "a-b-.jpg"]
    assert photocull("export", "--undo").code == 0
    assert content(shoot) == before
