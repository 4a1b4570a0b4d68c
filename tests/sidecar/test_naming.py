"""Which sidecars are a photo's, which of them is written, and how a new one is called."""

from pathlib import Path

import pytest

from photocull.core.types import Photo
from photocull.photo.scan import scan
from photocull.sidecar.naming import Naming, beside, readable, refreshed, writable


def folder(place: Path, *names: str) -> dict[str, Photo]:
    for name in names:
        (place / name).touch()
    return {photo.path.name: photo for photo in scan([place]).photos}


def read(photo: Photo) -> list[str]:
    return [path.name for path in readable(photo)]


def write(photo: Photo, naming: Naming = "stem") -> list[str]:
    near = beside(photo.path.parent, [path.name for path in photo.path.parent.iterdir()])
    return [path.name for path in writable(photo, near, naming)]


def test_every_naming_of_a_photo_and_its_partner_is_read_and_further_edits_are_not(tmp_path: Path) -> None:
    names = ("a.nef", "a.jpg", "a.jpg.xmp", "a.NEF.xmp", "a.xmp", "a_01.nef.xmp", "a.pp3", "a.nef.dop", "b.jpg")
    found = folder(tmp_path, *names)
    assert read(found["a.nef"]) == ["a.xmp", "a.NEF.xmp", "a.jpg.xmp"]
    assert read(found["b.jpg"]) == []


@pytest.mark.parametrize(
    ("names", "photo", "naming", "expected"),
    [
        (("a.nef",), "a.nef", "stem", ["a.xmp"]),
        (("a.nef",), "a.nef", "full", ["a.nef.xmp"]),
        (("a.nef",), "a.nef", "both", ["a.xmp", "a.nef.xmp"]),
        (("a.nef", "a.jpg"), "a.nef", "stem", ["a.xmp"]),
        (("a.jpg",), "a.jpg", "stem", ["a.jpg.xmp"]),
        (("a.heic",), "a.heic", "both", ["a.heic.xmp"]),
        (("a.nef", "a.nef.xmp"), "a.nef", "stem", ["a.nef.xmp"]),
        (("a.nef", "a.xmp"), "a.nef", "full", ["a.xmp"]),
        (("a.nef", "a.xmp", "a.nef.xmp"), "a.nef", "stem", ["a.xmp", "a.nef.xmp"]),
        (("a.nef", "a.nef.xmp"), "a.nef", "both", ["a.nef.xmp", "a.xmp"]),
        (("a.nef", "A.XMP"), "a.nef", "stem", ["A.XMP"]),
        (("a.jpg", "a.xmp"), "a.jpg", "stem", ["a.xmp"]),
        (("a.nef", "a_01.nef.xmp"), "a.nef", "stem", ["a.xmp"]),
        (("a.nef", "a.jpg", "a.jpg.xmp"), "a.nef", "stem", ["a.jpg.xmp", "a.xmp"]),
        (("a.nef", "a.dng"), "a.dng", "stem", ["a.dng.xmp"]),
        (("a.nef", "a.dng", "a.xmp"), "a.dng", "stem", ["a.dng.xmp"]),
        (("a.jpg", "a.png", "a.xmp"), "a.png", "stem", ["a.png.xmp"]),
    ],
)  # fmt: skip
def test_the_sidecar_that_is_there_is_written_else_a_new_one_by_the_rule(
    tmp_path: Path, names: tuple[str, ...], photo: str, naming: Naming, expected: list[str]
) -> None:
    assert write(folder(tmp_path, *names)[photo], naming) == expected


def test_no_two_photos_write_the_same_sidecar(tmp_path: Path) -> None:
    found = folder(tmp_path, "a.nef", "a.dng", "a.jpg", "a.png", "a.tif", "b.arw", "b.jpg", "c.jpg", "c.png", "ä.raf")
    for naming in ("stem", "full", "both"):
        names = [name for photo in found.values() for name in write(photo, naming)]
        assert len(names) == len(set(names))


def test_sidecars_that_came_and_went_since_the_scan_are_seen(tmp_path: Path) -> None:
    photo = folder(tmp_path, "a.nef", "a.jpg", "a.xmp", "ab.nef", "ab.xmp")["a.nef"]
    (tmp_path / "a.xmp").unlink()
    (tmp_path / "A.nef.XMP").touch()
    now = refreshed(photo, beside(tmp_path, [path.name for path in tmp_path.iterdir()]))
    assert ([p.name for p in now.partners], read(now)) == (["a.jpg"], ["A.nef.XMP"])
    alone = Photo(tmp_path / "a.jpg", 0, 0)
    assert refreshed(alone, beside(tmp_path, ["a.nef", "a.jpg", "a.jpg.xmp"])).sidecars == (tmp_path / "a.jpg.xmp",)
    assert refreshed(alone, beside(tmp_path, [])) == alone
