"""Decoding gives upright pixels from every format, native crops where they count, and the same again each time."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import CROP_SIDE, PREVIEW_SIDE, Exif, Pixels
from photocull.photo.decode import decode, load_full, load_preview, reach
from photocull.photo.fingerprint import fingerprint
from tests.building import draw, make_photo
from tests.photo.reading import difference, large, opened, oriented, photo, reason, save


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


@pytest.mark.parametrize("suffix", [".jpg", ".png"])
@pytest.mark.parametrize("orientation", [1, 3, 6])
def test_a_large_photo_is_looked_at_closely_at_half_its_size(tmp_path: Path, suffix: str, orientation: int) -> None:
    stored = large(4000, 2400) if orientation < 5 else large(2400, 4000)
    path = save(tmp_path / f"a{suffix}", stored, quality=92, compress_level=1, exif=oriented(orientation))
    result = opened(path)
    half = np.asarray(Image.fromarray(load_full(path)).reduce(2))
    assert (result.width, result.height) == (4000, 2400)
    assert 2 <= len(result.crops) <= 12
    for crop in result.crops:
        left, top = round(crop.x * 2000), round(crop.y * 1200)
        assert crop.width * 2000 == pytest.approx(CROP_SIDE)
        assert difference(crop.pixels, half[top : top + CROP_SIDE, left : left + CROP_SIDE]) < 3


@pytest.mark.parametrize(
    ("longest", "halved"), [(1, 1), (3839, 1), (3840, 2), (6000, 2), (7679, 2), (8256, 4), (30000, 8), (200000, 8)]
)
def test_crops_have_at_least_a_third_more_pixels_than_the_preview(longest: int, halved: int) -> None:
    assert reach((longest, 100)) == reach((100, longest)) == halved


@pytest.mark.parametrize("size", [(12000, 3), (3, 9000), (4001, 2001), (3841, 1)])
def test_odd_and_thin_photos_are_reduced_too(tmp_path: Path, size: tuple[int, int]) -> None:
    for suffix in (".jpg", ".png"):
        result = opened(save(tmp_path / f"a{suffix}", Image.new("RGB", size, (200, 100, 50)), quality=95))
        assert (result.width, result.height) == size
        assert max(result.preview.shape[:2]) == min(PREVIEW_SIDE, max(size))
        for crop in result.crops:
            assert 0 <= crop.x <= crop.x + crop.width <= 1
            assert 0 <= crop.y <= crop.y + crop.height <= 1
            assert crop.pixels.size > 0


def test_a_photo_and_its_copy_of_half_the_size_are_seen_alike(tmp_path: Path) -> None:
    soft = large(4000, 2666, "street", coarse=5)
    small = soft.resize((2000, 1333), Image.Resampling.LANCZOS)
    whole = opened(save(tmp_path / "a.jpg", soft, quality=95, subsampling=0))
    half = opened(save(tmp_path / "b.jpg", small, quality=95, subsampling=0))
    assert difference(whole.preview, half.preview) < 1
    assert len(whole.crops) == len(half.crops)


def test_the_preview_is_bounded_and_never_enlarged(tmp_path: Path) -> None:
    tall = opened(save(tmp_path / "a.jpg", large(2000, 3000)))
    assert tall.preview.shape == (PREVIEW_SIDE, 960, 3)
    assert (tall.width, tall.height) == (2000, 3000)
    small = opened(make_photo(tmp_path / "b.jpg", size=(200, 100)))
    assert small.preview.shape == (100, 200, 3)
    assert [c.pixels.shape for c in small.crops] == [(100, 200, 3)]


def test_scaled_and_full_decoding_agree(tmp_path: Path) -> None:
    picture = large(4000, 2600)
    scaled = opened(save(tmp_path / "a.jpg", picture, quality=95))
    whole = opened(save(tmp_path / "b.png", picture, compress_level=1))
    assert difference(scaled.preview, whole.preview) < 1.5
    assert [(c.x, c.y) for c in scaled.crops[:1]] == [(c.x, c.y) for c in whole.crops[:1]]


def test_decoding_again_gives_equal_pixels(tmp_path: Path) -> None:
    path = save(tmp_path / "a.jpg", large(4000, 2600))
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
