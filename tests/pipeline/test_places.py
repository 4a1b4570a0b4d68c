"""Where photos lie, and when: a thousand folders, paths with dots, partners that come later, a disk that fails."""

import errno
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.query import folders
from photocull.core.errors import CancelledError
from photocull.core.types import Decision, Photo
from photocull.core.work import CancelToken
from photocull.photo import source
from photocull.pipeline import register, stages
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig

JOBS = pytest.mark.parametrize("jobs", [1, 3])


@pytest.mark.slow
def test_a_folder_for_every_day_of_many_years_is_scored(rig: Rig, tmp_path: Path) -> None:
    for day in range(1100):
        place = tmp_path / "photos" / str(day // 400) / str(day)
        place.mkdir(parents=True)
        (place / "IMG_1.jpg").write_bytes(f"{day}".encode())
    report = rig.score(tmp_path / "photos")
    assert (len(report.ids), len(report.problems)) == (1100, 1100)
    assert rig.score(tmp_path / "photos").problems == report.problems


def test_many_folders_are_known_by_few_that_hold_them_all() -> None:
    paths = [Path(f"/{top}/{year}/{day}/a.jpg") for top in "abc" for year in range(3) for day in range(30)]
    place = register.place_of([Photo(path, 1, 1) for path in (*paths, Path("/d/b.jpg"))])
    assert place.folders == {Path(f"/{top}/{year}") for top in "abc" for year in range(3)} | {Path("/d")}
    wide = register.place_of([Photo(Path(f"/{n}/a.jpg"), 1, 1) for n in range(100)])
    assert wide.folders == {Path("/")}


def test_a_photo_deleted_from_a_folder_that_was_named_with_dots_leaves_the_grid(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 2)
    named = tmp_path / "elsewhere" / ".." / "photos"
    assert len(rig.score(named).ids) == 2
    paths[0].unlink()
    rig.score(named)
    assert folders(rig.catalog) == {tmp_path / "photos": 1}


def test_a_raw_that_could_not_be_read_is_tried_again_when_its_jpeg_comes(rig: Rig, tmp_path: Path) -> None:
    raw = tmp_path / "photos" / "IMG_1.cr2"
    raw.parent.mkdir()
    raw.write_bytes(b"II*\x00\x10\x00\x00\x00CR" + b"nothing" * 100)
    assert len(rig.score(raw.parent).problems) == 1
    make_photo(raw.with_suffix(".jpg"))
    report = rig.score(raw.parent)
    assert (report.scored, report.problems) == (1, ())
    assert rig.score(raw.parent).cached == 1


def test_stars_stay_with_a_frame_whose_raw_comes_and_goes(rig: Rig, tmp_path: Path) -> None:
    jpeg = make_photo(tmp_path / "photos" / "IMG_1.jpg")
    (photo_id,) = rig.score(jpeg.parent).ids
    rig.catalog.writer.decide([Decision(photo_id, "rating", 5)], initiator="test").result()
    raw = jpeg.with_suffix(".cr2")
    raw.write_bytes(b"II*\x00\x10\x00\x00\x00CR" + b"nothing" * 100)
    for main in (raw, jpeg):
        report = rig.score(jpeg.parent)
        (detail,) = rig.details(report)
        assert (detail.row.id, detail.row.path, detail.row.rating, detail.judged) == (photo_id, main, 5, True)
        assert folders(rig.catalog) == {jpeg.parent: 1}
        raw.unlink(missing_ok=True)


@JOBS
def test_cancelling_stops_between_two_files_that_are_identified(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    make_folder(tmp_path / "photos", 40)
    token, real, seen = CancelToken(), stages.fingerprint, list[Path]()

    def fingerprint(path: Path, **options: Any) -> str:
        seen.append(path)
        token.cancel()
        return real(path, **options)

    monkeypatch.setattr(stages, "fingerprint", fingerprint)
    with pytest.raises(CancelledError):
        rig.run(jobs=jobs).score([tmp_path / "photos"], token)
    assert len(seen) <= jobs


@pytest.mark.parametrize("error", [MemoryError(), OSError(errno.EIO, "Input/output error")])
def test_what_the_machine_could_not_read_is_tried_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    make_folder(tmp_path / "photos", 1)

    def fail(*_: Any) -> Any:
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(source, "sniff", fail)
        assert len(rig.score(tmp_path / "photos").problems) == 1
    report = rig.score(tmp_path / "photos")
    assert (report.scored, report.problems) == (1, ())
