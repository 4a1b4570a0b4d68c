"""Broken files show what is left of them, or say in one sentence what is wrong."""

import io
import os
import shutil
import warnings
from pathlib import Path

import pytest
from PIL import Image

from photocull.photo.source import CUT_OFF
from tests.building import draw, make_photo
from tests.photo.reading import difference, large, opened, reason, save


def test_files_that_are_no_photos_say_what_they_are(tmp_path: Path) -> None:
    cases = {
        "empty.jpg": (b"", "empty"),
        "page.jpg": (b"\n<!DOCTYPE html><html>not found</html>", "web page"),
        "zeros.jpg": (bytes(5000), "zeros"),
        "zeros.nef": (bytes(100_000), "zeros"),
        "video.jpg": (b"\x00\x00\x00\x18ftypisom" + bytes(100), "video"),
        "text.png": (b"hello, I am no picture", "not a picture"),
        "zeros.jxl": (b"\xff\x0a" + bytes(100), "damaged"),
        "short.cr2": (b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(100), "cut off"),
    }
    for name, (content, words) in cases.items():
        (tmp_path / name).write_bytes(content)
        assert words in reason(tmp_path / name), name


def test_a_vanished_file_and_a_folder_say_so(tmp_path: Path) -> None:
    assert "no longer there" in reason(tmp_path / "gone.jpg")
    (tmp_path / "x.jpg").mkdir()
    assert "folder" in reason(tmp_path / "x.jpg")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert "pipe" in reason(tmp_path / "pipe.jpg")


def test_no_permission_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_photo(tmp_path / "a.jpg")

    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("photocull.photo.source.os.open", refuse)
    assert "permission" in reason(path).lower()


def test_a_wrong_suffix_is_seen_through(tmp_path: Path) -> None:
    original = make_photo(tmp_path / "a.png")
    for name in ("b.jpg", "c.heic", "d.nef", "e"):
        shutil.copy(original, tmp_path / name)
        assert opened(tmp_path / name).width == 640


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".gif"])
def test_half_a_file_shows_its_half_with_a_note(tmp_path: Path, suffix: str) -> None:
    whole = (
        make_photo(tmp_path / f"a{suffix}", subject="street")
        if suffix != ".gif"
        else save(tmp_path / "a.gif", Image.fromarray(draw(subject="street")), interlace=False)
    )
    path = tmp_path / f"b{suffix}"
    content = whole.read_bytes()
    # A TIFF of Pillow has its directory first.
    path.write_bytes(content[: len(content) // 2])
    result = opened(path)
    assert result.notes == (CUT_OFF,)
    assert (result.width, result.height) == (640, 480)
    assert difference(result.preview[:120], opened(whole).preview[:120]) < 2


def test_a_large_cut_jpeg_is_shown_through_the_scaled_way_too(tmp_path: Path) -> None:
    whole = save(tmp_path / "a.jpg", large(3000, 2000))
    path = tmp_path / "b.jpg"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
    assert opened(path).notes == (CUT_OFF,)


def test_a_jpeg_whose_end_was_never_written_is_cut_off(tmp_path: Path) -> None:
    content = make_photo(tmp_path / "a.jpg", subject="street").read_bytes()
    path = tmp_path / "b.jpg"
    half = len(content) // 2
    path.write_bytes(content[:half] + bytes(len(content) - half))
    assert opened(path).notes == (CUT_OFF,)


def test_padding_behind_the_end_of_a_jpeg_is_no_fault(tmp_path: Path) -> None:
    path = make_photo(tmp_path / "a.jpg")
    path.write_bytes(path.read_bytes() + bytes(4096))
    assert opened(path).notes == ()


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
def test_a_header_alone_is_no_photo(tmp_path: Path, suffix: str) -> None:
    whole = make_photo(tmp_path / f"a{suffix}")
    path = tmp_path / f"b{suffix}"
    path.write_bytes(whole.read_bytes()[:500])
    assert reason(path).endswith(".")


def test_more_than_250_megapixels_are_refused_before_memory_is_taken(tmp_path: Path) -> None:
    def size_at(content: bytes, places: dict[int, bytes]) -> bytes:
        changed = bytearray(content)
        for place, value in places.items():
            changed[place : place + len(value)] = value
        return bytes(changed)

    jpeg = make_photo(tmp_path / "a.jpg").read_bytes()
    frame = jpeg.rfind(b"\xff\xc0")
    (tmp_path / "big.jpg").write_bytes(size_at(jpeg, {frame + 5: b"\xff\xdc\xff\xdc"}))
    webp = io.BytesIO()
    Image.new("RGBA", (64, 64), (1, 2, 3, 4)).save(webp, "WEBP", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00")
    (tmp_path / "big.webp").write_bytes(size_at(webp.getvalue(), {24: b"\xff\x3f\x00\xff\x3f\x00"}))
    Image.new("1", (20_000, 15_000)).save(tmp_path / "big.png")
    Image.new("1", (20_000, 15_000)).save(tmp_path / "big.tif", compression="group4")
    for name in ("big.jpg", "big.webp", "big.png", "big.tif"):
        assert "megapixels" in reason(tmp_path / name), name


def test_more_than_a_hundred_megapixels_open_without_a_warning(tmp_path: Path) -> None:
    Image.new("L", (11_648, 8_736), 90).save(tmp_path / "a.jpg")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = opened(tmp_path / "a.jpg")
    assert (result.width, result.height) == (11_648, 8_736)
    assert result.preview[500, 500, 0] == 90


def test_a_jpeg_of_endless_scans_is_left_alone(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", Image.fromarray(draw()), progressive=True)
    content = path.read_bytes()
    scan = content.rfind(b"\xff\xda")
    path.write_bytes(content[:-2] + content[scan:-2] * 300 + b"\xff\xd9")
    assert "long" in reason(path)
