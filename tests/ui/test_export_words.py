"""The sentences of exports and clean-ups, and what they are made of, without a window."""

from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from photocull.core.settings import folders
from photocull.core.work import CancelToken, Problem
from photocull.picks.convert import Recipe
from photocull.picks.export_journal import begin, holding
from photocull.picks.plan import Way
from photocull.picks.reach import is_away
from photocull.ui.export_choice import ExportChoice, Sources, missing_words
from photocull.ui.export_jobs import Ended, Far, Job, Standing, meter, standing
from photocull.ui.export_survey import Survey, read_names, survey, survey_trash
from photocull.ui.export_words import (
    begun_words,
    ended_words,
    folder_words,
    interrupted_words,
    left_out_words,
    plan_words,
    progress_words,
    question_words,
    stay_lines,
)
from tests.building import make_folder
from tests.picks.shoot import choice, export, make_shoot, plan, run

COPY = Job("do", "export", "copy", Path("/picks"), 312)


def stand(way: Way = "copy", **more: object) -> Standing:
    command = "trash" if way == "trash" else "export"
    folder = None if way == "trash" else Path("/picks")
    at = datetime(2026, 5, 12, 12, 0, tzinfo=UTC)
    return Standing(Path("j"), command, way, folder, at, 312, 120, **more)  # type: ignore[arg-type]  # bools


def test_progress_names_photos_files_pace_and_time() -> None:
    far = Far(120, 312, 240, 640, 0.4, 85e6, 40.0)
    assert progress_words(COPY, far) == "Exporting to /picks: 120 of 312 photos, 240 of 640 files, 85 MB/s, 40 s left"
    moving = Job("do", "trash", "trash", None, 312)
    assert progress_words(moving, far) == "Moving rejects to the trash: 120 of 312 photos, 240 of 640 files, 40 s left"
    assert begun_words(Job("undo", "export", "move", Path("/picks"), 1)) == "Taking back what went to /picks"
    assert begun_words(Job("undo", "trash", "trash", None, 1)) == "Bringing rejects back"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (stand(open=True), "An export to /picks was interrupted: 120 of 312 photos."),
        (stand("trash", open=True), "Moving rejects to the trash was interrupted: 120 of 312 photos."),
        (stand(undoing=True, open=True), "Taking back an export to /picks was interrupted: 120 of 312 photos."),
        (stand(away=True), "An export to /picks waits until its drive is there again: 120 of 312 photos."),
    ],
)
def test_what_was_interrupted_is_one_sentence(left: Standing, words: str) -> None:
    assert interrupted_words(left) == words


def test_undoing_is_asked_about_by_what_it_would_do() -> None:
    assert question_words(stand()).startswith("Take back 120 photos copied to /picks (2026-05-12 ")
    assert question_words(stand("trash")).startswith("Bring back 120 photos moved to the trash (2026-05-12 ")


def test_the_end_says_what_is_true_now() -> None:
    assert ended_words(Ended(COPY, stand(open=True), stopped=True)) == "Stopped. 120 of 312 photos done."
    assert ended_words(Ended(COPY, fault="No room.")) == "No room."
    back = Job("undo", "trash", "trash", None, 312)
    assert ended_words(Ended(back, stand("trash", undoing=True), stopped=True)) == "Stopped. 120 of 312 photos back."
    assert ended_words(Ended(back, stand("trash"), fault="It is away.")) == "It is away.", "nothing was begun"


def test_a_folder_below_the_home_is_told_from_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "home", lambda: Path("/home/ada"))
    assert folder_words(Path("/home/ada/picks")) == "~/picks"
    assert folder_words(Path("/mnt/picks")) == "/mnt/picks"
    assert folder_words(None) == "the trash"


def test_a_plan_is_told_with_what_lies_there_already(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 3)
    export(photos[:1], tmp_path / "out", tmp_path)
    words = plan_words(Survey(plan(photos, tmp_path / "out"), free=80_000_000_000))
    assert words == "2 photos, 8 files, 24 kB; 1 photo lies there already; 80.0 GB free"
    assert plan_words(Survey()) == ""
    inside = replace(plan(photos, tmp_path / "out"), inside=2)
    assert plan_words(Survey(inside)).endswith("there already; 2 photos passed over, already in this folder")


def test_the_window_makes_no_jpeg_twice_either(tmp_path: Path) -> None:
    make_folder(tmp_path / "shoot", 2)
    wish = ExportChoice(folder=str(tmp_path / "out"), way="convert", recipe=Recipe(64))
    first = survey(choice(tmp_path / "shoot"), wish, CancelToken()).plan
    assert first is not None
    run(begin(first, folders().exports, {"recipe": asdict(wish.recipe)}))
    again = survey(choice(tmp_path / "shoot"), wish, CancelToken()).plan
    assert again is not None
    assert (first.files, again.files) == (2, 0)


def test_what_stays_out_is_named_and_very_many_are_counted() -> None:
    problems = [Problem(Path(f"/a/{n}.jpg"), "It is a link.") for n in range(120)]
    assert left_out_words(problems[:1]) == "1 photo stays out. 0.jpg: It is a link."
    assert left_out_words(problems[:3]) == "3 photos stay out. 0.jpg: It is a link. And 2 more."
    assert left_out_words([]) == ""
    assert len(stay_lines(problems)) == 101
    assert stay_lines(problems)[-1] == "And 20 more."


def test_an_empty_choice_says_what_to_do() -> None:
    none = Sources(shown=(1, 2))
    assert missing_words(none, "picked", "T", "X").startswith("Nothing is picked yet: press T on a photo")
    assert missing_words(none, "rejected", "T", "X").startswith("Nothing is rejected: press X")
    assert missing_words(none, "selected", "T", "X").startswith("No photo is selected")
    assert missing_words(Sources(), "picked", "P", "X").startswith("There is no photo here to export")
    assert missing_words(Sources((1,), (1,), (1,)), "picked", "P", "X") == ""
    assert [none.usual, Sources(selected=(1,), shown=(1,)).usual, Sources((1,), (1,)).usual] == [
        "shown", "selected", "picked",
    ]  # fmt: skip


def test_examples_end_as_the_files_will(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    assert read_names(photos, ExportChoice(names="a")).examples == (("IMG_1.NEF", "a.NEF"),)
    assert read_names(photos, ExportChoice(names="a", way="convert")).examples == (("IMG_1.NEF", "a.jpg"),)
    unsound = read_names(photos, ExportChoice(names="{"))
    assert (unsound.examples, unsound.fault[:20]) == ((), "This is no template:")
    assert "{name}" not in unsound.fault


def test_photos_without_scores_are_counted_where_the_names_want_some(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 2)
    judged = sum(photo.judged for photo in photos)
    assert read_names(photos, ExportChoice(names="{score}")).unscored == 2 - judged
    assert read_names(photos, ExportChoice(names="{name}")).unscored == 0


def test_a_clean_up_to_a_file_is_refused(tmp_path: Path) -> None:
    photos = make_shoot(tmp_path / "shoot", 1)
    found = survey_trash(photos, str(tmp_path / "shoot" / "IMG_1.JPG"), CancelToken())
    assert (found.ready, found.place, found.fault[-26:]) == (False, "folder", "JPG is a file, not a folder"[-25:] + ".")
    assert survey_trash(photos, None, CancelToken()).ready


def test_a_meter_counts_files_and_bytes_and_not_what_was_settled_before(tmp_path: Path) -> None:
    photos, out = make_shoot(tmp_path / "shoot", 4), tmp_path / "out"
    journal = begin(plan(photos, out), tmp_path / "exports")
    far = meter(journal).at(2)
    assert (far.photos, far.of_photos, far.files, far.of_files) == (2, 4, 8, 16)
    assert far.share == pytest.approx(0.5, abs=0.01)
    assert far.rate
    run(journal)
    with holding(journal) as held:
        done = meter(held).at(4)
        assert (done.files, done.share, done.rate) == (16, 1.0, None)
        assert meter(held, back=True).at(1).rate
        stands = standing(held)
    assert (stands.done, stands.open, stands.undoing, stands.moves) == (4, False, False, False)
    assert not is_away(journal)
