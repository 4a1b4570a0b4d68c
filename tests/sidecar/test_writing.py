"""On disk: the old sidecar or the new one, never half of either, whatever stops the writing."""

import errno
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from photocull.core.errors import SidecarError
from photocull.sidecar import names, writing
from photocull.sidecar.dialects import Recorded
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Record, Rules
from photocull.sidecar.updating import read, update
from photocull.sidecar.writing import read_file, replace_file
from tests.sidecar.packets import packet

FOUR = Record({"rating": Recorded("4", "photographer")})
TWO = Record({"rating": Recorded("2", "photographer")})


@pytest.fixture
def sidecar(tmp_path: Path) -> Path:
    path = tmp_path / "a.xmp"
    path.write_bytes(packet('xmp:Rating="1" crs:Tint="+4"'))
    return path


def alone(sidecar: Path) -> bool:
    return [path.name for path in sidecar.parent.iterdir()] == [sidecar.name]


def test_a_new_sidecar_is_made_and_a_known_one_changed(tmp_path: Path) -> None:
    path = tmp_path / "a.xmp"
    assert update(path, FOUR, Rules(), None)
    assert alone(path)
    before = path.read_bytes()
    assert update(path, TWO, Rules(), before)
    assert b'xmp:Rating="2"' in path.read_bytes()
    assert alone(path)


def test_a_sidecar_that_says_it_already_is_not_written(tmp_path: Path, sidecar: Path) -> None:
    update(sidecar, FOUR, Rules(), sidecar.read_bytes())
    os.utime(sidecar, ns=(1, 1))
    assert not update(sidecar, FOUR, Rules(), sidecar.read_bytes())
    assert sidecar.stat().st_mtime_ns == 1
    assert not update(tmp_path / "new.xmp", Record({}), Rules(), None)
    assert not (tmp_path / "new.xmp").exists()


def test_one_that_changed_since_it_was_read_is_left_as_it_is(sidecar: Path) -> None:
    before = sidecar.read_bytes()
    theirs = packet('xmp:Rating="5"')
    sidecar.write_bytes(theirs)
    with pytest.raises(SidecarError, match="changed while"):
        update(sidecar, FOUR, Rules(), before)
    with pytest.raises(SidecarError, match="changed while"):
        update(sidecar, FOUR, Rules(), None)
    assert sidecar.read_bytes() == theirs
    sidecar.unlink()
    with pytest.raises(SidecarError, match="changed while"):
        update(sidecar, FOUR, Rules(), before)
    assert not list(sidecar.parent.iterdir())


def test_permissions_and_links_stay(tmp_path: Path, sidecar: Path) -> None:
    sidecar.chmod(0o640)
    link = tmp_path / "link.xmp"
    link.symlink_to(sidecar)
    update(link, FOUR, Rules(), link.read_bytes())
    assert link.is_symlink()
    assert sidecar.stat().st_mode & 0o777 == 0o640
    assert b'xmp:Rating="4"' in sidecar.read_bytes()


def test_a_write_protected_sidecar_is_left_alone(sidecar: Path) -> None:
    before = sidecar.read_bytes()
    sidecar.chmod(0o444)
    with pytest.raises(SidecarError, match="write-protected") as caught:
        update(sidecar, FOUR, Rules(), before)
    assert str(sidecar) in str(caught.value)
    assert (sidecar.read_bytes(), alone(sidecar)) == (before, True)


@pytest.mark.parametrize("step", ["open", "write", "fsync", "replace"])
@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EACCES, errno.EIO])
def test_whatever_the_system_refuses_the_old_one_is_whole(
    sidecar: Path, monkeypatch: pytest.MonkeyPatch, step: str, fault: int
) -> None:
    before = sidecar.read_bytes()

    def refuse(*_: object, **__: object) -> None:
        raise OSError(fault, os.strerror(fault))

    with monkeypatch.context() as patched:
        match step:
            case "open":
                patched.setattr(writing, "_made", refuse)
            case "write":
                patched.setattr(writing.os, "fdopen", refuse)
            case "fsync":
                patched.setattr(writing.os, "fsync", refuse)
            case "replace":
                patched.setattr(Path, "replace", refuse)
        with pytest.raises(SidecarError, match="cannot be written") as caught:
            update(sidecar, FOUR, Rules(), before)
    assert "\n" not in str(caught.value)
    assert (sidecar.read_bytes(), alone(sidecar)) == (before, True)


@pytest.mark.skipif(sys.platform != "linux", reason="a small tmpfs fills at once")
def test_a_full_disk_leaves_the_old_one(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(disk)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs rights that are not given here")
    try:
        sidecar = disk / "a.xmp"
        before = packet('xmp:Rating="1"', f"<crs:A>{'x' * 50_000}</crs:A>")
        sidecar.write_bytes(before)
        with pytest.raises(SidecarError, match="no space left"):
            update(sidecar, FOUR, Rules(), before)
        assert (sidecar.read_bytes(), alone(sidecar)) == (before, True)
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_folder_that_may_not_be_written_is_told(sidecar: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("everything may be written by this user")
    before = sidecar.read_bytes()
    sidecar.parent.chmod(0o500)
    try:
        with pytest.raises(SidecarError, match="cannot be written"):
            update(sidecar, FOUR, Rules(), before)
    finally:
        sidecar.parent.chmod(0o700)
    assert sidecar.read_bytes() == before


def test_what_does_not_read_back_is_told(sidecar: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = sidecar.read_bytes()
    answers = iter((before, before[:10]))
    monkeypatch.setattr(writing, "read_file", lambda _path: next(answers))
    with pytest.raises(SidecarError, match="did not read back"):
        replace_file(sidecar, packet(), before)


def test_no_pipe_folder_or_giant_is_read(tmp_path: Path) -> None:
    assert read_file(tmp_path / "none.xmp") is None
    assert read(tmp_path / "none.xmp") is None
    os.mkfifo(tmp_path / "pipe.xmp")
    (tmp_path / "folder.xmp").mkdir()
    with (tmp_path / "giant.xmp").open("wb") as file:
        file.truncate(100 << 20)
    for name, words in (("pipe", "pipe"), ("folder", "folder"), ("giant", "larger than 32 MB")):
        with pytest.raises(SidecarError, match=words):
            read_file(tmp_path / f"{name}.xmp")
    (tmp_path / "bad.xmp").write_bytes(b"<a>")
    for ask in (lambda p: read(p), lambda p: update(p, FOUR, Rules(), b"<a>")):
        with pytest.raises(SidecarError, match=r"bad\.xmp: The sidecar is not well-formed"):
            ask(tmp_path / "bad.xmp")


KILLED = """
import sys
from pathlib import Path
from photocull.sidecar.dialects import Recorded
from photocull.sidecar.rules import Record, Rules
from photocull.sidecar.updating import update
path = Path(sys.argv[1])
number = 0
print("begun", flush=True)
while True:
    number = number % 5 + 1
    update(path, Record({"rating": Recorded(str(number), "photographer")}), Rules(), path.read_bytes())
"""


@pytest.mark.slow
@pytest.mark.parametrize("round", range(50))
def test_a_killed_writer_leaves_a_whole_sidecar(sidecar: Path, round: int) -> None:
    sidecar.write_bytes(packet('xmp:Rating="1"', f"<crs:A>{'x' * 200_000}</crs:A>"))
    size = sidecar.stat().st_size
    with subprocess.Popen([sys.executable, "-c", KILLED, str(sidecar)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(0.002 * round)
        writer.send_signal(signal.SIGKILL)
    assert parse(sidecar.read_bytes()).text(names.RATING) in set("12345")
    assert sidecar.stat().st_size >= size
    hidden = [path for path in sidecar.parent.iterdir() if path != sidecar]
    assert all(path.name.startswith(".photocull-") for path in hidden)
    assert len(hidden) <= 1
    for path in hidden:
        os.utime(path, (1, 1))
    update(sidecar, Record({"label": Recorded("red", "photographer")}), Rules(), sidecar.read_bytes())
    assert alone(sidecar)


def test_what_killed_programs_left_behind_is_in_nobody_s_way_and_used_up_later(sidecar: Path) -> None:
    left = writing._hidden(sidecar)
    for path in left[:2]:
        path.write_bytes(b"half")
    assert update(sidecar, FOUR, Rules(), sidecar.read_bytes())
    assert [path.exists() for path in left] == [True, True, *[False] * (len(left) - 2)]
    os.utime(left[0], (1, 1))
    assert update(sidecar, TWO, Rules(), sidecar.read_bytes())
    assert [path.read_bytes() for path in left if path.exists()] == [b"half"]
    for path in left:
        path.write_bytes(b"half")
    with pytest.raises(SidecarError, match="cannot be written"):
        update(sidecar, FOUR, Rules(), sidecar.read_bytes())
    assert b'xmp:Rating="2"' in sidecar.read_bytes()
