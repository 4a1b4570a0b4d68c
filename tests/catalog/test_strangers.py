"""Another photo at a known place does not take the marks that were made there, and an edited one keeps its own."""

import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from photocull.catalog.database import Catalog
from photocull.catalog.query import doubtful, photo_ids, photo_rows
from photocull.catalog.records import Filter, FoundPhoto, Sort
from photocull.catalog.strangers import is_another
from photocull.core.types import Decision, Exif
from photocull.photo import mounts
from tests.catalog.building import MODEL, on_disk, register, scored, store
from tests.unplugging import Drive

TAKEN = datetime(2026, 5, 1, 10, 20, 30, 120_000)
SHOT = Exif(taken=TAKEN, camera="Canon EOS R5", exposure_time=1 / 250, f_number=2.8, iso=100, focal_length=50.0)
LATER = replace(SHOT, taken=TAKEN + timedelta(days=3, milliseconds=410), iso=800)
"""Another photo of the same camera."""


@pytest.mark.parametrize(
    ("now", "another"),
    [
        (SHOT, False),
        (LATER, True),
        (replace(SHOT, taken=TAKEN + timedelta(seconds=40, milliseconds=70)), True),  # the fraction tells
        (replace(SHOT, taken=TAKEN + timedelta(hours=1)), False),  # the clock was set right
        (replace(SHOT, taken=TAKEN + timedelta(hours=1), iso=400), True),
        (replace(SHOT, taken=TAKEN + timedelta(hours=1), camera="NIKON Z 8"), True),
        (replace(SHOT, taken=TAKEN.replace(microsecond=0)), False),  # an editor left the fraction out
        (replace(SHOT, taken=TAKEN.replace(microsecond=0) + timedelta(hours=1)), False),
        (replace(SHOT, taken=TAKEN.replace(tzinfo=UTC)), False),  # a zone was added
        (replace(SHOT, iso=200), False),  # the same moment
        (replace(SHOT, taken=None, iso=200), False),
        (Exif(taken=TAKEN + timedelta(days=1)), False),  # nothing but a date: set by hand
        (replace(SHOT, taken=TAKEN + timedelta(hours=1), exposure_time=0.00401, rating=3, gps=None), False),
    ],
)
def test_two_exposures_are_told_from_an_edit(now: Exif, another: bool) -> None:
    assert is_another(SHOT, now) is another
    assert is_another(now, SHOT) is another


EXPOSURES = st.builds(
    Exif,
    taken=st.none() | st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)),
    camera=st.none() | st.sampled_from(["Canon EOS R5", "NIKON Z 8"]),
    exposure_time=st.none() | st.floats(1e-5, 60),
    f_number=st.none() | st.floats(0.7, 64),
    iso=st.none() | st.integers(50, 102400),
    focal_length=st.none() | st.floats(4, 1200),
)


@given(EXPOSURES, st.timedeltas(timedelta(days=-9000), timedelta(days=9000)), st.booleans())
def test_no_photo_is_a_stranger_to_itself_whatever_was_set_or_stripped(
    shot: Exif, correction: timedelta, stripped: bool
) -> None:
    whole = timedelta(seconds=round(correction.total_seconds()))
    moved = None if shot.taken is None else shot.taken + whole
    assert not is_another(shot, shot)
    assert not is_another(shot, replace(shot, taken=moved))
    assert not is_another(shot, Exif(taken=None if stripped else moved))
    assert not is_another(shot, Exif())


def card(folder: Path, shots: dict[str, Exif], catalog: Catalog) -> dict[str, int]:
    """What a run does with a card that lies at this place now: ids by name, everything judged."""
    for path in folder.rglob("*.jpg"):
        path.unlink()
    files = [on_disk(folder / f"{name}.jpg", f"{name} of {exif.taken} {exif.iso}") for name, exif in shots.items()]
    asked = doubtful(catalog, files)
    files = [replace(f, exif=shots[f.photo.path.stem]) if f.photo.path in asked else f for f in files]
    ids = dict(zip(shots, register(catalog, *files), strict=True))
    store(catalog, [scored(ids[f.photo.path.stem], f.fingerprint, exif=shots[f.photo.path.stem]) for f in files])
    catalog.writer.seen([folder], list(ids.values())).result(10)
    return ids


def decide(catalog: Catalog, ids: dict[Any, int], wanted: dict[Any, int]) -> None:
    decisions = [Decision(ids[name], "rating", value) for name, value in wanted.items()]
    catalog.writer.decide(decisions, initiator="test").result(10)


def stars(catalog: Catalog, ids: dict[str, int]) -> dict[str, int | None]:
    rows = {row.id: row.rating for row in photo_rows(catalog, list(ids.values()), MODEL)}
    return {name: rows[photo] for name, photo in ids.items()}


def test_two_cards_at_one_place_keep_their_own_marks_however_often_they_are_changed(
    catalog: Catalog, tmp_path: Path
) -> None:
    folder = tmp_path / "EOS" / "DCIM"
    first = {name: replace(SHOT, taken=TAKEN + timedelta(minutes=n)) for n, name in enumerate("abc")}
    second = {name: replace(LATER, taken=TAKEN + timedelta(days=2, minutes=n)) for n, name in enumerate("abd")}
    ids = card(folder, first, catalog)
    decide(catalog, ids, {"a": 5, "b": 1, "c": 3})
    others = card(folder, second, catalog)
    assert stars(catalog, others) == {"a": None, "b": None, "d": None}
    assert len(photo_ids(catalog, Filter(), Sort(), MODEL)) == 3, "those of the first card are out of sight"
    decide(catalog, others, {"a": 2})
    for _ in range(2):
        assert stars(catalog, card(folder, first, catalog)) == {"a": 5, "b": 1, "c": 3}
        assert stars(catalog, card(folder, second, catalog)) == {"a": 2, "b": None, "d": None}
    assert catalog.check() == ()


def test_an_edited_photo_and_one_whose_clock_was_set_right_keep_their_marks(catalog: Catalog, tmp_path: Path) -> None:
    ids = card(tmp_path, {"a": SHOT, "b": SHOT}, catalog)
    decide(catalog, ids, {"a": 5, "b": 1})
    edited = {"a": replace(SHOT, rating=4, iso=None), "b": replace(SHOT, taken=TAKEN + timedelta(hours=2))}
    assert card(tmp_path, edited, catalog) == ids
    assert stars(catalog, ids) == {"a": 5, "b": 1}


def test_an_unmarked_photo_that_comes_back_to_its_place_is_not_taken_for_the_marked_one_there(
    catalog: Catalog, tmp_path: Path
) -> None:
    card(tmp_path, {"a": SHOT}, catalog)
    marked = card(tmp_path, {"a": LATER}, catalog)
    decide(catalog, marked, {"a": 4})
    assert stars(catalog, card(tmp_path, {"a": SHOT}, catalog)) == {"a": None}
    assert stars(catalog, card(tmp_path, {"a": LATER}, catalog)) == {"a": 4}


@pytest.mark.parametrize("other", [SHOT, LATER], ids=["its own RAW", "another frame"])
def test_a_raw_goes_on_with_the_jpeg_of_its_own_frame_alone(catalog: Catalog, tmp_path: Path, other: Exif) -> None:
    jpeg = on_disk(tmp_path / "a.jpg", "jpeg")
    (photo,) = register(catalog, jpeg)
    store(catalog, [scored(photo, "jpeg", exif=SHOT)])
    decide(catalog, {"a": photo}, {"a": 5})
    raw = on_disk(tmp_path / "a.cr3", "raw")
    raw = FoundPhoto(replace(raw.photo, partners=(jpeg.photo.path,)), "raw")
    assert doubtful(catalog, [raw]) == {raw.photo.path}
    (now,) = register(catalog, replace(raw, exif=other))
    assert (now == photo) is (other == SHOT)
    assert photo_rows(catalog, [now], MODEL)[0].rating == (5 if other == SHOT else None)


@pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")
def test_another_drive_at_the_same_place_is_told_by_its_file_system_where_photos_say_nothing(
    catalog: Catalog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive, now = Drive(tmp_path / "media" / "EOS", monkeypatch), {"uuid": "1234-ABCD"}
    monkeypatch.setattr(mounts, "identity", lambda place: now["uuid"] if place == drive.folder else "")
    ids = card(drive.folder, {"a": replace(SHOT, taken=None)}, catalog)
    decide(catalog, ids, {"a": 5})
    assert stars(catalog, card(drive.folder, {"a": replace(SHOT, taken=None, iso=200)}, catalog)) == {"a": 5}
    now["uuid"] = "5678-EF01"
    assert stars(catalog, card(drive.folder, {"a": replace(LATER, taken=None)}, catalog)) == {"a": None}
    decide(catalog, card(drive.folder, {"a": replace(LATER, taken=None, iso=400)}, catalog), {"a": 2})
    now["uuid"] = ""  # a system that does not tell
    assert stars(catalog, card(drive.folder, {"a": replace(LATER, taken=None, iso=50)}, catalog)) == {"a": 2}
    now["uuid"] = "1234-ABCD"
    assert stars(catalog, card(drive.folder, {"a": replace(SHOT, taken=None, iso=200)}, catalog)) == {"a": 5}


def test_facts_are_asked_for_only_where_marks_are_at_stake(catalog: Catalog, tmp_path: Path) -> None:
    files = [on_disk(tmp_path / f"{n}.jpg", f"first {n}") for n in range(4)]
    assert doubtful(catalog, files) == frozenset()
    ids = register(catalog, *files)
    decide(catalog, dict(enumerate(ids)), {2: 3})  # type: ignore[arg-type]
    assert doubtful(catalog, files) == frozenset()
    changed = [on_disk(f.photo.path, f"second {n}") for n, f in enumerate(files)]
    assert doubtful(catalog, changed) == {files[2].photo.path}


def test_cards_that_come_and_go_at_random_end_as_one_catalogue_a_card_would(catalog: Catalog, tmp_path: Path) -> None:
    chance = random.Random(7)
    frames = [f"IMG_{n}" for n in range(6)]
    cards = [
        {
            name: replace(SHOT, taken=TAKEN + timedelta(days=c, minutes=n, milliseconds=c), iso=100 * (c + 1))
            for n, name in enumerate(frames)
        }
        for c in range(3)
    ]
    wanted: list[dict[str, int | None]] = [dict.fromkeys(frames) for _ in cards]
    for _ in range(12):
        which = chance.randrange(3)
        ids = card(tmp_path / "card", cards[which], catalog)
        assert stars(catalog, ids) == wanted[which]
        now = {name: chance.randint(1, 5) for name in chance.sample(frames, 2)}
        decide(catalog, ids, now)
        wanted[which] |= now
    assert catalog.check() == ()
