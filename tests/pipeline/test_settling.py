"""Files that are still being written, change or vanish while they are read: judged when they are whole, or noted."""

import os
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from photocull.core.errors import CancelledError
from photocull.core.types import DecodedPhoto, Photo
from photocull.core.work import CancelToken
from photocull.photo.fingerprint import fingerprint
from photocull.pipeline import settling, stages
from photocull.pipeline.stages import STILL_WRITTEN, VANISHED
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig

JOBS = pytest.mark.parametrize("jobs", [1, 3])


@pytest.fixture
def location(tmp_path: Path) -> Path:
    """In a file alone: this is about files, not about the catalogue."""
    return tmp_path / "catalog.sqlite"


@contextmanager
def being_copied(whole: Path, to: Path, *, step: float = 0.05, pieces: int = 30) -> Iterator[threading.Thread]:
    """A copy that arrives piece by piece, as from a slow card."""
    content = whole.read_bytes()
    size = len(content) // pieces + 1

    def copy() -> None:
        with to.open("wb") as file:
            for start in range(0, len(content), size):
                file.write(content[start : start + size])
                file.flush()
                time.sleep(step)

    copying = threading.Thread(target=copy)
    copying.start()
    while not to.exists() or to.stat().st_size < 3 * size:
        time.sleep(0.01)
    yield copying
    copying.join()


@pytest.mark.slow
@JOBS
def test_a_photo_that_is_being_copied_is_judged_when_it_is_whole(rig: Rig, tmp_path: Path, jobs: int) -> None:
    make_folder(tmp_path / "photos", 3)
    whole = make_photo(tmp_path / "whole.jpg", seed=9, size=(900, 700))
    late = tmp_path / "photos" / "late.jpg"
    with being_copied(whole, late):
        report = rig.score(tmp_path / "photos", jobs=jobs)
    assert (report.scored, report.problems) == (4, ())
    assert (rig.progress[-1].done, rig.progress[-1].total) == (4, 4)
    detail = next(detail for detail in rig.details(report) if detail.row.path == late)
    assert detail.row.fingerprint == fingerprint(whole)
    assert (detail.row.width, detail.row.notes) == (900, ())
    again = rig.score(tmp_path / "photos")
    assert (again.scored, again.cached, again.problems) == (0, 4, ())


@pytest.mark.slow
def test_a_file_that_is_written_for_longer_is_noted_and_looked_at_in_the_next_run(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "LONGEST", 0.5)
    whole = make_photo(tmp_path / "whole.jpg", size=(900, 700))
    late = tmp_path / "photos" / "late.jpg"
    late.parent.mkdir()
    make_photo(tmp_path / "photos" / "other.jpg", seed=3)
    with being_copied(whole, late):
        report = rig.score(tmp_path / "photos")
        assert [(p.path, p.sentence) for p in report.problems] == [(late, STILL_WRITTEN)]
        assert report.scored == 1
    later = rig.score(tmp_path / "photos")
    assert (later.scored, later.problems) == (1, ())


@pytest.mark.slow
@pytest.mark.parametrize("suffix", [".jpg", ".webp"])
def test_a_part_of_a_file_that_lay_still_while_it_was_read_is_not_taken_for_all_of_it(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str
) -> None:
    content = make_photo(tmp_path / f"whole{suffix}", size=(900, 700)).read_bytes()
    late = tmp_path / "photos" / f"late{suffix}"
    late.parent.mkdir()
    late.write_bytes(content[: len(content) // 2])

    def go_on() -> None:
        threading.Timer(0.3, late.write_bytes, [content]).start()

    _after_decoding(monkeypatch, late, go_on)
    report = rig.score(late)
    assert (report.scored, report.problems) == (1, ())
    assert rig.details(report)[0].row.notes == ()


def test_what_is_rewritten_in_place_is_judged_as_it_is_now(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = make_folder(tmp_path / "photos", 2)
    _after_decoding(monkeypatch, paths[0], lambda: make_photo(paths[0], size=(200, 100), seed=9))
    report = rig.score(tmp_path / "photos")
    assert (report.scored, report.problems) == (2, ())
    row = next(d.row for d in rig.details(report) if d.row.path == paths[0])
    assert (row.width, row.fingerprint) == (200, fingerprint(paths[0]))


def test_a_change_that_keeps_the_size_is_seen_by_the_time(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = make_folder(tmp_path / "photos", 1)

    def touch() -> None:
        content = bytearray(path.read_bytes())
        content[-20:-10] = b"0123456789"
        path.write_bytes(content)

    before = fingerprint(path)
    _after_decoding(monkeypatch, path, touch)
    report = rig.score(path)
    assert report.scored == 1
    assert rig.details(report)[0].row.fingerprint == fingerprint(path) != before


def test_a_file_that_another_one_takes_the_place_of_is_judged_as_that_one(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = make_folder(tmp_path / "photos", 1)
    other = make_photo(tmp_path / "other.jpg", size=(111, 99), seed=5)
    _after_decoding(monkeypatch, path, lambda: os.replace(other, path))  # noqa: PTH105
    report = rig.score(path)
    assert (report.scored, rig.details(report)[0].row.width) == (1, 111)


@JOBS
def test_what_changes_again_and_again_is_noted_once(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, jobs: int
) -> None:
    paths = make_folder(tmp_path / "photos", 3)
    seeds = iter(range(10, 99))
    _after_decoding(monkeypatch, paths[1], lambda: make_photo(paths[1], seed=next(seeds)), always=True)
    report = rig.score(tmp_path / "photos", jobs=jobs)
    assert [(p.path, p.sentence) for p in report.problems] == [(paths[1], STILL_WRITTEN)]
    assert report.scored == 2
    assert rig.progress[-1].done == rig.progress[-1].total == 3


def test_what_changed_and_then_vanished_is_one_line(rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = make_folder(tmp_path / "photos", 2)

    def change_and_go() -> None:
        make_photo(paths[0], seed=50)
        threading.Timer(0.3, paths[0].unlink).start()

    _after_decoding(monkeypatch, paths[0], change_and_go)
    report = rig.score(tmp_path / "photos")
    assert [(p.path, p.sentence) for p in report.problems] == [(paths[0], VANISHED)]


def test_a_photo_that_became_a_copy_of_a_known_one_needs_no_work(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, changing = make_folder(tmp_path / "photos", 2)
    rig.score(known)
    _after_decoding(monkeypatch, changing, lambda: shutil.copyfile(known, changing))
    report = rig.score(tmp_path / "photos")
    assert (report.problems, len(report.ids)) == ((), 2)
    assert all(detail.judged for detail in rig.details(report))
    assert rig.progress[-1].done == rig.progress[-1].total == 2


def test_waiting_for_a_file_to_come_to_rest_can_be_stopped(tmp_path: Path) -> None:
    path = make_photo(tmp_path / "a.jpg")
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        settling.settled([Photo(path, 0, 0)], token, lambda problem: None)


def _after_decoding(monkeypatch: pytest.MonkeyPatch, path: Path, act: Any, *, always: bool = False) -> None:
    """Let something happen to a file right after its pixels were read, the first time or always."""
    real, done = stages.decode_photo, list[Path]()

    def decode(photo: Photo, **options: Any) -> DecodedPhoto:
        try:
            return real(photo, **options)
        finally:
            if photo.path == path and (always or not done):
                done.append(photo.path)
                act()

    monkeypatch.setattr(stages, "decode_photo", decode)
