"""The inspector on a real catalogue: what is known is shown, what is not is not there."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget
from pytestqt.qtbot import QtBot

from photocull.catalog.marks import BY_POLICY
from photocull.catalog.records import Filter, Rank
from photocull.core.types import Decision, Swatch
from photocull.ui.histogram import Histogram
from photocull.ui.inspector import Inspector
from photocull.ui.palette_strip import PaletteStrip, widths
from photocull.ui.reasons_list import ReasonRow
from photocull.ui.scores import ScoreBars, ordinal, rank_words
from tests.building import make_folder, make_photo
from tests.ui.staging import PALETTE, Stage, judgement


@pytest.fixture
def inspector(stage: Stage, qtbot: QtBot) -> Inspector:
    made = Inspector(stage.bridge)
    qtbot.addWidget(made)
    made.resize(304, 900)
    made.show()
    return made


def words(inspector: QWidget) -> list[str]:
    return [label.text() for label in inspector.findChildren(QLabel) if label.isVisible() and label.text()]


def says(inspector: Inspector, text: str) -> bool:
    return any(text in line for line in words(inspector))


def test_a_scored_photo_shows_everything_that_is_known(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = stage.add(make_folder(tmp_path / "Iceland", 3))
    inspector.show_photo(ids[1], Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "8.7"))
    shown = words(inspector)
    assert shown[:2] == ["8.7", "2nd of 3"]
    assert [h for h in shown if h in ("Why", "Palette", "Themes", "Histogram", "Photo")] == [
        "Why", "Palette", "Themes", "Histogram", "Photo",
    ]  # fmt: skip
    assert "Sharp where it matters" in shown
    assert "sunset 0.80" in shown
    assert says(inspector, "320 × 240")
    assert inspector.findChild(ScoreBars).accessibleName() == "Scores of 10: Aesthetic 9.0, Colour 8.3, Technical 8.7"
    assert "#3d4a2a 41%" in inspector.findChild(PaletteStrip).accessibleName()
    qtbot.waitUntil(lambda: "Pure black" in inspector.findChild(Histogram).toolTip())


def test_a_guess_at_a_theme_is_told_from_what_a_photo_shows(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (photo_id,) = stage.add(make_folder(tmp_path, 1))
    inspector.show_photo(photo_id, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "bird 0.97"))
    assert {"bird 0.97", "nature 0.88", "perhaps green\u00a00.41"} <= set(words(inspector))
    assert not says(inspector, "sea"), "the faintest guesses are left to the JSON record"


def test_a_rank_is_told_in_the_folder_and_among_what_is_shown(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = stage.add(make_folder(tmp_path / "photos", 4))
    inspector.show_photo(ids[2], Filter(themes=frozenset({"bird"})), 1)
    qtbot.waitUntil(lambda: says(inspector, "3rd of 4"))
    assert says(inspector, "2nd of 2 shown")


def test_a_reason_leads_to_its_evidence(inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot) -> None:
    (photo_id,) = stage.add([make_photo(tmp_path / "a.jpg")])
    inspector.set_keys({"overlay-focus": "Shift+F"})
    inspector.show_photo(photo_id, Filter(), 1)
    qtbot.waitUntil(lambda: len(inspector.findChildren(ReasonRow)) == 4)
    key = next(b for b in inspector.findChildren(QAbstractButton) if b.text() == "⇧F")
    with qtbot.waitSignal(inspector.overlayRequested) as heard:
        key.click()
    assert heard.args == ["focus"]
    against = inspector.findChildren(ReasonRow)[-1]
    assert not against.findChildren(QAbstractButton), "no map, no key"


def test_a_photo_that_waits_says_so_and_fills_in_place_when_its_score_comes(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = make_photo(tmp_path / "new.jpg")
    ids = stage.register([path])
    inspector.show_photo(ids[0], Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "Not scored yet"))
    assert not says(inspector, "Why")
    stage.score([path], ids)
    qtbot.waitUntil(lambda: says(inspector, "9.0"))
    assert not says(inspector, "Not scored yet")


def test_an_unreadable_photo_shows_reason_and_remedy_alone(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    path = tmp_path / "broken.jpg"
    path.write_bytes(b"")
    photo_id = stage.fail(path, "The file is empty (0 bytes).")
    inspector.show_photo(photo_id, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "The file is empty (0 bytes)."))
    assert words(inspector)[:3] == ["The file is empty (0 bytes).", "Copy it again from the card or a backup.", "Photo"]


def test_several_photos_show_their_number_average_and_range(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = stage.add(make_folder(tmp_path / "photos", 3), lambda n: judgement(overall=[4.0, 6.0, 8.0][n]))
    new = stage.register([make_photo(tmp_path / "new.jpg")])
    inspector.show_photo(ids[0], Filter(), 4, [*ids, *new])
    qtbot.waitUntil(lambda: says(inspector, "4 photos are selected."))
    assert says(inspector, "6.0")
    assert says(inspector, "average, 4.0 to 8.0")
    assert says(inspector, "1 not scored yet")


def test_without_a_photo_it_says_how_to_begin(inspector: Inspector) -> None:
    assert words(inspector) == ["Select a photo to see its scores and the reasons for them."]


def test_a_photo_that_is_gone_from_the_catalogue_is_told(inspector: Inspector, qtbot: QtBot) -> None:
    inspector.show_photo(4711, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "not in the catalogue any more"))


def test_stepping_fast_ends_with_the_last_photo(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = stage.add(make_folder(tmp_path / "photos", 5))
    for photo_id in ids:
        inspector.show_photo(photo_id, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "5th of 5"))
    qtbot.wait(200)
    assert says(inspector, "IMG_0005.jpg")


def test_long_words_wrap_and_long_names_lose_their_middle(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    folder = tmp_path / ("ein sehr langer Ordnername " * 4).strip()
    (photo_id,) = stage.add([make_photo(folder / "a.jpg")], lambda n: replace(judgement(), flags=()))
    inspector.show_photo(photo_id, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, "9.0"))
    inspector.grab()
    assert inspector.width() == 304
    assert inspector._body.width() <= 304
    assert inspector._body._folder.toolTip() == str(folder)


@pytest.mark.parametrize(
    ("place", "words"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (112, "112th"), (1003, "1,003rd")],
)
def test_ordinals(place: int, words: str) -> None:
    assert ordinal(place) == words


def test_a_rank_among_one_says_nothing() -> None:
    assert rank_words(Rank(1, 1)) == ""
    assert rank_words(None) == ""
    assert rank_words(Rank(1, 5)) == "best of 5"


def test_the_palette_fills_its_strip_by_share() -> None:
    assert sum(widths(PALETTE, 200)) == pytest.approx(200)
    assert widths([Swatch("#000000", 0.0)], 100) == [0.0]
    assert widths(PALETTE, 92)[0] == pytest.approx(41)


def test_an_answer_that_comes_after_the_photo_left_is_not_shown(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    ids = stage.add(make_folder(tmp_path / "Iceland", 2))
    inspector.show_photo(ids[0], Filter(), 1)
    inspector.show_photo(None, Filter(), 0)
    qtbot.wait(300)
    assert says(inspector, "Select a photo")
    inspector.show_photo(ids[0], Filter(), 2, ids)
    inspector.show_photo(None, Filter(), 0)
    qtbot.wait(300)
    assert says(inspector, "Select a photo")


def test_a_mark_of_the_program_says_why_and_which_policy_gave_it(
    inspector: Inspector, stage: Stage, tmp_path: Path, qtbot: QtBot
) -> None:
    (photo,) = stage.add(make_folder(tmp_path / "photos", 1))
    reason = "among the best 8 % of 212 photos in this shoot"
    given = Decision(photo, "rating", 4, "policy", reason)
    stage.catalog.writer.decide([given], initiator=f"{BY_POLICY}cautious").result(30)
    inspector.show_photo(photo, Filter(), 1)
    qtbot.waitUntil(lambda: says(inspector, f"Rated by Photocull (cautious): {reason}."))
    stage.catalog.writer.decide([Decision(photo, "rating", 2)], initiator="test").result(30)
    inspector.show_photo(photo, Filter(), 1)
    qtbot.waitUntil(lambda: not says(inspector, "Rated by Photocull"))
