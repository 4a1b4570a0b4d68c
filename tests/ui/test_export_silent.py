"""An export to a real drive that falls silent: the dialog says so, the window goes on, and the program ends."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from photocull.photo import guard
from tests.building import make_folder
from tests.stalling import served, why_not
from tests.ui.conftest import Studio
from tests.ui.export_desk import begin, export_dialog

pytestmark = pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is one")


@pytest.fixture
def silent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A drive that is there and does not answer any more."""
    monkeypatch.setenv(guard.SILENT_VARIABLE, "2")
    make_folder(tmp_path / "source", 1)
    with served(tmp_path / "source", tmp_path / "drive") as server:
        os.kill(server.pid, signal.SIGSTOP)
        yield tmp_path / "drive"


def test_a_target_that_does_not_answer_is_told_and_stops_nothing(studio: Studio, folder: Path, silent: Path) -> None:
    begin(studio, folder, picked=[0, 1])
    dialog = export_dialog(studio)
    for name in ("p", "pi", "pic", "pick", "picks"):
        dialog.form.folder.set_text(str(silent / name))
        studio.qtbot.wait(300)
    begun = time.monotonic()
    with studio.qtbot.waitSignal(studio.window.session.photos.listed):
        studio.window.session.photos.refresh()
    assert time.monotonic() - begun < 10
    studio.until(lambda: "did not answer" in dialog.form.folder.fault.text())
    assert not dialog.export.isEnabled()
    dialog.reject()
    begun = time.monotonic()
    studio.close()
    assert time.monotonic() - begun < 10
    studio.until(lambda: not any(thread.name == "question apart" for thread in threading.enumerate()))
