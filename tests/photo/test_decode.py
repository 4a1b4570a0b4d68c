"""Decoding gives upright sRGB pixels from every format, what is left of broken ones, and one sentence for the rest."""

import hashlib
import io
import os
import shutil
import threading
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import CROP_SIDE, PREVIEW_SIDE, DecodedPhoto, Exif, Photo, Pixels
from photocull.photo.decode import decode, load_full, load_preview
from photocull.photo.fingerprint import fingerprint
from photocull.photo.source import CUT_OFF
from tests.building import draw, make_photo


def photo(path: Path, *partners: Path) -> Photo:
    return Photo(path, 0, 0, partners)


def opened(path: Path) -> DecodedPhoto:
    return decode(photo(path))


def reason(path: Path) -> str:
    with pytest.raises(UnreadablePhotoError) as caught:
        opened(path)
    assert caught.value.path == path
    return caught.value.sentence


def difference(one: Pixels, other: Pixels) -> float:
    assert one.shape == other.shape
    return float(np.abs(one.astype(float) - other).mean())


def save(path: Path, image: Image.Image, **options: object) -> Path:
    image.save(path, **options)
    return path


@cache
def large(width: int, height: int, subject: str = "street", coarse: int = 4) -> Image.Image:
    """A sharp picture of any size at the cost of drawing a small one; blurred with ``coarse`` above 4."""
    small = Image.fromarray(draw((width // coarse, height // coarse), subject=subject))
    return small.resize((width, height), Image.Resampling.NEAREST if coarse == 4 else Image.Resampling.BICUBIC)


@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif", ".gif", ".jp2"])
def test_every_format_shows_the_same_picture(tmp_path: Path, suffix: str) -> None:
    upright = draw((320, 240), seed=1)
    image = Image.fromarray(upright)
    path = save(tmp_path / f"a{suffix}", image, **({"quality": 90} if suffix in (".jpg", ".webp", ".avif") else {}))
    result = opened(path)
    assert (result.width, result.height) == (320, 240)
    assert difference(result.preview, upright) < (12 if suffix == ".gif" else 4)
    assert result.preview.flags.writeable
    assert result.fingerprint == fingerprint(path)


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".webp", ".avif"])
def test_all_eight_orientations_are_applied_once(tmp_path: Path, suffix: str, orientation: int) -> None:
    upright = draw((96, 64), seed=1, subject="street")
    result = opened(
        make_photo(tmp_path / f"a{suffix}", size=(96, 64), seed=1, subject="street", orientation=orientation)
    )
    assert (result.width, result.height) == (96, 64)
    assert difference(result.preview, upright) < 8


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("size", [(3000, 1500), (1500, 900)])
def test_crops_are_the_very_pixels_at_the_place_they_name(
    tmp_path: Path, orientation: int, size: tuple[int, int]
) -> None:
    stored = large(*size) if orientation < 5 else large(*size[::-1])
    path = save(tmp_path / "a.jpg", stored, quality=90, exif=oriented(orientation))
    result = opened(path)
    full = load_full(path)
    assert full.shape == (size[1], size[0], 3)
    assert 2 <= len(result.crops) <= 12
    for crop in result.crops:
        left, top = round(crop.x * result.width), round(crop.y * result.height)
        there = full[top : top + CROP_SIDE, left : left + CROP_SIDE]
        assert difference(crop.pixels, there) < 3


def oriented(orientation: int) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = orientation
    return exif


def test_the_first_crop_is_the_centre_and_all_lie_inside_and_apart(tmp_path: Path) -> None:
    result = opened(save(tmp_path / "a.png", large(2000, 1400), compress_level=1))
    first = result.crops[0]
    assert abs(first.x + first.width / 2 - 0.5) < 0.001
    assert abs(first.y + first.height / 2 - 0.5) < 0.001
    corners = [(round(c.x * 2000), round(c.y * 1400)) for c in result.crops]
    assert all(0 <= x <= 2000 - CROP_SIDE and 0 <= y <= 1400 - CROP_SIDE for x, y in corners)
    for index, (x, y) in enumerate(corners):
        assert all(max(abs(x - u), abs(y - v)) >= CROP_SIDE // 2 for u, v in corners[index + 1 :])


def test_crops_go_where_the_detail_is(tmp_path: Path) -> None:
    canvas = np.full((1600, 2400, 3), 120, np.uint8)
    noise = np.random.default_rng(0).integers(0, 255, (200, 200, 3), dtype=np.uint8)
    canvas[1300:1500, 2100:2300] = noise
    result = opened(save(tmp_path / "a.png", Image.fromarray(canvas)))
    second = result.crops[1]
    assert 2100 - CROP_SIDE < second.x * 2400 < 2300
    assert 1300 - CROP_SIDE < second.y * 1600 < 1500


def test_a_clearly_blurred_large_jpeg_is_not_decoded_at_full_size(tmp_path: Path) -> None:
    assert opened(save(tmp_path / "a.jpg", large(3000, 2000, "sea", coarse=60))).crops == ()
    assert opened(save(tmp_path / "b.jpg", large(3000, 2000))).crops != ()


def test_the_preview_is_bounded_and_never_enlarged(tmp_path: Path) -> None:
    tall = opened(save(tmp_path / "a.jpg", large(2000, 3000)))
    assert tall.preview.shape == (PREVIEW_SIDE, 960, 3)
    assert (tall.width, tall.height) == (2000, 3000)
    small = opened(make_photo(tmp_path / "b.jpg", size=(200, 100)))
    assert small.preview.shape == (100, 200, 3)
    assert [c.pixels.shape for c in small.crops] == [(100, 200, 3)]


def test_scaled_and_full_decoding_agree(tmp_path: Path) -> None:
    picture = large(3000, 2000)
    scaled = opened(save(tmp_path / "a.jpg", picture, quality=95))
    whole = opened(save(tmp_path / "b.png", picture, compress_level=1))
    assert difference(scaled.preview, whole.preview) < 1.5
    assert [(c.x, c.y) for c in scaled.crops[:1]] == [(c.x, c.y) for c in whole.crops[:1]]


def test_decoding_again_gives_equal_pixels(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", large(3000, 2000))
    one, other = opened(path), opened(path)
    assert np.array_equal(one.preview, other.preview)
    assert all(np.array_equal(a.pixels, b.pixels) for a, b in zip(one.crops, other.crops, strict=True))


def test_originals_stay_as_they_are(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", large(1600, 1200))
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    opened(path), load_preview(path, 512), load_full(path)
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [path]


def test_many_threads_decode_the_same_pixels(tmp_path: Path) -> None:
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    paths = [make_photo(tmp_path / f"{i}.jpg", size=(900, 600), seed=i, icc=icc) for i in range(6)]
    alone = [opened(path).preview for path in paths]
    found: dict[int, Pixels] = {}

    def work(start: int) -> None:
        for i in range(start, 6, 2):
            found[i] = opened(paths[i]).preview

    threads = [threading.Thread(target=work, args=(start,)) for start in (0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(np.array_equal(found[i], alone[i]) for i in range(6))


class TestModes:
    """Pictures that are not 8-bit RGB."""

    def test_sixteen_bits_show_as_eight(self, tmp_path: Path) -> None:
        ramp = np.tile(np.linspace(0, 65535, 256).astype(np.uint16), (32, 1))
        for suffix in (".png", ".tif"):
            shown = opened(save(tmp_path / f"a{suffix}", Image.fromarray(ramp))).preview
            assert np.abs(shown[0, :, 0].astype(int) - np.arange(256)).max() <= 1

    @pytest.mark.parametrize("white", [1.0, 255.0, 65535.0])
    def test_floats_show_between_black_and_white(self, tmp_path: Path, white: float) -> None:
        ramp = np.tile(np.linspace(0, white, 256, dtype=np.float32), (32, 1))
        ramp[0, 0] = np.nan
        shown = opened(save(tmp_path / "a.tif", Image.fromarray(ramp))).preview
        assert np.abs(shown[1, :, 0].astype(int) - np.arange(256)).max() <= 1

    def test_transparency_shows_mid_grey(self, tmp_path: Path) -> None:
        clear = Image.new("RGBA", (20, 20), (255, 0, 0, 0))
        for name, image in {"a.png": clear, "b.webp": clear, "c.png": clear.convert("LA")}.items():
            assert (opened(save(tmp_path / name, image)).preview == 128).all()
        palette = clear.convert("RGB").quantize(4)
        assert (opened(save(tmp_path / "p.png", palette, transparency=0)).preview[0, 0] == 128).all()

    @pytest.mark.parametrize("mode", ["1", "L", "P", "CMYK", "LAB", "I;16", "LA", "RGBA"])
    def test_every_mode_of_tiff_is_shown(self, tmp_path: Path, mode: str) -> None:
        picture = Image.fromarray(draw((64, 48), subject="meadow"))
        if mode == "LAB":
            lab = ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB")
            stored = ImageCms.applyTransform(picture, lab)
        elif mode == "I;16":
            stored = Image.fromarray(np.asarray(picture.convert("L")).astype(np.uint16) * 257)
        else:
            stored = picture.convert(mode)
        assert stored is not None
        shown = opened(save(tmp_path / "a.tif", stored)).preview
        grey = mode in ("1", "L", "I;16", "LA")
        wanted = picture.convert("L").convert("RGB") if grey else picture
        assert abs(float(shown.mean()) - float(np.asarray(wanted).mean())) < 8

    def test_cmyk_jpegs_show_their_colours(self, tmp_path: Path) -> None:
        red = Image.new("RGB", (40, 40), (220, 30, 30)).convert("CMYK")
        shown = opened(save(tmp_path / "a.jpg", red)).preview[20, 20]
        assert shown[0] > 180
        assert shown[1] < 90

    def test_only_the_first_of_many_pictures_is_shown(self, tmp_path: Path) -> None:
        frames = [Image.new("RGB", (40, 30), colour) for colour in ("white", "black")]
        for name in ("a.gif", "b.webp", "c.tif", "d.mpo"):
            path = save(tmp_path / name, frames[0], save_all=True, append_images=frames[1:])
            assert opened(path).preview.min() > 250


class TestProfiles:
    """Colours come to sRGB."""

    def test_a_wide_profile_is_converted(self, tmp_path: Path, shared: Path) -> None:
        wide = opened(shared / "data/photos/jpeg_progressive/made__progressive.jpg").preview
        narrow = opened(shared / "data/photos/jpeg_icc/made__sRGB_of_the_same.jpg").preview
        assert difference(wide, narrow) < 1

    def test_a_grey_profile_on_a_grey_photo(self, shared: Path) -> None:
        deep = opened(shared / "data/photos/jxl/kimageformats__chicken16.png").preview
        assert difference(deep, opened(shared / "data/photos/jxl/kimageformats__chicken8.png").preview) < 1

    def test_srgb_itself_changes_nothing(self, tmp_path: Path) -> None:
        icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        with_profile = opened(make_photo(tmp_path / "a.png", icc=icc))
        assert np.array_equal(with_profile.preview, opened(make_photo(tmp_path / "b.png")).preview)
        assert with_profile.notes == ()

    def test_a_profile_that_swaps_channels_is_followed(self, tmp_path: Path) -> None:
        srgb = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
        table = {bytes(srgb[i : i + 4]): i for i in range(132, 132 + 12 * int.from_bytes(srgb[128:132]), 12)}
        red, blue = table[b"rXYZ"], table[b"bXYZ"]
        srgb[red + 4 : red + 12], srgb[blue + 4 : blue + 12] = srgb[blue + 4 : blue + 12], srgb[red + 4 : red + 12]
        path = save(tmp_path / "a.png", Image.new("RGB", (8, 8), (255, 0, 0)), icc_profile=bytes(srgb))
        assert opened(path).preview[0, 0, 2] > 240

    @pytest.mark.parametrize("icc", [b"rubbish", bytes(128), b"x" * 5000])
    def test_a_broken_profile_is_a_note(self, tmp_path: Path, icc: bytes) -> None:
        result = opened(make_photo(tmp_path / "a.jpg", icc=icc))
        assert difference(result.preview, opened(make_photo(tmp_path / "b.jpg")).preview) == 0
        assert len(result.notes) == 1
        assert "profile" in result.notes[0]


class TestBroken:
    """Each fault has its own sentence."""

    def test_files_that_are_no_photos_say_what_they_are(self, tmp_path: Path) -> None:
        cases = {
            "empty.jpg": (b"", "empty"),
            "page.jpg": (b"\n<!DOCTYPE html><html>not found</html>", "web page"),
            "zeros.jpg": (bytes(5000), "zeros"),
            "zeros.nef": (bytes(100_000), "zeros"),
            "video.jpg": (b"\x00\x00\x00\x18ftypisom" + bytes(100), "video"),
            "text.png": (b"hello, I am no picture", "not a picture"),
            "new.jxl": (b"\xff\x0a" + bytes(100), "JPEG XL"),
            "short.cr2": (b"II*\x00\x10\x00\x00\x00CR\x02\x00" + bytes(100), "cut off"),
        }
        for name, (content, words) in cases.items():
            (tmp_path / name).write_bytes(content)
            assert words in reason(tmp_path / name), name

    def test_a_vanished_file_and_a_folder_say_so(self, tmp_path: Path) -> None:
        assert "no longer there" in reason(tmp_path / "gone.jpg")
        (tmp_path / "x.jpg").mkdir()
        assert "folder" in reason(tmp_path / "x.jpg")

    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes in this file system")
    def test_a_pipe_does_not_block(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.jpg")
        assert "pipe" in reason(tmp_path / "pipe.jpg")

    def test_no_permission_is_told(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        path = make_photo(tmp_path / "a.jpg")

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr("photocull.photo.source.os.open", refuse)
        assert "permission" in reason(path).lower()

    def test_a_wrong_suffix_is_seen_through(self, tmp_path: Path) -> None:
        original = make_photo(tmp_path / "a.png")
        for name in ("b.jpg", "c.heic", "d.nef", "e"):
            shutil.copy(original, tmp_path / name)
            assert opened(tmp_path / name).width == 640

    @pytest.mark.parametrize("suffix", [".jpg", ".png", ".tif", ".gif"])
    def test_half_a_file_shows_its_half_with_a_note(self, tmp_path: Path, suffix: str) -> None:
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

    def test_a_large_cut_jpeg_is_shown_through_the_scaled_way_too(self, tmp_path: Path) -> None:
        whole = save(tmp_path / "a.jpg", large(3000, 2000))
        path = tmp_path / "b.jpg"
        path.write_bytes(whole.read_bytes()[: whole.stat().st_size * 2 // 3])
        assert opened(path).notes == (CUT_OFF,)

    def test_a_jpeg_whose_end_was_never_written_is_cut_off(self, tmp_path: Path) -> None:
        content = make_photo(tmp_path / "a.jpg", subject="street").read_bytes()
        path = tmp_path / "b.jpg"
        half = len(content) // 2
        path.write_bytes(content[:half] + bytes(len(content) - half))
        assert opened(path).notes == (CUT_OFF,)

    def test_padding_behind_the_end_of_a_jpeg_is_no_fault(self, tmp_path: Path) -> None:
        path = make_photo(tmp_path / "a.jpg")
        path.write_bytes(path.read_bytes() + bytes(4096))
        assert opened(path).notes == ()

    @pytest.mark.parametrize("suffix", [".jpg", ".png", ".webp", ".avif"])
    def test_a_header_alone_is_no_photo(self, tmp_path: Path, suffix: str) -> None:
        whole = make_photo(tmp_path / f"a{suffix}")
        path = tmp_path / f"b{suffix}"
        path.write_bytes(whole.read_bytes()[:500])
        assert reason(path).endswith(".")

    def test_more_than_250_megapixels_are_refused_before_memory_is_taken(self, tmp_path: Path) -> None:
        def size_at(content: bytes, places: dict[int, bytes]) -> bytes:
            changed = bytearray(content)
            for place, value in places.items():
                changed[place : place + len(value)] = value
            return bytes(changed)

        jpeg = make_photo(tmp_path / "a.jpg").read_bytes()
        frame = jpeg.rfind(b"\xff\xc0")
        (tmp_path / "big.jpg").write_bytes(size_at(jpeg, {frame + 5: b"\xff\xdc\xff\xdc"}))
        webp = io.BytesIO()
        Image.new("RGBA", (64, 64), (1, 2, 3, 4)).save(
            webp, "WEBP", exif=b"Exif\x00\x00II*\x00\x08\x00\x00\x00\x00\x00"
        )
        (tmp_path / "big.webp").write_bytes(size_at(webp.getvalue(), {24: b"\xff\x3f\x00\xff\x3f\x00"}))
        Image.new("1", (20_000, 15_000)).save(tmp_path / "big.png")
        Image.new("1", (20_000, 15_000)).save(tmp_path / "big.tif", compression="group4")
        for name in ("big.jpg", "big.webp", "big.png", "big.tif"):
            assert "megapixels" in reason(tmp_path / name), name

    def test_more_than_a_hundred_megapixels_open_without_a_warning(self, tmp_path: Path) -> None:
        Image.new("L", (11_648, 8_736), 90).save(tmp_path / "a.jpg")
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            result = opened(tmp_path / "a.jpg")
        assert (result.width, result.height) == (11_648, 8_736)
        assert result.preview[500, 500, 0] == 90

    def test_a_jpeg_of_endless_scans_is_left_alone(self, tmp_path: Path) -> None:
        path = save(tmp_path / "a.jpg", Image.fromarray(draw()), progressive=True)
        content = path.read_bytes()
        scan = content.rfind(b"\xff\xda")
        path.write_bytes(content[:-2] + content[scan:-2] * 300 + b"\xff\xd9")
        assert "long" in reason(path)


class TestPreviews:
    """The grid's picture before judging, and the loupe's."""

    @pytest.mark.parametrize("side", [64, 512, 2000])
    def test_the_side_bounds_the_preview(self, tmp_path: Path, side: int) -> None:
        preview = load_preview(save(tmp_path / "a.jpg", large(1600, 1200), exif=oriented(6)), side)
        assert preview.shape == ((side, side * 3 // 4, 3) if side < 1600 else (1600, 1200, 3))

    def test_a_thumbnail_of_the_same_shape_is_used_and_another_is_not(self, tmp_path: Path) -> None:
        blue = Image.new("RGB", (160, 120), "blue")
        photo_pixels = Image.new("RGB", (640, 480), "red")
        for name, thumbnail, is_blue in (
            ("a.jpg", blue, True),
            ("b.jpg", blue.resize((160, 160)), False),
        ):
            path = save(tmp_path / name, photo_pixels, exif=_exif_with_thumbnail(thumbnail))
            assert (load_preview(path, 150)[60, 60, 2] > 200) == is_blue
            assert load_preview(path, 512)[60, 60, 0] > 200
            assert opened(path).preview[60, 60, 0] > 200

    def test_a_broken_thumbnail_does_not_matter(self, tmp_path: Path) -> None:
        exif = bytearray(_exif_with_thumbnail(Image.new("RGB", (160, 120))))
        exif[-900:] = bytes(900)
        path = save(tmp_path / "a.jpg", Image.new("RGB", (640, 480), "red"), exif=bytes(exif))
        assert load_preview(path, 150).shape == (112, 150, 3)


def _exif_with_thumbnail(thumbnail: Image.Image) -> bytes:
    jpeg = io.BytesIO()
    thumbnail.save(jpeg, "JPEG")
    content = jpeg.getvalue()
    first = b"\x01\x00" + b"\x12\x01\x03\x00\x01\x00\x00\x00\x01\x00\x00\x00" + (26).to_bytes(4, "little")
    start = 26 + 2 + 24 + 4
    second = (
        b"\x02\x00"
        + b"\x01\x02\x04\x00\x01\x00\x00\x00" + start.to_bytes(4, "little")
        + b"\x02\x02\x04\x00\x01\x00\x00\x00" + len(content).to_bytes(4, "little")
        + bytes(4)
    )  # fmt: skip
    return b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + first + second + content


def test_an_unreadable_raw_is_shown_from_the_jpeg_beside_it(tmp_path: Path) -> None:
    raw = tmp_path / "a.nef"
    raw.write_bytes(b"II*\x00" + bytes(200_000))
    jpeg = make_photo(tmp_path / "a.jpg", exif=Exif(camera="NIKON D70s"))
    result = decode(photo(raw, jpeg))
    assert result.photo.path == raw
    assert result.fingerprint == fingerprint(raw)
    assert "a.jpg" in result.notes[0]
    jpeg.unlink()
    with pytest.raises(UnreadablePhotoError) as caught:
        decode(photo(raw, jpeg))
    assert caught.value.path == raw


def test_a_known_fingerprint_is_taken_over(tmp_path: Path) -> None:
    assert decode(photo(make_photo(tmp_path / "a.jpg")), fingerprint="known").fingerprint == "known"


def test_a_fault_in_a_decoder_is_one_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = make_photo(tmp_path / "a.jpg")

    def fail(error: type[BaseException]) -> Callable[..., object]:
        def load(*_: object, **__: object) -> object:
            raise error

        return load

    for error, words in ((MemoryError, "memory"), (AssertionError, "damaged"), (OSError, "damaged")):
        monkeypatch.setattr("photocull.photo.decode.load", fail(error))
        assert words in reason(path)
    monkeypatch.setattr("photocull.photo.decode.load", fail(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        opened(path)
