"""Events that never come: the queue runs over, the limit is reached, a thread dies; nothing is lost for long."""

import errno
import logging
import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest
from watchdog.observers import Observer

from photocull.watch import events
from photocull.watch.service import Beats
from tests.building import make_folder, make_photo
from tests.conftest import ROOT
from tests.watch.conftest import QUICK, Watch

LIMITED = """
import os, sys
from pathlib import Path
Path("/proc/sys/user/max_inotify_watches").write_text("5")
os.execv(sys.executable, [sys.executable, "-m", "photocull", "watch", *sys.argv[1:]])
"""


@pytest.mark.slow
def test_what_no_event_told_of_is_found_by_the_look_at_everything(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_folder(inbox, 2)
    monkeypatch.setattr(events._Handler, "on_any_event", lambda _self, _event: None)
    watch.begin(inbox, beats=Beats(drives=0.2, at_rest=0.25, whole=1.5))
    make_photo(inbox / "unheard.jpg", seed=5)
    (inbox / "IMG_0001.jpg").unlink()
    watch.until(lambda: "unheard.jpg" in watch.scored() and "IMG_0001.jpg" not in watch.rows())
    assert set(watch.seen.values()) == {1}


@pytest.mark.slow
@pytest.mark.expects_log
def test_a_warning_of_the_watcher_means_a_look_at_everything(watch: Watch, inbox: Path) -> None:
    make_folder(inbox, 2)
    watch.begin(inbox)
    looks = len(watch.lines)
    heard = events._Handler.on_any_event
    events._Handler.on_any_event = lambda _self, _event: None  # type: ignore[method-assign]
    try:
        make_photo(inbox / "unheard.jpg", seed=5)
        time.sleep(0.5)
    finally:
        events._Handler.on_any_event = heard  # type: ignore[method-assign]
    logging.getLogger("watchdog.observers.inotify_c").warning("the queue overflowed")
    watch.until(lambda: "unheard.jpg" in watch.scored())
    make_photo(inbox / "heard.jpg", seed=6)
    watch.until(lambda: "heard.jpg" in watch.scored())
    assert len(watch.lines) > looks


@pytest.mark.slow
@pytest.mark.expects_log
@pytest.mark.skipif("sys.platform != 'linux'", reason="inotify")
def test_a_queue_of_events_that_ran_over_means_a_look_at_everything(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    from watchdog.observers.inotify_c import InotifyFD

    reading, read_events = threading.Event(), InotifyFD.read_events

    def held_up(self: InotifyFD, **options: int) -> object:
        reading.wait(60)
        return read_events(self, **options)

    reading.set()
    monkeypatch.setattr(InotifyFD, "read_events", held_up)
    most = int(Path("/proc/sys/fs/inotify/max_queued_events").read_text("ascii"))
    if most > 100_000:
        pytest.skip("this system keeps very many events")
    watch.begin(inbox)
    reading.clear()
    (inbox / "a.txt").touch()  # the read that waits already returns with this one
    for number in range(most):
        (inbox / f"{number % 2}.txt").write_bytes(b"")
    make_photo(inbox / "unheard.jpg", seed=3)
    reading.set()
    watch.until(lambda: "unheard.jpg" in watch.scored())
    make_photo(inbox / "heard.jpg", seed=4)
    watch.until(lambda: "heard.jpg" in watch.scored())
    assert set(watch.seen.values()) == {1}
    assert "overflow" in caplog.text


@pytest.mark.slow
@pytest.mark.skipif("sys.platform != 'linux'", reason="inotify")
def test_a_thread_of_the_watcher_that_died_is_replaced(watch: Watch, inbox: Path) -> None:
    watch.begin(inbox)
    assert watch.watching is not None
    heard = watch.watching._listening._heard[inbox]
    assert isinstance(heard, events.Events)
    for emitter in list(heard._observers[0].emitters):
        emitter.stop()
        emitter.join()
    make_photo(inbox / "a.jpg", seed=6)
    watch.until(lambda: "a.jpg" in watch.scored())


@pytest.mark.slow
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EMFILE], ids=["watches", "instances"])
def test_where_the_system_watches_no_more_folders_they_are_looked_at(
    watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def full() -> Observer:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(events, "Observer", full)
    make_folder(inbox, 2)
    watch.begin(inbox, beats=replace(QUICK, whole=0.3))  # each look at everything tries events again
    make_photo(inbox / "new.jpg", seed=6)
    watch.until(lambda: "new.jpg" in watch.scored())
    time.sleep(1.0)
    assert sum("the system watches no more folders" in line for line in watch.lines) == 1
    assert any("(polling)" in line for line in watch.lines)


def can_limit() -> bool:
    """Whether a namespace of our own may have its own limit of watches."""
    try:
        command = ["unshare", "-U", "-r", "sh", "-c", "echo 5 > /proc/sys/user/max_inotify_watches"]
        return sys.platform == "linux" and subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@pytest.mark.slow
@pytest.mark.skipif(not can_limit(), reason="needs Linux and user namespaces")
def test_the_systems_own_limit_is_noticed_though_only_subfolders_were_refused(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    for number in range(12):
        make_photo(inbox / f"{number}" / "a.jpg", size=(64, 48), seed=number)
    arguments = ["--jobs", "1", "--model", "builtin-1-fast", "--log", str(tmp_path / "log"), str(inbox)]
    command = ["unshare", "-U", "-r", sys.executable, "-c", LIMITED, *arguments]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, cwd=ROOT) as program:
        try:
            assert program.stderr is not None
            said: list[str] = []
            for line in program.stderr:
                said.append(line)
                if "12 photos scored" in line:
                    make_photo(inbox / "11" / "new.jpg", size=(64, 48), seed=99)
                if "new.jpg: scored" in line:
                    break
            assert sum("the system watches no more folders" in line for line in said) == 1, said
        finally:
            program.terminate()
            program.communicate(timeout=100)
    assert program.returncode == 0


def test_a_new_folder_beyond_the_limit_is_noticed(watch: Watch, inbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    watch.begin(inbox)

    def full() -> Observer:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(events, "Observer", full)
    make_photo(inbox / "new" / "a.jpg", seed=1)
    watch.until(lambda: any("the system watches no more folders" in line for line in watch.lines))
    make_photo(inbox / "new" / "b.jpg", seed=2)
    watch.until(lambda: watch.scored() == {"a.jpg", "b.jpg"})
