"""What a photo takes along is what its folder holds when the export is planned, not what the catalogue remembers."""

from pathlib import Path

from photocull.photo.scan import scan
from photocull.picks.plan import Plan, plan_trash
from tests.picks.shoot import choice, of, plan


def names(planned: Plan) -> list[list[str]]:
    return [[item.source.name for item in family.items] for family in planned.families]


def folder(base: Path, *files: str) -> Path:
    base.mkdir(exist_ok=True)
    for file in files:
        (base / file).write_bytes(file.encode())
    return base


def test_sidecars_that_came_after_the_scan_go_along(tmp_path: Path) -> None:
    known = choice(folder(tmp_path / "shoot", "a.jpg", "b.NEF"))
    folder(tmp_path / "shoot", "a.jpg.xmp", "a_01.jpg.xmp", "b.JPG", "b.pp3")
    for planned in (plan(known, tmp_path / "out"), plan_trash(known)):
        assert names(planned) == [["a.jpg", "a.jpg.xmp", "a_01.jpg.xmp"], ["b.NEF", "b.JPG", "b.pp3"]]


def test_a_sidecar_that_was_deleted_since_the_scan_keeps_no_photo_back(tmp_path: Path) -> None:
    known = choice(folder(tmp_path / "shoot", "a.jpg", "a.jpg.xmp"))
    (tmp_path / "shoot" / "a.jpg.xmp").unlink()
    for planned in (plan(known, tmp_path / "out", "move"), plan_trash(known)):
        assert (names(planned), planned.left_out) == ([["a.jpg"]], ())


def test_a_sidecar_that_a_raw_has_claimed_since_stays_with_it(tmp_path: Path) -> None:
    known = choice(folder(tmp_path / "shoot", "b.jpg", "b.xmp"))
    folder(tmp_path / "shoot", "b.NEF")
    assert names(plan(known, tmp_path / "out", "move")) == [["b.jpg"]]


def test_a_photo_that_has_become_part_of_another_chosen_one_goes_once(tmp_path: Path) -> None:
    jpeg = choice(folder(tmp_path / "shoot", "b.jpg"))
    (tmp_path / "shoot" / "b.jpg").rename(tmp_path / "b.jpg")
    raw = choice(folder(tmp_path / "shoot", "b.NEF"))
    (tmp_path / "b.jpg").rename(tmp_path / "shoot" / "b.jpg")
    assert names(plan([*jpeg, *raw], tmp_path / "out")) == [["b.NEF", "b.jpg"]]
    assert names(plan_trash([*jpeg, *raw])) == [["b.NEF", "b.jpg"]]
    assert names(plan([*jpeg, *raw], tmp_path / "out", "convert")) == [["b.jpg"], ["b.NEF"]]


def test_a_photo_that_is_gone_is_told_and_takes_no_other_one_out(tmp_path: Path) -> None:
    known = choice(folder(tmp_path / "shoot", "a.jpg", "b.jpg"))
    (tmp_path / "shoot" / "a.jpg").unlink()
    planned = plan(known, tmp_path / "out")
    assert names(planned) == [["b.jpg"]]
    assert [problem.path.name for problem in planned.left_out] == ["a.jpg"]


def test_a_photo_that_no_scan_would_find_goes_with_its_sidecar(tmp_path: Path) -> None:
    base = folder(tmp_path / "shoot", "scan.photo", ".hidden.jpg", "other.jpg")
    known = [of(photo) for photo in scan([base / "scan.photo", base / ".hidden.jpg"]).photos]
    folder(base, "scan.photo.xmp")
    assert names(plan(known, tmp_path / "out")) == [[".hidden.jpg"], ["scan.photo", "scan.photo.xmp"]]
