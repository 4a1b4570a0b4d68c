"""The watch as a whole: once and for ever, a model that fails, a window beside it, chores, supervisors."""

import socket
import threading
import time
from pathlib import Path

import pytest

from photocull.catalog.database import open_catalog
from photocull.core.errors import ModelError, OutputError
from photocull.core.types import Decision, DecodedPhoto
from photocull.core.work import CancelToken
from photocull.watch.chores import Chore, Chores
from photocull.watch.supervisor import Supervisor
from tests.building import make_folder, make_photo
from tests.pixel_scorer import PixelScorer
from tests.watch.conftest import Watch


@pytest.mark.slow
def test_once_settles_what_is_there_and_returns(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 3)
    (inbox / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    watching = watch.once(inbox)
    assert len(watch.scored()) == 3
    assert [path.name for path in watching.faults] == ["broken.jpg"]
    assert [p.name for p in watch.once(inbox).faults] == ["broken.jpg"], "known from the catalogue the next time"
    assert watch.seen.total() == 3


@pytest.mark.slow
def test_once_waits_for_a_file_that_is_still_being_copied(watch: Watch, inbox: Path) -> None:
    whole = make_photo(inbox.parent / "whole.jpg", size=(900, 700), seed=2).read_bytes()
    make_photo(inbox / "a.jpg", seed=1)

    def copy() -> None:
        with (inbox / "slow.jpg").open("wb") as file:
            for start in range(0, len(whole), len(whole) // 10):
                file.write(whole[start : start + len(whole) // 10])
                file.flush()
                time.sleep(0.15)

    copying = threading.Thread(target=copy)
    copying.start()
    while not (inbox / "slow.jpg").exists():
        time.sleep(0.005)
    watching = watch.once(inbox)
    copying.join()
    assert watch.scored() == {"a.jpg", "slow.jpg"}
    assert not watching.faults
    assert watch.rows()["slow.jpg"].width == 900
    assert watch.seen["slow.jpg"] == 1


def test_once_of_an_empty_folder_is_done_at_once(watch: Watch, inbox: Path) -> None:
    assert not watch.once(inbox).faults


def test_a_model_that_fails_ends_the_watch(watch: Watch, inbox: Path) -> None:
    def fail(_batch: list[DecodedPhoto]) -> None:
        raise ModelError("The network fails.")

    make_folder(inbox, 1)
    watch.scorer = PixelScorer(before=fail)
    with pytest.raises(ModelError):
        watch.once(inbox)


def test_a_window_beside_the_watch_writes_and_both_go_on(watch: Watch, inbox: Path, tmp_path: Path) -> None:
    make_folder(inbox, 4)
    watch.begin(inbox)
    with open_catalog(tmp_path / "state" / "catalog.sqlite") as window:
        watch.until(lambda: len(watch.scored()) == 4)
        window.writer.decide([Decision(watch.rows()["IMG_0001.jpg"].id, "rating", 5)], initiator="window").result()
        make_photo(inbox / "new.jpg", seed=70)
        watch.until(lambda: "new.jpg" in watch.scored())
    assert watch.rows()["IMG_0001.jpg"].rating == 5


def test_chores_are_done_at_the_start_and_again_beside_the_work() -> None:
    now, done, said = [0.0], threading.Semaphore(0), list[str]()
    chores = Chores(
        [
            Chore("backup", 10.0, lambda _token: done.release()),
            Chore("sweep", 1e9, lambda _token: "swept"),
        ],
        said.append,
        clock=lambda: now[0],
    )
    for moment in (0.0, 5.0, 10.0, 20.0):
        now[0] = moment
        chores.tick()
        chores._thread.join()  # type: ignore[union-attr]
    assert [done.acquire(blocking=False) for _ in range(4)] == [True, True, True, False]
    assert said == ["swept"]
    chores.close()


@pytest.mark.expects_log
def test_a_chore_that_fails_costs_a_line_and_no_other_chore() -> None:
    def full(_token: CancelToken) -> None:
        raise OutputError("The disk is full.")

    def wrong(_token: CancelToken) -> None:
        raise ValueError("oh")

    said: list[str] = []
    chores = Chores(
        [Chore("backup", 9.0, full), Chore("odd", 9.0, wrong), Chore("c", 9.0, lambda _t: "c")], said.append
    )
    chores.tick()
    chores.close()
    assert said == ["backup: The disk is full.", "odd: ValueError: oh", "c"]


def test_the_watch_does_its_chores(watch: Watch, inbox: Path) -> None:
    watch.begin(inbox, chores=[Chore("c", 1e9, lambda _token: "a chore was done")])
    watch.until(lambda: "a chore was done" in watch.lines)


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="systemd")
def test_a_supervisor_is_told_and_its_absence_is_no_fault(tmp_path: Path) -> None:
    address = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as listener:
        listener.bind(str(address))
        listener.settimeout(10)
        supervisor = Supervisor({"NOTIFY_SOCKET": str(address), "WATCHDOG_USEC": "60000000"})
        supervisor.ready()
        supervisor.alive()
        supervisor.alive()  # not oftener than every half of what is asked
        supervisor.status("12 photos")
        supervisor.stopping()
        heard = [listener.recv(100).decode() for _ in range(4)]
    assert heard == ["READY=1", "WATCHDOG=1", "STATUS=12 photos", "STOPPING=1"]
    Supervisor({"NOTIFY_SOCKET": str(tmp_path / "nobody")}).ready()
    Supervisor({}).ready()
