"""Scanning finds each photo once, with what belongs to it, and opens nothing."""

import os
import time
from pathlib import Path

import pytest

from photocull.core.errors import CancelledError, UsageError
from photocull.core.work import CancelToken
from photocull.photo.scan import ScanResult, scan


def make(folder: Path, *names: str) -> None:
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"anything")


def names(result: ScanResult, folder: Path) -> list[str]:
    return [photo.path.relative_to(folder).as_posix() for photo in result.photos]


def test_photos_of_all_folders_below_are_found_sorted_by_path(tmp_path: Path) -> None:
    make(tmp_path, "b/2.JPG", "b/1.nef", "a.png", "b/c/deep.heic", "notes.txt", "no_suffix")
    result = scan([tmp_path])
    assert names(result, tmp_path) == ["a.png", "b/1.nef", "b/2.JPG", "b/c/deep.heic"]
    assert result.photos[0].size == len(b"anything")
    assert result.photos[0].mtime_ns == (tmp_path / "a.png").stat().st_mtime_ns


def test_a_raw_and_the_jpeg_and_heic_of_its_name_are_one_photo(tmp_path: Path) -> None:
    make(tmp_path, "IMG_1.CR3", "img_1.jpg", "IMG_1.HEIC", "IMG_2.jpg", "IMG_1.png")
    result = scan([tmp_path])
    assert names(result, tmp_path) == ["IMG_1.CR3", "IMG_1.png", "IMG_2.jpg"]
    assert {p.name for p in result.photos[0].partners} == {"img_1.jpg", "IMG_1.HEIC"}


def test_a_raw_and_a_jpeg_in_different_folders_stay_apart(tmp_path: Path) -> None:
    make(tmp_path, "raw/1.nef", "jpeg/1.jpg")
    assert [photo.partners for photo in scan([tmp_path]).photos] == [(), ()]


def test_two_renderings_without_a_raw_stay_two_photos(tmp_path: Path) -> None:
    make(tmp_path, "a.jpg", "a.jpeg", "b.JPG", "b.png")
    assert len(scan([tmp_path]).photos) == 4


def test_the_jpeg_belongs_to_the_cameras_raw_rather_than_to_the_dng_made_of_it(tmp_path: Path) -> None:
    make(tmp_path, "a.dng", "a.nef", "a.jpg")
    found = {photo.path.name: [p.name for p in photo.partners] for photo in scan([tmp_path]).photos}
    assert found == {"a.dng": [], "a.nef": ["a.jpg"]}


def test_accents_spelled_in_two_ways_are_one_name(tmp_path: Path) -> None:
    make(tmp_path, "e\u0301te\u0301.nef", "\u00e9t\u00e9.jpg")
    assert len(scan([tmp_path]).photos) == 1


def test_sidecars_of_every_naming_belong_to_their_photo(tmp_path: Path) -> None:
    make(tmp_path, "a.nef", "a.jpg", "a.xmp", "a.NEF.xmp", "a_01.nef.xmp", "a.jpg.xmp", "a.nef.dop", "a.pp3")
    make(tmp_path, "b.jpg", "b.XMP", "b.AAE", "c.xmp", "d_01.jpg", "d_01.jpg.xmp", "d.jpg")
    found = {photo.path.name: {s.name for s in photo.sidecars} for photo in scan([tmp_path]).photos}
    assert found["a.nef"] == {"a.xmp", "a.NEF.xmp", "a_01.nef.xmp", "a.jpg.xmp", "a.nef.dop", "a.pp3"}
    assert found["b.jpg"] == {"b.XMP", "b.AAE"}
    assert found["d_01.jpg"] == {"d_01.jpg.xmp"}
    assert found["d.jpg"] == set()


def test_hidden_files_wastebaskets_and_system_folders_are_left_out(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.jpg", "._a.jpg", ".cache/a.jpg", ".Trash-1000/files/a.jpg", "$RECYCLE.BIN/a.jpg")
    make(tmp_path, "System Volume Information/a.jpg", "@eaDir/a.jpg", "__MACOSX/a.jpg", "Trash/a.jpg", "shown.jpg")
    assert names(scan([tmp_path]), tmp_path) == ["shown.jpg"]


def test_a_hidden_file_or_folder_that_is_named_counts(tmp_path: Path) -> None:
    make(tmp_path, ".hidden.jpg", ".secret/a.jpg")
    assert len(scan([tmp_path / ".hidden.jpg", tmp_path / ".secret"]).photos) == 2


def test_a_folder_called_like_a_photo_is_a_folder(tmp_path: Path) -> None:
    make(tmp_path, "x.jpg/inside.jpg", "y.nef/a.xmp")
    assert names(scan([tmp_path]), tmp_path) == ["x.jpg/inside.jpg"]


def test_videos_are_counted_once_however_often_they_are_met(tmp_path: Path) -> None:
    make(tmp_path, "a.mov", "b/c.MP4", "b/d.jpg")
    result = scan([tmp_path, tmp_path / "b", tmp_path / "a.mov"])
    assert (result.videos, len(result.photos)) == (2, 1)


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_circles_of_links_end_and_each_real_folder_counts_once_by_its_own_path(tmp_path: Path) -> None:
    make(tmp_path, "z/real.jpg")
    (tmp_path / "z" / "again").symlink_to(tmp_path)
    (tmp_path / "a_link").symlink_to(tmp_path / "z")
    (tmp_path / "self").symlink_to(tmp_path / "self")
    result = scan([tmp_path])
    assert names(result, tmp_path) == ["z/real.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_linked_folder_elsewhere_is_followed(tmp_path: Path) -> None:
    make(tmp_path, "disk/photo.jpg", "home/own.jpg")
    (tmp_path / "home" / "album").symlink_to(tmp_path / "disk")
    assert names(scan([tmp_path / "home"]), tmp_path) == ["home/album/photo.jpg", "home/own.jpg"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_that_leads_nowhere_is_one_problem(tmp_path: Path) -> None:
    (tmp_path / "gone.jpg").symlink_to(tmp_path / "nothing.jpg")
    result = scan([tmp_path])
    assert [p.sentence for p in result.problems] == ["The link leads nowhere."]
    assert scan([tmp_path / "gone.jpg"]).problems[0].sentence == "The link leads nowhere."


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_a_pipe_is_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert scan([tmp_path]) == ScanResult((), 0, ())
    named = scan([tmp_path / "pipe.jpg"])
    assert not named.photos
    assert "pipe" in named.problems[0].sentence


def test_an_unreadable_folder_is_one_problem_and_the_others_are_scanned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(tmp_path, "a/1.jpg", "locked/2.jpg", "z/3.jpg")
    real = os.scandir

    def scandir(folder: Path) -> object:
        if folder.name == "locked":
            raise PermissionError(13, "Permission denied")
        return real(folder)

    monkeypatch.setattr(os, "scandir", scandir)
    result = scan([tmp_path])
    assert names(result, tmp_path) == ["a/1.jpg", "z/3.jpg"]
    assert [(p.path.name, p.sentence) for p in result.problems] == [
        ("locked", "The folder could not be read: permission denied.")
    ]


def test_a_named_file_counts_whatever_its_suffix(tmp_path: Path) -> None:
    make(tmp_path, "scan_without_suffix", "photo.backup", "a.xmp", "clip.mp4", "a.jpg")
    result = scan([tmp_path / n for n in ("scan_without_suffix", "photo.backup", "a.xmp", "clip.mp4")])
    assert names(result, tmp_path) == ["photo.backup", "scan_without_suffix"]
    assert result.videos == 1


def test_a_named_raw_brings_its_partner_and_sidecars_but_a_named_jpeg_stands_for_itself(tmp_path: Path) -> None:
    make(tmp_path, "a.nef", "a.jpg", "a.xmp", "a.jpg.xmp", "b.nef")
    raw = scan([tmp_path / "a.nef"]).photos[0]
    assert [p.name for p in raw.partners] == ["a.jpg"]
    assert {p.name for p in raw.sidecars} == {"a.xmp", "a.jpg.xmp"}
    jpeg = scan([tmp_path / "a.jpg"]).photos[0]
    assert (jpeg.path.name, jpeg.partners, [s.name for s in jpeg.sidecars]) == ("a.jpg", (), ["a.jpg.xmp"])
    assert jpeg.size == len(b"anything")
    both = scan([tmp_path / "a.jpg", tmp_path / "a.nef"]).photos
    assert [p.path.name for p in both] == ["a.nef"]


@pytest.mark.skipif("os.name == 'nt'", reason="links need rights there")
def test_links_in_a_circle_hide_no_neighbour_of_a_named_photo(tmp_path: Path) -> None:
    make(tmp_path, "a.cr3", "a.jpg", "a.xmp")
    for number in range(20):
        (tmp_path / f"{number}.jpg").symlink_to(tmp_path / f"{number}.jpg")
    (raw,) = scan([tmp_path / "a.cr3"]).photos
    assert ([p.name for p in raw.partners], [s.name for s in raw.sidecars]) == (["a.jpg"], ["a.xmp"])


def test_overlapping_arguments_give_each_photo_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path, "a/1.nef", "a/1.jpg", "a/2.jpg")
    monkeypatch.chdir(tmp_path)
    result = scan([Path(), Path("a"), Path("a/../a/2.jpg"), Path("a/1.jpg"), tmp_path / "a" / "1.nef", Path("a")])
    assert names(result, tmp_path) == ["a/1.nef", "a/2.jpg"]


def test_a_path_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        scan([tmp_path, tmp_path / "nothing"])
    assert caught.value.path == tmp_path / "nothing"


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
def test_names_of_any_bytes_are_found(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\n.jpg"))
    path.write_bytes(b"x")
    assert scan([tmp_path]).photos[0].path == path


def test_a_cancelled_scan_stops(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        scan([tmp_path], token=token)


def test_thousands_of_files_are_scanned_in_a_moment(tmp_path: Path) -> None:
    for folder in range(20):
        (tmp_path / str(folder)).mkdir()
        for number in range(100):
            (tmp_path / str(folder) / f"{number}.jpg").touch()
    start = time.thread_time()
    assert len(scan([tmp_path]).photos) == 2000
    assert time.thread_time() - start < 3
