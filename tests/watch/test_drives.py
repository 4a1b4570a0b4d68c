"""Drives that go and come, and folders that a network serves: nothing of a drive that is away is forgotten."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from photocull.core.errors import UsageError
from photocull.core.types import Decision, DecodedPhoto
from photocull.core.work import CancelToken
from photocull.photo import guard, keeper
from tests.building import make_folder, make_photo
from tests.stalling import served, why_not
from tests.watch.conftest import Watch


def can_use_tmpfs() -> bool:
    """Whether this process may mount: root, and not in a container that forbids it."""
    return shutil.which("mount") is not None and os.name == "posix" and os.geteuid() == 0


@pytest.fixture
def plug(tmp_path: Path) -> Iterator[Callable[[Path], None]]:
    """Mounts a small drive, real in every way, on a folder; `umount` takes it away."""
    if not can_use_tmpfs():
        pytest.skip("only root mounts")
    mounted: list[Path] = []

    def mount(at: Path, source: Path | None = None) -> None:
        source = source or tmp_path / "drive"
        source.mkdir(exist_ok=True)
        done = subprocess.run(["mount", "--bind", str(source), str(at)], capture_output=True, check=False)
        if done.returncode:
            pytest.skip("mounting is not allowed here")
        mounted.append(at)

    yield mount
    for at in mounted:
        subprocess.run(["umount", "-l", str(at)], capture_output=True, check=False)


def unplug(at: Path) -> None:
    subprocess.run(["umount", "-l", str(at)], check=True)


@pytest.mark.slow
def test_a_folder_that_goes_and_comes_back_keeps_everything(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_folder(inbox, 4)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 4)
    watch.catalog.writer.decide([Decision(watch.rows()["IMG_0003.jpg"].id, "pick", "pick")], initiator="t").result()
    inbox.rename(tmp_path / "away")
    watch.until(lambda: any("not there any more" in line for line in watch.lines))
    watch.quiet()
    assert len(watch.scored()) == 4, "photos of a drive that is away stay in sight"
    make_photo(tmp_path / "away" / "meanwhile.jpg", seed=77)
    (tmp_path / "away" / "IMG_0001.jpg").unlink()
    (tmp_path / "away").rename(inbox)
    watch.until(lambda: "meanwhile.jpg" in watch.scored() and "IMG_0001.jpg" not in watch.rows())
    make_photo(inbox / "later.jpg", seed=78)
    watch.until(lambda: "later.jpg" in watch.scored())
    assert watch.rows()["IMG_0003.jpg"].pick == "pick"
    assert set(watch.seen.values()) == {1}
    assert sum("not there any more" in line for line in watch.lines) == 1


@pytest.mark.slow
def test_the_empty_folder_that_an_unplugged_drive_leaves_is_no_deletion(
    watch: Watch, inbox: Path, tmp_path: Path, plug: Callable[[Path], None]
) -> None:
    make_folder(tmp_path / "drive", 3)
    plug(inbox)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 3)
    unplug(inbox)
    assert inbox.is_dir()
    watch.until(lambda: any("not there any more" in line for line in watch.lines))
    assert len(watch.scored()) == 3
    make_photo(tmp_path / "drive" / "new.jpg", seed=31)
    plug(inbox)
    watch.until(lambda: "new.jpg" in watch.scored())
    assert set(watch.seen.values()) == {1}


@pytest.mark.slow
@pytest.mark.parametrize("poll", [False, True], ids=["events", "polling"])
def test_a_drive_that_is_plugged_into_the_folder_is_noticed_at_once(
    watch: Watch, inbox: Path, tmp_path: Path, plug: Callable[[Path], None], poll: bool
) -> None:
    make_folder(tmp_path / "drive", 3)
    (inbox / "card").mkdir()
    watch.begin(inbox, poll=poll)
    plug(inbox / "card")
    watch.until(lambda: len(watch.scored()) == 3)
    make_photo(tmp_path / "drive" / "shot.jpg", seed=31)
    watch.until(lambda: "shot.jpg" in watch.scored())
    unplug(inbox / "card")
    make_photo(inbox / "later.jpg", seed=32)
    watch.until(lambda: "later.jpg" in watch.scored())
    watch.quiet()
    assert len(watch.scored()) == 5, "photos of a drive that is away stay in sight"


@pytest.mark.slow
def test_a_watch_that_begins_before_its_drive_waits_for_it(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_folder(inbox, 3)
    watch.once(inbox)
    inbox.rename(tmp_path / "away")
    inbox.mkdir()
    watch.begin(inbox, known=[inbox])
    watch.quiet()
    assert sum("it is waited for" in line for line in watch.lines) == 1
    assert len(watch.scored()) == 3, "an empty folder in which photos are known is a drive that is not plugged in"
    inbox.rmdir()
    (tmp_path / "away").rename(inbox)
    watch.until(lambda: any("(events)" in line for line in watch.lines))
    make_photo(inbox / "new.jpg", seed=8)
    watch.until(lambda: "new.jpg" in watch.scored())
    assert set(watch.seen.values()) == {1}


def test_a_second_folder_goes_on_while_the_first_is_away(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    make_folder(inbox, 1)
    make_folder(other, 1, seed=50)
    watch.begin(inbox, other)
    watch.until(lambda: watch.seen.total() == 2)
    shutil.rmtree(inbox)
    make_photo(other / "new.jpg", seed=9)
    watch.until(lambda: "new.jpg" in watch.scored())


def test_once_leaves_out_a_folder_that_goes_in_the_midst_and_ends(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    make_folder(inbox, 2)
    make_folder(other, 2, seed=50)

    def unplugged(_batch: list[DecodedPhoto]) -> None:
        if inbox.exists():
            (inbox / "copying.jpg").touch()
            inbox.rename(tmp_path / "away")
            watching._settling.file(inbox / "copying.jpg", writing=True)

    watching = watch.make(inbox, other)
    watch.scorer._before = unplugged
    watching.once(CancelToken())
    assert list(watching.faults) == [inbox]
    assert [line for line in watch.lines if "left out" in line] == [
        f"{inbox}: It is not there, or empty though photos in it are known; it is left out."
    ]
    assert None not in {row.overall for row in watch.rows(other).values()}


def test_once_names_a_folder_that_is_away_and_does_the_others(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_folder(inbox, 2)
    assert list(watch.once(tmp_path / "away", inbox).faults) == [tmp_path / "away"]
    assert len(watch.scored()) == 2
    with pytest.raises(UsageError, match="nothing to look at"):
        watch.once(tmp_path / "away")


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")
def test_once_ends_though_a_network_drive_falls_silent_in_the_midst(
    watch: Watch, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(guard.SILENT_VARIABLE, "1")
    monkeypatch.setattr(guard, "helpers", keeper.Helpers())
    monkeypatch.setattr(guard, "drives", guard.Drives())
    source, net = tmp_path / "source", tmp_path / "net"
    make_folder(source, 2)
    make_folder(inbox, 2, seed=50)
    with served(source, net) as server:

        def silent(_batch: list[DecodedPhoto]) -> None:
            server.send_signal(signal.SIGSTOP)
            watching._settling.file(net / "IMG_0001.jpg")

        watching = watch.make(net, inbox)
        watch.scorer._before = silent
        watching.once(CancelToken())
        server.send_signal(signal.SIGCONT)
    assert net in watching.faults
    assert None not in {row.overall for row in watch.rows(inbox).values()}
    guard.helpers.close()


@pytest.mark.slow
@pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")
def test_a_network_drive_is_looked_at_again_and_again_and_may_fall_silent(
    watch: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(guard.SILENT_VARIABLE, "1")
    monkeypatch.setattr(guard, "helpers", keeper.Helpers())
    monkeypatch.setattr(guard, "drives", guard.Drives())
    monkeypatch.setattr(guard, "_REST", 1.0)
    source, net = tmp_path / "source", tmp_path / "net"
    make_folder(source, 2)
    with served(source, net) as server:
        watch.begin(net)
        watch.until(lambda: len(watch.scored()) == 2)
        assert any("(polling)" in line for line in watch.lines)
        make_photo(source / "new.jpg", seed=9)
        watch.until(lambda: "new.jpg" in watch.scored())
        server.send_signal(signal.SIGSTOP)
        watch.until(lambda: any("not there any more" in line for line in watch.lines))
        assert len(watch.scored()) == 3, "of a drive that does not answer nothing is taken for gone"
        make_photo(source / "later.jpg", seed=10)
        server.send_signal(signal.SIGCONT)
        watch.until(lambda: "later.jpg" in watch.scored())
        assert set(watch.seen.values()) == {1}
        watch.end()
    guard.helpers.close()
