"""What goes wrong with one photo costs one line; what goes wrong with the run ends it; nothing scored is lost."""

from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.query import photo_rows
from photocull.catalog.writer import Writer
from photocull.core.errors import CatalogError, ModelError, UnreadablePhotoError
from photocull.core.types import DecodedPhoto, Photo
from photocull.core.work import CancelToken, Problem, Progressed
from photocull.pipeline import stages
from photocull.pipeline.run import Run
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig
from tests.pixel_scorer import BuiltIn, PixelScorer

JOBS = pytest.mark.parametrize("jobs", [1, 3])


def failing_decode(name: str, error: BaseException) -> Any:
    real = stages.decode_photo

    def decode(photo: Photo, **options: Any) -> DecodedPhoto:
        if photo.path.name == name:
            raise error
        return real(photo, **options)

    return decode


@JOBS
@pytest.mark.parametrize(
    "error",
    [UnreadablePhotoError("It is no picture."), OSError(5, "Input/output error"), MemoryError()],
)
def test_a_photo_that_cannot_be_decoded_costs_one_line(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int, error: BaseException
) -> None:
    make_folder(tmp_path / "photos", 5)
    monkeypatch.setattr(stages, "decode_photo", failing_decode("IMG_0003.jpg", error))
    report = rig.score(tmp_path / "photos", jobs=jobs)
    assert report.scored == 4
    (problem,) = report.problems
    assert problem.path.name == "IMG_0003.jpg"
    assert "\n" not in problem.sentence
    assert problem.sentence.endswith(".")
    assert problem in rig.events
    assert rig.progress[-1].done == 5


@JOBS
@pytest.mark.expects_log
def test_a_decoder_that_breaks_in_a_new_way_costs_one_line_too(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    make_folder(tmp_path / "photos", 4)
    monkeypatch.setattr(stages, "decode_photo", failing_decode("IMG_0002.jpg", ZeroDivisionError("no rows")))
    report = rig.score(tmp_path / "photos", jobs=jobs)
    assert (report.scored, len(report.problems)) == (3, 1)
    assert "ZeroDivisionError" in report.problems[0].sentence


def test_an_unreadable_photo_keeps_its_reason_and_is_not_tried_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photo(tmp_path / "photos" / "good.jpg")
    (tmp_path / "photos" / "bad.jpg").write_bytes(b"\xff\xd8\xff this is no JPEG" * 20)
    first = rig.score(tmp_path / "photos")
    monkeypatch.setattr(stages, "decode_photo", failing_decode("bad.jpg", AssertionError("tried again")))
    again = rig.score(tmp_path / "photos")
    assert again.problems == first.problems
    assert (again.scored, again.cached) == (0, 2)
    row = next(row for row in photo_rows(rig.catalog, again.ids, "pixels-1") if row.path.name == "bad.jpg")
    assert (row.status, row.error) == ("unreadable", first.problems[0].sentence)


def test_a_photo_that_failed_for_want_of_memory_is_tried_again(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(tmp_path / "photos", 2)
    with monkeypatch.context() as patch:
        patch.setattr(stages, "decode_photo", failing_decode("IMG_0001.jpg", MemoryError()))
        assert len(rig.score(tmp_path / "photos").problems) == 1
    report = rig.score(tmp_path / "photos")
    assert (report.scored, report.problems) == (1, ())


@JOBS
def test_a_photo_that_vanishes_while_it_is_read_costs_one_line(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    real = stages.decode_photo

    def decode(photo: Photo, **options: Any) -> DecodedPhoto:
        if photo.path == paths[1]:
            photo.path.unlink(missing_ok=True)
        return real(photo, **options)

    monkeypatch.setattr(stages, "decode_photo", decode)
    report = rig.score(tmp_path / "photos", jobs=jobs)
    assert [problem.path for problem in report.problems] == [paths[1]]
    assert "vanished" in report.problems[0].sentence


def test_a_photo_that_is_rewritten_while_it_is_read_is_not_judged_under_the_old_content(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = make_folder(tmp_path / "photos", 1)
    real = stages.decode_photo

    def decode(photo: Photo, **options: Any) -> DecodedPhoto:
        decoded = real(photo, **options)
        make_photo(path, size=(200, 100), seed=9)
        return decoded

    with monkeypatch.context() as patch:
        patch.setattr(stages, "decode_photo", decode)
        assert rig.score(tmp_path / "photos").scored == 0
    assert rig.score(tmp_path / "photos").scored == 1


def test_of_copies_the_next_one_is_read_where_the_first_has_vanished(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_photo(tmp_path / "photos" / "a.jpg")
    second = tmp_path / "photos" / "b.jpg"
    second.write_bytes(first.read_bytes())
    real = stages.decode_photo
    gone: list[Path] = []

    def decode(photo: Photo, **options: Any) -> DecodedPhoto:
        if not gone:
            gone.append(photo.path)
            photo.path.unlink()
        return real(photo, **options)

    monkeypatch.setattr(stages, "decode_photo", decode)
    report = rig.score(tmp_path / "photos")
    assert [problem.path for problem in report.problems] == gone
    assert report.scored == 1
    assert rig.progress[-1].done == 2


@pytest.mark.expects_log
@JOBS
def test_one_photo_that_breaks_the_arithmetic_does_not_take_its_batch_along(
    rig: Rig, tmp_path: Path, jobs: int
) -> None:
    make_folder(tmp_path / "photos", 6)

    def break_on_one(batch: list[DecodedPhoto]) -> None:
        if any(decoded.photo.path.name == "IMG_0004.jpg" for decoded in batch):
            raise ValueError("a picture of no width")

    report = rig.score(tmp_path / "photos", scorer=PixelScorer(before=break_on_one), jobs=jobs, batch=4)
    assert report.scored == 5
    assert [problem.path.name for problem in report.problems] == ["IMG_0004.jpg"]


def test_a_score_that_is_no_number_is_one_photos_problem(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)

    class Odd(PixelScorer):
        def score(self, batch: list[DecodedPhoto]) -> list[Any]:
            judged = super().score(batch)
            odd = batch[0].photo.path.name == "IMG_0002.jpg"
            return [type(j)(**{**_fields(j), "overall": float("nan")}) if odd else j for j in judged]

    report = rig.score(tmp_path / "photos", scorer=Odd())
    assert (report.scored, len(report.problems)) == (2, 1)


def _fields(judgement: Any) -> dict[str, Any]:
    return {name: getattr(judgement, name) for name in judgement.__slots__}


@JOBS
def test_a_model_that_fails_ends_the_run_and_what_was_scored_is_kept(rig: Rig, tmp_path: Path, jobs: int) -> None:
    make_folder(tmp_path / "photos", 8)
    scorer = PixelScorer(before=lambda batch: fail_after(scorer, 3))

    with pytest.raises(ModelError):
        rig.score(tmp_path / "photos", scorer=scorer, jobs=jobs)
    again = rig.score(tmp_path / "photos", jobs=jobs)
    assert (again.cached, again.scored) == (3, 5)


def test_a_model_that_fails_beside_another_photo_ends_the_run_and_what_was_scored_is_kept(
    rig: Rig, tmp_path: Path
) -> None:
    make_folder(tmp_path / "photos", 8)
    scorer = BuiltIn(before=lambda batch: fail_after(scorer, 3))
    with pytest.raises(ModelError):
        rig.score(tmp_path / "photos", scorer=scorer, jobs=2)
    again = rig.score(tmp_path / "photos", jobs=2)
    assert again.cached + again.scored == 8
    assert 3 <= again.cached <= 4


def fail_after(scorer: PixelScorer, count: int) -> None:
    if len(scorer.seen) >= count:
        raise ModelError("The network failed.")


@JOBS
def test_a_catalogue_that_cannot_be_written_ends_the_run(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    make_folder(tmp_path / "photos", 5)

    def full(*_: object, **__: object) -> Future[None]:
        future: Future[None] = Future()
        future.set_exception(CatalogError("The disk is full."))
        return future

    monkeypatch.setattr(Writer, "store", full)
    with pytest.raises(CatalogError, match="disk is full"):
        rig.score(tmp_path / "photos", jobs=jobs)


def test_a_file_that_cannot_be_opened_is_tried_again_and_then_scored(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    real = stages.fingerprint

    def fingerprint(path: Path, **options: Any) -> str:
        if path == paths[0]:
            raise UnreadablePhotoError("The file may not be read.")
        return real(path, **options)

    with monkeypatch.context() as patch:
        patch.setattr(stages, "fingerprint", fingerprint)
        first, again = rig.score(tmp_path / "photos"), rig.score(tmp_path / "photos")
    assert first.problems == again.problems == (Problem(paths[0], "The file may not be read."),)
    assert (len(first.ids), first.scored, again.scored) == (3, 2, 0)
    later = rig.score(tmp_path / "photos")
    assert (later.ids, later.scored, later.problems) == (first.ids, 1, ())


def test_a_listener_that_fails_ends_the_run_and_leaves_no_thread(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 4)

    def broken(event: object) -> None:
        if isinstance(event, Progressed) and event.done == 2:
            raise RuntimeError("the window is gone")

    with pytest.raises(RuntimeError, match="the window is gone"):
        Run(rig.catalog, rig.scorer, rig.previews, jobs=3, listener=broken).score([tmp_path / "photos"], CancelToken())
    assert rig.score(tmp_path / "photos").cached >= 2
