"""Whatever bytes a file holds: a picture or one `UnreadablePhotoError`, and nothing else."""

import io
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imagecodecs import jpegxl_encode
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import DecodedPhoto, Photo
from photocull.photo import jpeg
from photocull.photo.decode import decode, load_preview
from photocull.photo.formats import PHOTO_SUFFIXES, sniff
from photocull.photo.tifftree import data_end
from tests.building import draw

STARTS = [
    b"\xff\xd8\xff\xe0",
    b"\x89PNG\r\n\x1a\n",
    b"II*\x00\x08\x00\x00\x00",
    b"MM\x00*\x00\x00\x00\x08",
    b"GIF89a",
    b"RIFF\x24\x00\x00\x00WEBPVP8 ",
    b"\x00\x00\x00\x18ftypavif",
    b"\x00\x00\x00\x18ftypheic",
    b"\x00\x00\x00\x0cjP  \r\n\x87\n",
    b"\x00\x00\x00\x0cJXL \r\n\x87\n",
    b"\xff\x0a",
    b"FUJIFILMCCD-RAW",
    b"IIU\x00\x08\x00\x00\x00",
    b"",
]
RELAXED = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


def outcome(path: Path) -> DecodedPhoto | UnreadablePhotoError:
    try:
        return decode(Photo(path, 0, 0))
    except UnreadablePhotoError as error:
        return error


def survives(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    result = outcome(path)
    if isinstance(result, UnreadablePhotoError):
        assert result.path == path
        assert "\n" not in result.sentence
        with pytest.raises(UnreadablePhotoError):
            load_preview(path, 64)
    else:
        assert result.preview.shape[2] == 3
        assert max(result.preview.shape[:2]) <= 1440


@cache
def sound(kind: str) -> bytes:
    if kind == "JXL":
        return bytes(jpegxl_encode(draw((48, 32))))
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6
    progressive = {"progressive": True} if kind == "progressive" else {}
    name = "JPEG" if kind == "progressive" else kind
    Image.fromarray(draw((48, 32))).save(buffer, name, exif=exif.tobytes(), **progressive)
    return buffer.getvalue()


@given(suffix=st.sampled_from(sorted(PHOTO_SUFFIXES)), start=st.sampled_from(STARTS), rest=st.binary(max_size=400))
@RELAXED
def test_random_bytes_under_any_photo_suffix(tmp_path: Path, suffix: str, start: bytes, rest: bytes) -> None:
    survives(tmp_path / f"a{suffix}", start + rest)


@pytest.mark.parametrize("kind", ["JPEG", "progressive", "PNG", "TIFF", "GIF", "WEBP", "AVIF", "JPEG2000", "JXL"])
@given(data=st.data())
@settings(RELAXED, max_examples=40)
def test_changed_and_cut_files_of_every_format(tmp_path: Path, kind: str, data: st.DataObject) -> None:
    content = bytearray(sound(kind))
    # Headers matter most: half of the places lie in the first 200 bytes.
    places = st.one_of(st.integers(0, 199), st.integers(0, len(content) - 1))
    for place in data.draw(st.lists(places, max_size=6)):
        content[place] = data.draw(st.integers(0, 255))
    length = data.draw(st.one_of(st.just(len(content)), st.integers(0, len(content))))
    survives(tmp_path / "a.jpg", bytes(content[:length]))


@given(st.binary(max_size=300), st.integers(0, 299))
@settings(max_examples=200, deadline=None)
def test_looking_at_headers_never_raises(content: bytes, place: int) -> None:
    sniff(content, ".jpg")
    sniff(b"\x00\x00\x00\x18ftyp" + content, "")
    jpeg.frame_of(b"\xff\xd8" + content, place)
    jpeg.lost_tail(content)
    jpeg.largest_inside(content + b"\xff\xd8\xff" + content)
    data_end(b"II*\x00\x08\x00\x00\x00" + content)
    data_end(b"MM\x00*\x00\x00\x00\x08" + content)


@pytest.mark.slow
@given(data=st.data())
@settings(RELAXED, max_examples=2500)
def test_many_changed_files(tmp_path: Path, data: st.DataObject) -> None:
    kind = data.draw(st.sampled_from(["JPEG", "progressive", "PNG", "TIFF", "GIF", "WEBP", "AVIF", "JPEG2000", "JXL"]))
    content = bytearray(sound(kind))
    for place in data.draw(st.lists(st.integers(0, len(content) - 1), max_size=12)):
        content[place] = data.draw(st.integers(0, 255))
    survives(tmp_path / f"a{data.draw(st.sampled_from(['.jpg', '.nef', '.tif', '.heic']))}", bytes(content))
