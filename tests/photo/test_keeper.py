"""Helper processes are started when they are needed, used again, and never left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from photocull.photo import keeper
from photocull.photo.keeper import HelperDiedError, Helpers, HelperSilentError, Patience
from photocull.photo.wire import Words
from tests.building import make_photo
from tests.conftest import ROOT
from tests.photo import faulty

PATIENCE = Patience(60, 60)
SLEEPER = """
import sys
from pathlib import Path
from tests.photo import faulty
from photocull.photo import keeper
keeper._BEGIN = faulty.BEGIN
helper = keeper.Helper()
print(helper.pid, flush=True)
order = {"errand": "decode", "path": sys.argv[1], "slow": False, "identity": None}
if sys.argv[2] == "idle":
    helper.ask({**order, "errand": "look"}, keeper.Patience(60, 60), None)
    print("idle", flush=True)
    sys.stdin.read()
else:
    helper.ask(order, keeper.Patience(60, 60), None)
"""


@pytest.fixture
def helpers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Helpers]:
    monkeypatch.setattr(keeper, "_BEGIN", faulty.BEGIN)
    own = Helpers()
    yield own
    own.close()


def decoding(path: Path) -> Words:
    return {"errand": "decode", "path": str(path), "slow": False, "identity": None}


def looking(path: Path) -> Words:
    return {"errand": "look", "path": str(path), "slow": False}


def pids(helpers: Helpers) -> list[int]:
    return [one.pid for one in helpers._idle]


def gone(pid: int) -> bool:
    """Whether a process has ended; one that only waits to be counted out by its parent has."""
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text("ascii", "replace")
    except OSError:
        return True


def soon(condition: Callable[[], bool], seconds: float = 20) -> bool:
    end = time.monotonic() + seconds
    while not (met := condition()) and time.monotonic() < end:
        time.sleep(0.05)
    return met


def test_nothing_is_started_before_it_is_needed_and_one_helper_serves_again_and_again(
    tmp_path: Path, helpers: Helpers
) -> None:
    assert pids(helpers) == []
    helpers.ask(looking(tmp_path), PATIENCE)
    (first,) = pids(helpers)
    assert helpers.ask(looking(tmp_path), PATIENCE).words["seen"]["what"] == "folder"
    assert pids(helpers) == [first]


def test_after_one_that_died_another_is_started(tmp_path: Path, helpers: Helpers) -> None:
    helpers.ask(looking(tmp_path), PATIENCE)
    (first,) = pids(helpers)
    with pytest.raises(HelperDiedError) as caught:
        helpers.ask(decoding(make_photo(tmp_path / "dies.tif")), PATIENCE)
    assert not caught.value.fresh
    with pytest.raises(HelperDiedError) as caught:
        helpers.ask(decoding(tmp_path / "dies.tif"), PATIENCE)
    assert caught.value.fresh
    if os.name != "nt":
        assert caught.value.code == -signal.SIGSEGV
    helpers.ask(looking(tmp_path), PATIENCE)
    assert pids(helpers) != [first]


def test_one_that_says_nothing_is_ended(tmp_path: Path, helpers: Helpers) -> None:
    helpers.ask(looking(tmp_path), PATIENCE)
    (pid,) = pids(helpers)
    with pytest.raises(HelperSilentError) as caught:
        helpers.ask(decoding(make_photo(tmp_path / "sleeps.tif")), Patience(0.5, 0.5))
    assert (caught.value.reading, pids(helpers)) == (True, [])
    assert soon(lambda: gone(pid))


@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_one_that_ended_while_it_had_nothing_to_do_is_replaced(tmp_path: Path, helpers: Helpers) -> None:
    helpers.ask(looking(tmp_path), PATIENCE)
    (first,) = pids(helpers)
    os.kill(first, signal.SIGKILL)
    assert soon(lambda: gone(first))
    assert helpers.ask(looking(tmp_path), PATIENCE).words["seen"]["what"] == "folder"
    assert pids(helpers) != [first]


def test_one_with_nothing_to_do_ends_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hurry = "import photocull.photo.helper as h; h._IDLE = 0.2;"
    monkeypatch.setattr(keeper, "_BEGIN", keeper._BEGIN.replace("from photocull", f"{hurry}from photocull"))
    own = Helpers()
    own.ask(looking(tmp_path), PATIENCE)
    (pid,) = pids(own)
    assert soon(lambda: gone(pid))
    own.close()


@pytest.mark.skipif("os.name == 'nt'", reason="no such signal there")
def test_ctrl_c_in_the_terminal_is_not_a_helpers_affair(tmp_path: Path, helpers: Helpers) -> None:
    helpers.ask(looking(tmp_path), PATIENCE)
    (pid,) = pids(helpers)
    assert os.getpgid(pid) != os.getpgid(0)
    os.kill(pid, signal.SIGINT)
    helpers.ask(looking(tmp_path), PATIENCE)
    assert pids(helpers) == [pid]


@pytest.mark.skipif("sys.platform != 'linux'", reason="processes are looked up in /proc")
@pytest.mark.parametrize("name", ["sleeps.tif", "spins.tif", "idle"])
def test_no_helper_outlives_a_program_that_is_killed(tmp_path: Path, name: str) -> None:
    photo = make_photo(tmp_path / (name if name != "idle" else "a.tif"))
    command = [sys.executable, "-c", SLEEPER, str(photo), name]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        pid = int(program.stdout.readline())
        if name == "idle":
            program.stdout.readline()
        else:
            assert soon(lambda: _is_at_work(pid))
        assert not gone(pid)
        program.kill()
    assert soon(lambda: gone(pid), 5)


def _is_at_work(pid: int) -> bool:
    """Whether it has begun to listen to the end of its parent, which is before its first order."""
    flags = Path(f"/proc/{pid}/fdinfo/0").read_text("ascii").splitlines()[1]
    return bool(int(flags.split()[1], 8) & os.O_ASYNC)


@pytest.mark.skipif("sys.platform != 'linux'", reason="processes are looked up in /proc")
def test_no_helper_outlives_a_program_that_ends(tmp_path: Path) -> None:
    photo = make_photo(tmp_path / "a.tif")
    code = (
        "import sys; from pathlib import Path; from photocull.photo import guard; from photocull.photo.decode import "
        "load_preview; load_preview(Path(sys.argv[1]), 64); print(guard.helpers._idle[0].pid)"
    )
    command = [sys.executable, "-W", "error", "-c", code, str(photo)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=800, check=True)
    assert done.stderr == ""
    assert soon(lambda: gone(int(done.stdout)), 2)


@pytest.mark.skipif("os.name == 'nt'", reason="no such limit there")
def test_a_crash_leaves_no_memory_image_beside_the_photos(
    tmp_path: Path, helpers: Helpers, monkeypatch: pytest.MonkeyPatch
) -> None:
    photo = make_photo(tmp_path / "dies.tif")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(HelperDiedError):
        helpers.ask(decoding(photo), PATIENCE)
    assert os.listdir(tmp_path) == ["dies.tif"]  # noqa: PTH208


def test_a_helper_says_nothing_to_the_terminal(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    own = Helpers()
    with pytest.raises(HelperDiedError):
        own.ask({"errand": "nonsense", "path": str(tmp_path), "slow": False}, PATIENCE)
    assert capfd.readouterr() == ("", "")
