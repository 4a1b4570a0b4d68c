"""Photos as JPEGs: size, orientation and colours right; metadata kept, made private, or gone."""

import io
import shutil
import subprocess
from contextlib import nullcontext
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from PIL import ExifTags, Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Exif
from photocull.photo.decode import load_full
from photocull.photo.exif import read_exif
from photocull.picks import convert as converting
from photocull.picks.convert import Recipe, jpeg_of, most_bytes
from photocull.picks.export_journal import begin
from photocull.picks.metadata import Metadata
from tests.building import draw, make_photo
from tests.photo.test_raw import dng
from tests.photo.test_raw import jpeg_of as jpeg_bytes
from tests.picks.shoot import choice, content, plan, run, take_back

SECRETS = (b"Jane Doe", b"SN-4711", b"John's phone", b"maker's note", b"secret caption", b"Doe Studio", b"jane@doe")
TAKEN = datetime(2024, 5, 1, 10, 20, 30, tzinfo=timezone(timedelta(hours=2)))


def telling(path: Path) -> Path:
    """A turned JPEG full of what its owner may not want to tell."""
    base, gps = ExifTags.Base, ExifTags.GPS
    exif = Image.Exif()
    exif[base.Make], exif[base.Model], exif[base.Artist] = "Nikon", "Nikon Z 6", "Jane Doe"
    exif[base.Copyright], exif[base.HostComputer], exif[base.Orientation] = "Doe Studio", "John's phone", 6
    exif[ExifTags.IFD.Exif] = {
        base.DateTimeOriginal: "2024:05:01 10:20:30",
        base.OffsetTimeOriginal: "+02:00",
        base.BodySerialNumber: "SN-4711",
        base.CameraOwnerName: "Jane Doe",
        base.MakerNote: b"maker's note",
        base.FNumber: 2.8,
        base.ExposureTime: 0.005,
        base.LensModel: "50mm f/1.8",
        base.UserComment: b"ASCII\0\0\0secret caption",
    }
    exif[ExifTags.IFD.GPSInfo] = {
        gps.GPSLatitudeRef: "N", gps.GPSLatitude: (48.0, 12.0, 30.0), gps.GPSLongitudeRef: "E",
        gps.GPSLongitude: (16.0, 22.0, 0.0),
    }  # fmt: skip
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a tiff:Orientation="6" dc:creator="jane@doe"/></x:xmpmeta>'
    iptc = b"\x1c\x02\x78\x00\x0esecret caption"
    block = b"8BIM\x04\x04\0\0" + len(iptc).to_bytes(4) + iptc + b"\0" * (len(iptc) % 2)
    app13 = b"\xff\xed" + (len(block) + 16).to_bytes(2) + b"Photoshop 3.0\0" + block
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(draw((640, 480))).save(path, "JPEG", exif=exif, xmp=xmp, extra=app13, quality=90)
    return path


def convert(path: Path, target: Path, **recipe: object) -> Image.Image:
    target.write_bytes(jpeg_of(path, Recipe(**recipe)))  # type: ignore[arg-type]
    return opened(target)


def opened(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def test_the_picture_is_upright_in_srgb_and_as_large_as_asked(tmp_path: Path) -> None:
    source = telling(tmp_path / "a.jpg")
    full = convert(source, tmp_path / "full.jpg")
    assert full.size == (480, 640)
    assert "icc_profile" in full.info
    assert np.abs(np.asarray(full, int) - load_full(source)).mean() < 3
    assert convert(source, tmp_path / "small.jpg", side=320).size == (240, 320)
    assert convert(source, tmp_path / "large.jpg", side=9000).size == (480, 640)
    convert(source, tmp_path / "poor.jpg", quality=40)
    assert (tmp_path / "full.jpg").stat().st_size > 2 * (tmp_path / "poor.jpg").stat().st_size


@pytest.mark.parametrize("room", [True, False])
def test_a_photo_of_nothing_but_grain_becomes_a_jpeg_too(
    tmp_path: Path, room: bool, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    grain = np.random.default_rng(1).integers(0, 256, (300, 400, 3), dtype=np.uint8)
    Image.fromarray(grain).save(tmp_path / "a.png")
    if not room:
        monkeypatch.setattr(converting, "_room_for", lambda _: nullcontext())
    picture = convert(tmp_path / "a.png", tmp_path / "b.jpg")
    assert np.abs(np.asarray(picture, int) - grain).mean() < 12
    assert (capfd.readouterr().err == "") == room, "libjpeg speaks to the terminal by itself"


def test_kept_metadata_tells_all_and_the_orientation_that_the_picture_has_now(tmp_path: Path) -> None:
    convert(telling(tmp_path / "a.jpg"), tmp_path / "b.jpg", side=200)
    data = (tmp_path / "b.jpg").read_bytes()
    assert all(secret in data for secret in SECRETS)
    assert b'tiff:Orientation="1"' in data
    before, after = read_exif(tmp_path / "a.jpg"), read_exif(tmp_path / "b.jpg")
    assert (after.taken, after.camera, after.lens, after.f_number) == (TAKEN, before.camera, "50mm f/1.8", 2.8)
    assert after.gps == before.gps
    assert after.gps is not None
    assert after.orientation in (None, 1)
    inner = opened(tmp_path / "b.jpg").getexif().get_ifd(ExifTags.IFD.Exif)
    assert (inner[ExifTags.Base.ExifImageWidth], inner[ExifTags.Base.ColorSpace]) == (150, 1)


def test_private_metadata_tells_the_exposure_and_nothing_of_people_places_or_numbers(tmp_path: Path) -> None:
    convert(telling(tmp_path / "a.jpg"), tmp_path / "b.jpg", metadata="private")
    data = (tmp_path / "b.jpg").read_bytes()
    assert not [secret for secret in SECRETS if secret in data]
    told = read_exif(tmp_path / "b.jpg")
    assert (told.taken, told.camera, told.f_number, told.exposure_time) == (TAKEN, "Nikon Z 6", 2.8, 0.005)
    assert told.gps is None
    assert not opened(tmp_path / "b.jpg").getexif().get_ifd(ExifTags.IFD.GPSInfo)


def test_stripped_metadata_is_gone(tmp_path: Path) -> None:
    picture = convert(telling(tmp_path / "a.jpg"), tmp_path / "b.jpg", metadata="strip")
    assert not picture.getexif()
    assert set(picture.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "icc_profile"}
    assert read_exif(tmp_path / "b.jpg") == Exif()


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
@pytest.mark.parametrize("metadata", ["keep", "private", "strip"])
def test_another_program_reads_it_without_complaint(tmp_path: Path, metadata: Metadata) -> None:
    convert(telling(tmp_path / "a.jpg"), tmp_path / "b.jpg", metadata=metadata)
    said = subprocess.run(
        ["exiftool", "-a", "-G1", "-s", "-validate", "-warning", "-error", tmp_path / "b.jpg"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "Error" not in said
    call = ["exiftool", "-a", "-u", "-s", tmp_path / "b.jpg"]
    everything = subprocess.run(call, capture_output=True, text=True, check=True).stdout
    for word in ("GPS", "Serial", "Owner", "Artist", "HostComputer", "Caption"):
        assert (word in everything) == (metadata == "keep"), word


@pytest.mark.parametrize("coding", ["utf-8", "latin-1"])
def test_signs_and_umlauts_in_exif_stay_the_bytes_that_they_were(tmp_path: Path, coding: str) -> None:
    base, exif = ExifTags.Base, Image.Exif()
    lens, owner = "Objektiv für Ärzte".encode(coding), "© Jürgen Groß".encode(coding)
    exif[base.Copyright] = exif[base.Artist] = owner
    exif[ExifTags.IFD.Exif] = {base.LensModel: "L" * len(lens)}
    data = io.BytesIO()
    Image.fromarray(draw((64, 48))).save(data, "JPEG", exif=exif)
    (tmp_path / "a.jpg").write_bytes(data.getvalue().replace(b"L" * len(lens), lens))
    convert(tmp_path / "a.jpg", tmp_path / "b.jpg")
    made = (tmp_path / "b.jpg").read_bytes()
    assert (made.count(owner), made.count(lens), b"J?rgen" in made) == (2, 1, False)
    assert read_exif(tmp_path / "b.jpg").lens == read_exif(tmp_path / "a.jpg").lens


@pytest.mark.parametrize("metadata", ["keep", "private"])
def test_names_of_cameras_that_are_written_anew_are_utf8(tmp_path: Path, metadata: Metadata) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Model] = "Kamera Ü".encode()
    Image.fromarray(draw((64, 48))).save(tmp_path / "a.tif", exif=exif)
    assert read_exif(tmp_path / "a.tif").camera == "Kamera Ü"
    convert(tmp_path / "a.tif", tmp_path / "b.jpg", metadata=metadata)
    assert "Kamera Ü".encode() in (tmp_path / "b.jpg").read_bytes()
    assert read_exif(tmp_path / "b.jpg").camera == "Kamera Ü"


@pytest.mark.parametrize("suffix", [".png", ".webp", ".tif", ".avif"])
def test_other_formats_keep_the_camera_s_facts(tmp_path: Path, suffix: str) -> None:
    facts = Exif(taken=TAKEN, camera="Nikon Z 6", f_number=4.0, iso=200, lens="50mm f/1.8")
    source = make_photo(tmp_path / f"a{suffix}", exif=facts)
    convert(source, tmp_path / "b.jpg")
    told = read_exif(tmp_path / "b.jpg")
    assert (told.taken, told.camera, told.f_number, told.iso, told.lens) == (TAKEN, "Nikon Z 6", 4.0, 200, "50mm f/1.8")


def test_a_raw_with_its_jpeg_becomes_one_jpeg_and_undo_takes_it_away(tmp_path: Path) -> None:
    (tmp_path / "shoot").mkdir()
    (tmp_path / "shoot" / "pair.dng").write_bytes(dng((800, 600), jpeg_bytes(800, 600)))
    make_photo(tmp_path / "shoot" / "pair.jpg")
    (tmp_path / "shoot" / "pair.xmp").write_bytes(b"<x/>")
    (tmp_path / "shoot" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 nothing")
    before = content(tmp_path / "shoot")
    made = plan(choice(tmp_path / "shoot"), tmp_path / "out", "convert")
    options = {"recipe": {"side": 100, "quality": 90, "metadata": "private"}}
    done = run(begin(made, tmp_path / "exports", options))
    assert [problem.path.name for problem in done.problems] == ["broken.jpg"]
    assert list(content(tmp_path / "out")) == ["pair.jpg"]
    assert max(opened(tmp_path / "out" / "pair.jpg").size) == 100
    assert content(tmp_path / "shoot") == before
    assert not take_back(tmp_path).problems
    assert not (tmp_path / "out").exists()


def test_a_resized_jpeg_is_reckoned_by_its_pixels_not_by_its_original(tmp_path: Path) -> None:
    grain = np.random.default_rng(1).integers(0, 256, (1200, 1600, 3), dtype=np.uint8)
    (tmp_path / "shoot").mkdir()
    Image.fromarray(grain).save(tmp_path / "shoot" / "a.tif")
    recipe = Recipe(400, 100)
    most = most_bytes(recipe)
    assert most is not None
    assert len(jpeg_of(tmp_path / "shoot" / "a.tif", recipe)) < most
    assert plan(choice(tmp_path / "shoot"), tmp_path / "out", "convert", most=most).needed == most
    assert plan(choice(tmp_path / "shoot"), tmp_path / "out", "convert", most=most_bytes(Recipe())).needed > 5_000_000


def test_a_fault_that_no_system_has_a_number_for_is_told_in_its_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> bytes:
        raise OSError("encoder error -2 when writing image file")

    make_photo(tmp_path / "shoot" / "a.jpg")
    monkeypatch.setattr("photocull.picks.export.jpeg_of", fail)
    options = {"recipe": {"side": None, "quality": 90, "metadata": "strip"}}
    (problem,) = run(
        begin(plan(choice(tmp_path / "shoot"), tmp_path / "o", "convert"), tmp_path / "e", options)
    ).problems
    assert problem.sentence == "It was left as it is: encoder error -2 when writing image file."


def test_what_cannot_be_read_is_not_converted(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    with pytest.raises(UnreadablePhotoError):
        jpeg_of(tmp_path / "a.jpg", Recipe())
