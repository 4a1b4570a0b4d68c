"""RAW files: previews first, developed only without one, never a black picture of missing data."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Photo, Pixels
from photocull.photo import jpeg
from photocull.photo.decode import decode, load_full, load_preview
from photocull.photo.formats import RAW_SUFFIXES, sniff
from photocull.photo.scan import scan
from photocull.photo.tifftree import data_end
from tests.building import TURNS, draw
from tests.photo.reading import difference, oriented

LONG, SHORT, BYTE, UNDEFINED = 4, 3, 1, 7
WIDE, TALL = (800, 1200), (1200, 800)


class Tiff:
    """Writes little-endian TIFF directories, enough of one to make a DNG."""

    def __init__(self) -> None:
        self.content = bytearray(b"II*\x00" + bytes(4))

    def put(self, data: bytes) -> int:
        self.content += bytes(len(self.content) % 2)
        self.content += data
        return len(self.content) - len(data)

    def directory(self, tags: dict[int, tuple[int, list[int]]]) -> int:
        entries = b""
        for tag, (kind, values) in sorted(tags.items()):
            value = b"".join(v.to_bytes({LONG: 4, SHORT: 2, BYTE: 1, UNDEFINED: 1}[kind], "little") for v in values)
            place = value.ljust(4, b"\x00") if len(value) <= 4 else struct.pack("<I", self.put(value))
            entries += struct.pack("<HHI", tag, kind, len(values)) + place
        return self.put(struct.pack("<H", len(tags)) + entries + bytes(4))

    def begin_at(self, directory: int) -> bytes:
        self.content[4:8] = struct.pack("<I", directory)
        return bytes(self.content)


def jpeg_of(width: int, height: int, seed: int = 0) -> bytes:
    buffer = io.BytesIO()
    picture = Image.fromarray(draw((width // 4, height // 4), seed=seed, subject="street"))
    picture.resize((width, height), Image.Resampling.NEAREST).save(buffer, "JPEG", quality=90)
    return buffer.getvalue()


def dng(
    sensor: tuple[int, int] = (640, 480),
    preview: bytes | None = None,
    orientation: int = 1,
    *,
    black: float = 0.0,
    data_last: bool = False,
) -> bytes:
    """A DNG of uncompressed 16-bit Bayer data, with a JPEG preview in the first directory if given.

    ``black``: share of rows at the lower end that hold zeros. ``data_last``: sensor data at the end, as cameras write.
    """
    width, height = sensor
    small = Image.fromarray(draw((width // 4, height // 4), subject="meadow")).convert("L")
    rows = np.asarray(small.resize(sensor)).astype(np.uint16) * 60 + 500
    rows[int(height * (1 - black)) :] = 0
    data = rows.astype("<u2").tobytes()
    if not data_last:
        return _laid_out(sensor, preview, orientation, 8, data)
    length = len(_laid_out(sensor, preview, orientation, 8, b""))
    return _laid_out(sensor, preview, orientation, length, b"") + data


def _laid_out(sensor: tuple[int, int], preview: bytes | None, orientation: int, strip: int, data: bytes) -> bytes:
    width, height = sensor
    size = width * height * 2
    tiff = Tiff()
    tiff.put(data)
    raw: dict[int, tuple[int, list[int]]] = {
        254: (LONG, [0]), 256: (LONG, [width]), 257: (LONG, [height]), 258: (SHORT, [16]), 259: (SHORT, [1]),
        262: (SHORT, [32803]), 273: (LONG, [strip]), 277: (SHORT, [1]), 278: (LONG, [height]), 279: (LONG, [size]),
        33421: (SHORT, [2, 2]), 33422: (BYTE, [0, 1, 1, 2]), 50714: (LONG, [256]), 50717: (LONG, [16000]),
    }  # fmt: skip
    common: dict[int, tuple[int, list[int]]] = {
        274: (SHORT, [orientation]), 50706: (BYTE, [1, 4, 0, 0]), 50707: (BYTE, [1, 1, 0, 0]),
    }  # fmt: skip
    if preview is None:
        return tiff.begin_at(tiff.directory(raw | common))
    frame = jpeg.frame_of(preview)
    assert frame is not None
    place, sub = tiff.put(preview), tiff.directory(raw)
    first: dict[int, tuple[int, list[int]]] = {
        254: (LONG, [1]), 256: (LONG, [frame.width]), 257: (LONG, [frame.height]), 258: (SHORT, [8, 8, 8]),
        259: (SHORT, [7]), 262: (SHORT, [6]), 273: (LONG, [place]), 277: (SHORT, [3]), 278: (LONG, [frame.height]),
        279: (LONG, [len(preview)]), 330: (LONG, [sub]),
    }  # fmt: skip
    return tiff.begin_at(tiff.directory(first | common))


def written(path: Path, content: bytes) -> Photo:
    path.write_bytes(content)
    return Photo(path, len(content), 0)


def test_a_full_size_preview_gives_the_picture_and_native_crops(tmp_path: Path) -> None:
    result = decode(written(tmp_path / "a.dng", dng((1600, 1200), jpeg_of(1600, 1200))))
    assert (result.width, result.height) == (1600, 1200)
    assert result.preview.shape == (1080, 1440, 3)
    assert result.crops
    assert result.notes == ()


def test_a_reduced_preview_gives_the_picture_without_crops(tmp_path: Path) -> None:
    result = decode(written(tmp_path / "a.dng", dng((2400, 1600), jpeg_of(1200, 800))))
    assert (result.width, result.height) == (2400, 1600)
    assert result.preview.shape == (800, 1200, 3)
    assert result.crops == ()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_previews_are_turned_as_the_sensor_was(tmp_path: Path, orientation: int) -> None:
    upright = decode(written(tmp_path / "a.dng", dng((1200, 800), jpeg_of(1200, 800))))
    turned = decode(written(tmp_path / "b.dng", dng((1200, 800), jpeg_of(1200, 800), orientation)))
    assert (turned.width, turned.height) == ((800, 1200) if orientation >= 5 else (1200, 800))
    assert np.array_equal(as_stored(turned.preview, orientation), upright.preview)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_preview_that_says_how_it_lies_is_turned_once(tmp_path: Path, orientation: int) -> None:
    upright = Image.fromarray(draw((1200, 800), subject="street"))
    buffer = io.BytesIO()
    stored = upright.transpose(TURNS[orientation]) if orientation > 1 else upright
    stored.save(buffer, "JPEG", quality=95, exif=oriented(orientation))
    sensor = (1200, 800) if orientation < 5 else (800, 1200)
    result = decode(written(tmp_path / "a.dng", dng(sensor, buffer.getvalue(), orientation)))
    assert (result.width, result.height) == (1200, 800)
    assert difference(result.preview, np.asarray(upright)) < 5


def as_stored(shown: Pixels, orientation: int) -> Pixels:
    return np.asarray(Image.fromarray(shown).transpose(TURNS[orientation])) if orientation > 1 else shown


def test_without_a_usable_preview_the_sensor_is_developed(tmp_path: Path) -> None:
    for name, content in {"a.dng": dng(), "b.dng": dng(preview=jpeg_of(160, 120))}.items():
        result = decode(written(tmp_path / name, content))
        assert (result.width, result.height) == (640, 480)
        assert 40 < float(result.preview.mean()) < 220
        assert result.crops


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_developed_sensor_is_upright(tmp_path: Path, orientation: int) -> None:
    upright = decode(written(tmp_path / "a.dng", dng()))
    result = decode(written(tmp_path / "b.dng", dng(orientation=orientation)))
    assert (result.width, result.height) == ((480, 640) if orientation >= 5 else (640, 480))
    assert np.array_equal(as_stored(result.preview, orientation), upright.preview)


def test_a_large_sensor_is_developed_at_half_size_for_judging_and_whole_for_the_loupe(tmp_path: Path) -> None:
    photo = written(tmp_path / "a.dng", dng((3000, 2000)))
    result = decode(photo)
    assert (result.width, result.height, result.crops) == (3000, 2000, ())
    assert load_full(photo.path).shape == (2000, 3000, 3)


def test_the_loupe_prefers_the_sensor_to_a_reduced_preview(tmp_path: Path) -> None:
    photo = written(tmp_path / "a.dng", dng((2400, 1600), jpeg_of(1200, 800)))
    assert load_full(photo.path).shape == (1600, 2400, 3)
    assert load_preview(photo.path, 512).shape == (341, 512, 3)


def test_a_dng_under_another_name_is_recognised(tmp_path: Path) -> None:
    assert decode(written(tmp_path / "a.tif", dng((1600, 1200), jpeg_of(1600, 1200)))).width == 1600


@pytest.mark.parametrize("share", [0.0, 0.3, 0.9])
def test_a_cut_off_raw_without_preview_is_refused_and_nothing_is_printed(
    tmp_path: Path, share: float, capfd: pytest.CaptureFixture[str]
) -> None:
    whole = dng((800, 600), data_last=True)
    assert data_end(whole) == len(whole)
    assert decode(written(tmp_path / "whole.dng", whole)).width == 800
    start = len(whole) - 800 * 600 * 2
    with pytest.raises(UnreadablePhotoError, match="cut off"):
        decode(written(tmp_path / "a.dng", whole[: start + int(share * 800 * 600 * 2)]))
    assert capfd.readouterr().err == ""


def test_a_cut_off_raw_still_shows_a_whole_preview(tmp_path: Path) -> None:
    whole = dng((1600, 1200), jpeg_of(1600, 1200), orientation=6, data_last=True)
    result = decode(written(tmp_path / "a.dng", whole[: len(whole) * 2 // 3]))
    assert (result.width, result.height) == (1200, 1600)
    assert result.preview.shape == (1440, 1080, 3)


def test_zeros_in_place_of_sensor_data_are_never_shown_black(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePhotoError, match="cut off"):
        decode(written(tmp_path / "a.dng", dng(black=1.0)))
    with pytest.raises(UnreadablePhotoError, match="cut off"):
        decode(written(tmp_path / "b.dng", dng(preview=jpeg_of(160, 120), black=0.95)))
    half = decode(written(tmp_path / "c.dng", dng(black=0.5)))
    assert len(half.notes) == 1
    assert "cut off" in half.notes[0]


def test_missing_sensor_data_leave_a_small_preview_with_a_note(tmp_path: Path) -> None:
    result = decode(written(tmp_path / "a.dng", dng((1600, 1200), jpeg_of(480, 360), black=1.0)))
    assert result.preview.shape == (360, 480, 3)
    assert (result.width, result.height) == (1600, 1200)
    assert "small preview" in result.notes[0]


STARTS = {
    "FUJIFILMCCD-RAW ": ".raf",
    "FOVb": ".x3f",
    "II\x1a\0\0\0HEAPCCDR": ".crw",
    "\0MRM": ".mrw",
    "IIU\0": ".rw2 .rwl",
    "IIRO": ".orf",
    "IIRS": ".orf",
    "MMOR": ".orf",
    "\0\0\0\x18ftypcrx \0\0\0\1crx isom": ".cr3",
    "II*\0\x10\0\0\0CR\2\0": ".cr2",
    "II*\0\x08\0\0\0": ".nef .arw .sr2 .srf .dng .gpr .srw .3fr .fff .nrw .erf .iiq .cap .mos .rwz .ptx",
    "MM\0*\0\0\0\x08": ".nef .pef .dcr .kdc .mef .mos .iiq .k25 .dcs .fff",
    "": ".bay .raw .kdc .rdc .bmq .qtk .pxn .sti .cs1 .kc2",
}
"""How files of the makers begin -> their suffixes; last those that begin in no way of their own."""
CAMERAS = [(start.encode("latin-1"), suffix) for start, suffixes in STARTS.items() for suffix in suffixes.split()]


@pytest.mark.parametrize(("start", "suffix"), CAMERAS)
def test_a_raw_of_an_unknown_camera_is_shown_by_the_largest_jpeg_inside(
    tmp_path: Path, start: bytes, suffix: str
) -> None:
    # Noise, which no camera's headers are: LibRaw has to give up whatever it takes the file for.
    noise = np.random.default_rng(0).integers(1, 200, 70_000, dtype=np.uint8).tobytes()
    content = start + noise + jpeg_of(320, 240) + bytes(99) + jpeg_of(1600, 1200, 3) + bytes(5000)
    result = decode(written(tmp_path / f"a{suffix}", content))
    assert (result.width, result.height) == (1600, 1200)
    with pytest.raises(UnreadablePhotoError) as caught:
        decode(written(tmp_path / f"b{suffix}", start + noise + jpeg_of(160, 120)))
    assert caught.value.sentence.endswith(".")
    assert "\n" not in caught.value.sentence


@pytest.mark.parametrize("suffix", sorted(RAW_SUFFIXES))
def test_every_raw_suffix_is_found_and_opened_as_what_it_holds(tmp_path: Path, suffix: str) -> None:
    content = dng((640, 480), jpeg_of(640, 480))
    path = written(tmp_path / f"a{suffix.upper()}", content).path
    assert [photo.path for photo in scan([tmp_path]).photos] == [path]
    assert sniff(content[:4096], suffix) == "raw"
    assert decode(Photo(path, 0, 0)).preview.shape == (480, 640, 3)


def test_more_than_250_megapixels_of_sensor_are_refused(tmp_path: Path) -> None:
    content = dng((640, 480))
    for tag, side in ((256, 640), (257, 480)):
        content = content.replace(struct.pack("<HHII", tag, LONG, 1, side), struct.pack("<HHII", tag, LONG, 1, 60_000))
    with pytest.raises(UnreadablePhotoError):
        decode(written(tmp_path / "a.dng", content))


def test_directories_in_circles_end() -> None:
    tiff = Tiff()
    first = tiff.directory({330: (LONG, [8])})
    content = bytearray(tiff.begin_at(first))
    content[-4:] = struct.pack("<I", first)
    assert data_end(bytes(content)) == 0
    assert data_end(b"") == data_end(b"II*\x00") == data_end(b"FOVb" + bytes(100)) == 0
