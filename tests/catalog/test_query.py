"""Questions to a catalogue with a few photos."""

import os
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Filter, PhotoDetail, Rank, ReasonRecord, Sort
from photocull.core.types import Decision, Exif, FocusPoint, GpsPosition, Theme
from tests.catalog.building import MODEL, SCHEME, failed, filled, found, judgement, register, scored, store


def detail(catalog: Catalog, photo_id: int) -> PhotoDetail:
    return query.photo_details(catalog, [photo_id], MODEL)[0]


def test_the_best_come_first(catalog: Catalog) -> None:
    ids = filled(catalog)
    assert query.photo_ids(catalog, Filter(), Sort(), MODEL) == list(reversed(ids))


def test_photos_without_a_score_come_last_in_both_directions(catalog: Catalog) -> None:
    ids = filled(catalog, 2)
    (new,) = register(catalog, found("/photos/a.jpg", "new"))
    for descending in (True, False):
        assert query.photo_ids(catalog, Filter(), Sort("overall", descending), MODEL)[-1] == new
    assert query.photo_ids(catalog, Filter(), Sort("overall", False), MODEL)[0] == ids[0]


def test_names_sort_as_people_count(catalog: Catalog) -> None:
    ids = register(catalog, *(found(f"/photos/IMG_{n}.jpg", str(n)) for n in (10, 9, 100)))
    assert query.photo_ids(catalog, Filter(), Sort("name", False), MODEL) == [ids[1], ids[0], ids[2]]


def test_everything_that_is_stored_comes_back(catalog: Catalog) -> None:
    zone = timezone(timedelta(hours=-3, minutes=-30))
    exif = Exif(
        datetime(2024, 5, 1, 10, 20, 30, 123000, zone), "Canon EOS R5", None, 1 / 250, 2.8, 400, 50.0, False, 6,
        80.0, -0.7, "shutter priority", "centre-weighted", FocusPoint(0.25, 0.75), "continuous", "white-balance",
        "0B1C-UUID", 3, GpsPosition(-46.5, 7.25, 412.0), 4, "Red", "reject",
    )  # fmt: skip
    assert None not in [getattr(exif, name) for name in Exif.__slots__ if name != "lens"]
    photo = found(
        "/photos/IMG_1.CR3", "c", partners=(Path("/photos/IMG_1.JPG"),), sidecars=(Path("/photos/IMG_1.xmp"),)
    )
    (photo_id,) = register(catalog, photo)
    store(catalog, [scored(photo_id, "c", judgement(7.25), exif=exif, notes=("The file is truncated.",))])
    shown = detail(catalog, photo_id)
    assert shown.photo == photo.photo
    assert shown.exif == exif
    assert (shown.judged, shown.model, shown.model_fingerprint) == (True, "builtin-1", MODEL)
    assert shown.themes == (Theme("sunset", 0.8), Theme("sea", 0.1))
    assert shown.scheme is not None
    assert (shown.scheme.name, shown.scheme.palette) == (SCHEME.name, SCHEME.palette)
    assert shown.reasons[0] == ReasonRecord("sharp where it matters", 1.5, "focus")
    assert (shown.facts, shown.overlays) == ({"sharpness": 0.7}, ("focus",))
    assert (shown.row.status, shown.row.width, shown.row.overall) == ("ok", 6000, 7.25)
    assert (shown.row.flags, shown.row.notes) == (("tilted", "blurred"), ("The file is truncated.",))


def test_a_time_without_a_zone_comes_back_without_one(catalog: Catalog) -> None:
    (photo_id,) = filled(catalog, 1)
    assert detail(catalog, photo_id).exif.taken == datetime(2024, 5, 1, 10, 20, 30)


def test_a_map_comes_back_as_it_was(catalog: Catalog) -> None:
    (photo_id,) = filled(catalog, 1)
    grid = query.attention(catalog, photo_id, MODEL, "focus")
    assert grid is not None
    assert grid.dtype == np.float16
    np.testing.assert_array_equal(grid, judgement().attention["focus"])
    assert query.attention(catalog, photo_id, MODEL, "colour") is None
    assert query.attention(catalog, photo_id, "another model", "focus") is None


def test_each_model_keeps_its_own_judgement(catalog: Catalog) -> None:
    (photo_id,) = filled(catalog, 1)
    store(catalog, [scored(photo_id, "content 0", judgement(9.0, model="tanet", model_fingerprint="t"))])
    assert query.photo_rows(catalog, [photo_id], MODEL)[0].overall == 0.0
    assert query.photo_rows(catalog, [photo_id], "t")[0].overall == 9.0
    assert catalog.info().models == ("builtin-1", "tanet")


def test_judging_again_replaces_what_the_same_model_said(catalog: Catalog) -> None:
    (photo_id,) = filled(catalog, 1)
    store(catalog, [scored(photo_id, "content 0", judgement(3.0, flags=("noisy",)))])
    shown = detail(catalog, photo_id)
    assert (shown.row.overall, shown.row.flags) == (3.0, ("noisy",))
    assert catalog.check() == ()


def test_duplicates_share_what_was_said_of_their_content(catalog: Catalog) -> None:
    first, second = register(catalog, found("/photos/a.jpg", "same"), found("/copies/a.jpg", "same"))
    store(catalog, [scored(first, "same", judgement(8.0))])
    assert [row.overall for row in query.photo_rows(catalog, [second, first], MODEL)] == [8.0, 8.0]
    assert query.unjudged(catalog, [first, second], MODEL) == []


def test_what_failed_is_not_tried_again_but_a_changed_file_is(catalog: Catalog) -> None:
    (photo_id,) = register(catalog, found("/photos/a.jpg", "broken"))
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]
    store(catalog, [failed(photo_id, "broken")])
    row = query.photo_rows(catalog, [photo_id], MODEL)[0]
    assert (row.status, row.error) == ("unreadable", "The file is empty.")
    assert query.unjudged(catalog, [photo_id], MODEL) == []
    register(catalog, found("/photos/a.jpg", "mended"))
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]
    assert query.photo_rows(catalog, [photo_id], MODEL)[0].error is None


def test_what_failed_can_be_tried_again_on_request(catalog: Catalog) -> None:
    (photo_id,) = register(catalog, found("/photos/a.jpg", "broken"))
    store(catalog, [failed(photo_id, "broken")])
    assert catalog.writer.retry([photo_id]).result(10) == (photo_id,)
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]


def test_files_whose_bytes_cannot_be_read_fail_each_for_itself(catalog: Catalog) -> None:
    one, two = register(catalog, found("/photos/a.jpg", ""), found("/photos/b.jpg", ""))
    store(catalog, [failed(one, "")])
    rows = query.photo_rows(catalog, [one, two], MODEL)
    assert [(row.status, row.fingerprint) for row in rows] == [("unreadable", ""), ("new", "")]
    assert query.known(catalog, [Path("/photos/a.jpg")]) == {}


def test_a_result_for_a_content_that_is_gone_is_passed_over(catalog: Catalog) -> None:
    (photo_id,) = register(catalog, found("/photos/a.jpg", "before"))
    register(catalog, found("/photos/a.jpg", "after"))
    store(catalog, [scored(photo_id, "before")])
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]
    assert catalog.check() == ()


def test_rank_is_counted_among_the_judged_photos_of_the_filter(catalog: Catalog) -> None:
    ids = filled(catalog, 4)
    register(catalog, found("/photos/new.jpg", "new"))
    assert query.rank(catalog, ids[2], Filter(), "overall", MODEL) == Rank(2, 4)
    assert query.rank(catalog, ids[0], Filter(minimum=(("overall", 1.0),)), "overall", MODEL) is None


def test_equal_scores_share_the_better_place(catalog: Catalog) -> None:
    ids = register(catalog, *(found(f"/photos/{n}.jpg", str(n)) for n in range(3)))
    store(catalog, [scored(i, str(n), judgement(min(n, 1) * 5.0)) for n, i in enumerate(ids)])
    assert [query.rank(catalog, i, Filter(), "overall", MODEL) for i in ids] == [Rank(3, 3), Rank(1, 3), Rank(1, 3)]


def test_known_files_need_not_be_read_again(catalog: Catalog) -> None:
    register(catalog, found("/photos/a.jpg", "c", size=7, mtime_ns=8))
    paths = [Path("/photos/a.jpg"), Path("/photos/b.jpg")]
    assert query.known(catalog, paths) == {paths[0]: (7, 8, "c")}


def test_found_gives_back_what_was_registered(catalog: Catalog) -> None:
    photo = found("/photos/a.CR3", "c", partners=(Path("/photos/a.JPG"),))
    (photo_id,) = register(catalog, photo)
    assert query.found(catalog, [photo_id, 999]) == [(photo_id, photo)]


def test_shapes_are_known_once_photos_are_decoded(catalog: Catalog) -> None:
    (judged,) = filled(catalog, 1)
    (new,) = register(catalog, found("/photos/new.jpg", "new"))
    store(catalog, [scored(judged, "content 0")])
    assert query.shapes(catalog, [new, judged, 999]) == [1.5, 6000 / 4000, 1.5]


def test_rows_come_in_the_order_asked_for(catalog: Catalog) -> None:
    ids = filled(catalog, 3)
    asked = [ids[1], 999, ids[0], ids[2]]
    assert [row.id for row in query.photo_rows(catalog, asked, MODEL)] == [ids[1], ids[0], ids[2]]
    assert [detail.row.id for detail in query.photo_details(catalog, asked, MODEL)] == [ids[1], ids[0], ids[2]]


def test_folders_tell_how_many_photos_lie_right_in_them(catalog: Catalog) -> None:
    register(catalog, *(found(p, p) for p in ("/photos/a.jpg", "/photos/b.jpg", "/photos/trip/c.jpg")))
    assert query.folders(catalog) == {Path("/photos"): 2, Path("/photos/trip"): 1}


@pytest.mark.parametrize(
    "name", [b"caf\xe9.jpg", b"a%_\\.jpg", b"new\nline \x1b0041.jpg", "ünï\U0001f4f7.jpg".encode()]
)
def test_a_name_of_any_bytes_survives(catalog: Catalog, name: bytes) -> None:
    path = Path("/photos") / name.decode("utf-8", "surrogateescape")
    (photo_id,) = register(catalog, found(path, "c"))
    assert query.photo_rows(catalog, [photo_id], MODEL)[0].path == path
    assert query.photo_ids(catalog, Filter(paths=frozenset({path})), Sort(), MODEL) == [photo_id]
    assert query.photo_ids(catalog, Filter(folders=frozenset({Path("/photos")})), Sort(), MODEL) == [photo_id]
    assert register(catalog, found(path, "c")) == (photo_id,)


@pytest.mark.parametrize("count", [10_001, pytest.param(270_000, marks=pytest.mark.slow)])
def test_more_paths_can_be_asked_for_than_a_statement_takes_values(catalog: Catalog, count: int) -> None:
    names = ["plain.jpg", "b'%:\"\\.jpg", os.fsdecode(b"caf\xe9\n.jpg"), "ünï\U0001f4f7.jpg"]
    ids = register(catalog, *(found(Path("/photos") / name, f"c{n}") for n, name in enumerate((*names, "another.jpg"))))
    asked = {Path("/photos") / name for name in names} | {Path(f"/photos/{n}.jpg") for n in range(count)}
    chosen = Filter(paths=frozenset(asked))
    assert sorted(query.photo_ids(catalog, chosen, Sort(), MODEL)) == sorted(ids[:4])
    assert query.facets(catalog, chosen, MODEL).total == 4


def test_a_folder_is_not_its_namesake_that_goes_on(catalog: Catalog) -> None:
    inside, deeper, _ = register(catalog, *(found(p, p) for p in ("/a/b/1.jpg", "/a/b/c/2.jpg", "/a/bc/3.jpg")))
    chosen = query.photo_ids(catalog, Filter(folders=frozenset({Path("/a/b")})), Sort("name", False), MODEL)
    assert chosen == [inside, deeper]
    assert len(query.photo_ids(catalog, Filter(folders=frozenset({Path("/")})), Sort(), MODEL)) == 3


def test_the_text_search_knows_shown_names_and_no_case(catalog: Catalog) -> None:
    (photo_id,) = register(catalog, found("/photos/Straße_É.jpg", "c"))
    store(catalog, [scored(photo_id, "c", judgement(themes=(Theme("citysky", 0.9),)))])
    for text in ("CANON r5", "city sky", "strasse", "é", "rf 50MM straße"):
        assert query.photo_ids(catalog, Filter(text=text), Sort(), MODEL) == [photo_id], text
    for text in ("nikon", "canon nikon", "%", "_r5"):
        assert query.photo_ids(catalog, Filter(text=text), Sort(), MODEL) == [], text


def test_facets_count_what_the_other_filters_leave(catalog: Catalog) -> None:
    ids = filled(catalog, 3)
    store(catalog, [scored(ids[2], "content 2", judgement(2.0, themes=(Theme("sea", 0.9),), flags=()))])
    catalog.writer.decide([Decision(ids[0], "rating", 4), Decision(ids[0], "pick", "pick")], initiator="t").result(10)
    facets = query.facets(catalog, Filter(themes=frozenset({"sunset"})), MODEL)
    assert (facets.total, facets.shown, facets.judged, facets.problems) == (3, 2, 3, 0)
    assert facets.themes == {"sunset": 2, "sea": 1}
    assert facets.ratings == {0: 1, 4: 1}
    assert facets.picks == {"pick": 1, "none": 1}
    assert facets.labels == {"none": 2}
    assert facets.flags == {"tilted": 2, "blurred": 2}
    assert facets.schemes == {"orange_blue": 2}
    assert facets.folders == {Path("/photos"): 2}


def test_an_empty_catalogue_answers_everything(catalog: Catalog) -> None:
    facets = query.facets(catalog, Filter(), MODEL)
    assert (facets.total, facets.shown, facets.judged, facets.problems, facets.themes) == (0, 0, 0, 0, {})
    assert query.photo_ids(catalog, Filter(), Sort(), MODEL) == []
    assert query.photo_rows(catalog, [], MODEL) == []
    assert query.rank(catalog, 1, Filter(), "overall", MODEL) is None
    assert query.journal(catalog, None, 10) == []
    assert catalog.check() == ()


def test_problems_are_unreadable_files_and_notes(catalog: Catalog) -> None:
    ids = filled(catalog, 3)
    store(catalog, [failed(ids[0], "content 0"), scored(ids[1], "content 1", notes=("Truncated.",))])
    assert query.facets(catalog, Filter(), MODEL).problems == 2
    chosen = query.photo_ids(catalog, Filter(problems_only=True), Sort("name", False), MODEL)
    assert chosen == [ids[0], ids[1]]
