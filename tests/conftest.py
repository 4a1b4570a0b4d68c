"""What every test stands on: a home of its own, no network, no stray warning, thread, timer or widget left behind."""

import logging
import os
import random
import socket
import sys
import threading
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.postgres_server import PostgresServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if "PYTEST_XDIST_WORKER" in os.environ:  # as many workers as cores: threads of each would only be in each other's way
    os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # as photocull/__init__.py has it, for tests that load torch first
settings.register_profile("same", derandomize=True)  # a change is judged by the same examples each time
settings.register_profile("search", print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))
ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--slow", action="store_true", help="run the tests marked slow as well")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--slow"):
        return
    skip = pytest.mark.skip(reason="slow: run with --slow")
    for item in items:
        if "slow" in item.keywords:
            item.add_marker(skip)


@pytest.fixture(autouse=True)
def home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PHOTOCULL_HOME that belongs to this test alone, and seeded generators."""
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("PHOTOCULL_HOME", str(folder))
    random.seed(0)
    np.random.seed(0)
    return folder


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only this machine may be reached; anything else is a fault of the program."""
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        host = address[0] if isinstance(address, tuple) else ""
        if self.family != socket.AF_UNIX and host not in {"127.0.0.1", "::1", "localhost"}:
            raise AssertionError(f"a test tried to reach {address!r}")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture) -> Iterator[None]:
    """A log line of warning or worse fails the test that did not ask for it (marker ``expects_log``)."""
    yield
    if request.node.get_closest_marker("expects_log"):
        return
    loud = [r for when in ("setup", "call") for r in caplog.get_records(when) if r.levelno >= logging.WARNING]
    assert not loud, f"unexpected log lines: {[r.getMessage() for r in loud]}"


@pytest.fixture(autouse=True)
def nothing_left_running() -> Iterator[None]:
    """A thread that outlives its test fails it, with the place where it stands."""
    before = set(threading.enumerate())
    yield
    deadline = time.monotonic() + 3
    while (left := _new_threads(before)) and time.monotonic() < deadline:
        time.sleep(0.01)
    frames = sys._current_frames()
    stacks = ["".join(traceback.format_stack(frames[t.ident])) for t in left if t.ident in frames]
    assert not left, f"threads left running: {left}\n" + "\n".join(stacks)


def _new_threads(before: set[threading.Thread]) -> list[threading.Thread]:
    # Qt's own pool threads show up as dummies once Python code ran in them; Qt ends them itself.
    return [t for t in threading.enumerate() if t not in before and not isinstance(t, threading._DummyThread)]


@pytest.fixture(autouse=True)
def no_widget_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A top-level widget that outlives its test fails it, and it alone."""
    yield
    if "PySide6.QtWidgets" not in sys.modules:
        return
    from PySide6.QtWidgets import QApplication

    application = QApplication.instance()
    if not isinstance(application, QApplication):
        return
    application.sendPostedEvents(None, 52)  # QEvent.DeferredDelete: what was told to go goes now
    left = [w for w in QApplication.topLevelWidgets() if w.isVisible()]
    for widget in left:
        widget.hide()
    assert not left, f"widgets left open: {left}"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of data that lies beside the repository on the developers' machines."""
    if not SHARED.is_dir():
        pytest.skip("the data folder beside the repository is absent")
    return SHARED


@pytest.fixture(scope="session")
def postgresql() -> "Iterator[PostgresServer]":
    """One PostgreSQL server for the tests that need it, started by the first of them, gone at the end."""
    if os.name == "nt":
        pytest.skip("the tests start PostgreSQL on Linux and macOS only")
    from tests.postgres_server import running

    with running() as server:
        yield server


BOTH = ("sqlite", "postgresql")
"""Where a catalogue can lie, for what is about the catalogue itself."""
BOTH_AT_LENGTH = ("sqlite", pytest.param("postgresql", marks=pytest.mark.slow))
"""The same for what only stands on it."""


def place_of(request: pytest.FixtureRequest, tmp_path: Path, kind: str) -> Path | str:
    """A file that is not there yet, or the URL of an empty catalogue on a server."""
    if kind == "sqlite":
        return tmp_path / "catalog.sqlite"
    return str(request.getfixturevalue("postgresql").emptied())
