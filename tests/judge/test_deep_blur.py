"""How deep a blur goes: nothing in sharp photos, skies and blanks, and more the wider it is, where no edge is left."""

import numpy as np
import pytest

from photocull.core.types import Pixels
from photocull.judge.deep_blur import blur_depth
from photocull.judge.spaces import luma
from photocull.judge.technical import technical_facts
from photocull.photo.decode import decode_pixels
from tests.building import SUBJECTS, draw
from tests.judge.drawing import blurred, flat, forms, noisy

SHARES = (0.01, 0.02, 0.03, 0.04, 0.06, 0.08, 0.12)


def spread_by(pixels: Pixels, share: float) -> Pixels:
    return blurred(pixels, share * max(pixels.shape))


def sky(kind: str) -> Pixels:
    y, x = np.mgrid[0:400, 0:600] / 600
    level = {
        "even": 60 + 220 * y,
        "dusk": 40 + 300 * y**2,
        "vignette": 210 - 160 * ((x - 0.5) ** 2 + (y - 0.33) ** 2),
        "glow": 90 + 90 * np.exp(-((x - 0.6) ** 2 + (y - 0.7) ** 2) / 0.8),
    }[kind]
    return np.repeat(level.clip(0, 255).astype(np.uint8)[..., None], 3, axis=2)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_sharp_photo_of_anything_has_no_depth(subject: str) -> None:
    assert blur_depth(luma(draw((640, 420), subject=subject))) < 0.1
    assert technical_facts(decode_pixels(draw((640, 420), subject=subject))).facts["blur_depth"] == 0


def test_the_wider_the_blur_the_deeper_it_goes() -> None:
    depths = [blur_depth(luma(spread_by(forms(), share))) for share in SHARES]
    assert depths == sorted(depths)
    assert depths[0] < 0.1
    assert 0.3 < depths[3] < depths[-1] <= 1


@pytest.mark.parametrize("size", [(480, 640), (960, 1280), (2400, 3200)])
def test_a_blur_is_as_deep_whatever_the_size_of_the_photo(size: tuple[int, int]) -> None:
    picture = spread_by(forms(), 0.05)
    large = np.asarray(picture).repeat(size[0] // 480, axis=0).repeat(size[1] // 640, axis=1)
    assert blur_depth(luma(large)) == pytest.approx(blur_depth(luma(picture)), abs=0.03)


@pytest.mark.slow
def test_depth_comes_little_by_little() -> None:
    shares = np.arange(0.004, 0.12, 0.001)
    facts = [technical_facts(decode_pixels(spread_by(forms(), float(share)))).facts for share in shares]
    depths = np.array([one["blur_depth"] for one in facts])
    assert np.abs(np.diff(depths)).max() < 0.08


@pytest.mark.parametrize("kind", ["even", "dusk", "vignette", "glow"])
def test_a_plain_sky_is_not_blurred(kind: str) -> None:
    seen = technical_facts(decode_pixels(sky(kind)))
    assert seen.facts["blur_depth"] < 0.05
    assert "blurred" not in seen.flags


@pytest.mark.parametrize(
    "pixels", [flat((0, 0, 0)), flat((255, 255, 255)), flat((90, 20, 200), 1, 1), noisy(flat((128, 128, 128)), 20)]
)
def test_a_blank_frame_and_noise_are_not_blurred(pixels: Pixels) -> None:
    seen = technical_facts(decode_pixels(pixels))
    assert seen.facts["blur_depth"] == 0
    assert "blurred" not in seen.flags


@pytest.mark.parametrize("share", [0.006, 0.02, 0.06, 0.12, 0.16])
def test_a_photo_is_called_blurred_however_wide_the_blur(share: float) -> None:
    assert "blurred" in technical_facts(decode_pixels(spread_by(forms(), share))).flags
