"""A run: everything scored once, by content, however it is worked off; progress told; what is known is not opened."""

import os
import shutil
import threading
from pathlib import Path

import pytest

from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.core.errors import UsageError
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.models.registry import BUILT_IN
from photocull.photo import decode as decoding
from photocull.photo import fingerprint as identity
from photocull.pipeline import register, stages
from photocull.pipeline.run import engine_threads
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig
from tests.pixel_scorer import BuiltIn, PixelScorer


def test_every_photo_is_scored_once_and_told_in_the_order_of_paths(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 12)
    report = rig.score(tmp_path / "photos")
    assert [detail.row.path for detail in rig.details(report)] == paths
    assert (report.scored, report.cached, report.problems) == (12, 0, ())
    assert all(detail.judged and detail.row.status == "ok" for detail in rig.details(report))
    assert report.seconds > 0


def test_scoring_again_opens_no_file(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_folder(tmp_path / "photos", 6)
    first = rig.score(tmp_path / "photos")

    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a known photo was opened")

    monkeypatch.setattr(stages, "decode_photo", opened)
    monkeypatch.setattr(stages, "fingerprint", opened)
    scorer = PixelScorer(before=opened)
    again = rig.score(tmp_path / "photos", scorer=scorer)
    assert (again.ids, again.scored, again.cached) == (first.ids, 0, 6)


def test_the_same_scores_come_out_whatever_the_jobs_batch_and_order(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 9)
    whole = rig.scores(rig.score(tmp_path / "photos", jobs=1))
    for number, options in enumerate([{"jobs": 4}, {"jobs": 2, "batch": 5}, {"jobs": 1, "batch": 3}]):
        rig.scorer = PixelScorer(f"again-{number}")
        assert rig.scores(rig.score(*reversed(paths), **options)) == whole
    rig.scorer = PixelScorer("alone")
    for path in paths:
        assert rig.scores(rig.score(path))[path.name] == whole[path.name]


def test_another_model_judges_anew_and_the_older_judgement_stays(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 3)
    rig.score(tmp_path / "photos")
    assert rig.score(tmp_path / "photos", scorer=PixelScorer("other")).scored == 3
    assert rig.score(tmp_path / "photos").cached == 3


def test_an_edited_photo_is_judged_anew_and_the_others_are_not(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 4)
    before = rig.score(tmp_path / "photos")
    make_photo(paths[1], size=(300, 200), seed=77)
    after = rig.score(tmp_path / "photos")
    assert (after.ids, after.scored, after.cached) == (before.ids, 1, 3)


def test_a_touched_photo_is_looked_at_but_not_judged_again(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 2)
    rig.score(tmp_path / "photos")
    os.utime(paths[0], ns=(1, 1))
    assert rig.score(tmp_path / "photos").cached == 2


def test_a_moved_photo_keeps_its_id_and_its_judgement(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    before = rig.score(tmp_path / "photos")
    (tmp_path / "elsewhere").mkdir()
    moved = paths[0].rename(tmp_path / "elsewhere" / "renamed.jpg")
    after = rig.score(moved)
    assert (after.ids, after.cached) == (before.ids[:1], 1)


def test_a_renumbered_shoot_keeps_its_stars_photo_by_photo(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register, "_CHUNK", 2)
    paths = make_folder(tmp_path / "photos", 6)
    ids = rig.score(tmp_path / "photos").ids
    stars = {ids[2]: 4, ids[4]: 2}
    rig.catalog.writer.decide([Decision(i, "rating", n) for i, n in stars.items()], initiator="test").result()
    for path in reversed(paths):
        path.rename(path.with_name(f"IMG_{int(path.stem[4:]) + 1:04}.jpg"))
    report = rig.score(tmp_path / "photos")
    assert report.ids == ids
    assert [detail.row.rating for detail in rig.details(report)] == [None, None, 4, None, 2, None]
    assert report.scored == 0


def test_a_deleted_photo_leaves_the_grid_with_the_next_run(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    rig.score(tmp_path / "photos")
    paths[2].unlink()
    report = rig.score(tmp_path / "photos")
    shown = photo_ids(rig.catalog, Filter(folders=frozenset({tmp_path / "photos"})), Sort(), "pixels-1")
    assert sorted(shown) == sorted(report.ids)


def test_copies_of_one_photo_are_decoded_once(rig: Rig, tmp_path: Path) -> None:
    original = make_photo(tmp_path / "photos" / "a.jpg")
    for name in ("b.jpg", "c.jpg"):
        shutil.copy(original, original.with_name(name))
    scorer = PixelScorer()
    report = rig.score(tmp_path / "photos", scorer=scorer, jobs=4)
    assert len(scorer.seen) == 1
    assert report.scored == 3
    assert len(set(rig.scores(report).values())) == 1
    assert rig.progress[-1].done == 3


def test_a_raw_and_its_jpeg_are_one_record_even_if_the_jpeg_was_there_first(
    rig: Rig, tmp_path: Path, shared: Path
) -> None:
    raw = next(path for path in sorted((shared / "data/photos/raw").iterdir()) if path.stat().st_size < 8_000_000)
    folder = tmp_path / "photos"
    jpeg = make_photo(folder / "IMG_1.jpg")
    assert len(rig.score(folder).ids) == 1
    shutil.copy(raw, folder / f"IMG_1{raw.suffix}")
    report = rig.score(folder)
    (detail,) = rig.details(report)
    assert detail.photo.partners == (jpeg,)
    assert photo_ids(rig.catalog, Filter(folders=frozenset({folder})), Sort(), "pixels-1") == list(report.ids)


def test_everything_is_registered_before_the_first_photo_is_decoded(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 8)
    seen: list[int] = []

    def count(_: object) -> None:
        everything = Filter(folders=frozenset({tmp_path / "photos"}))
        seen.append(len(photo_ids(rig.catalog, everything, Sort(), "pixels-1")))

    rig.score(tmp_path / "photos", scorer=PixelScorer(before=count))
    assert set(seen) == {8}


def test_the_newest_comes_first_and_what_is_visible_before_that(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 6)
    for age, path in enumerate(paths):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))
    scorer = PixelScorer()
    rig.score(tmp_path / "photos", scorer=scorer, jobs=1)
    assert scorer.seen == [path.name for path in paths]

    again = PixelScorer("visible")
    run = rig.run(scorer=again, jobs=1)
    ids = photo_ids(rig.catalog, Filter(), Sort("name", descending=False), "")
    run.prefer([ids[4], ids[2]])
    run.score([tmp_path / "photos"], CancelToken())
    assert again.seen == [paths[i].name for i in (4, 2, 0, 1, 3, 5)]


def test_preferring_in_the_middle_of_a_run_changes_what_comes_next(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "photos", 10)
    for age, path in enumerate(paths):
        os.utime(path, (1_000_000 - age, 1_000_000 - age))

    def scroll(_: object) -> None:
        run.prefer(photo_ids(rig.catalog, Filter(), Sort("name", descending=True), "")[:1])

    scorer = PixelScorer(before=scroll)
    run = rig.run(scorer=scorer, jobs=1)
    run.score([tmp_path / "photos"], CancelToken())
    assert scorer.seen[:2] == [paths[0].name, paths[9].name]


def test_progress_counts_every_photo_and_tells_rate_and_time_left(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 5)
    rig.score(tmp_path / "photos", jobs=1)
    assert [event.done for event in rig.progress] == [0, 1, 2, 3, 4, 5]
    assert {event.total for event in rig.progress} == {5}
    assert all(event.rate and event.seconds_left is not None for event in rig.progress[1:])


def test_previews_are_kept_for_the_grid(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 2)
    report = rig.score(tmp_path / "photos")
    rows = photo_rows(rig.catalog, report.ids, "pixels-1")
    assert all((rig.previews.get(row.fingerprint, 256) or b"").startswith(b"\xff\xd8") for row in rows)


def test_an_empty_folder_is_an_empty_report_and_a_missing_one_an_error(rig: Rig, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert rig.score(tmp_path / "empty").ids == ()
    with pytest.raises(UsageError):
        rig.score(tmp_path / "nowhere")


def test_a_model_that_is_not_built_in_judges_in_one_thread_only(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 8)
    scorer = PixelScorer()
    rig.score(tmp_path / "photos", scorer=scorer, jobs=4)
    assert scorer.threads == {threading.current_thread().name}


def test_the_built_in_model_judges_where_photos_are_decoded(rig: Rig, tmp_path: Path) -> None:
    make_folder(tmp_path / "photos", 12)
    both = threading.Barrier(2, timeout=10)
    scorer = BuiltIn(before=lambda _: both.wait() and None)
    report = rig.score(tmp_path / "photos", scorer=scorer, jobs=2)
    assert (report.scored, len(scorer.threads)) == (12, 2)
    assert threading.current_thread().name not in scorer.threads


def test_the_built_in_model_gets_one_engine_thread_a_worker_and_others_choose() -> None:
    assert [engine_threads(name) for name in (*BUILT_IN, "tanet-tad66k", "tanet-tad66k+builtin-1")] == [1, 1, 0, 0]


def test_the_stages_are_the_rooms_own_functions() -> None:
    assert stages.decode_photo is decoding.decode
    assert stages.fingerprint is identity.fingerprint
