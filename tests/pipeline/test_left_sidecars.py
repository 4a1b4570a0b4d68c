"""A sidecar that was left behind by the photo before: it says nothing of the photo that took its name."""

from datetime import datetime, timedelta

import pytest

from photocull.core.types import Exif
from photocull.sidecar import names
from tests.building import make_photo
from tests.pipeline.sidecar_desk import Desk

SHOT = Exif(camera="Canon EOS R5", iso=100, exposure_time=1 / 250, taken=datetime(2026, 5, 1, 9))


def another(desk: Desk, days: int = 30) -> None:
    """Another frame takes the name of the one that was decided on; its sidecar stays where it lies."""
    taken = SHOT.taken + timedelta(days=days) if SHOT.taken else None
    make_photo(desk.photo, seed=7, exif=Exif(camera=SHOT.camera, iso=800, exposure_time=1 / 60, taken=taken))


@pytest.fixture
def marked(desk: Desk) -> Desk:
    """A photo that was rejected here, and whose sidecar says so."""
    make_photo(desk.photo, seed=3, exif=SHOT)
    desk.look()
    desk.decide("pick", "reject")
    desk.decide("label", "red")
    assert desk.tell().written == 1
    return desk


def test_another_photo_is_not_rejected_by_the_sidecar_of_the_one_before(marked: Desk) -> None:
    before = marked.id
    another(marked)
    assert marked.look() == []
    assert marked.id != before
    assert marked.marks == (None, None, None, None)
    assert marked.look() == []
    assert marked.marks == (None, None, None, None), "nor by the next run"
    assert marked.tell().written == 1
    assert (marked.text(names.OWN_PICK), marked.text(names.LABEL)) == ("none", None), "other programs are told"
    marked.look()
    assert marked.marks == (None, None, None, None)


def test_a_sidecar_that_came_with_the_other_photo_counts(marked: Desk) -> None:
    another(marked)
    marked.edit('photocull:Pick="reject"', 'photocull:Pick="reject" xmp:CreatorTool="another program"')
    marked.look()
    assert marked.marks == (None, "reject", "red", "photographer")


def test_what_another_program_wrote_of_the_photo_before_is_not_said_of_the_next_one(desk: Desk) -> None:
    make_photo(desk.photo, seed=3, exif=SHOT)
    desk.outside('xmp:Rating="4"')
    desk.look()
    assert desk.marks[0] == 4
    another(desk)
    desk.look()
    assert desk.marks[0] is None
    desk.edit('xmp:Rating="4"', 'xmp:Rating="2"')
    desk.look()
    assert desk.marks[0] == 2


def test_an_edited_photo_goes_on_with_its_sidecar(marked: Desk) -> None:
    before = marked.id
    make_photo(marked.photo, seed=7, exif=SHOT)
    marked.look()
    assert marked.id == before
    assert marked.marks == (None, "reject", "red", "photographer")
