"""A frame keeps its id and its marks whichever of its files stands for it."""

from dataclasses import replace
from pathlib import Path

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import FoundPhoto
from photocull.core.types import Decision
from tests.catalog.building import MODEL, on_disk, register, scored, store


def beside(path: Path, content: str, *partners: Path) -> FoundPhoto:
    found = on_disk(path, content)
    return replace(found, photo=replace(found.photo, partners=partners))


def rate(catalog: Catalog, photo_id: int, stars: int) -> None:
    catalog.writer.decide([Decision(photo_id, "rating", stars)], initiator="test").result(10)


def marks(catalog: Catalog, *ids: int) -> list[tuple[str, int | None]]:
    return [(row.path.name, row.rating) for row in query.photo_rows(catalog, ids, MODEL)]


def test_a_raw_that_joins_its_jpeg_has_the_jpegs_stars_and_awaits_its_own_judgement(
    catalog: Catalog, tmp_path: Path
) -> None:
    jpeg = tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, on_disk(jpeg, "jpeg"))
    store(catalog, [scored(photo_id, "jpeg")])
    rate(catalog, photo_id, 5)
    assert register(catalog, beside(tmp_path / "IMG_1.cr2", "raw", jpeg)) == (photo_id,)
    assert marks(catalog, photo_id) == [("IMG_1.cr2", 5)]
    assert query.unjudged(catalog, [photo_id], MODEL) == [photo_id]
    assert catalog.check() == ()


def test_a_jpeg_whose_raw_was_deleted_keeps_the_stars(catalog: Catalog, tmp_path: Path) -> None:
    raw, jpeg = tmp_path / "IMG_1.cr2", tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, beside(raw, "raw", jpeg))
    rate(catalog, photo_id, 4)
    raw.unlink()
    assert register(catalog, on_disk(jpeg, "jpeg")) == (photo_id,)
    assert marks(catalog, photo_id) == [("IMG_1.jpg", 4)]
    change = catalog.writer.undo("test").result(10)
    assert change is not None
    assert marks(catalog, photo_id) == [("IMG_1.jpg", None)]


def test_a_raw_that_was_converted_keeps_the_stars_by_the_jpeg_beside_it(catalog: Catalog, tmp_path: Path) -> None:
    raw, jpeg = tmp_path / "IMG_1.cr2", tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, beside(raw, "raw", jpeg))
    rate(catalog, photo_id, 4)
    raw.unlink()
    assert register(catalog, beside(tmp_path / "IMG_1.dng", "dng", jpeg)) == (photo_id,)


def test_a_jpeg_beside_a_raw_that_is_still_there_is_a_photo_of_its_own(catalog: Catalog, tmp_path: Path) -> None:
    jpeg = tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, beside(tmp_path / "IMG_1.cr2", "raw", jpeg))
    rate(catalog, photo_id, 4)
    assert register(catalog, on_disk(jpeg, "jpeg")) != (photo_id,)
    assert marks(catalog, photo_id) == [("IMG_1.cr2", 4)]


def test_a_raw_that_moved_away_from_its_jpeg_takes_its_stars_along(catalog: Catalog, tmp_path: Path) -> None:
    raw, jpeg = tmp_path / "IMG_1.cr2", tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, beside(raw, "raw", jpeg))
    rate(catalog, photo_id, 4)
    raw.unlink()
    left, moved = register(catalog, on_disk(jpeg, "jpeg"), on_disk(tmp_path / "raws" / "IMG_1.cr2", "raw"))
    assert moved == photo_id
    assert marks(catalog, left) == [("IMG_1.jpg", None)]


def test_of_two_frames_that_share_a_jpeg_only_one_goes_on_as_it(catalog: Catalog, tmp_path: Path) -> None:
    jpeg = tmp_path / "IMG_1.jpg"
    (photo_id,) = register(catalog, on_disk(jpeg, "jpeg"))
    rate(catalog, photo_id, 3)
    ids = register(catalog, *(beside(tmp_path / f"IMG_1.{end}", end, jpeg) for end in ("cr2", "dng")))
    assert ids[0] == photo_id
    assert marks(catalog, *ids) == [("IMG_1.cr2", 3), ("IMG_1.dng", None)]
