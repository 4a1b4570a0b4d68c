"""Photos that move, are renamed, renumbered or doubled keep their judgement and marks, and are judged once."""

import os
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from photocull.catalog.query import photo_rows
from photocull.catalog.records import PhotoRow
from photocull.core.types import Decision, Exif
from tests.building import make_folder, make_photo
from tests.pipeline.conftest import Rig


def mark(rig: Rig, path: Path, stars: int) -> None:
    photo = next(row.id for row in rows(rig, path.parent) if row.path == path)
    decisions = [Decision(photo, "rating", stars), Decision(photo, "pick", "pick"), Decision(photo, "label", "red")]
    rig.catalog.writer.decide(decisions, initiator="test").result(10)


def rows(rig: Rig, folder: Path) -> list[PhotoRow]:
    return photo_rows(rig.catalog, rig.score(folder).ids, rig.scorer.fingerprint)


def kept(row: PhotoRow) -> tuple[object, ...]:
    return row.id, row.rating, row.pick, row.label, row.overall


def test_a_shoot_that_is_moved_and_renamed_keeps_everything_and_is_not_judged_again(rig: Rig, tmp_path: Path) -> None:
    old, new = tmp_path / "card" / "DCIM", tmp_path / "archive" / "2026" / "Iceland"
    paths = make_folder(old, 5)
    for number, path in enumerate(paths):
        mark(rig, path, 1 + number)
    before = {row.path.name: kept(row) for row in rows(rig, old)}
    judged = len(rig.scorer.seen)  # type: ignore[attr-defined]  # the pixel scorer counts
    new.mkdir(parents=True)
    for path in paths:
        path.rename(new / f"Iceland-{path.name}")
    after = {row.path.name.removeprefix("Iceland-"): kept(row) for row in rows(rig, new)}
    assert after == before
    assert len(rig.scorer.seen) == judged  # type: ignore[attr-defined]
    assert rig.catalog.check() == ()


@pytest.mark.parametrize("step", [1, -1])
def test_a_shoot_that_is_renumbered_keeps_everything(rig: Rig, tmp_path: Path, step: int) -> None:
    """Each file takes its neighbour's name, as after one photo was taken out of the sequence."""
    folder = tmp_path / "shoot"
    paths = [make_photo(folder / f"IMG_{n:04}.jpg", seed=n) for n in range(10, 16)]
    for number, path in enumerate(paths):
        mark(rig, path, number % 6)
    before = {row.path.name: kept(row) for row in rows(rig, folder)}
    for path in paths[::-step]:
        path.rename(folder / f"IMG_{int(path.stem[4:]) + step:04}.jpg")
    after = {f"IMG_{int(row.path.stem[4:]) - step:04}.jpg": kept(row) for row in rows(rig, folder)}
    assert after == before


def test_copies_share_the_judgement_and_not_the_marks(rig: Rig, tmp_path: Path) -> None:
    one = make_photo(tmp_path / "photos" / "a.jpg", seed=3)
    two = one.with_name("b.jpg")
    shutil.copy(one, two)
    first, second = rows(rig, tmp_path / "photos")
    assert first.overall == second.overall is not None
    assert rig.scorer.seen in (["a.jpg"], ["b.jpg"])  # type: ignore[attr-defined]
    mark(rig, one, 5)
    shutil.copy(one, tmp_path / "photos" / "c.jpg")
    found = rows(rig, tmp_path / "photos")
    assert [row.rating for row in found] == [5, None, None]
    assert len({row.overall for row in found}) == 1
    assert len(rig.scorer.seen) == 1  # type: ignore[attr-defined]
    one.unlink()
    assert [row.overall for row in rows(rig, tmp_path / "photos")] == [second.overall] * 2


def test_another_card_at_the_same_place_neither_takes_the_marks_nor_loses_them(rig: Rig, tmp_path: Path) -> None:
    """The camera counts anew on each card: same folder, same names, other photos, as real files tell."""
    place, start = tmp_path / "EOS_DIGITAL", datetime(2026, 5, 1, 9)
    cards = [tmp_path / name for name in ("first", "second")]
    for number, card in enumerate(cards):
        facts = Exif(camera="Canon EOS R5", iso=100 * (number + 1), exposure_time=1 / 250)
        make_folder(card / "DCIM", 3, seed=number * 10, exif=facts, start=start + timedelta(days=number))
    folder = place / "DCIM"

    def plug_in(card: Path) -> dict[str, int | None]:
        card.rename(place)
        told = {row.path.name: row.rating for row in rows(rig, folder)}
        place.rename(card)
        return told

    cards[0].rename(place)
    for stars, path in enumerate(sorted(folder.iterdir()), 3):
        mark(rig, path, stars)
    place.rename(cards[0])
    marked = {"IMG_0001.jpg": 3, "IMG_0002.jpg": 4, "IMG_0003.jpg": 5}
    assert plug_in(cards[1]) == dict.fromkeys(marked)
    assert plug_in(cards[0]) == marked
    judged = len(rig.scorer.seen)  # type: ignore[attr-defined]
    assert plug_in(cards[1]) == dict.fromkeys(marked)
    assert len(rig.scorer.seen) - judged <= 3, "what was pushed aside without a mark is judged again at most"  # type: ignore[attr-defined]
    assert rig.catalog.check() == ()


def test_frames_of_one_size_and_second_are_looked_at_again_when_one_of_them_is_gone(rig: Rig, tmp_path: Path) -> None:
    paths = make_folder(tmp_path / "burst", 3)
    size = max(path.stat().st_size for path in paths)
    for path in paths:
        path.write_bytes(path.read_bytes().ljust(size, b"\0"))
        os.utime(path, (1.7e9, 1.7e9))
    mark(rig, paths[0], 5)
    before = {row.path.name: kept(row) for row in rows(rig, tmp_path / "burst")}
    paths[0].unlink()
    paths[1].rename(paths[0])
    after = {row.path.name: kept(row) for row in rows(rig, tmp_path / "burst")}
    assert after == {paths[0].name: before[paths[1].name], paths[2].name: before[paths[2].name]}


@pytest.mark.parametrize("moved", ["raw", "jpg"])
def test_raws_and_jpegs_that_are_brought_together_keep_what_was_decided_on_the_jpegs(
    rig: Rig, tmp_path: Path, shared: Path, moved: str
) -> None:
    """Two cards of one camera, the JPEGs culled first."""
    jpeg = make_photo(tmp_path / "jpg" / "IMG_1.jpg", seed=1)
    (tmp_path / "raw").mkdir()
    real = shared / "data" / "photos" / "raw" / "exiv2__IMG_1361.dng"
    raw = Path(shutil.copy(real, tmp_path / "raw" / "IMG_1.dng"))
    rows(rig, tmp_path)
    mark(rig, jpeg, 5)
    if moved == "raw":
        raw.rename(jpeg.with_name(raw.name))
    else:
        jpeg.rename(raw.with_name(jpeg.name))
    [row] = rows(rig, tmp_path)
    assert (row.path.suffix, row.rating, row.pick, row.label) == (".dng", 5, "pick", "red")
    assert rig.catalog.check() == ()
