"""On which drive a path lies: mount points and links on the way, and what the systems' own lists say."""

import os
from pathlib import Path

import pytest

from photocull.photo import mounts
from photocull.photo.drives import device_on_linux, told_by_linux, told_by_macos
from photocull.photo.mounts import Place, identity, is_there, mounted, place_of

pytestmark = pytest.mark.skipif(os.name == "nt", reason="drives are letters there")

TABLE = (
    "29 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw\n"
    "77 29 8:17 / /media/anna/EOS\\040DIGITAL rw - vfat /dev/sdb1 rw\n"
    "78 29 0:55 / /mnt/nas rw - nfs4 nas:/photos rw\n"
)


def test_every_mount_point_of_linux_is_told_with_its_spaces() -> None:
    assert told_by_linux(TABLE, every=True) == {"/", "/media/anna/EOS DIGITAL", "/mnt/nas"}
    assert told_by_linux(TABLE) == {"/mnt/nas"}


def test_the_device_of_a_mount_point_is_the_one_that_was_mounted_last() -> None:
    assert device_on_linux(TABLE, "/media/anna/EOS DIGITAL") == "/dev/sdb1"
    over = TABLE + "79 29 8:33 / /media/anna/EOS\\040DIGITAL rw - vfat /dev/my\\040card rw\n"
    assert device_on_linux(over, "/media/anna/EOS DIGITAL") == "/dev/my card"
    assert device_on_linux(TABLE, "/media/anna") is None
    assert not device_on_linux("77 29 8:17 / /x rw -\n78 29 8:17 / /x rw - \n", "/x"), "a line that is cut off"


def test_a_drive_is_known_by_its_file_system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "dev" / "by-uuid").mkdir(parents=True)
    for device in ("sdb1", "sdc1"):
        (tmp_path / "dev" / device).touch()
    (tmp_path / "dev" / "by-uuid" / "6138-3234").symlink_to("../sdb1")
    (tmp_path / "table").write_text(
        TABLE.replace("/dev/sd", f"{tmp_path}/dev/sd") + "80 29 0:9 / /ram rw - tmpfs tmpfs rw\n"
    )
    monkeypatch.setattr(mounts, "_TABLE", tmp_path / "table")
    monkeypatch.setattr(mounts, "_BY_UUID", tmp_path / "dev" / "by-uuid")
    assert identity(Path("/media/anna/EOS DIGITAL")) == "6138-3234"
    assert [identity(Path(place)) for place in ("/mnt/nas", "/ram", "/nowhere")] == ["", "", ""]
    monkeypatch.setattr(mounts, "_BY_UUID", tmp_path / "not there")
    assert identity(Path("/media/anna/EOS DIGITAL")) == ""


def test_every_volume_of_macos_is_told() -> None:
    said = "/dev/disk1s1 on / (apfs, local)\n/dev/disk4s1 on /Volumes/EOS DIGITAL (msdos, local, nodev)\n"
    assert told_by_macos(said, every=True) == {"/", "/Volumes/EOS DIGITAL"}
    assert told_by_macos(said) == frozenset()


def test_this_machine_tells_its_own() -> None:
    assert "/" not in mounted()
    assert is_there(Path("/"), mounted())
    assert not is_there(Path("/media/nobody/NOTHING"), mounted())


def test_a_folder_lies_on_the_last_drive_on_the_way_to_it(tmp_path: Path) -> None:
    outer, inner = tmp_path / "outer", tmp_path / "outer" / "deep" / "inner"
    inner.mkdir(parents=True)
    drives = frozenset({str(outer), str(inner)})
    assert place_of(outer / "deep", drives) == Place(outer, outer)
    assert place_of(inner / "trip" / "day", drives) == Place(inner, inner)
    assert place_of(tmp_path / "else", drives) == Place(tmp_path / "else", Path("/"))


def test_a_link_leads_to_the_drive_behind_it_by_the_name_that_is_used(tmp_path: Path) -> None:
    drive = tmp_path / "media" / "USB"
    (drive / "trip").mkdir(parents=True)
    (tmp_path / "Pictures").mkdir()
    (tmp_path / "Pictures" / "usb").symlink_to(Path("..") / "media" / "USB")
    (tmp_path / "Pictures" / "trip").symlink_to(drive / "trip")
    drives = frozenset({str(drive)})
    named = tmp_path / "Pictures"
    assert place_of(named / "usb" / "trip", drives) == Place(named / "usb", drive)
    assert place_of(named / "trip", drives) == Place(named / "trip", drive)


def test_links_in_a_circle_come_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert place_of(tmp_path / "a" / "x", frozenset()).drive == Path("/")


def test_beyond_a_network_drive_nothing_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drive = tmp_path / "nas"
    looked: list[str] = []
    target = mounts._target
    monkeypatch.setattr(mounts, "silent_drive", lambda path: drive if path.is_relative_to(drive) else None)
    monkeypatch.setattr(mounts, "_target", lambda path: looked.append(path) or target(path))
    assert place_of(drive / "deep" / "er", frozenset({str(drive)})) == Place(drive, drive)
    assert not [path for path in looked if Path(path).is_relative_to(drive)]


def test_of_gnomes_shares_each_is_a_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gvfs = tmp_path / "gvfs"
    share = gvfs / "smb-share:server=nas,share=photos"
    share.mkdir(parents=True)
    monkeypatch.setattr(mounts, "silent_drive", lambda path: gvfs if path.is_relative_to(gvfs) else None)
    drives = frozenset({str(gvfs)})
    assert place_of(share / "trip", drives) == Place(share, share)
    assert is_there(share, drives)
    share.rmdir()
    assert not is_there(share, drives)
