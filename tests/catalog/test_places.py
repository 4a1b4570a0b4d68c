"""Where photos lie: moves, renames, edits, vanished and forgotten files, on a real disk."""

from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.types import Decision
from tests.catalog.building import MODEL, found, judgement, on_disk, register, scored, store


def rate(catalog: Catalog, photo_id: int, stars: int) -> None:
    catalog.writer.decide([Decision(photo_id, "rating", stars)], initiator="test").result(10)


def row(catalog: Catalog, photo_id: int) -> PhotoRow:
    return query.photo_rows(catalog, [photo_id], MODEL)[0]


def in_sight(catalog: Catalog, folder: Path, **more: bool) -> list[int]:
    return query.photo_ids(catalog, Filter(folders=frozenset({folder}), **more), Sort("name", False), MODEL)


@pytest.mark.parametrize("target", ["other/photo.jpg", "renamed.jpg"])
def test_a_moved_photo_keeps_its_id_rating_and_judgement(catalog: Catalog, tmp_path: Path, target: str) -> None:
    old, new = tmp_path / "photo.jpg", tmp_path / target
    (photo_id,) = register(catalog, on_disk(old, "content"))
    store(catalog, [scored(photo_id, "content", judgement(7.0))])
    rate(catalog, photo_id, 4)
    old.unlink()
    assert register(catalog, on_disk(new, "content")) == (photo_id,)
    assert (row(catalog, photo_id).path, row(catalog, photo_id).rating, row(catalog, photo_id).overall) == (new, 4, 7.0)
    assert query.folders(catalog) == {new.parent: 1}


def test_a_copy_is_a_photo_of_its_own(catalog: Catalog, tmp_path: Path) -> None:
    (first,) = register(catalog, on_disk(tmp_path / "a.jpg", "content"))
    rate(catalog, first, 4)
    (copy,) = register(catalog, on_disk(tmp_path / "b.jpg", "content"))
    assert copy != first
    assert row(catalog, copy).rating is None


def test_an_edited_photo_is_judged_anew_and_keeps_its_rating(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    (photo_id,) = register(catalog, on_disk(path, "before"))
    store(catalog, [scored(photo_id, "before")])
    rate(catalog, photo_id, 5)
    assert register(catalog, on_disk(path, "after")) == (photo_id,)
    shown = row(catalog, photo_id)
    assert (shown.rating, shown.status, shown.overall) == (5, "new", None)
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]
    assert catalog.check() == ()


def test_a_copy_made_before_an_edit_does_not_take_the_rating_away(catalog: Catalog, tmp_path: Path) -> None:
    (photo_id,) = register(catalog, on_disk(tmp_path / "a.jpg", "before"))
    rate(catalog, photo_id, 5)
    copy, edited = on_disk(tmp_path / "0.jpg", "before"), on_disk(tmp_path / "a.jpg", "after")
    assert register(catalog, copy, edited)[1] == photo_id
    assert row(catalog, photo_id).rating == 5


def test_two_photos_that_swap_names_keep_their_own_ratings(catalog: Catalog, tmp_path: Path) -> None:
    one, two = register(catalog, on_disk(tmp_path / "1.jpg", "first"), on_disk(tmp_path / "2.jpg", "second"))
    rate(catalog, one, 1)
    rate(catalog, two, 2)
    assert register(catalog, on_disk(tmp_path / "1.jpg", "second"), on_disk(tmp_path / "2.jpg", "first")) == (two, one)
    assert (row(catalog, one).path.name, row(catalog, one).rating) == ("2.jpg", 1)
    assert (row(catalog, two).path.name, row(catalog, two).rating) == ("1.jpg", 2)


@pytest.mark.parametrize(("step", "portion"), [(1, 20), (-1, 20), (1, 4)])
def test_a_renumbered_shoot_keeps_each_photos_rating(catalog: Catalog, tmp_path: Path, step: int, portion: int) -> None:
    ids = register(catalog, *(on_disk(tmp_path / f"{n}.jpg", f"content {n}") for n in range(10, 20)))
    for n, photo_id in enumerate(ids):
        rate(catalog, photo_id, 1 + n % 5)
    for path in tmp_path.glob("*.jpg"):
        path.unlink()
    renumbered = [on_disk(tmp_path / f"{n + step}.jpg", f"content {n}") for n in range(10, 20)]
    for start in range(0, 10, portion):
        register(catalog, *renumbered[start : start + portion])
    shown = query.photo_rows(catalog, in_sight(catalog, tmp_path), MODEL)
    assert [(r.path.name, r.rating) for r in shown] == [(f"{n + 10 + step}.jpg", 1 + n % 5) for n in range(10)]


def test_an_unrated_newcomer_does_not_push_a_rated_photo_from_its_path(catalog: Catalog, tmp_path: Path) -> None:
    rated, temporary = register(
        catalog, on_disk(tmp_path / "a.jpg", "before"), on_disk(tmp_path / "a.tmp.jpg", "after")
    )
    rate(catalog, rated, 3)
    (tmp_path / "a.tmp.jpg").replace(tmp_path / "a.jpg")
    assert register(catalog, on_disk(tmp_path / "a.jpg", "after")) == (rated,)
    assert row(catalog, rated).rating == 3
    assert temporary != rated


def test_vanished_files_go_out_of_sight_and_come_back_with_their_rating(catalog: Catalog, tmp_path: Path) -> None:
    stays, goes = register(catalog, on_disk(tmp_path / "a.jpg", "a"), on_disk(tmp_path / "b.jpg", "b"))
    rate(catalog, goes, 4)
    (tmp_path / "b.jpg").unlink()
    assert catalog.writer.seen([tmp_path], [stays]).result(10) == (goes,)
    assert in_sight(catalog, tmp_path) == [stays]
    assert in_sight(catalog, tmp_path, missing=True) == [stays, goes]
    assert row(catalog, goes).missing
    assert register(catalog, on_disk(tmp_path / "b.jpg", "b")) == (goes,)
    assert in_sight(catalog, tmp_path) == [stays, goes]
    assert row(catalog, goes).rating == 4


def test_a_file_that_was_not_found_but_is_there_stays_in_sight(catalog: Catalog, tmp_path: Path) -> None:
    (photo_id,) = register(catalog, on_disk(tmp_path / "a.jpg", "a"))
    assert catalog.writer.seen([tmp_path], []).result(10) == ()
    assert in_sight(catalog, tmp_path) == [photo_id]


def test_a_drive_that_is_away_hides_nothing(catalog: Catalog) -> None:
    (photo_id,) = register(catalog, found("/away/a.jpg", "a"))
    assert catalog.writer.seen([Path("/away")], []).result(10) == ()
    assert in_sight(catalog, Path("/away")) == [photo_id]


def test_a_file_reported_as_deleted_is_hidden_once(catalog: Catalog, tmp_path: Path) -> None:
    (photo_id,) = register(catalog, on_disk(tmp_path / "a.jpg", "a"))
    assert catalog.writer.mark_missing([tmp_path / "a.jpg", tmp_path / "unknown.jpg"]).result(10) == (photo_id,)
    assert catalog.writer.mark_missing([tmp_path / "a.jpg"]).result(10) == ()


def test_forgetting_a_folder_leaves_nothing_behind(catalog: Catalog, tmp_path: Path) -> None:
    inside = on_disk(tmp_path / "trip" / "a.jpg", "a"), on_disk(tmp_path / "trip" / "deep" / "b.jpg", "b")
    one, two = register(catalog, *inside)
    (other,) = register(catalog, on_disk(tmp_path / "other.jpg", "a"))
    store(catalog, [scored(one, "a"), scored(two, "b")])
    rate(catalog, one, 4)
    assert catalog.writer.forget(tmp_path / "trip").result(10) == 2
    assert query.photo_rows(catalog, [one, two], MODEL) == []
    assert row(catalog, other).overall is not None
    assert catalog.check() == ()
    assert register(catalog, inside[0])[0] not in {one, two, other}


def test_undo_passes_over_a_forgotten_photo(catalog: Catalog, tmp_path: Path) -> None:
    one, two = register(catalog, on_disk(tmp_path / "a.jpg", "a"), on_disk(tmp_path / "b.jpg", "b"))
    rate(catalog, one, 4)
    rate(catalog, two, 5)
    catalog.writer.forget(tmp_path / "b.jpg").result(10)
    change = catalog.writer.undo("test").result(10)
    assert change is not None
    assert change.ids == (one,)


def test_registering_again_changes_nothing_and_tells_nobody(catalog: Catalog, tmp_path: Path) -> None:
    photos = [on_disk(tmp_path / f"{n}.jpg", str(n)) for n in range(3)]
    first = register(catalog, *photos)
    events: list[object] = []
    catalog.writer.add_listener(events.append)
    assert register(catalog, *photos) == first
    assert events == []


def test_a_photo_found_twice_in_one_scan_is_one_photo(catalog: Catalog, tmp_path: Path) -> None:
    photo = on_disk(tmp_path / "a.jpg", "a")
    ids = register(catalog, photo, photo)
    assert ids[0] == ids[1]


def test_a_touched_file_or_a_new_sidecar_renews_the_row(catalog: Catalog, tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    (photo_id,) = register(catalog, found(path, "c", mtime_ns=1))
    register(catalog, found(path, "c", mtime_ns=2, sidecars=(tmp_path / "a.xmp",)))
    photo = query.found(catalog, [photo_id])[0][1].photo
    assert (photo.mtime_ns, photo.sidecars) == (2, (tmp_path / "a.xmp",))
