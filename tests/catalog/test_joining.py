"""RAWs and JPEGs that were photos of their own and come together keep what was decided on either."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.query import marked_sizes, photo_ids
from photocull.catalog.records import Filter, FoundPhoto, Sort
from photocull.core.types import Decision, Exif
from tests.catalog.building import MODEL, on_disk, register, scored, store

SHOT = Exif(taken=datetime(2026, 5, 1, 10, 20, 30), camera="Canon EOS R5", iso=100)


def beside(path: Path, content: str, *partners: Path, contents: tuple[str, ...] = ()) -> FoundPhoto:
    file = on_disk(path, content)
    return replace(file, photo=replace(file.photo, partners=partners), partners=contents)


def decide(catalog: Catalog, photo: int, **marks: int | str | None) -> None:
    decisions = [Decision(photo, field, value) for field, value in marks.items()]  # type: ignore[arg-type]
    catalog.writer.decide(decisions, initiator="test").result(10)


def shown(catalog: Catalog, *, missing: bool = False) -> dict[str, tuple[object, ...]]:
    ids = photo_ids(catalog, Filter(missing=missing), Sort("name", False), MODEL)
    return {row.path.name: (row.id, row.rating, row.pick) for row in query.photo_rows(catalog, ids, MODEL)}


def test_a_known_raw_that_moves_beside_its_marked_jpeg_goes_on_as_it(catalog: Catalog, tmp_path: Path) -> None:
    jpeg = tmp_path / "jpg" / "1.jpg"
    raw, marked = register(catalog, on_disk(tmp_path / "raw" / "1.cr2", "raw"), on_disk(jpeg, "jpeg"))
    store(catalog, [scored(raw, "raw", exif=SHOT), scored(marked, "jpeg", exif=SHOT)])
    decide(catalog, marked, rating=5, pick="pick")
    (tmp_path / "raw" / "1.cr2").unlink()
    assert register(catalog, beside(jpeg.with_suffix(".cr2"), "raw", jpeg)) == (marked,)
    assert shown(catalog, missing=True) == {"1.cr2": (marked, 5, "pick")}
    assert query.unjudged(catalog, [marked], MODEL) == []
    change = catalog.writer.undo("test").result(10)
    assert change is not None
    assert shown(catalog) == {"1.cr2": (marked, None, None)}
    assert catalog.check() == ()


def test_a_marked_jpeg_that_moves_beside_its_known_raw_brings_its_marks(catalog: Catalog, tmp_path: Path) -> None:
    old, new = tmp_path / "jpg" / "1.jpg", tmp_path / "raw" / "1.jpg"
    _, marked = register(catalog, on_disk(new.with_suffix(".cr2"), "raw"), on_disk(old, "jpeg"))
    decide(catalog, marked, rating=5)
    assert marked_sizes(catalog, [len("jpeg"), 99]) == {len("jpeg")}
    old.rename(new)
    assert register(catalog, beside(new.with_suffix(".cr2"), "raw", new, contents=("jpeg",))) == (marked,)
    assert shown(catalog, missing=True) == {"1.cr2": (marked, 5, None)}


def test_a_copy_of_a_marked_jpeg_beside_a_raw_leaves_the_marks_where_they_are(catalog: Catalog, tmp_path: Path) -> None:
    new = tmp_path / "raw" / "1.jpg"
    raw, marked = register(
        catalog, on_disk(new.with_suffix(".cr2"), "raw"), on_disk(tmp_path / "jpg" / "1.jpg", "jpeg")
    )
    decide(catalog, marked, rating=5)
    assert register(catalog, beside(new.with_suffix(".cr2"), "raw", new, contents=("jpeg",))) == (raw,)
    assert shown(catalog) == {"1.cr2": (raw, None, None), "1.jpg": (marked, 5, None)}


def test_where_both_are_marked_the_frame_keeps_its_own_marks_and_takes_the_rest(
    catalog: Catalog, tmp_path: Path
) -> None:
    jpeg = tmp_path / "1.jpg"
    raw, marked = register(catalog, on_disk(tmp_path / "raw" / "1.cr2", "raw"), on_disk(jpeg, "jpeg"))
    decide(catalog, raw, rating=2)
    decide(catalog, marked, rating=5, pick="pick")
    (tmp_path / "raw" / "1.cr2").unlink()
    frame = beside(tmp_path / "1.cr2", "raw", jpeg)
    assert register(catalog, frame) == (raw,)
    assert shown(catalog) == {"1.cr2": (raw, 2, "pick")}
    assert shown(catalog, missing=True)["1.jpg"] == (marked, 5, "pick"), "kept, out of sight"
    decide(catalog, raw, pick=None)
    register(catalog, replace(frame, photo=replace(frame.photo, sidecars=(tmp_path / "1.xmp",))))
    assert shown(catalog) == {"1.cr2": (raw, 2, None)}, "what was decided since is not taken over again"


@pytest.mark.parametrize("hours", [0, 3])
def test_a_jpeg_of_another_frame_that_only_has_the_raws_name_gives_it_no_marks(
    catalog: Catalog, tmp_path: Path, hours: int
) -> None:
    jpeg = tmp_path / "1.jpg"
    raw, marked = register(catalog, on_disk(tmp_path / "raw" / "1.cr2", "raw"), on_disk(jpeg, "jpeg"))
    other = replace(SHOT, taken=datetime(2026, 5, 1, 10, 20, 30) + timedelta(hours=hours), iso=100 + hours)
    store(catalog, [scored(raw, "raw", exif=other), scored(marked, "jpeg", exif=SHOT)])
    decide(catalog, marked, pick="reject")
    (tmp_path / "raw" / "1.cr2").unlink()
    (now,) = register(catalog, beside(tmp_path / "1.cr2", "raw", jpeg))
    assert shown(catalog)["1.cr2"] == (now, None, None if hours else "reject")
