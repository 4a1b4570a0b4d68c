"""Drives that may fall silent are told from the table of drives, through links, and without a touch."""

import errno
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.work import CancelToken
from photocull.photo import drives, guard
from photocull.photo.decode import decode, load_full, load_preview
from photocull.photo.drives import silent_drive, told_by_linux, told_by_macos
from photocull.photo.fingerprint import fingerprint
from photocull.photo.looking import is_present, list_folder, look, meant_folder
from photocull.photo.scan import scan
from tests.building import make_photo
from tests.photo.reading import opened, photo, reason
from tests.stalling import served, why_not

LINUX = (
    r"""22 27 0:20 / /proc rw,relatime - proc proc rw
27 1 254:0 / / rw,noatime shared:1 - ext4 /dev/vda rw
61 27 0:55 / /mnt/my\040photos rw,relatime shared:300 master:2 - nfs4 nas:/photos rw,vers=4.2,hard
62 27 0:56 / /media/usb rw - fuseblk /dev/sdb1 rw,user_id=0
63 27 0:57 / /home/me/far rw - fuse.sshfs me@far:/ rw
64 27 0:58 / /mnt/caf"""
    "\udce9"
    r""" rw - cifs //nas/x rw
"""
)
MACOS = """/dev/disk3s1s1 on / (apfs, sealed, local, read-only, journaled)
//me@nas._smb._tcp.local/My%20Photos on /Volumes/My Photos (smbfs, nodev, nosuid, mounted by me)
map auto_home on /System/Volumes/Data/home (autofs, automounted, nobrowse)
/dev/disk4s1 on /Volumes/CARD (msdos, local, nodev, nosuid, noowners)
"""
REAL = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")
SECONDS = 1.5


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.SILENT_VARIABLE, str(SECONDS))
    monkeypatch.setattr(guard, "drives", guard.Drives())


@pytest.fixture
def drive(tmp_path: Path) -> Iterator[Path]:
    """A real drive with two photos, one that is never delivered, and a folder that is never listed."""
    source = tmp_path / "source"
    make_photo(source / "a.jpg")
    make_photo(source / "b.tif")
    make_photo(source / "silent.jpg", seed=1)
    make_photo(source / "folder" / "c.jpg", seed=2)
    make_photo(source / "silent folder" / "d.jpg", seed=3)
    with served(source, tmp_path / "drive"):
        yield tmp_path / "drive"


def test_network_drives_are_found_in_linux_table_whatever_their_names() -> None:
    assert told_by_linux(LINUX) == {"/mnt/my photos", "/home/me/far", "/mnt/caf\udce9"}


def test_network_drives_are_found_in_what_macos_says() -> None:
    assert told_by_macos(MACOS) == {"/Volumes/My Photos", "/System/Volumes/Data/home"}


@pytest.mark.skipif("os.name == 'nt'", reason="links need rights on Windows")
def test_links_to_such_a_drive_are_followed_as_far_as_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far = tmp_path / "far"
    monkeypatch.setattr(drives, "_places", lambda moment: frozenset({str(far)}))
    drives._crossed.cache_clear()
    (tmp_path / "here").mkdir()
    (tmp_path / "album").symlink_to("here/../far/2024")
    (tmp_path / "here" / "one.jpg").symlink_to(far / "one.jpg")
    (tmp_path / "circle").symlink_to(tmp_path / "circle")
    for name in ("far/a.jpg", "album/a.jpg", "here/one.jpg", "here/../album/deep/a.jpg"):
        assert silent_drive(tmp_path / name) == far, name
    for name in ("here/a.jpg", "far/../here/a.jpg", "circle/a.jpg", "farther/a.jpg", "a.jpg"):
        found = silent_drive(tmp_path / name)
        assert found is None or name.startswith("far/"), name
    drives._crossed.cache_clear()


def test_how_long_a_drive_may_say_nothing_is_a_number_of_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    for given, seconds in {"2.5": 2.5, "": 30, "soon": 30, "-1": 30, "0": 30, "inf": 30, "nan": 30}.items():
        monkeypatch.setenv(guard.SILENT_VARIABLE, given)
        assert guard.silent_seconds() == seconds


def test_a_drive_that_was_silent_again_and_again_is_left_alone_for_a_while() -> None:
    now = 0.0
    known = guard.Drives(clock=lambda: now)
    one, other = Path("/one"), Path("/other")
    for _ in range(2):
        known.silent(one)
    assert not known.resting(one)
    known.answered(one)
    for _ in range(3):
        known.silent(one)
    assert known.resting(one)
    assert not known.resting(other)
    now = 61.0
    assert not known.resting(one)
    known.silent(one)
    assert known.resting(one)


@REAL
def test_a_real_drive_is_read_as_any_folder(drive: Path, tmp_path: Path) -> None:
    assert silent_drive(drive / "a.jpg") == drive
    for name in ("a.jpg", "b.tif", "folder/c.jpg"):
        there, here = drive / name, tmp_path / "source" / name
        assert (opened(there).preview == opened(here).preview).all()
        assert (load_preview(there, 99) == load_preview(here, 99)).all()
        assert (load_full(there) == load_full(here)).all()
        assert fingerprint(there) == fingerprint(here)
        assert look(there) == look(here)
    assert list_folder(drive / "folder").entries == list_folder(tmp_path / "source" / "folder").entries
    assert is_present(drive / "a.jpg")
    assert not is_present(drive / "nothing.jpg")


@pytest.mark.slow
@REAL
def test_a_file_that_never_comes_costs_a_sentence_and_the_next_one_is_read(drive: Path) -> None:
    begun = time.monotonic()
    assert reason(drive / "silent.jpg") == "The drive did not answer within 1.5 seconds."
    assert time.monotonic() - begun < 15
    assert opened(drive / "a.jpg").width == 640
    with pytest.raises(UnreadablePhotoError) as caught:
        fingerprint(drive / "silent.jpg")
    assert isinstance(caught.value.__cause__, TimeoutError)
    assert caught.value.__cause__.errno == errno.ETIMEDOUT


@pytest.mark.slow
@REAL
@pytest.mark.parametrize("name", ["slow.jpg", "slow.tif"])
def test_a_drive_that_is_slow_is_not_silent(tmp_path: Path, name: str) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (1200, 1400, 3), np.uint8)
    path = tmp_path / "source" / name
    path.parent.mkdir()
    Image.fromarray(noise).save(path, quality=100)
    with served(path.parent, tmp_path / "drive"):
        begun = time.monotonic()
        assert (opened(tmp_path / "drive" / name).preview == opened(path).preview).all()
        assert time.monotonic() - begun > SECONDS


@REAL
def test_what_may_not_be_opened_or_cannot_be_read_says_so_and_hides_no_neighbour(tmp_path: Path) -> None:
    for name in ("a.jpg", "forbidden.jpg", "torn.jpg", "torn.tif", "forbidden/b.jpg", "torn/c.jpg", "open/d.jpg"):
        make_photo(tmp_path / "source" / name, size=(64, 48))
    with served(tmp_path / "source", tmp_path / "drive"):
        found = scan([tmp_path / "drive"])
        assert [p.path.name for p in found.photos] == ["a.jpg", "forbidden.jpg", "d.jpg", "torn.jpg", "torn.tif"]
        assert [(p.path.name, p.sentence) for p in found.problems] == [
            ("forbidden", "The folder could not be read: permission denied."),
            ("torn", "The folder could not be read: input/output error."),
        ]
        assert reason(tmp_path / "drive" / "forbidden.jpg").startswith("No permission to read the file")
        for name in ("torn.jpg", "torn.tif"):
            assert reason(tmp_path / "drive" / name).startswith("The disk or card could not read the file")


@pytest.mark.slow
@REAL
def test_a_folder_that_is_never_listed_is_one_problem_of_a_scan(drive: Path) -> None:
    found = scan([drive])
    assert [p.path.name for p in found.photos] == ["a.jpg", "b.tif", "c.jpg", "silent.jpg"]
    (problem,) = found.problems
    assert problem.path.name == "silent folder"
    assert problem.sentence == "The folder could not be read: the drive did not answer within 1.5 seconds."


@pytest.mark.slow
@REAL
def test_a_link_to_a_silent_drive_in_a_folder_of_this_machine_holds_nothing_up(tmp_path: Path) -> None:
    make_photo(tmp_path / "source" / "a.jpg")
    make_photo(tmp_path / "here" / "own.jpg")
    (tmp_path / "here" / "far.jpg").symlink_to(tmp_path / "drive" / "a.jpg")
    (tmp_path / "here" / "far").symlink_to(tmp_path / "drive")
    with served(tmp_path / "source", tmp_path / "drive") as server:
        os.kill(server.pid, signal.SIGSTOP)
        found = scan([tmp_path / "here"])
        os.kill(server.pid, signal.SIGCONT)
    assert [p.path.name for p in found.photos] == ["own.jpg"]
    assert [p.path.name for p in found.problems] == ["far.jpg"]


@pytest.mark.slow
@REAL
def test_when_all_of_a_drive_falls_silent_its_files_are_not_waited_for_one_by_one(tmp_path: Path) -> None:
    for number in range(40):
        make_photo(tmp_path / "source" / f"{number}.jpg", size=(64, 48))
    with served(tmp_path / "source", tmp_path / "drive") as server:
        assert opened(tmp_path / "drive" / "0.jpg").width == 64
        os.kill(server.pid, signal.SIGSTOP)
        begun = time.monotonic()
        for number in range(1, 40):
            assert "did not answer" in reason(tmp_path / "drive" / f"{number}.jpg")
        assert time.monotonic() - begun < 39 * SECONDS / 2
        os.kill(server.pid, signal.SIGCONT)


@pytest.mark.slow
@REAL
def test_who_stops_the_run_does_not_wait_for_a_drive(drive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(guard.SILENT_VARIABLE, "60")
    token = CancelToken()
    token.cancel()
    begun = time.monotonic()
    for act in (
        lambda: decode(photo(drive / "silent.jpg"), token=token),
        lambda: fingerprint(drive / "silent.jpg", token=token),
        lambda: list_folder(drive / "silent folder", token=token),
    ):
        with pytest.raises(Exception, match="Stopped"):
            act()
    assert time.monotonic() - begun < 20


@REAL
def test_what_a_person_names_on_a_silent_drive_is_understood_without_a_touch(drive: Path, tmp_path: Path) -> None:
    assert meant_folder(drive / "silent.jpg") == drive
    assert meant_folder(drive / "silent folder") == drive / "silent folder"
    assert meant_folder(tmp_path / "source" / "a.jpg") == tmp_path / "source"
    assert meant_folder(tmp_path / "nothing") is None
