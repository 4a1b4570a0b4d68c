"""Marks in the photo file beside those of its sidecars: which counts when another program changes either of them."""

import pytest
from sqlalchemy import text

from photocull.catalog.query import standings
from photocull.sidecar import names
from tests.pipeline.sidecar_desk import Desk


def test_stars_that_come_into_the_file_win_over_what_we_wrote_beside_it(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 1, "policy")
    desk.tell()
    desk.embed('xmp:Rating="5" xmp:Label="Red"')
    assert (desk.look(), desk.marks) == ([], (5, None, "red", "photographer"))
    assert standings(desk.rig.catalog, [desk.id])[desk.id].untold
    desk.tell()
    assert (desk.text(names.RATING), desk.text(names.OWN_RATING_BY)) == ("5", "photographer")
    assert (desk.look(), desk.marks[0]) == ([], 5)


def test_stars_that_change_in_the_file_win_over_the_photographer_s_that_were_written_beside_it(desk: Desk) -> None:
    desk.embed('xmp:Rating="2"')
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    assert (desk.look(), desk.marks[0]) == ([], 3), "the file says what it said before"
    desk.embed('xmp:Rating="2" xmp:CreatorTool="another"')
    assert (desk.look(), desk.marks[0]) == ([], 3), "nor does another change of the file make its stars news"
    desk.embed('xmp:Rating="5"')
    assert (desk.look(), desk.marks[0]) == ([], 5)
    desk.edit('xmp:Rating="3"', 'xmp:Rating="3" xmp:Nickname="x"')
    assert (desk.look(), desk.marks[0]) == ([], 5), "the sidecar says what it said before"
    desk.embed('xmp:Rating="0"')
    assert (desk.look(), desk.marks[0]) == ([], None)


def test_stars_that_change_in_the_file_win_over_another_program_s_sidecar_that_did_not(desk: Desk) -> None:
    desk.embed('xmp:Rating="2"')
    desk.outside('xmp:Rating="4"')
    desk.look()
    assert desk.marks[0] == 4
    desk.embed('xmp:Rating="5"')
    assert (desk.look(), desk.marks[0]) == ([], 5)
    desk.outside('xmp:Rating="4" crs:Tint="1"')
    assert (desk.look(), desk.marks[0]) == ([], 5)
    desk.outside('xmp:Rating="1"')
    assert (desk.look(), desk.marks[0]) == ([], 1)


def test_where_file_and_sidecar_changed_the_difference_is_shown_until_it_is_decided(desk: Desk) -> None:
    desk.embed('xmp:Rating="2"')
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.embed('xmp:Rating="5"')
    desk.edit('xmp:Rating="3"', 'xmp:Rating="4"')
    desk.look()
    told = ["a.jpg.xmp says 4 stars, the photo's file says 5 stars; decide it here to settle it."]
    assert desk.look() == told
    desk.edit("<rdf:Description", "<rdf:Description ")
    assert desk.look() == told
    desk.embed('xmp:Rating="4"')
    desk.look()
    assert (desk.look(), desk.notes) == ([], ()), "the file gave way"
    desk.embed('xmp:Rating="1"')
    desk.edit('xmp:Rating="4"', 'xmp:Rating="5"')
    desk.look()
    assert len(desk.look()) == 1
    desk.decide("rating", 3)
    desk.tell()
    assert (desk.look(), desk.marks[0], desk.text(names.RATING)) == ([], 3, "3")


def test_where_the_catalogue_changed_too_the_difference_is_shown(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.decide("rating", 4)
    desk.embed('xmp:Rating="5"')
    told = ["the photo's file says 5 stars, the catalogue 4 stars; decide it here to settle it."]
    desk.look()
    assert (desk.look(), desk.marks[0]) == (told, 4)


def test_to_a_new_catalogue_the_sidecar_speaks_and_the_file_is_older(desk: Desk) -> None:
    desk.embed('xmp:Rating="5" xmp:Label="Red"')
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.rig.catalog.writer.forget(desk.photo).result()
    for _ in range(2):
        assert (desk.look(), desk.marks) == ([], (3, None, "red", "photographer"))


def test_no_stars_in_a_file_that_never_had_any_are_no_news(desk: Desk) -> None:
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.embed('xmp:Rating="0"')
    assert (desk.look(), desk.marks[0]) == ([], 3)


def test_stars_in_the_file_count_where_a_sidecar_never_had_any(desk: Desk) -> None:
    desk.embed('xmp:Rating="4"')
    desk.outside('xmp:Rating="0"')
    assert (desk.look(), desk.marks[0]) == ([], 4)
    desk.outside('xmp:Rating="0" crs:Tint="1"')
    assert (desk.look(), desk.marks[0]) == ([], 4)
    desk.outside('xmp:Rating="2"')
    desk.outside('xmp:Rating="0" crs:Tint="2"')
    desk.decide("rating", None)
    assert (desk.look(), desk.marks[0]) == ([], None)


def test_a_sidecar_that_goes_does_not_bring_the_file_s_old_stars_back(desk: Desk) -> None:
    desk.embed('xmp:Rating="2"')
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.sidecar.unlink()
    assert (desk.look(), desk.marks[0]) == ([], 3)
    desk.embed('xmp:Rating="4"')
    assert (desk.look(), desk.marks[0]) == ([], 4)


@pytest.mark.parametrize("stamp", ['[[["a.jpg.xmp", 1, 2]], [null, null]]', '[[["a.jpg.xmp", 1, 2]], ["x", 4]]', "[1]"])
def test_an_older_stamp_does_not_make_news_of_what_the_file_always_said(desk: Desk, stamp: str) -> None:
    from photocull.catalog.records import Heard

    desk.embed('xmp:Rating="5"')
    desk.look()
    desk.decide("rating", 3)
    desk.tell()
    desk.rig.catalog.writer.hear([Heard(desk.id, stamp, {})]).result()
    assert (desk.look(), desk.marks[0]) == ([], 3)


@pytest.mark.parametrize(
    ("attributes", "pick"),
    [
        ('xmpDM:pick="1"', "pick"),
        ('xmpDM:pick="-1" xmpDM:good="false"', "reject"),
        ('xmpDM:pick="0"', None),
        ('xmp:Rating="-1"', "reject"),
        ('xmp:Rating="-1" xmpDM:pick="0"', "reject"),
        ('xmp:Rating="-1" xmpDM:pick="1"', None),
    ],
)
def test_flags_in_the_photo_file_are_the_photographer_s(desk: Desk, attributes: str, pick: str | None) -> None:
    desk.embed(attributes)
    for _ in range(2):
        assert (desk.look(), desk.marks[:3]) == ([], (None, pick, None))


def test_a_flag_that_changes_in_the_file_wins_over_what_we_wrote_beside_it(desk: Desk) -> None:
    desk.embed('xmpDM:pick="1"')
    desk.look()
    desk.decide("pick", None)
    desk.tell()
    assert (desk.look(), desk.marks[1]) == ([], None)
    desk.embed('xmpDM:pick="-1"')
    assert (desk.look(), desk.marks[1]) == ([], "reject")


def test_a_flag_that_an_older_version_did_not_read_is_no_news_where_a_sidecar_speaks(desk: Desk) -> None:
    desk.embed('xmpDM:pick="1"')
    desk.look()
    desk.decide("pick", "reject")
    engine = desk.rig.catalog.engine
    with engine.begin() as connection:
        connection.execute(text("UPDATE contents SET pick_in_file = NULL"))
    desk.tell()
    desk.embed('xmpDM:pick="1" xmp:Nickname="x"')
    for _ in range(2):
        assert (desk.look(), desk.marks[1]) == ([], "reject")
