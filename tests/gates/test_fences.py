"""What fails any test that does it, planted and seen to fail: warning, log line, thread, widget, network."""

import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from tests.gates.written import ROOT

PLANTED = """
import logging
import socket
import threading
import warnings

import pytest
from PySide6.QtCore import qWarning
from PySide6.QtWidgets import QWidget

release = threading.Event()
kept = []


@pytest.fixture(scope="module", autouse=True)
def end():
    yield
    release.set()


def test_nothing_wrong():
    thread = threading.Thread(target=len, args=("",))
    thread.start()
    thread.join()


def test_a_warning():
    warnings.warn("old", DeprecationWarning)


def test_a_forgotten_file():
    open(__file__)


def test_a_log_line():
    logging.getLogger("photocull").warning("look")


@pytest.mark.expects_log
def test_an_expected_log_line():
    logging.getLogger("photocull").warning("look")


def test_a_warning_of_qt(qtbot):
    qWarning("look")


def test_a_thread():
    threading.Thread(target=release.wait, daemon=True).start()


def test_a_widget(qtbot):
    kept.append(QWidget())
    kept[0].show()


def test_this_machine():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()):
        pass


def test_the_network():
    socket.create_connection(("192.0.2.1", 80), timeout=1)


@pytest.mark.slow
def test_something_slow():
    raise AssertionError
"""
EXPECTED = {
    "test_nothing_wrong": "passed",
    "test_a_warning": "failed",
    "test_a_forgotten_file": "failed",
    "test_a_log_line": "failed",
    "test_an_expected_log_line": "passed",
    "test_a_warning_of_qt": "failed",
    "test_a_thread": "failed",
    "test_a_widget": "failed",
    "test_the_network": "failed",
    "test_this_machine": "passed",
    "test_something_slow": "skipped",
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What became of each planted test under this suite's own conftest and settings."""
    folder = tmp_path_factory.mktemp("planted")
    (folder / "tests").mkdir()
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copy(ROOT / "tests" / "conftest.py", folder / "tests")
    (folder / "tests" / "test_planted.py").write_text(PLANTED)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:xdist", "--junit-xml=report.xml"]
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return _outcomes(folder / "report.xml")


def _outcomes(report: Path) -> dict[str, str]:
    found: dict[str, str] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        kinds = {child.tag for child in case}
        outcome = "failed" if kinds & {"failure", "error"} else "skipped" if "skipped" in kinds else "passed"
        if found.get(case.attrib["name"]) != "failed":
            found[case.attrib["name"]] = outcome
    return found


@pytest.mark.parametrize(("name", "outcome"), EXPECTED.items())
def test_a_planted_test_ends_as_it_should(outcomes: dict[str, str], name: str, outcome: str) -> None:
    assert outcomes[name] == outcome


def test_every_planted_test_was_run(outcomes: dict[str, str]) -> None:
    assert outcomes.keys() == EXPECTED.keys()
