"""Marks go with what is in a file when files are deleted, renamed, copied and their names used again."""

import os
import random
import shutil
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from photocull.catalog.database import Catalog
from photocull.catalog.moves import KnownPlace, plan
from photocull.catalog.query import doubtful, photo_ids, photo_rows, twins
from photocull.catalog.records import Filter, FoundPhoto, Sort
from photocull.core.types import Decision, Exif
from photocull.core.work import PhotosChanged
from tests.catalog.building import MODEL, found, on_disk, register, scored, store

TAKEN = datetime(2026, 5, 1, 10, 20, 30)


def scan(catalog: Catalog, folder: Path, facts: dict[str, Exif] | None = None) -> dict[str, int]:
    """What a run does with a folder: ids by relative path; ``facts`` by content."""
    known = facts or {}
    files = [on_disk_already(path) for path in sorted(folder.rglob("*.jpg"))]
    asked = doubtful(catalog, files)
    files = [replace(f, exif=known.get(f.fingerprint, Exif())) if f.photo.path in asked else f for f in files]
    ids = register(catalog, *files)
    results = [scored(i, f.fingerprint, exif=known.get(f.fingerprint, Exif())) for i, f in zip(ids, files, strict=True)]
    store(catalog, results)
    catalog.writer.seen([folder], ids).result(10)
    return {f.photo.path.relative_to(folder).as_posix(): i for f, i in zip(files, ids, strict=True)}


def on_disk_already(path: Path) -> FoundPhoto:
    status = path.stat()
    return found(path, path.read_text(), size=status.st_size, mtime_ns=status.st_mtime_ns)


def write(folder: Path, **contents: str) -> None:
    for name, content in contents.items():
        on_disk(folder / f"{name.replace('__', '/')}.jpg", content)


def mark(catalog: Catalog, photo: int, value: int | str) -> None:
    decision = Decision(photo, "rating", value) if isinstance(value, int) else Decision(photo, "pick", "reject")
    catalog.writer.decide([decision], initiator="test").result(10)


def shown(catalog: Catalog, folder: Path) -> dict[str, object]:
    ids = photo_ids(catalog, Filter(folders=frozenset({folder})), Sort("name", False), MODEL)
    rows = photo_rows(catalog, ids, MODEL)
    return {row.path.relative_to(folder).as_posix(): row.pick or row.rating for row in rows}


@pytest.mark.parametrize("stars", [None, 5])
@pytest.mark.parametrize("seen_between", [True, False])
def test_the_reject_of_a_deleted_copy_stays_off_the_copy_that_was_kept_and_renamed(
    catalog: Catalog, tmp_path: Path, stars: int | None, seen_between: bool
) -> None:
    write(tmp_path, dups__a="content", keep__a="content")
    ids = scan(catalog, tmp_path)
    mark(catalog, ids["dups/a.jpg"], "reject")
    if stars is not None:
        mark(catalog, ids["keep/a.jpg"], stars)
    (tmp_path / "dups" / "a.jpg").unlink()
    if seen_between:
        scan(catalog, tmp_path)
    (tmp_path / "keep").rename(tmp_path / "album")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path) == {"album/a.jpg": stars}


def test_the_reject_of_a_deleted_copy_stays_off_what_is_copied_from_the_one_that_was_kept(
    catalog: Catalog, tmp_path: Path
) -> None:
    write(tmp_path, dups__a="content", keep__a="content")
    mark(catalog, scan(catalog, tmp_path)["dups/a.jpg"], "reject")
    (tmp_path / "dups" / "a.jpg").unlink()
    scan(catalog, tmp_path)
    write(tmp_path, web__a="content")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path) == {"keep/a.jpg": None, "web/a.jpg": None}


def test_copies_whose_parent_is_renamed_each_keep_their_own_marks(catalog: Catalog, tmp_path: Path) -> None:
    folder = tmp_path / "shoot"
    write(folder, b__a="content", a__a="content", c__x="content")
    ids = register(catalog, *(on_disk_already(folder / name) for name in ("b/a.jpg", "a/a.jpg", "c/x.jpg")))
    mark(catalog, ids[0], "reject")
    mark(catalog, ids[1], 5)
    mark(catalog, ids[2], 1)
    folder.rename(tmp_path / "Iceland")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path / "Iceland") == {"a/a.jpg": 5, "b/a.jpg": "reject", "c/x.jpg": 1}


def test_a_marked_photo_that_was_gone_comes_back_elsewhere_with_its_stars_though_a_copy_is_there(
    catalog: Catalog, tmp_path: Path
) -> None:
    write(tmp_path, a="content", b="content")
    mark(catalog, scan(catalog, tmp_path)["a.jpg"], 4)
    (tmp_path / "a.jpg").unlink()
    scan(catalog, tmp_path)
    write(tmp_path, back="content")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path)["back.jpg"] == 4


@pytest.mark.parametrize("seen_between", [True, False])
@pytest.mark.parametrize("timed", [True, False])
def test_closing_the_gap_of_a_deleted_reject_rejects_nothing_else(
    catalog: Catalog, tmp_path: Path, seen_between: bool, timed: bool
) -> None:
    names = ["1", "2", "3"]
    write(tmp_path, **{name: f"content {name}" for name in names})
    shots = {f"content {n}": Exif(taken=TAKEN + timedelta(seconds=5 * int(n)), iso=100) for n in names if timed}
    mark(catalog, scan(catalog, tmp_path, shots)["1.jpg"], "reject")
    (tmp_path / "1.jpg").unlink()
    if seen_between:
        scan(catalog, tmp_path, shots)
    (tmp_path / "2.jpg").rename(tmp_path / "1.jpg")
    (tmp_path / "3.jpg").rename(tmp_path / "2.jpg")
    scan(catalog, tmp_path, shots)
    assert shown(catalog, tmp_path) == {"1.jpg": None, "2.jpg": None}
    write(tmp_path, back="content 1")
    scan(catalog, tmp_path, shots)
    assert shown(catalog, tmp_path)["back.jpg"] == "reject", "its own mark is not lost"


def test_the_last_photo_that_takes_a_deleted_ones_name_is_told_by_its_time(catalog: Catalog, tmp_path: Path) -> None:
    write(tmp_path, **{"1": "content 1", "2": "content 2"})
    shots = {f"content {n}": Exif(taken=TAKEN + timedelta(seconds=n), iso=100) for n in (1, 2)}
    mark(catalog, scan(catalog, tmp_path, shots)["1.jpg"], "reject")
    (tmp_path / "2.jpg").replace(tmp_path / "1.jpg")
    scan(catalog, tmp_path, shots)
    assert shown(catalog, tmp_path) == {"1.jpg": None}


def test_a_name_that_is_used_again_in_an_inbox_has_no_marks_and_the_photo_that_left_keeps_its_own(
    catalog: Catalog, tmp_path: Path
) -> None:
    inbox, archive = tmp_path / "inbox", tmp_path / "archive"
    write(inbox, scan0001="a portrait")
    mark(catalog, scan(catalog, inbox)["scan0001.jpg"], 5)
    archive.mkdir()
    (inbox / "scan0001.jpg").rename(archive / "portrait.jpg")
    scan(catalog, inbox)
    write(inbox, scan0001="a landscape")
    scan(catalog, inbox)
    scan(catalog, archive)
    assert (shown(catalog, inbox), shown(catalog, archive)) == ({"scan0001.jpg": None}, {"portrait.jpg": 5})


def test_a_photo_that_was_edited_elsewhere_and_came_back_keeps_its_marks(catalog: Catalog, tmp_path: Path) -> None:
    shot = Exif(taken=TAKEN, iso=100)
    write(tmp_path, a="before")
    mark(catalog, scan(catalog, tmp_path, {"before": shot})["a.jpg"], 5)
    (tmp_path / "a.jpg").unlink()
    scan(catalog, tmp_path)
    write(tmp_path, a="after")
    scan(catalog, tmp_path, {"before": shot, "after": replace(shot, iso=None)})
    assert shown(catalog, tmp_path) == {"a.jpg": 5}


def test_frames_of_one_size_and_time_are_told_by_their_content_when_one_takes_anothers_name(
    catalog: Catalog, tmp_path: Path
) -> None:
    write(tmp_path, **{"1": "content 1", "2": "content 2", "3": "content of another size"})
    for path in tmp_path.iterdir():
        os.utime(path, ns=(10**18, 10**18))
    mark(catalog, scan(catalog, tmp_path)["1.jpg"], "reject")
    [same] = twins(catalog, [tmp_path]).values()
    assert same == {tmp_path / "1.jpg", tmp_path / "2.jpg"}
    (tmp_path / "2.jpg").replace(tmp_path / "1.jpg")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path) == {"1.jpg": None, "3.jpg": None}


def test_marks_go_with_the_content_through_whatever_is_done_to_the_files(catalog: Catalog, tmp_path: Path) -> None:
    chance = random.Random(3)
    names = [f"{folder}/{n}.jpg" for folder in ("a", "b") for n in range(4)]
    book: dict[str, int | str | None] = {}
    away: list[str] = []
    for step in range(120):
        there = sorted(p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*.jpg"))
        free = [name for name in names if name not in there]
        match chance.choice(["new", "new", "mark", "mark", "delete", "rename", "restore"]):
            case "new" if free:
                book[f"content {step}"] = None
                on_disk(tmp_path / chance.choice(free), f"content {step}")
            case "mark" if there:
                name = chance.choice(there)
                value = chance.choice([1, 2, 3, 4, 5, None])
                content = (tmp_path / name).read_text()
                mark(catalog, scan(catalog, tmp_path)[name], value or "reject")
                book[content] = "reject" if value is None or book[content] == "reject" else value
            case "delete" if there:
                away.append((tmp_path / (name := chance.choice(there))).read_text())
                (tmp_path / name).unlink()
            case "rename" if there and free:
                target = tmp_path / chance.choice(free)
                target.parent.mkdir(exist_ok=True)
                (tmp_path / chance.choice(there)).rename(target)
            case "restore" if away and free:
                on_disk(tmp_path / chance.choice(free), away.pop(chance.randrange(len(away))))
            case _:
                continue
        scan(catalog, tmp_path)
        contents = {p.relative_to(tmp_path).as_posix(): p.read_text() for p in tmp_path.rglob("*.jpg")}
        assert shown(catalog, tmp_path) == {name: book[content] for name, content in contents.items()}, step
    assert catalog.check() == ()


def test_as_many_copies_as_a_folder_holds_are_matched_in_good_time() -> None:
    like = [KnownPlace(n, Path(f"/old/{n // 100}/{n}.jpg"), "same", decided=False) for n in range(3000)]
    now = {Path(f"/new/{n // 100}/{n}.jpg"): n for n in reversed(range(3000))}
    assert plan({path: found(path, "same") for path in now}, {}, like, lambda _: True).ids == now


def test_a_copied_folder_has_no_marks_and_takes_none(catalog: Catalog, tmp_path: Path) -> None:
    write(tmp_path, a__1="one", a__2="two")
    mark(catalog, scan(catalog, tmp_path)["a/1.jpg"], 5)
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    scan(catalog, tmp_path)
    assert shown(catalog, tmp_path) == {"a/1.jpg": 5, "a/2.jpg": None, "b/1.jpg": None, "b/2.jpg": None}


def test_copies_have_the_stars_of_a_card_that_was_emptied_after_they_were_made(
    catalog: Catalog, tmp_path: Path
) -> None:
    card, disk = tmp_path / "card", tmp_path / "disk"
    write(card, **{"1": "one", "2": "two", "3": "three"})
    ids = scan(catalog, card)
    mark(catalog, ids["1.jpg"], 5)
    mark(catalog, ids["2.jpg"], "reject")
    shutil.copytree(card, disk)
    shutil.copy(disk / "1.jpg", disk / "decided.jpg")
    copies = scan(catalog, disk)
    assert shown(catalog, disk) == dict.fromkeys(copies), "a copy is a photo of its own"
    mark(catalog, copies["decided.jpg"], 1)
    catalog.writer.undo("test").result(10)
    shutil.rmtree(card)
    card.mkdir()
    events: list[PhotosChanged] = []
    catalog.writer.add_listener(events.append)  # type: ignore[arg-type]
    assert set(catalog.writer.seen([card], []).result(10)) == set(ids.values())
    assert set(events[-1].ids) == {*ids.values(), copies["1.jpg"]}
    assert shown(catalog, disk) == {"1.jpg": 5, "2.jpg": None, "3.jpg": None, "decided.jpg": None}
    assert catalog.writer.undo("test").result(10).ids == (ids["2.jpg"],), "nobody decided that, so nobody undoes it"


def test_nothing_is_passed_on_while_a_marked_copy_is_in_sight_or_the_file_is_there(
    catalog: Catalog, tmp_path: Path
) -> None:
    write(tmp_path, a="same", b="same", c="same", x="other", y="other")
    ids = scan(catalog, tmp_path)
    mark(catalog, ids["a.jpg"], 5)
    mark(catalog, ids["b.jpg"], 4)
    mark(catalog, ids["x.jpg"], 3)
    (tmp_path / "a.jpg").unlink()
    catalog.writer.mark_missing([tmp_path / "a.jpg", tmp_path / "x.jpg"]).result(10)
    assert shown(catalog, tmp_path) == {"b.jpg": 4, "c.jpg": None, "y.jpg": None}
