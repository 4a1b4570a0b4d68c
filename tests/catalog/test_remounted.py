"""A drive that comes back at another place brings its photos along; what is no such drive brings nothing."""

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import select

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Filter, FoundPhoto, Sort
from photocull.catalog.remounted import _Way
from photocull.catalog.schema import drives
from photocull.core.types import Decision
from photocull.photo import looking, mounts
from tests.catalog.building import MODEL, found, on_disk, register
from tests.unplugging import Drives

pytestmark = pytest.mark.skipif("os.name == 'nt'", reason="drives are letters there")


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Drives:
    return Drives(tmp_path / "media", monkeypatch)


@pytest.fixture
def disk(catalog: Catalog, system: Drives) -> Path:
    """A drive with two photos that are known, one of them with four stars."""
    place = system.plug_in("DISK", "A")
    for name in ("trip/a.jpg", "b.jpg"):
        on_disk(place / name, name)
    one, _ = look_at(catalog, place)
    catalog.writer.decide([Decision(one, "rating", 4)], initiator="test").result(10)
    return place


def look_at(catalog: Catalog, folder: Path) -> tuple[int, ...]:
    """What a run does: follow drives, register what is there, hide what is gone; ids by path, deep ones last."""
    files = sorted(folder.rglob("*.jpg"), key=lambda path: (-len(path.parts), path))
    follow(catalog, {path.parent for path in files})
    ids = register(catalog, *(on_disk(path, path.read_text()) for path in files)) if files else ()
    catalog.writer.seen([folder], ids).result(10)
    return ids


def follow(catalog: Catalog, folders: Iterable[Path]) -> tuple[int, ...]:
    return catalog.writer.follow(query.remounted(catalog, list(folders))).result(10)


def known(catalog: Catalog) -> dict[int, Path]:
    ids = query.photo_ids(catalog, Filter(), Sort("name", descending=False), MODEL)
    return {row.id: row.path for row in query.photo_rows(catalog, ids, MODEL)}


def stars(catalog: Catalog, *ids: int) -> list[int | None]:
    return [row.rating for row in query.photo_rows(catalog, ids, MODEL)]


def test_photos_go_with_their_drive_to_its_new_place_and_back(catalog: Catalog, system: Drives, disk: Path) -> None:
    ids = set(known(catalog))
    (rated,) = (i for i, path in known(catalog).items() if path.name == "a.jpg")
    there = system.move(disk, "DISK1")
    look_at(catalog, there)
    assert set(known(catalog)) == ids
    assert known(catalog)[rated] == there / "trip" / "a.jpg"
    assert query.away(catalog).places == {}
    assert stars(catalog, rated) == [4]
    catalog.writer.decide([Decision(rated, "rating", 5)], initiator="test").result(10)
    look_at(catalog, system.move(there, "DISK"))
    assert set(known(catalog)) == ids
    assert known(catalog)[rated] == disk / "trip" / "a.jpg"
    assert stars(catalog, rated) == [5]
    assert catalog.check() == ()


def test_one_folder_of_it_that_is_looked_at_brings_all_of_the_drive_along(
    catalog: Catalog, system: Drives, disk: Path
) -> None:
    before = set(known(catalog))
    there = system.move(disk, "DISK1")
    on_disk(there / "new" / "c.jpg", "c")
    (new,) = look_at(catalog, there / "new")
    assert set(known(catalog).values()) == {there / "trip" / "a.jpg", there / "b.jpg", there / "new" / "c.jpg"}
    assert set(known(catalog)) == before | {new}


def test_partners_and_sidecars_go_along_and_the_listeners_hear_of_it(catalog: Catalog, system: Drives) -> None:
    place = system.plug_in("DISK", "A")
    raw = on_disk(place / "a.nef", "raw").photo
    sidecar = Path("/elsewhere/a.xmp")
    whole = found(raw.path, "raw", size=raw.size, partners=(place / "a.jpg",), sidecars=(place / "a.xmp", sidecar))
    (photo,) = register(catalog, whole)
    catalog.writer.seen([place], [photo]).result(10)
    there = system.move(place, "DISK1")
    heard: list[tuple[int, ...]] = []
    catalog.writer.add_listener(lambda event: heard.append(event.ids))
    assert follow(catalog, [there]) == (photo,)
    ((_, now),) = query.found(catalog, [photo])
    assert now.photo.path == there / "a.nef"
    assert (now.photo.partners, now.photo.sidecars) == ((there / "a.jpg",), (there / "a.xmp", sidecar))
    assert heard == [(photo,)]
    assert query.photo_ids(catalog, Filter(folders=frozenset({there})), Sort(), MODEL) == [photo]


@pytest.mark.parametrize("identity", ["B", ""], ids=["another drive", "an unknown one"])
def test_another_drive_or_one_that_nobody_can_tell_brings_nothing(
    catalog: Catalog, system: Drives, disk: Path, identity: str
) -> None:
    there = system.move(disk, "DISK1")
    system.mounted[there] = identity
    assert follow(catalog, [there, there / "trip"]) == ()
    assert set(known(catalog).values()) == {disk / "trip" / "a.jpg", disk / "b.jpg"}


def test_two_unknown_drives_are_not_the_same_one(catalog: Catalog, system: Drives) -> None:
    place = system.plug_in("DISK", "")
    on_disk(place / "a.jpg", "a")
    look_at(catalog, place)
    assert follow(catalog, [system.move(place, "DISK1")]) == ()


def test_a_drive_that_is_there_at_both_places_stays_where_it_is_known(
    catalog: Catalog, system: Drives, disk: Path
) -> None:
    both = system.plug_in("DISK1", "A")
    for path in (disk / "trip" / "a.jpg", disk / "b.jpg"):
        on_disk(both / path.relative_to(disk), path.read_text())
    assert follow(catalog, [both, both / "trip"]) == ()


@pytest.mark.parametrize("content", [None, "of another size"])
def test_a_card_with_the_identity_of_another_but_none_of_its_photos_brings_nothing(
    catalog: Catalog, system: Drives, disk: Path, content: str | None
) -> None:
    system.unplug(disk)
    twin = system.plug_in("DISK1", "A")
    on_disk(twin / "c.jpg", "c")
    if content is not None:
        on_disk(twin / "b.jpg", content)
    assert follow(catalog, [twin]) == ()
    assert disk / "b.jpg" in known(catalog).values()


def test_where_a_photo_is_known_at_the_new_place_already_both_stay(
    catalog: Catalog, system: Drives, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So a catalogue of an older program may have it, with what was decided at each place."""
    before = known(catalog)
    there = system.move(disk, "DISK1")
    (twin,) = register(catalog, on_disk(there / "b.jpg", "b.jpg"))
    look_at(catalog, there)
    now = known(catalog)
    assert now.pop(twin) == there / "b.jpg"
    assert set(now) == set(before)
    assert set(now.values()) == {there / "trip" / "a.jpg", disk / "b.jpg"}
    assert query.away(catalog).word(disk / "b.jpg") == f"On a drive that is not connected: {disk}"
    assert query.away(catalog).word(there / "b.jpg") == ""
    assert catalog.check() == ()


def test_photos_on_another_drive_that_was_mounted_below_stay(catalog: Catalog, system: Drives, disk: Path) -> None:
    inner = system.plug_in("DISK/inner", "I")
    on_disk(inner / "c.jpg", "c")
    look_at(catalog, disk)
    system.unplug(inner)
    there = system.move(disk, "DISK1")
    look_at(catalog, there)
    assert set(known(catalog).values()) == {there / "trip" / "a.jpg", there / "b.jpg", inner / "c.jpg"}
    assert query.away(catalog).places == {inner: inner}


def test_names_of_any_bytes_go_along(catalog: Catalog, system: Drives) -> None:
    place = system.plug_in("D\x1b\udce9K_%", "A")
    other = system.plug_in("D\x1b\udce9K_%2", "B")
    names = [os.fsdecode(b"caf\xe9.jpg"), "a'b%.jpg"]
    for folder in (place, other):
        for name in names:
            on_disk(folder / "x" / name, f"{folder.name} {name}".encode("utf-8", "replace").decode())
        look_at(catalog, folder)
    there = system.move(place, "E\udcff")
    assert len(follow(catalog, [there / "x"])) == 2
    assert set(known(catalog).values()) == {folder / "x" / name for folder in (there, other) for name in names}


def test_a_letter_gives_way_to_another_as_a_folder_does(monkeypatch: pytest.MonkeyPatch) -> None:
    paths = ("E:\\", "E:\\trip\\a.jpg", "E:\\E:\\a.jpg", "D:\\E:\\a.jpg")
    with monkeypatch.context() as windows:
        windows.setattr(os, "sep", "\\")
        gone = [_Way("E:\\", "F:\\").of(path) for path in paths]
    assert gone == ["F:\\", "F:\\trip\\a.jpg", "F:\\E:\\a.jpg", "D:\\E:\\a.jpg"]


def test_nothing_is_asked_of_any_drive_where_none_is_away(
    catalog: Catalog, system: Drives, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asked(*_: object, **__: object) -> None:
        raise AssertionError("a drive was asked")

    with catalog.reading() as connection:
        assert set(connection.scalars(select(drives.c.identity))) == {"A"}
    monkeypatch.setattr(mounts, "identity", asked)
    monkeypatch.setattr("photocull.catalog.remounted.place_of", asked)
    monkeypatch.setattr("photocull.catalog.remounted.look", asked)
    assert query.remounted(catalog, [disk]) == {}


def test_a_drive_that_does_not_answer_is_asked_once(
    catalog: Catalog, system: Drives, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = system.move(disk, "DISK1")
    calls: list[Path] = []

    def silent(path: Path) -> looking.Seen:
        calls.append(path)
        raise TimeoutError

    monkeypatch.setattr("photocull.catalog.remounted.look", silent)
    assert query.remounted(catalog, [there]) == {}
    assert len(calls) == 1


def test_of_a_drive_with_many_photos_not_all_are_looked_for(
    catalog: Catalog, system: Drives, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = system.plug_in("DISK", "A")
    files: list[FoundPhoto] = [found(place / f"{n}.jpg", f"c{n}") for n in range(1234)]
    on_disk(place / "0.jpg", "c0")
    catalog.writer.seen([place], register(catalog, *files)).result(10)
    ids = register(catalog, *files)
    assert len(ids) == 1234
    there = system.move(place, "DISK1")
    (there / "0.jpg").unlink()
    calls: list[Path] = []
    real = looking.look

    def counted(path: Path) -> looking.Seen:
        calls.append(path)
        return real(path)

    monkeypatch.setattr("photocull.catalog.remounted.look", counted)
    assert query.remounted(catalog, [there]) == {}
    assert 50 < len(calls) <= 100
