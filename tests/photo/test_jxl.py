"""JPEG XL files become pictures: upright, in sRGB, of any depth, bare or in boxes, or one sentence."""

import base64
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from imagecodecs import jpegxl_encode
from numpy.typing import NDArray
from PIL import Image

from photocull.core.types import Exif, Pixels
from photocull.photo.decode import load_full, load_preview
from photocull.photo.exif import read_exif
from photocull.photo.picture import MOST_PIXELS
from photocull.photo.profile import BROKEN_PROFILE
from tests.building import TURNS, draw
from tests.conftest import ROOT
from tests.photo.jxl_files import box, codestream, exif_box, header, packed, under_header, write_boxed
from tests.photo.reading import difference, opened, reason

PROFILED = """
/wrFQAjfDAMSJgIw2aRQSi/aSraJfxmbw40UYld1KaqEaXZpXU5tdiG+Kl8M5EejXSuLi9Np4MAvTPfn379/dxDFHxibCy1zMGgwnOiByNtjlbVeFZ76
xv8b/f71M0Cg6Pwhs8w75V6wRllGYsdLMKgpXaw/RSryhho9YOfaqDU5BvgTMgAIAgEAKAFLKDO22QW3h3MmGjTkrDHBBA0OHFFGTMsZqC7hcfN+1I6O
0THGFhsBAAFCgAGAtNUuFQD6//8nbAAAAADA9O5/WcdZnlmXWO5kCw==
"""
"""A smooth picture of 32 x 24, lossless, by libjxl's own program, with a profile of Display P3's primaries and a curve
of the form of an S that the format cannot name."""
PROFILED_LOSSY = """
/wrFQArfDAMSJgIw2aRQSi/aSraJfxmbw40UYld1KaqEaXZpXU5tdiG+Kl8M5EejXSuLi9Np4MAvTPfn379/dxDFHxibCy1zMGgwnOiByNtjlbVeFZ76
xv8b/f71M0Cg6Pwhs8w75V6wRllGYsdLMKgpXaw/RSryhho9YOfaqDU5BvgTMgAAE4gASAT//6oCAFChMsq4wcu5ni8/dFhM27jO0FbbFpYwJp4BFmYS
liaLuog7QAOnR+NOwQgDjL2otSWZFFZY1BZEbQEnWZLGYXw80P/togeBM78/cq7jyciU75JQyYDW9+pvjjUxQIrzn2bUunvcpC0FaUFmfmtylAIAFQA1
DLtV0m84AKCTdlgZDrAQGCqFcdOPtY4/mDN+SCvghzezpIpR3Mj+uhp3ZtxSVLlRyeIa/IC8cJvEY9A64ZTK+ZyLnuv/Ejf5D4xyicJPPaRCjuA2RLDO
rYbWaJvunyi02BGlEd33K2CLTggPYiBNwByLCmijsZgEH5nfaT8bPXxHe6w6O2qsfJXJtzGIKeuL3xn/w3sCTQkC
"""
"""The same as XYB, a little lossy."""


def smooth() -> Pixels:
    """The picture in `PROFILED`, as its samples are."""
    y, x = np.mgrid[0:24, 0:32]
    return np.stack([x * 8, y * 10, 255 - x * 4 - y * 4], -1).clip(0, 255).astype(np.uint8)


def written(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def exif(orientation: int = 1) -> bytes:
    tags = Image.Exif()
    tags[0x0110], tags[0x0112] = "Model 1", orientation
    return tags.tobytes().removeprefix(b"Exif\x00\x00")


def test_a_bare_codestream_and_boxes_show_the_same_picture(tmp_path: Path) -> None:
    picture = draw((60, 40))
    stream = codestream(picture)
    files = [
        written(tmp_path / "a.jxl", stream),
        write_boxed(tmp_path / "b.jxl", stream),
        write_boxed(tmp_path / "c.jxl", stream, parts=3),
        written(tmp_path / "d.jpg", stream),
    ]
    for path in files:
        assert np.array_equal(load_full(path), picture), path.name
        assert (opened(path).width, opened(path).height) == (60, 40)
        assert load_preview(path, 30).shape == (20, 30, 3)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_codestream_says_how_a_picture_is_turned_and_exif_does_not(tmp_path: Path, orientation: int) -> None:
    upright = draw((60, 40))
    stored = Image.fromarray(upright)
    if orientation > 1:
        stored = stored.transpose(TURNS[orientation])
    stream = under_header(np.asarray(stored), orientation=orientation)
    path = write_boxed(tmp_path / "a.jxl", stream, box(b"Exif", exif_box(exif(orientation=6))))
    decoded = opened(path)
    assert (decoded.width, decoded.height) == (60, 40)
    assert np.array_equal(decoded.preview, upright)
    assert np.array_equal(load_full(path), upright)


def light(picture: Pixels) -> NDArray[np.float32]:
    """0..1, without sRGB's curve."""
    numbers = picture.astype(np.float32) / 255
    return np.where(numbers <= 0.04045, numbers / 12.92, ((numbers + 0.055) / 1.055) ** 2.4).astype(np.float32)


def test_every_depth_and_kind_of_sample_is_shown(tmp_path: Path) -> None:
    picture = draw((60, 40))
    grey = np.asarray(Image.fromarray(picture).convert("L"))
    full = np.full(grey.shape, 255, np.uint8)
    # The encoder here takes what is deeper than 8 bits for light itself.
    cases = {
        "deep": ((light(picture) * 65535).round().astype(np.uint16), picture),
        "float": (light(picture), picture),
        "half": (light(picture).astype(np.float16), picture),
        "grey": (grey, np.dstack([grey] * 3)),
        "deep grey": ((light(grey) * 65535).round().astype(np.uint16), np.dstack([grey] * 3)),
        "alpha": (np.dstack([picture, full]), picture),
        "grey and alpha": (np.dstack([grey, full]), np.dstack([grey] * 3)),
    }
    for name, (samples, shown) in cases.items():
        assert difference(load_full(written(tmp_path / f"{name}.jxl", codestream(samples))), shown) < 0.1, name


def test_floats_that_are_no_numbers_are_black_or_white(tmp_path: Path) -> None:
    samples = np.full((8, 8, 3), 0.5, np.float32)
    samples[0, :3, 0] = (np.nan, np.inf, -1.0)
    assert load_full(written(tmp_path / "a.jxl", codestream(samples)))[0, :3, 0].tolist() == [0, 255, 0]


@pytest.mark.parametrize("bits", [1, 4, 7, 8, 10, 12, 14, 16])
def test_every_depth_reaches_white(tmp_path: Path, bits: int) -> None:
    ramp = np.linspace(0, (1 << bits) - 1, 256).round().astype(np.uint8 if bits <= 8 else np.uint16)
    stream = under_header(np.tile(ramp[:, None], (8, 1, 3)), bits)
    shown = load_full(written(tmp_path / "a.jxl", stream))[0, :, 0].astype(int)
    assert np.abs(shown - ramp * (255 / ((1 << bits) - 1))).max() <= 1


def test_transparency_shows_mid_grey(tmp_path: Path) -> None:
    clear = np.zeros((20, 20, 4), np.uint8)
    assert (load_full(written(tmp_path / "a.jxl", codestream(clear))) == 128).all()


def test_colours_multiplied_by_their_alpha_are_shown_as_they_were_meant(tmp_path: Path) -> None:
    half = np.full((20, 20, 4), (100, 50, 0, 128), np.uint8)
    half[:10] = (200, 100, 0, 255)
    shown = load_full(written(tmp_path / "a.jxl", under_header(half, premultiplied=True))).astype(int)
    assert np.abs(shown[0, 0] - (200, 100, 0)).max() <= 1
    # Half of the colour, half of the grey behind.
    assert np.abs(shown[15, 0] - (164, 114, 64)).max() <= 1


def test_channels_beside_the_colours_are_left_out(tmp_path: Path) -> None:
    planes = np.stack([np.full((16, 20), value, np.uint8) for value in (90, 10, 250)])
    content = bytes(jpegxl_encode(planes, lossless=True, photometric="gray", planar=True))
    assert (load_full(written(tmp_path / "a.jxl", content)) == 90).all()


def test_a_picture_of_one_row_is_shown(tmp_path: Path) -> None:
    for shape in ((1, 30, 3), (30, 1), (1, 1, 2)):
        path = written(tmp_path / "a.jxl", codestream(np.full(shape, 255, np.uint8)))
        assert load_full(path).shape == (*shape[:2], 3)


def test_of_an_animation_the_first_picture_is_shown(tmp_path: Path) -> None:
    first, second = draw((60, 40)), draw((60, 40), seed=1)
    path = written(tmp_path / "a.jxl", bytes(jpegxl_encode(np.stack([first, second]), lossless=True)))
    assert np.array_equal(load_full(path), first)


def test_a_profile_is_unpacked_and_applied(tmp_path: Path) -> None:
    path = written(tmp_path / "a.jxl", base64.b64decode(PROFILED))
    decoded = opened(path)
    assert decoded.notes == ()
    # The curve makes middle tones of sRGB's lighter; the corner that is nearly white stays so.
    assert decoded.preview.mean() > smooth().mean() + 25
    lossy = written(tmp_path / "b.jxl", base64.b64decode(PROFILED_LOSSY))
    assert difference(load_full(lossy), decoded.preview) < 0.5


def test_a_damaged_profile_is_told_and_the_picture_shown(tmp_path: Path) -> None:
    content = bytearray(base64.b64decode(PROFILED))
    content[27] ^= 0x10
    decoded = opened(written(tmp_path / "a.jxl", bytes(content)))
    assert decoded.notes == (BROKEN_PROFILE,)
    assert np.array_equal(decoded.preview, smooth())


def test_wide_colours_that_the_header_names_are_brought_to_srgb(tmp_path: Path) -> None:
    red = np.full((20, 20, 3), (200, 60, 60), np.uint8)
    srgb = load_full(written(tmp_path / "a.jxl", under_header(red)))[0, 0]
    p3 = load_full(written(tmp_path / "b.jxl", under_header(red, primaries=11)))[0, 0].astype(int)
    adobe = load_full(written(tmp_path / "c.jxl", under_header(red, primaries=2, transfer=None, gamma=1 / 2.2)))[0, 0]
    assert tuple(srgb) == (200, 60, 60)
    assert np.abs(p3 - (217, 40, 53)).max() <= 2
    assert adobe[0] > 220
    grey = np.full((20, 20, 3), 120, np.uint8)
    for white in (1, 2):
        shown = load_full(written(tmp_path / "d.jxl", under_header(grey, primaries=9, white=white)))[0, 0].astype(int)
        assert np.ptp(shown) <= 1


def test_curves_that_the_header_names_are_followed(tmp_path: Path) -> None:
    half = np.full((8, 8, 3), 128, np.uint8)
    for transfer, shown in {13: 128, 8: 188, 17: 113, 1: 140}.items():
        path = written(tmp_path / "a.jxl", under_header(half, transfer=transfer))
        assert abs(int(load_full(path)[0, 0, 0]) - shown) <= 1, transfer


@pytest.mark.parametrize(("transfer", "paper"), [(16, 0.58), (18, 0.75)])
def test_hdr_shows_paper_white_bright_and_what_is_above_without_clipping(
    tmp_path: Path, transfer: int, paper: float
) -> None:
    ramp = np.tile(np.linspace(0, 65535, 64).astype(np.uint16)[:, None], (8, 1, 3))
    stream = under_header(ramp, 16, transfer=transfer, primaries=9, nits=1000.0)
    shown = load_full(written(tmp_path / "a.jxl", stream))[0, :, 1].astype(int)
    assert (np.diff(shown) >= 0).all()
    assert shown[0] == 0
    assert 225 < shown[round(63 * paper)] < 245
    assert len(set(shown[round(63 * paper) :])) > 5


def test_exif_is_read_plain_and_packed(tmp_path: Path) -> None:
    stream = codestream(draw((60, 40)))
    for name, one in {"plain": box(b"Exif", exif_box(exif())), "packed": packed(b"Exif", exif_box(exif()))}.items():
        assert read_exif(write_boxed(tmp_path / f"{name}.jxl", stream, one)).camera == "Model 1"
    assert read_exif(written(tmp_path / "bare.jxl", stream)) == Exif()


def test_a_packed_box_that_unpacks_to_gigabytes_is_left_alone(tmp_path: Path) -> None:
    path = write_boxed(tmp_path / "a.jxl", codestream(draw((60, 40))), packed(b"Exif", bytes(64 << 20)))
    start = time.perf_counter()
    assert read_exif(path) == Exif()
    assert time.perf_counter() - start < 30  # the start of a helper on a busy machine included


def test_files_that_are_cut_off_or_damaged_say_so(tmp_path: Path) -> None:
    stream = codestream(draw((200, 160)))
    assert "cut off" in reason(written(tmp_path / "a.jxl", stream[: len(stream) // 2]))
    assert "damaged" in reason(written(tmp_path / "b.jxl", stream[:4]))
    assert "damaged" in reason(write_boxed(tmp_path / "c.jxl", b""))
    middle = bytearray(stream)
    middle[len(stream) // 2 :] = bytes(len(stream) - len(stream) // 2)
    path = written(tmp_path / "d.jxl", bytes(middle))
    assert "damaged" in reason(path) or "cut off" in reason(path)


@pytest.mark.parametrize("size", [(1 << 30, 1 << 30), (MOST_PIXELS // 10_000 + 1, 10_000)])
def test_a_picture_of_too_many_pixels_is_refused_by_its_header(tmp_path: Path, size: tuple[int, int]) -> None:
    start = time.perf_counter()
    assert "more than 250" in reason(written(tmp_path / "a.jxl", header(size).done() + bytes(100)))
    assert time.perf_counter() - start < 30


def test_the_library_is_not_loaded_to_judge_a_jpeg(tmp_path: Path) -> None:
    Image.fromarray(draw((60, 40))).save(tmp_path / "a.jpg")
    written(tmp_path / "b.jxl", codestream(draw((60, 40))))
    code = (
        "import sys; from pathlib import Path; from photocull.photo.decode import decode, full_here\n"
        "from photocull.core.types import Photo\n"
        f"folder = Path({str(tmp_path)!r})\n"
        "decode(Photo(folder / 'a.jpg', (folder / 'a.jpg').stat().st_size, 0), fingerprint='')\n"
        "print('imagecodecs' in sys.modules)\n"
        "full_here(folder / 'b.jxl')\n"
        "print('imagecodecs' in sys.modules)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment)
    assert done.stdout.split() == ["False", "True"]


def test_the_shared_pictures_show_what_their_twins_show(shared: Path) -> None:
    photos = shared / "data/photos"
    jpeg = load_full(photos / "jpeg_camera/exiv2__Reagan.jpg")
    jxl = load_full(photos / "jxl/exiv2__Reagan.jxl")
    assert difference(jxl, jpeg) < 3
    turned = [load_full(photos / f"orientation_jxl/kimageformats__orientation{i}.jxl") for i in (1, 3, 5, 7)]
    assert all(np.array_equal(one, turned[0]) for one in turned)
