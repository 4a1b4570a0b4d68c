"""Exporting from the window: what is chosen, told beforehand, named and done, with what belongs to each photo."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from photocull.catalog.database import Catalog
from photocull.catalog.records import PhotoDetail
from photocull.core.settings import folders
from photocull.core.types import Decision
from photocull.ui.export_survey import read_photos
from tests.building import make_photo
from tests.picks.shoot import content
from tests.ui.conftest import PATIENCE, Studio
from tests.ui.export_desk import back_to_photos, begin, export_dialog, files, line, planned, told


@pytest.fixture
def shoot(folder: Path) -> Path:
    """Five photos, one of them with a sidecar."""
    (folder / "photo-1.xmp").write_bytes(b"<x/>")
    return folder


def test_picks_are_copied_with_what_is_theirs_and_the_window_tells_where(
    studio: Studio, shoot: Path, tmp_path: Path
) -> None:
    begin(studio, shoot, picked=[1, 3])
    before = content(shoot)
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    assert dialog.choice().photos == "picked"
    assert dialog.form.photos.buttons["picked"].text() == "Picked  2"
    assert dialog.words.text().startswith("2 photos, 3 files, ")
    assert dialog.words.text().endswith(" free")
    dialog.export.click()
    assert told(studio, "exported") == f"2 photos exported to {tmp_path / 'out'}."
    assert files(tmp_path / "out") == ["photo-1.jpg", "photo-1.xmp", "photo-3.jpg"]
    assert content(tmp_path / "out").items() <= before.items()
    assert content(shoot) == before
    assert list(line(studio).ways) == ["Show folder", "Undo"]
    back_to_photos(studio)


def test_what_was_picked_a_moment_ago_is_exported_and_its_folder_shown(
    studio: Studio, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, shoot)
    studio.window.grid.choose(2)
    studio.press("P")
    planned(studio, export_dialog(studio, tmp_path / "out")).export.click()
    told(studio, "1 photo exported")
    assert files(tmp_path / "out") == ["photo-2.jpg"]
    opened = list[str]()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    line(studio).ways["Show folder"].click()
    assert opened == [str(tmp_path / "out")]


def test_undo_from_the_line_takes_the_copies_away(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, picked=[0, 1])
    planned(studio, export_dialog(studio, tmp_path / "out")).export.click()
    told(studio, "exported")
    line(studio).ways["Undo"].click()
    assert told(studio, "taken back") == f"2 photos taken back from {tmp_path / 'out'}."
    assert not (tmp_path / "out").exists()
    assert len(files(shoot)) == 6
    assert not line(studio).ways


def test_the_command_asks_before_it_undoes_and_says_when_there_is_nothing(
    studio: Studio, shoot: Path, tmp_path: Path
) -> None:
    begin(studio, shoot, picked=[0])
    studio.press("Ctrl+Alt+Z")
    studio.until(lambda: studio.window.statusbar.notice() == "There is no export to undo")
    planned(studio, export_dialog(studio, tmp_path / "out")).export.click()
    told(studio, "exported")
    back_to_photos(studio)
    line(studio).dismiss.click()
    studio.press("Ctrl+Alt+Z")
    assert told(studio, "Take back").startswith(f"Take back 1 photo copied to {tmp_path / 'out'} (")
    assert (tmp_path / "out" / "photo-0.jpg").exists()
    line(studio).ways["Take back"].click()
    told(studio, "taken back")
    assert not (tmp_path / "out").exists()


def test_without_picks_it_says_how_to_pick_and_offers_the_rest(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot)
    studio.window.grid.select_ids(studio.window.session.photos.ids[:2])
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    assert dialog.choice().photos == "selected"
    assert dialog.form.hint.text() == ("Nothing is picked yet: press P on a photo, or export what is chosen here.")
    dialog.form.photos.buttons["picked"].click()
    studio.until(lambda: not dialog.export.isEnabled())
    dialog.form.photos.buttons["shown"].click()
    studio.until(lambda: dialog.words.text().startswith("5 photos, 6 files"))
    dialog.form.photos.buttons["rejected"].click()
    studio.until(lambda: dialog.form.hint.text().startswith("Nothing is rejected: press X"))
    assert not dialog.export.isEnabled()


def test_picks_that_only_a_policy_made_are_told_under_the_choice(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, picked=[1])
    decision = Decision(studio.window.session.photos.ids[3], "pick", "pick", "policy", "best")
    studio.catalog.writer.decide([decision], initiator="policy:strict").result(10)
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    assert dialog.form.whose.text() == "1 of 2 picked by a rating policy, not by you."
    assert dialog.form.whose.isVisible()
    dialog.form.photos.buttons["shown"].click()
    assert dialog.form.whose.isHidden()
    studio.until(lambda: dialog.words.text().startswith("5 photos"))
    assert dialog.form.whose.isHidden()


@pytest.mark.slow
def test_other_photos_chosen_before_the_first_are_read_are_the_ones_that_go(
    studio: Studio, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, shoot)
    studio.window.grid.select_ids(studio.window.session.photos.ids[:1])
    asked, answer = threading.Event(), threading.Event()

    def slowly(catalog: Catalog, model: str, ids: Sequence[int]) -> tuple[PhotoDetail, ...]:
        if len(ids) == 1:
            asked.set()
            assert answer.wait(PATIENCE / 1000)
        return read_photos(catalog, model, ids)

    monkeypatch.setattr("photocull.ui.export_dialog.read_photos", slowly)
    monkeypatch.setattr("photocull.ui.export_dialog._WAIT_MS", 1000)  # the late answer comes well before the next read
    dialog = export_dialog(studio, tmp_path / "out")
    studio.until(asked.is_set)
    assert dialog.choice().photos == "selected"
    dialog.form.photos.buttons["shown"].click()
    answer.set()
    planned(studio, dialog)
    assert dialog.words.text().startswith("5 photos, 6 files")
    dialog.form.ways.buttons["move"].click()
    planned(studio, dialog).export.click()
    told(studio, "5 photos moved")
    assert len(files(tmp_path / "out")) == 6


@pytest.mark.slow
def test_names_are_shown_while_they_are_typed_and_words_are_put_in_by_a_click(
    studio: Studio, shoot: Path, tmp_path: Path
) -> None:
    begin(studio, shoot, picked=[0, 1, 2, 3])
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    names = dialog.form.names
    names.line.clear()
    names.chips["rank"].click()
    QTest.keyClicks(names.line, "-x")
    assert names.text() == "{rank}-x"
    best = max((row for row in studio.rows()[:4] if row is not None), key=lambda row: row.overall or 0)
    studio.until(lambda: [after.text() for _, after in names.examples] == [f"→  {n}-x.jpg" for n in (1, 2, 3)])
    assert names.examples[0][0].text() == best.path.name
    names.set_text("{rang}")
    studio.until(lambda: names.fault.text() == "This is no template: there is no {rang}.")
    assert not dialog.export.isEnabled()
    assert not names.fault.isHidden()
    names.set_text("best/{rank}")
    planned(studio, dialog).export.click()
    told(studio, "exported")
    assert {"best/1.jpg", "best/4.jpg"} <= set(files(tmp_path / "out"))


@pytest.mark.slow
def test_a_name_that_is_taken_gets_a_number_is_left_out_or_stops_it(
    studio: Studio, shoot: Path, tmp_path: Path
) -> None:
    begin(studio, shoot, picked=[0, 2])
    out = tmp_path / "out"
    make_photo(out / "photo-0.jpg", seed=9)
    dialog = planned(studio, export_dialog(studio, out))
    studio.until(lambda: "→  photo-0-2.jpg" in [after.text() for _, after in dialog.form.names.examples])
    rule = dialog.form.rule

    def choose(value: str) -> None:
        rule.setCurrentIndex(rule.findData(value))
        rule.activated.emit(rule.currentIndex())

    choose("skip")
    studio.until(lambda: dialog.left_out.text().startswith("1 photo stays out. photo-0.jpg: A file of its name"))
    choose("stop")
    studio.until(lambda: "A file of this name lies there already" in dialog.form.rule_fault.text())
    assert not dialog.export.isEnabled()
    assert "--" not in dialog.form.rule_fault.text()
    choose("number")
    planned(studio, dialog).export.click()
    told(studio, "exported")
    assert files(out) == ["photo-0-2.jpg", "photo-0.jpg", "photo-2.jpg"]


def test_jpegs_are_made_smaller_and_lists_lie_beside_them(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, picked=[0, 1])
    dialog = export_dialog(studio, tmp_path / "out")
    dialog.form.ways.buttons["convert"].click()
    assert not dialog.form.side.isHidden()
    dialog.form.side.addItem("300 pixels", 300)
    dialog.form.side.setCurrentIndex(dialog.form.side.count() - 1)
    dialog.form.side.activated.emit(dialog.form.side.currentIndex())
    for extra in dialog.form.extras.values():
        extra.click()
    planned(studio, dialog).export.click()
    assert "with picks.csv and picks.html and picks.json" in told(studio, "exported")
    out = tmp_path / "out"
    assert files(out) == ["photo-0.jpg", "photo-1.jpg", "picks.csv", "picks.html", "picks.json"]
    with Image.open(out / "photo-0.jpg") as picture:
        assert max(picture.size) == 300
    records = json.loads((out / "picks.json").read_text("utf-8"))
    assert [record["rank"] for record in records] == [1, 2]
    assert (out / "picks.html").read_text("utf-8").count("<article>") == 2


def test_a_move_is_warned_of_followed_by_the_grid_and_undone(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, picked=[1])
    before, out = content(shoot), tmp_path / "out"
    dialog = export_dialog(studio, out)
    dialog.form.ways.buttons["move"].click()
    assert dialog.form.way_words.property("role") == "warning"
    planned(studio, dialog).export.click()
    assert told(studio, "moved") == f"1 photo moved to {out}."
    assert files(out) == ["photo-1.jpg", "photo-1.xmp"]
    studio.until(lambda: studio.names() == ["photo-0.jpg", "photo-2.jpg", "photo-3.jpg", "photo-4.jpg"])
    line(studio).ways["Undo"].click()
    told(studio, "back where it lay")
    assert content(shoot) == before
    studio.until(lambda: len(studio.window.session.photos.ids) == 5)
    studio.until(lambda: [row.pick for row in studio.rows() if row and row.path.name == "photo-1.jpg"] == ["pick"])
    back_to_photos(studio)
    assert export_dialog(studio).choice().way == "copy"


def test_the_folder_is_remembered_over_a_restart(
    studio: Studio, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, shoot, picked=[0])
    dialog = export_dialog(studio)
    assert dialog.form.folder.text() == "~/picks"
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_args: str(tmp_path / "chosen"))
    dialog.form.folder.browse.click()
    planned(studio, dialog).export.click()
    told(studio, "exported")
    studio.close()
    begin(studio, shoot)
    assert export_dialog(studio).form.folder.text() == str(tmp_path / "chosen")


def test_a_second_export_waits_while_one_goes_on(
    studio: Studio, shoot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(studio, shoot, picked=[0])
    monkeypatch.setattr(type(studio.desk.exports), "stop", lambda self: None)
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    studio.desk.exports.job = object()  # type: ignore[assignment]  # anything that goes on
    dialog.look_again()
    assert not dialog.export.isEnabled()
    assert dialog.words.text().startswith("Another export is going on")
    studio.desk.exports.job = None
    photo = next(path for path in sorted(shoot.iterdir()) if path.name == studio.names()[0])
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / photo.name).write_bytes(b"came meanwhile")
    dialog.look_again()
    studio.until(dialog.export.isEnabled)
    assert dialog._survey is not None
    assert dialog._survey.plan is not None
    assert dialog._survey.plan.families[0].items[0].target != tmp_path / "out" / photo.name  # planned anew


def test_keys_meant_for_photos_change_nothing_and_escape_closes_it(studio: Studio, shoot: Path, tmp_path: Path) -> None:
    begin(studio, shoot, picked=[0])
    typed = export_dialog(studio)
    before = typed.choice()
    studio.press("P", "X", "4")
    assert typed.choice() == before
    studio.press("Escape")
    back_to_photos(studio)
    dialog = planned(studio, export_dialog(studio, tmp_path / "out"))
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    back_to_photos(studio)
    assert not (tmp_path / "out").exists()
    assert not folders().exports.exists()
