"""When a touched file is handed on, by a clock that the test moves."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from photocull.catalog.records import FoundPhoto
from photocull.core.types import Photo
from photocull.core.work import CancelToken
from photocull.watch import settling as module
from photocull.watch.backlog import Backlog, Unfinished
from photocull.watch.settling import Settled, Settling


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settling(tmp_path: Path, clock: Clock) -> Settling:
    return Settling((tmp_path,), 1.0, clock)


def taken(settling: Settling) -> list[str]:
    done = settling.settled(CancelToken())
    return sorted(path.name for path in (*done.files, *done.folders))


def test_a_file_is_handed_on_when_it_was_the_same_for_a_second(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"1")
    settling.file(file)
    assert taken(settling) == []
    clock.now += 0.9
    file.write_bytes(b"12")  # grows though no event tells of it
    assert taken(settling) == []
    clock.now += 0.2
    assert taken(settling) == [], "it was looked at and had grown"
    clock.now += 1.0
    assert taken(settling) == ["a.jpg"]
    assert settling.empty


def test_each_touch_begins_the_second_anew(settling: Settling, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "a.jpg"
    file.write_bytes(b"1")
    for _ in range(5):
        settling.file(file)
        assert taken(settling) == []
        clock.now += 0.8
    assert taken(settling) == []
    clock.now += 0.3
    assert taken(settling) == ["a.jpg"]


def test_a_file_that_is_open_for_writing_waits_to_be_closed_but_not_for_ever(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    for name in ("closed.jpg", "forgotten.jpg"):
        (tmp_path / name).write_bytes(b"1")
        settling.file(tmp_path / name, writing=True)
    clock.now += 20
    assert taken(settling) == []
    settling.file(tmp_path / "closed.jpg", writing=False)
    taken(settling)
    clock.now += 1.1
    assert taken(settling) == ["closed.jpg"]
    clock.now += 20
    taken(settling)
    clock.now += 1.1
    assert taken(settling) == ["forgotten.jpg"]


def test_a_file_that_is_gone_is_handed_on_too(settling: Settling, clock: Clock, tmp_path: Path) -> None:
    settling.file(tmp_path / "gone.jpg")
    taken(settling)
    clock.now += 1.1
    assert taken(settling) == ["gone.jpg"]


def test_what_may_not_be_looked_at_is_not_taken_for_gone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbid(path: Path, **_options: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    assert module.state_of(tmp_path / "gone.jpg") is None
    assert module.state_of(tmp_path / "gone" / "too.jpg") is None
    (tmp_path / "link.jpg").symlink_to("nowhere")
    assert module.state_of(tmp_path / "link.jpg") is not None
    monkeypatch.setattr(module, "look", forbid)
    assert module.state_of(tmp_path / "secret.jpg") is not None


def test_while_names_change_hands_in_a_folder_nothing_of_it_is_handed_on(
    settling: Settling, clock: Clock, tmp_path: Path
) -> None:
    for number in range(20):
        settling.file(tmp_path / f"{number}.jpg", moved=True)
        clock.now += 0.5
        assert taken(settling) == []
    clock.now += 0.6
    assert taken(settling) == [], "now they are looked at for the first time"
    clock.now += 1.1
    assert len(taken(settling)) == 20


def test_thousands_of_files_become_folders_and_hundreds_of_folders_the_root(
    settling: Settling, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_FILES", 50)
    monkeypatch.setattr(module, "MOST_FOLDERS", 10)
    (tmp_path / "open.jpg").write_bytes(b"1")
    settling.file(tmp_path / "open.jpg", writing=True)
    for number in range(60):
        settling.file(tmp_path / "one" / f"{number}.jpg")
    clock.now += 2
    assert "one" in taken(settling)
    assert tmp_path / "open.jpg" in settling, "what is being written is waited for by itself"
    for number in range(200):
        settling.folder(tmp_path / f"day {number}")
    clock.now += 2
    assert tmp_path.name in taken(settling)


def test_what_lies_on_a_drive_that_went_is_forgotten(settling: Settling, clock: Clock, tmp_path: Path) -> None:
    settling.file(tmp_path / "a" / "1.jpg")
    settling.folder(tmp_path / "a" / "b")
    settling.folder(tmp_path / "ab")
    settling.forget(tmp_path / "a")
    clock.now += 2
    assert settling.settled(CancelToken()) == Settled((), (tmp_path / "ab",))


STEPS = st.tuples(st.integers(0, 4), st.sampled_from(["write", "touch", "wait", "remove", "move"]))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 4), st.sampled_from(["write", "touch", "wait", "remove", "move"])), max_size=40)
)
def test_whatever_happens_every_touched_file_is_handed_on_in_the_end(
    tmp_path: Path, steps: list[tuple[int, str]]
) -> None:
    clock = Clock()
    settling = Settling((tmp_path,), 1.0, clock)
    owed: set[str] = set()
    for number, what in steps:
        file = tmp_path / f"{number}.jpg"
        if what == "wait":
            clock.now += number / 2
            owed -= set(taken(settling))
            continue
        if what == "remove":
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(os.urandom(number + 1))
        settling.file(file, writing=True if what == "write" else None, moved=what in ("move", "remove"))
        owed.add(file.name)
    for _ in range(80):
        clock.now += 1.0
        owed -= set(taken(settling))
    assert (owed, settling.empty) == (set(), True)


def place(number: int, folder: str, age: int) -> tuple[int, FoundPhoto]:
    return number, FoundPhoto(Photo(Path(f"/w/{folder}/{number}.jpg"), 1, age), f"f{number}")


def test_arrivals_come_first_then_folders_newest_first() -> None:
    backlog = Backlog()
    backlog.add([place(1, "old", 5), place(2, "new", 7), place(3, "old", 6), place(4, "new", 1)], arrived=False)
    backlog.add([place(5, "old", 2), place(6, "new", 9)], arrived=True)
    assert [backlog.take(1)[0] for _ in range(6)] == [6, 5, 2, 4, 3, 1]
    assert backlog.take(9) == []


def test_a_folder_is_finished_when_nothing_of_it_waits() -> None:
    backlog = Backlog()
    backlog.add([place(1, "a", 1), place(2, "a", 2), place(3, "b", 1)], arrived=True)
    backlog.untold(2, Path("/w/a"))
    backlog.whole([Path("/w/c")])
    assert backlog.finished() == (Path("/w/c"), Unfinished(whole=True))
    assert backlog.finished() is None
    backlog.take(9)
    folder, unfinished = backlog.finished() or (None, None)
    assert (folder, unfinished and unfinished.untold) == (Path("/w/a"), {2})
    backlog.add([place(1, "a", 1)], arrived=False)
    backlog.forget(Path("/w/a"))
    assert backlog.empty


def test_a_photo_that_is_moved_while_it_waits_leaves_its_old_folder() -> None:
    backlog = Backlog()
    backlog.add([place(1, "a", 1), place(2, "a", 2)], arrived=True)
    backlog.whole([Path("/w/a")])
    backlog.add([place(2, "b", 2), place(1, "a", 1)], arrived=True)
    backlog.untold(2, Path("/w/b"))
    assert (len(backlog), backlog.finished()) == (2, None)
    assert backlog.take(9) == [2, 1]
    assert {folder for folder, _ in filter(None, (backlog.finished(), backlog.finished()))} == {
        Path("/w/a"),
        Path("/w/b"),
    }
    assert backlog.empty
