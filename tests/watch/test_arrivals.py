"""What arrives in a watched folder, changes there and goes, by the system's events and by looking again and again."""

import os
import shutil
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from tests.building import make_folder, make_photo
from tests.sidecar.packets import packet
from tests.watch.conftest import Watch, rate

WAYS = pytest.mark.parametrize("ways", [{}, {"poll": True}], ids=["events", "polling"])


@WAYS
def test_what_is_there_and_what_arrives_is_scored_once(watch: Watch, inbox: Path, tmp_path: Path, ways: Any) -> None:
    make_folder(inbox, 3)
    watch.begin(inbox, **ways)
    watch.until(lambda: len(watch.scored()) == 3)
    shutil.copy(make_photo(tmp_path / "card" / "new.jpg", seed=9), inbox / "new.jpg")
    make_photo(tmp_path / "card" / "moved.jpg", seed=10).rename(inbox / "moved.jpg")
    watch.until(lambda: {"new.jpg", "moved.jpg"} <= watch.scored())
    watch.quiet()
    assert set(watch.seen.values()) == {1}


@WAYS
def test_a_slow_copy_is_judged_once_when_it_is_whole(watch: Watch, inbox: Path, tmp_path: Path, ways: Any) -> None:
    whole = make_photo(tmp_path / "whole.jpg", size=(900, 600), seed=3).read_bytes()
    watch.begin(inbox, **ways)
    with (inbox / "slow.jpg").open("wb") as file:
        for start in range(0, len(whole), len(whole) // 12):
            file.write(whole[start : start + len(whole) // 12])
            file.flush()
            time.sleep(0.12)
    watch.until(lambda: "slow.jpg" in watch.scored())
    watch.quiet()
    row = watch.rows()["slow.jpg"]
    assert (row.width, row.height, watch.seen["slow.jpg"], row.notes) == (900, 600, 1, ())


@pytest.mark.slow
@pytest.mark.skipif("sys.platform != 'linux'", reason="only Linux tells that a file was closed")
def test_a_copy_that_stalls_is_waited_for_until_it_is_closed(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    whole = make_photo(tmp_path / "whole.jpg", seed=3).read_bytes()
    watch.begin(inbox)
    with (inbox / "stalled.jpg").open("wb") as file:
        file.write(whole[: len(whole) // 2])
        file.flush()
        time.sleep(2.0)
        assert not watch.seen
        file.write(whole[len(whole) // 2 :])
    watch.until(lambda: "stalled.jpg" in watch.scored())
    assert watch.seen["stalled.jpg"] == 1


@WAYS
def test_a_renamed_and_a_moved_photo_keep_id_marks_and_scores(
    watch: Watch, inbox: Path, tmp_path: Path, ways: Any
) -> None:
    make_folder(inbox, 3)
    watch.begin(inbox, **ways)
    watch.until(lambda: len(watch.scored()) == 3)
    rate(watch, "IMG_0001.jpg", 4)
    before = watch.rows()["IMG_0001.jpg"].id
    (inbox / "IMG_0001.jpg").rename(inbox / "best.jpg")
    watch.until(lambda: set(watch.rows()) == {"best.jpg", "IMG_0002.jpg", "IMG_0003.jpg"})
    (inbox / "picks").mkdir()
    (inbox / "best.jpg").rename(inbox / "picks" / "BEST.JPG")
    watch.until(lambda: "BEST.JPG" in watch.rows())
    watch.quiet()
    row = watch.rows()["BEST.JPG"]
    assert (row.id, row.rating, row.path) == (before, 4, inbox / "picks" / "BEST.JPG")
    assert set(watch.rows()) == {"BEST.JPG", "IMG_0002.jpg", "IMG_0003.jpg"}
    assert sum(watch.seen.values()) == 3


@pytest.mark.slow
def test_a_renumbered_shoot_keeps_each_photos_marks(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 12)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 12)
    for number in range(1, 13):
        rate(watch, f"IMG_{number:04}.jpg", number % 6)
    for number in range(12, 0, -1):  # slower than a file needs to come to rest
        (inbox / f"IMG_{number:04}.jpg").rename(inbox / f"IMG_{number + 1:04}.jpg")
        time.sleep(0.12)
    watch.until(lambda: "IMG_0013.jpg" in watch.rows() and "IMG_0001.jpg" not in watch.rows())
    watch.quiet()
    rows = watch.rows()
    assert {n: rows[f"IMG_{n + 1:04}.jpg"].rating or 0 for n in range(1, 13)} == {n: n % 6 for n in range(1, 13)}
    assert sum(watch.seen.values()) == 12


@WAYS
def test_a_deleted_photo_goes_out_of_sight_and_comes_back_with_its_marks(
    watch: Watch, inbox: Path, tmp_path: Path, ways: Any
) -> None:
    make_folder(inbox, 2)
    watch.begin(inbox, **ways)
    watch.until(lambda: len(watch.scored()) == 2)
    rate(watch, "IMG_0001.jpg", 5)
    (inbox / "IMG_0001.jpg").rename(tmp_path / "aside.jpg")
    watch.until(lambda: set(watch.rows()) == {"IMG_0002.jpg"})
    (tmp_path / "aside.jpg").rename(inbox / "again.jpg")
    watch.until(lambda: "again.jpg" in watch.rows())
    assert watch.rows()["again.jpg"].rating == 5
    assert sum(watch.seen.values()) == 2


@WAYS
def test_folders_are_renamed_moved_out_and_come_in(watch: Watch, inbox: Path, tmp_path: Path, ways: Any) -> None:
    make_folder(inbox / "monday" / "raw", 3)
    watch.begin(inbox, **ways)
    watch.until(lambda: len(watch.scored()) == 3)
    rate(watch, "IMG_0002.jpg", 3)
    (inbox / "monday").rename(inbox / "tuesday")
    place = inbox / "tuesday" / "raw" / "IMG_0002.jpg"
    watch.until(lambda: "IMG_0002.jpg" in watch.rows() and watch.rows()["IMG_0002.jpg"].path == place)
    assert not [line for line in watch.lines if " gone" in line]
    make_photo(inbox / "tuesday" / "raw" / "late.jpg", seed=40)  # the renamed folder is heard under its new name
    watch.until(lambda: "late.jpg" in watch.scored())
    (inbox / "tuesday").rename(tmp_path / "elsewhere")
    watch.until(lambda: not watch.rows())
    watch.quiet()
    (tmp_path / "elsewhere").rename(inbox / "wednesday")
    watch.until(lambda: len(watch.rows()) == 4)
    assert watch.rows()["IMG_0002.jpg"].rating == 3
    shutil.rmtree(inbox / "wednesday")
    watch.until(lambda: not watch.rows())
    assert sum(watch.seen.values()) == 4


def test_files_in_folders_that_were_just_made_are_not_lost(watch: Watch, inbox: Path) -> None:
    contents = [make_photo(inbox.parent / f"{n}.jpg", size=(64, 48), seed=n).read_bytes() for n in range(40)]
    watch.begin(inbox)
    for number, content in enumerate(contents):
        folder = inbox / f"{number % 7}" / f"{number % 3}" / "deep"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}.jpg").write_bytes(content)
    watch.until(lambda: len(watch.scored()) == 40)
    assert set(watch.seen.values()) == {1}


def test_a_raw_that_comes_after_its_jpeg_and_goes_before_it_takes_the_marks_along(watch: Watch, inbox: Path) -> None:
    make_photo(inbox / "a.jpg", seed=1)
    watch.begin(inbox)
    watch.until(lambda: watch.scored() == {"a.jpg"})
    rate(watch, "a.jpg", 4)
    make_photo(inbox.parent / "a.tif", seed=2).rename(inbox / "a.nef")
    watch.until(lambda: set(watch.rows()) == {"a.nef"} and watch.scored() == {"a.nef"})
    assert watch.rows()["a.nef"].rating == 4
    (inbox / "a.nef").unlink()
    watch.until(lambda: set(watch.rows()) == {"a.jpg"})
    assert watch.rows()["a.jpg"].rating == 4


@pytest.mark.slow
@WAYS
def test_what_another_program_writes_into_a_sidecar_is_heard(watch: Watch, inbox: Path, ways: Any) -> None:
    make_folder(inbox, 2)
    watch.begin(inbox, **ways)
    watch.until(lambda: len(watch.scored()) == 2)
    sidecar = inbox / "IMG_0001.xmp"
    sidecar.write_bytes(packet('xmp:Rating="2"'))
    watch.until(lambda: watch.rows()["IMG_0001.jpg"].rating == 2)
    hidden = inbox / ".exiftool_tmp"
    hidden.write_bytes(packet('xmp:Rating="5" xmp:Label="Red"'))
    hidden.replace(sidecar)
    watch.until(lambda: watch.rows()["IMG_0001.jpg"].rating == 5)
    sidecar.unlink()
    watch.quiet()
    assert watch.rows()["IMG_0001.jpg"].label == "red"
    assert sum(watch.seen.values()) == 2


@pytest.mark.slow
def test_sidecars_that_it_writes_are_no_news_to_it(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 3)
    watch.begin(inbox, write_xmp=True)
    watch.until(lambda: len(list(inbox.glob("*.xmp"))) == 3)
    make_photo(inbox / "new.jpg", seed=50)
    watch.until(lambda: len(list(inbox.glob("*.xmp"))) == 4)
    watch.quiet()
    stamps = {path: path.stat().st_mtime_ns for path in inbox.iterdir()}
    time.sleep(1.0)
    assert {path: path.stat().st_mtime_ns for path in inbox.iterdir()} == stamps
    written = [line for line in watch.lines if "written" in line]
    assert len(written) == 2, watch.lines
    assert not [p for p in inbox.iterdir() if p.suffix not in {".jpg", ".xmp"}]


@pytest.mark.slow
def test_a_photo_that_was_renamed_without_its_sidecar_gets_one(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 2)
    watch.begin(inbox, write_xmp=True)
    watch.until(lambda: len(list(inbox.glob("*.xmp"))) == 2)
    (inbox / "IMG_0001.jpg").rename(inbox / "best.jpg")
    watch.until(lambda: (inbox / "best.jpg.xmp").exists())
    watch.quiet()
    assert sum(watch.seen.values()) == 2


def test_an_edited_photo_is_judged_anew_and_keeps_its_marks(watch: Watch, inbox: Path) -> None:
    make_photo(inbox / "a.jpg", seed=1)
    watch.begin(inbox)
    watch.until(lambda: watch.scored() == {"a.jpg"})
    rate(watch, "a.jpg", 2)
    before = watch.rows()["a.jpg"].overall
    make_photo(inbox / ".a.tmp", seed=2, format="JPEG").replace(inbox / "a.jpg")
    watch.until(lambda: watch.seen["a.jpg"] == 2 and watch.scored() == {"a.jpg"})
    assert watch.rows()["a.jpg"].rating == 2
    assert watch.rows()["a.jpg"].overall != before


@pytest.mark.slow
def test_a_file_that_cannot_be_read_is_said_once(watch: Watch, inbox: Path) -> None:
    watch.begin(inbox)
    (inbox / "broken.jpg").write_bytes(b"\xff\xd8\xff not a photo")
    watch.until(lambda: any("broken.jpg" in line for line in watch.lines))
    make_photo(inbox / "fine.jpg", seed=4)
    watch.until(lambda: "fine.jpg" in watch.scored())
    os.utime(inbox / "broken.jpg")
    watch.quiet()
    assert sum("broken.jpg" in line for line in watch.lines) == 1


@pytest.mark.slow
def test_arrivals_come_before_what_lay_there(watch: Watch, inbox: Path) -> None:
    make_folder(inbox / "archive", 100, size=(64, 48))
    arrived = make_photo(inbox.parent / "shot.jpg", size=(64, 48), seed=999)
    watch.scorer._before = lambda _batch: time.sleep(0.03)
    watch.begin(inbox)
    arrived.rename(inbox / "shot.jpg")
    watch.until(lambda: len(watch.scored()) == 101)
    assert watch.scorer.seen.index("shot.jpg") < 80, "it waited for one slice, not for the archive"


def test_a_storm_of_thousands_of_events_is_bounded_and_nothing_is_lost(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("photocull.watch.settling.MOST_FILES", 20)
    monkeypatch.setattr("photocull.watch.settling.MOST_FOLDERS", 3)
    contents = [make_photo(inbox.parent / f"{n}.jpg", size=(64, 48), seed=n).read_bytes() for n in range(120)]
    watch.begin(inbox)

    def pour(part: range) -> None:
        for number in part:
            folder = inbox / f"day {number % 8}"
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.jpg").write_bytes(contents[number])

    pourers = [threading.Thread(target=pour, args=(range(start, 120, 3),)) for start in range(3)]
    for pourer in pourers:
        pourer.start()
    for pourer in pourers:
        pourer.join()
    watch.until(lambda: len(watch.scored()) == 120)
    watch.quiet()
    assert set(watch.seen.values()) == {1}
    assert watch.catalog.check() == ()
