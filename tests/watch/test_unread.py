"""What cannot be read is named at once, tried again, and seen when its owner opens it."""

import errno
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from photocull.core.work import CancelToken
from photocull.pipeline import stages
from photocull.watch.events import Events
from photocull.watch.settling import Settling
from photocull.watch.unread import Unread
from tests.building import make_folder, make_photo
from tests.watch.conftest import QUICK, Watch

linux = pytest.mark.skipif("sys.platform != 'linux'", reason="inotify")


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Names of photos that the disk does not give out."""
    names: set[str] = set()
    real = stages.fingerprint

    def fingerprint(path: Path, *, token: CancelToken | None = None) -> str:
        if path.name in names:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        return real(path, token=token)

    monkeypatch.setattr(stages, "fingerprint", fingerprint)
    return names


def told(watch: Watch, name: str) -> int:
    return sum(name in line and os.strerror(errno.EIO) in line for line in watch.lines)


@pytest.mark.parametrize("poll", [False, True], ids=["events", "poll"])
def test_a_photo_that_the_disk_does_not_give_out_is_named_once_and_scored_when_it_does(
    watch: Watch, inbox: Path, failing: set[str], poll: bool
) -> None:
    failing |= {"IMG_0001.jpg", "new.jpg"}
    make_folder(inbox, 2)
    watch.begin(inbox, poll=poll, beats=replace(QUICK, unread=0.3))
    watch.until(lambda: told(watch, "IMG_0001.jpg"))
    make_photo(inbox / "new.jpg", seed=5)
    watch.until(lambda: told(watch, "new.jpg"))
    watch.until(lambda: watch.scored() == {"IMG_0002.jpg"})
    failing.clear()
    watch.until(lambda: watch.scored() == {"IMG_0001.jpg", "IMG_0002.jpg", "new.jpg"})
    assert (told(watch, "IMG_0001.jpg"), told(watch, "new.jpg")) == (1, 1)
    assert set(watch.seen.values()) == {1}


def test_what_fails_again_is_tried_ever_more_seldom_and_what_was_opened_or_is_gone_no_more() -> None:
    now = [0.0]
    unread = Unread(100.0, clock=lambda: now[0])
    bad, good = Path("/a/bad.jpg"), Path("/a/good.jpg")
    unread.note([bad, good], [bad])
    tries = []
    while now[0] < 12_000:
        now[0] += 50
        if unread.due() == [bad]:
            tries.append(now[0])
            unread.note([bad], [bad])
    assert tries == [100, 300, 700, 1500, 3100, 6300, 9900]
    unread.note([bad], [])
    now[0] += 10_000
    assert unread.due() == []
    unread.note([bad], [bad])
    unread.forget(Path("/a"))
    now[0] += 10_000
    assert unread.due() == []


def test_folders_that_open_are_told_once_and_only_where_they_were_looked_at() -> None:
    unread = Unread(1.0)
    root, one, other = Path("/a"), Path("/a/one"), Path("/a/other/two")
    assert unread.opened([root], [one, other]) == []
    assert unread.opened([Path("/a/new")], []) == []
    assert unread.opened([one], []) == [one]
    assert unread.opened([root], [other]) == []
    assert unread.opened([root], []) == [other]
    assert unread.opened([root], []) == []


@contextmanager
def heard(root: Path) -> Iterator[Settling]:
    settling = Settling([root], 0.0)
    events = Events(root, settling, lambda: None, lambda: None, CancelToken())
    try:
        yield settling
    finally:
        events.close()


@linux
def test_a_photo_whose_rights_change_is_looked_at_and_so_is_a_folder(inbox: Path) -> None:
    photo = make_photo(inbox / "in" / "a.jpg", size=(64, 48))
    (inbox / "in" / "notes.txt").touch()
    with heard(inbox) as settling:
        photo.chmod(0o600)
        (inbox / "in" / "notes.txt").chmod(0o600)
        settling.wait(10)
        assert photo in settling
        assert inbox / "in" / "notes.txt" not in settling
    with heard(inbox) as settling:
        (inbox / "in").chmod(0o700)
        settling.wait(10)
        assert settling.settled(CancelToken()).folders == (inbox / "in",)


@linux
def test_rights_that_change_cost_no_judging(watch: Watch, inbox: Path) -> None:
    photos = make_folder(inbox / "in", 3)
    watch.begin(inbox)
    watch.until(lambda: len(watch.scored()) == 3)
    for photo in photos:
        photo.chmod(0o600)
    (inbox / "in").chmod(0o700)
    watch.quiet()
    assert set(watch.seen.values()) == {1}
    assert watch.scored() == {photo.name for photo in photos}


@linux
def test_a_folder_that_is_opened_is_looked_at_and_listened_to(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from photocull.photo import scan as scanning

    real, closed = scanning.list_folder, {inbox / "in"}

    def list_folder(folder: Path, *, token: CancelToken | None = None) -> object:
        if folder in closed:
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(folder, token=token)

    monkeypatch.setattr(scanning, "list_folder", list_folder)  # for root, who may look into any
    make_photo(inbox / "in" / "a.jpg", seed=1)
    make_photo(inbox / "b.jpg", seed=2)
    watch.begin(inbox)
    watch.until(lambda: watch.scored() == {"b.jpg"})
    assert watch.watching is not None
    before = watch.watching._listening._heard[inbox]
    closed.clear()
    (inbox / "in").chmod(0o755)
    watch.until(lambda: watch.scored() == {"a.jpg", "b.jpg"})
    watch.quiet()
    assert watch.watching._listening._heard[inbox] is not before


@linux
def test_photos_behind_a_link_that_was_removed_go_out_of_sight(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_photo(tmp_path / "elsewhere" / "far.jpg", seed=1)
    make_photo(inbox / "near.jpg", seed=2)
    (inbox / "link").symlink_to(tmp_path / "elsewhere")
    watch.begin(inbox)
    watch.until(lambda: watch.scored() == {"far.jpg", "near.jpg"})
    (inbox / "link").unlink()
    watch.until(lambda: watch.scored() == {"near.jpg"})
    (inbox / "link").symlink_to(tmp_path / "elsewhere")
    watch.until(lambda: watch.scored() == {"far.jpg", "near.jpg"})
    shutil.move(inbox / "link", tmp_path / "link")
    watch.until(lambda: watch.scored() == {"near.jpg"})
