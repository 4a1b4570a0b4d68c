"""Work on exports that does not go smoothly: stopped, killed, closed upon, full, forbidden; all of it can go on."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from photocull.core.settings import folders
from photocull.picks import export as carrying
from photocull.picks.export_journal import holding, journals
from photocull.picks.lists import Extra
from tests.conftest import ROOT
from tests.picks.shoot import content
from tests.ui.conftest import PATIENCE, Studio
from tests.ui.export_desk import back_to_photos, begin, export_dialog, files, line, planned, told


class Gate:
    """Copies wait from the so-many-th on until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, free: int) -> None:
        self.open, self.reached = threading.Event(), threading.Event()
        self._free = free
        copy = carrying.copy

        def gated(source: Path, target: Path, *more: Any) -> None:
            if self._free == 0:
                self.reached.set()
                assert self.open.wait(PATIENCE / 1000)
            else:
                self._free -= 1
            copy(source, target, *more)

        monkeypatch.setattr(carrying, "copy", gated)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[Gate]:
    made = Gate(monkeypatch, 2)
    yield made
    made.open.set()


def export_all(studio: Studio, folder: Path, out: Path, *extras: Extra) -> None:
    begin(studio, folder, picked=range(5))
    dialog = export_dialog(studio, out)
    for extra in extras:
        dialog.form.extras[extra].click()
    planned(studio, dialog).export.click()
    back_to_photos(studio)


def test_progress_shows_in_the_line_and_stop_ends_at_a_safe_place(
    studio: Studio, folder: Path, tmp_path: Path, gate: Gate
) -> None:
    export_all(studio, folder, tmp_path / "out")
    assert told(studio, "2 of 5 photos").startswith(f"Exporting to {tmp_path / 'out'}: 2 of 5 photos, 2 of 5 files")
    studio.until(gate.reached.is_set)
    studio.press("P")
    line(studio).stop.click()
    gate.open.set()
    assert told(studio, "Stopped") == "Stopped. 2 of 5 photos done."
    assert len(files(tmp_path / "out")) == 2
    assert list(line(studio).ways) == ["Go on", "Take back"]
    line(studio).ways["Go on"].click()
    assert told(studio, "exported") == f"5 photos exported to {tmp_path / 'out'}."
    assert content(tmp_path / "out") == content(folder)


def test_what_was_stopped_can_be_taken_back(studio: Studio, folder: Path, tmp_path: Path, gate: Gate) -> None:
    export_all(studio, folder, tmp_path / "out")
    studio.until(gate.reached.is_set)
    line(studio).stop.click()
    gate.open.set()
    told(studio, "Stopped")
    line(studio).ways["Take back"].click()
    told(studio, "taken back")
    assert not (tmp_path / "out").exists()


def test_what_was_stopped_and_gone_on_with_has_its_contact_sheet_of_all(
    studio: Studio, folder: Path, tmp_path: Path, gate: Gate
) -> None:
    out = tmp_path / "out"
    export_all(studio, folder, out, "html", "json")
    studio.until(gate.reached.is_set)
    line(studio).stop.click()
    gate.open.set()
    told(studio, "Stopped")
    assert not [name for name in files(out) if name.startswith("picks")]
    line(studio).ways["Go on"].click()
    assert told(studio, "exported") == f"5 photos exported to {out}, with picks.html and picks.json."
    records = json.loads((out / "picks.json").read_text("utf-8"))
    assert [record["rank"] for record in records] == [1, 2, 3, 4, 5]
    assert [record["overall"] for record in records] == sorted((r["overall"] for r in records), reverse=True)
    assert {record["exported"][0] for record in records} == {str(out / name) for name in files(folder)}
    assert (out / "picks.html").read_text("utf-8").count("<article>") == 5


def test_lists_that_cannot_be_written_wait_and_are_offered_at_the_next_start(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"

    def full(*_args: Any) -> None:
        raise OSError(28, os.strerror(28))

    with monkeypatch.context() as patch:
        patch.setattr("photocull.picks.lists.finish", full)
        export_all(studio, folder, out, "csv", "json")
        assert "cannot be written" in told(studio, "5 of 5 photos done")
        assert list(line(studio).ways) == ["Go on", "Take back"]
        studio.close()
    assert files(out) == files(folder)
    begin(studio, folder)
    told(studio, "interrupted")
    line(studio).ways["Go on"].click()
    assert told(studio, "exported") == f"5 photos exported to {out}, with picks.csv and picks.json."
    (out / "picks.csv").write_text("edited", "utf-8")
    line(studio).ways["Undo"].click()
    assert told(studio, "taken back") == (
        f"5 photos taken back from {out}. 1 in doubt: picks.csv: It was changed or replaced since, so it stays."
    )
    assert files(out) == ["picks.csv"]


def test_closing_the_window_ends_it_at_a_safe_place_and_the_next_start_offers_to_go_on(
    studio: Studio, folder: Path, tmp_path: Path, gate: Gate
) -> None:
    export_all(studio, folder, tmp_path / "out")
    studio.until(gate.reached.is_set)
    threading.Timer(0.2, gate.open.set).start()
    studio.close()
    assert len(files(tmp_path / "out")) == 2
    begin(studio, folder)
    assert told(studio, "interrupted") == f"An export to {tmp_path / 'out'} was interrupted: 2 of 5 photos."
    line(studio).ways["Go on"].click()
    told(studio, "exported")
    assert content(tmp_path / "out") == content(folder)


def test_an_offer_that_is_put_off_comes_back_at_the_next_start_alone(
    studio: Studio, folder: Path, tmp_path: Path, gate: Gate
) -> None:
    export_all(studio, folder, tmp_path / "out")
    studio.until(gate.reached.is_set)
    line(studio).stop.click()
    gate.open.set()
    told(studio, "Stopped")
    with studio.qtbot.waitSignal(studio.desk.exports.found):
        line(studio).dismiss.click()
    assert line(studio).isHidden()
    studio.close()
    (tmp_path / "out").rename(tmp_path / "away")
    begin(studio, folder)
    assert told(studio, "waits") == (
        f"An export to {tmp_path / 'out'} waits until its drive is there again: 2 of 5 photos."
    )
    assert not line(studio).ways
    studio.close()
    (tmp_path / "away").rename(tmp_path / "out")
    begin(studio, folder)
    told(studio, "interrupted")
    line(studio).ways["Take back"].click()
    told(studio, "taken back")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
@pytest.mark.parametrize("way", ["Go on", "Take back"])
def test_a_killed_program_offers_its_export_at_the_next_start(
    studio: Studio, folder: Path, tmp_path: Path, way: str
) -> None:
    out = tmp_path / "out"
    call = [sys.executable, "-m", "tests.ui.export_desk", str(tmp_path), str(folder), str(out)]
    with subprocess.Popen(call, cwd=ROOT, stdout=subprocess.PIPE) as program:
        assert program.stdout is not None
        assert program.stdout.readline() == b"hanging\n"
        os.kill(program.pid, signal.SIGKILL)
    assert len(files(out)) == 2
    begin(studio, folder)
    assert told(studio, "interrupted") == f"An export to {out} was interrupted: 2 of 5 photos."
    line(studio).ways[way].click()
    told(studio, "exported" if way == "Go on" else "taken back")
    assert (content(out) if out.exists() else {}) == (content(folder) if way == "Go on" else {})
    assert [journal.state for journal in journals(folders().exports)] == ["finished" if way == "Go on" else "undone"]


def test_what_another_process_works_on_is_not_offered(studio: Studio, folder: Path, tmp_path: Path, gate: Gate) -> None:
    export_all(studio, folder, tmp_path / "out")
    studio.until(gate.reached.is_set)
    line(studio).stop.click()
    gate.open.set()
    told(studio, "Stopped")
    studio.close()
    (journal,) = journals(folders().exports)
    with holding(journal):
        begin(studio, folder)
        with studio.qtbot.waitSignal(studio.desk.exports.found) as found:
            studio.desk.exports.look()
    assert found.args == [[]]
    assert line(studio).isHidden()


@pytest.mark.slow
def test_a_target_that_will_not_do_is_one_sentence_beside_the_field(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, folder, picked=[0])
    file = tmp_path / "a file"
    file.write_bytes(b"x")
    dialog = export_dialog(studio, file)
    fault = dialog.form.folder.fault
    studio.until(lambda: fault.text() == f"{file} is a file, not a folder.")
    assert not dialog.export.isEnabled()
    dialog.form.folder.set_text("")
    studio.until(lambda: fault.text() == "Choose the folder that they go to.")
    monkeypatch.setattr("os.access", lambda *_args, **_more: False)
    dialog.form.folder.set_text(str(tmp_path / "out"))
    studio.until(lambda: fault.text().startswith(f"Nothing may be written in {tmp_path}"))
    monkeypatch.undo()
    dialog.form.folder.set_text(str(tmp_path / "other"))
    planned(studio, dialog)
    assert fault.isHidden()


def test_too_little_room_is_said_before_the_first_byte(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, folder, picked=[0])
    monkeypatch.setattr("shutil.disk_usage", lambda _path: type("Usage", (), {"free": 1_000_000})())
    dialog = export_dialog(studio, tmp_path / "out")
    studio.until(lambda: dialog.words.text().startswith("There is not enough room: "))
    assert dialog.words.property("role") == "warning"
    assert not dialog.export.isEnabled()


def test_a_disk_that_fills_leaves_what_is_done_and_the_ways_on(
    studio: Studio, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy, copied = carrying.copy, list[Path]()

    def full(source: Path, target: Path, *more: Any) -> None:
        if len(copied) == 3:
            raise OSError(28, os.strerror(28))
        copied.append(source)
        copy(source, target, *more)

    with monkeypatch.context() as patch:
        patch.setattr(carrying, "copy", full)
        export_all(studio, folder, tmp_path / "out")
        words = told(studio, "Nothing more can be written there")
    assert words.endswith("3 of 5 photos done.")
    assert "--" not in words
    line(studio).ways["Go on"].click()
    told(studio, "5 photos exported")
    assert content(tmp_path / "out") == content(folder)


def test_a_photo_that_cannot_go_is_named_and_the_others_go(studio: Studio, folder: Path, tmp_path: Path) -> None:
    begin(studio, folder, picked=[0, 1])
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    (folder / "photo-0.jpg").unlink()
    dialog.export.click()
    assert told(studio, "exported") == (
        f"1 photo exported to {tmp_path / 'out'}. 1 did not go: photo-0.jpg: The file is no longer there."
    )
    assert files(tmp_path / "out") == ["photo-1.jpg"]
