"""Marks come in from sidecars and go out to them, whole ways on real files: who wins, what is told, what is kept."""

import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.query import journal, photo_details, photo_rows
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.pipeline import telling
from photocull.pipeline.telling import Telling
from photocull.sidecar import names
from photocull.sidecar.parsing import parse
from photocull.sidecar.rules import Rules
from photocull.sidecar.updating import update
from tests.building import make_photo
from tests.pipeline.conftest import Rig
from tests.pipeline.sidecar_desk import Desk
from tests.sidecar.packets import bag, packet


def test_marks_of_a_sidecar_are_the_photographer_s(desk: Desk) -> None:
    desk.outside('xmp:Rating="4" xmp:Label="Rot" xmpDM:pick="-1" xmpDM:good="false"')
    assert desk.look() == []
    assert desk.marks == (4, "reject", "red", "photographer")
    assert {entry.who for entry in journal(desk.rig.catalog)} == {"sidecar"}


def test_a_sidecar_that_is_as_it_was_is_not_read_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    from photocull.pipeline import hearing

    desk.outside('xmp:Rating="4"')
    desk.look()
    monkeypatch.setattr(hearing, "read", lambda *_, **__: pytest.fail("it was read again"))
    desk.look()


def test_marks_in_the_photo_file_count_where_no_sidecar_speaks(rig: Rig, tmp_path: Path) -> None:
    from PIL import Image

    from tests.photo.exif_blocks import described

    path = make_photo(tmp_path / "photos" / "a.jpg")
    with Image.open(path) as picture:
        picture.save(path, xmp=described('xmp:Rating="4" xmp:Label="Blue"'))
    report = rig.score(path.parent)
    (row,) = photo_rows(rig.catalog, report.ids, "")
    assert (row.rating, row.label, row.rated_by) == (4, "blue", "photographer")
    path.with_name("a.jpg.xmp").write_bytes(packet('xmp:Rating="2"'))
    rig.score(path.parent)
    (row,) = photo_rows(rig.catalog, report.ids, "")
    assert (row.rating, row.label) == (2, "blue")


def test_what_was_changed_outside_wins_over_what_was_decided_here_and_written(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    assert desk.tell().written == 1
    desk.edit('xmp:Rating="3"', 'xmp:Rating="5"')
    assert desk.look() == []
    assert desk.marks[0] == 5


def test_a_change_outside_is_taken_in_before_anything_is_written(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.edit('xmp:Rating="3"', 'xmp:Rating="5" xmp:Label="Green"')
    desk.decide("pick", "pick")
    desk.tell()
    assert desk.marks == (5, "pick", "green", "photographer")
    assert (desk.text(names.RATING), desk.text(names.PICK), desk.text(names.OWN_RATING)) == ("5", "1", "5")


def test_stars_taken_away_outside_are_taken_away_here(desk: Desk) -> None:
    desk.outside('xmp:Rating="4"')
    desk.look()
    desk.outside('xmp:Rating="0"')
    desk.look()
    assert desk.marks[0] is None
    desk.outside('xmp:Rating="4"')
    desk.look()
    desk.outside('crs:Tint="1"')
    desk.look()
    assert desk.marks[0] == 4, "a file that is silent takes nothing away"


def test_stars_of_a_reject_survive_another_program_that_ends_it(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 4)
    desk.decide("pick", "reject")
    desk.tell()
    desk.edit('xmp:Rating="-1"', 'xmp:Rating="0"')
    assert (desk.look(), desk.marks) == ([], (4, None, None, "photographer"))
    desk.tell()
    assert (desk.text(names.RATING), desk.text(names.OWN_RATING)) == ("4", "4")
    assert (desk.look(), desk.marks[0]) == ([], 4)


@pytest.mark.parametrize("told", [False, True])
def test_another_colour_of_digikam_ends_the_label_and_stays(desk: Desk, told: bool) -> None:
    desk.outside('xmp:Label="Red" digiKam:ColorLabel="1" digiKam:PickLabel="3"')
    desk.look()
    assert desk.marks[1:3] == ("pick", "red")
    if told:
        desk.tell()
    desk.edit('ColorLabel="1"', 'ColorLabel="2"')
    desk.edit('PickLabel="3"', 'PickLabel="2"')
    assert (desk.look(), desk.marks[1:3]) == ([], (None, None))
    desk.decide("rating", 4)
    desk.tell()
    assert (desk.text(names.DIGIKAM_COLOUR), desk.text(names.DIGIKAM_PICK)) == ("2", "2")
    assert (desk.look(), desk.marks[:3]) == ([], (4, None, None))


def test_a_second_colour_of_darktable_stays_until_a_colour_is_given_here(desk: Desk) -> None:
    desk.look()
    desk.decide("label", "red")
    desk.tell()
    ours = 'xmp:Label="Red" photocull:Label="red" photocull:LabelBy="photographer"'
    desk.outside(ours, bag("darktable:colorlabels", "0", "2", kind="Seq"))
    assert len(desk.look()) == 1
    desk.decide("rating", 3)
    desk.tell()
    assert (desk.marks[2], parse(desk.sidecar.read_bytes()).items(names.DARKTABLE_COLOURS)) == ("red", ("0", "2"))
    desk.decide("label", "red")
    desk.tell()
    assert (desk.notes, parse(desk.sidecar.read_bytes()).items(names.DARKTABLE_COLOURS)) == ((), ("0",))


def test_what_was_decided_here_is_not_undone_by_an_old_sidecar(desk: Desk) -> None:
    desk.outside('xmp:Rating="4"')
    desk.look()
    desk.decide("rating", 2)
    desk.outside('xmp:Rating="4" crs:Tint="+9"')
    assert desk.look() == []
    assert desk.marks[0] == 2
    desk.tell()
    assert desk.text(names.RATING) == "2"


def test_where_both_sides_changed_the_difference_is_shown_and_neither_is_touched(desk: Desk) -> None:
    desk.outside('xmp:Rating="4"')
    desk.look()
    desk.decide("rating", 2)
    desk.outside('xmp:Rating="5"')
    sentence = "a.jpg.xmp says 5 stars, the catalogue 2 stars; decide it here to settle it."
    assert desk.look() == [sentence]
    assert desk.look() == [sentence]
    assert desk.notes == (sentence,)
    desk.decide("label", "red")
    desk.tell()
    assert (desk.marks[0], desk.text(names.RATING), desk.text(names.LABEL)) == (2, "5", "Red")
    assert desk.notes == (sentence,)
    desk.decide("rating", 2)
    assert desk.notes == ()
    desk.tell()
    assert (desk.text(names.RATING), desk.look()) == ("2", [])


def test_a_difference_ends_when_the_other_side_gives_way(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 2)
    desk.outside('xmp:Rating="5"')
    assert len(desk.look()) == 1
    desk.outside('xmp:Rating="2"')
    assert desk.look() == []
    assert desk.notes == ()


def test_sidecars_that_disagree_are_shown_and_nothing_is_taken(rig: Rig, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    path = make_photo(folder / "a.jpg")
    (folder / "a.xmp").write_bytes(packet('xmp:Rating="4" xmp:Label="Red"'))
    (folder / "a.jpg.xmp").write_bytes(packet('xmp:Rating="2" xmp:Label="Red"'))
    report = rig.score(path)
    (row,) = photo_rows(rig.catalog, report.ids, "")
    assert (row.rating, row.label) == (None, "red")
    assert row.notes == (
        "a.xmp says 4 stars, a.jpg.xmp says 2 stars: nothing was taken over; decide it here to settle it.",
    )
    rig.catalog.writer.decide([Decision(row.id, "rating", 3)], initiator="test").result()
    Telling(rig.catalog, "", Rules()).tell([row.id], CancelToken())
    ratings = [parse((folder / name).read_bytes()).text(names.RATING) for name in ("a.xmp", "a.jpg.xmp")]
    assert (ratings, photo_rows(rig.catalog, report.ids, "")[0].notes) == (["3", "3"], ())


def test_a_policy_s_value_is_ours_and_gives_way_to_every_photographer(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3, "policy")
    desk.tell()
    assert (desk.text(names.OWN_RATING_BY), desk.marks[3]) == ("photocull", "photocull")
    desk.rig.catalog.writer.forget(desk.photo).result()
    desk.look()
    assert desk.marks[:1] + desk.marks[3:] == (3, "photocull"), "a new catalogue knows whose it is"
    desk.edit('xmp:Rating="3"', 'xmp:Rating="4"')
    desk.look()
    assert desk.marks[:1] + desk.marks[3:] == (4, "photographer")
    desk.decide("rating", 1, "policy")
    assert desk.marks[0] == 4


def test_a_photographer_who_confirms_a_policy_s_value_outside_makes_it_theirs(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3, "policy")
    desk.outside('xmp:Rating="3"')
    desk.look()
    assert desk.marks[3] == "photographer"


@pytest.mark.parametrize("then", ["5", "undo"])
def test_what_is_decided_while_a_sidecar_is_written_stands(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, then: str
) -> None:
    desk.look()
    desk.decide("rating", 4)

    def update_and_decide(*arguments: Any) -> bool:
        written = update(*arguments)
        if then == "undo":
            desk.rig.catalog.writer.undo("test").result()
        else:
            desk.decide("rating", 5)
        return written

    with monkeypatch.context() as patched:
        patched.setattr(telling, "update", update_and_decide)
        desk.tell()
    stars = None if then == "undo" else 5
    assert (desk.text(names.RATING), desk.marks[0], desk.notes) == ("4", stars, ())
    desk.tell()
    assert (desk.text(names.RATING), desk.marks[0], desk.notes) == (str(stars or 0), stars, ())
    assert (desk.look(), desk.marks[0]) == ([], stars)


def test_unchanged_sidecars_are_not_written(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    assert desk.tell().written == 1
    os.utime(desk.sidecar, ns=(5, 5))
    report = desk.tell()
    assert (report.written, report.unchanged, desk.sidecar.stat().st_mtime_ns) == (0, 1, 5)


def test_scores_are_written_with_the_decision_and_the_photo_is_never_touched(desk: Desk) -> None:
    before = (desk.photo.read_bytes(), desk.photo.stat().st_mtime_ns)
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    (row,) = photo_rows(desk.rig.catalog, [desk.id], desk.rig.scorer.fingerprint)
    assert desk.text(names.OWN_OVERALL) == f"{row.overall:.4f}"
    assert desk.text(names.OWN_MODEL_FINGERPRINT) == desk.rig.scorer.fingerprint
    assert desk.text(names.OWN_FINGERPRINT) == row.fingerprint
    assert (desk.photo.read_bytes(), desk.photo.stat().st_mtime_ns) == before


def test_a_moved_folder_keeps_what_was_settled(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    moved = desk.photo.parent.rename(desk.photo.parent.with_name("moved"))
    desk.photo, desk.sidecar = moved / "a.jpg", moved / "a.jpg.xmp"
    assert (desk.look(), desk.marks[0]) == ([], 3)


def test_the_catalogue_is_sound_after_all_that(desk: Desk) -> None:
    desk.outside('xmp:Rating="4"')
    desk.look()
    desk.decide("rating", 2)
    desk.outside('xmp:Rating="5"')
    desk.look()
    assert desk.rig.catalog.check() == ()


def test_rules_reach_the_file(rig: Rig, tmp_path: Path) -> None:
    path = make_photo(tmp_path / "photos" / "a.jpg")
    report = rig.score(path)
    rig.catalog.writer.decide([Decision(report.ids[0], "pick", "reject")], initiator="test").result()
    Telling(rig.catalog, "", replace(Rules(), reject="portable")).tell(report.ids, CancelToken())
    document = parse(path.with_name("a.jpg.xmp").read_bytes())
    assert (document.text(names.RATING), document.text(names.PICK)) == ("-1", None)


def test_keywords_are_the_themes_that_a_photo_shows_and_no_guesses(desk: Desk) -> None:
    desk.look()
    (detail,) = photo_details(desk.rig.catalog, [desk.id], desk.rig.scorer.fingerprint)
    assert [theme.confidence for theme in detail.themes] == [0.8, 0.4]
    desk.decide("rating", 4)
    desk.tell(Rules(keywords=True))
    text = desk.sidecar.read_text("utf-8")
    assert f"<rdf:li>{detail.themes[0].name}</rdf:li>" in text
    assert f"<rdf:li>{detail.themes[1].name}</rdf:li>" not in text
