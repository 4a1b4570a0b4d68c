"""The numbers of a picture's light and colour: what they tell, and what must not move them."""

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import Pixels
from photocull.judge.light import NUMBERS, read_light


def scene(width: int = 600, height: int = 400, seed: int = 0) -> Pixels:
    generator = np.random.default_rng(seed)
    small = generator.integers(20, 235, (6, 9, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC)).copy()


def numbers(pixels: Pixels) -> dict[str, float]:
    return dict(zip(NUMBERS, read_light(pixels).tolist(), strict=True))


def gained(pixels: Pixels, gains: tuple[float, float, float]) -> Pixels:
    return np.clip(pixels * np.array(gains), 0, 255).astype(np.uint8)


def test_every_number_has_a_name_of_its_own_and_is_finite() -> None:
    assert len(set(NUMBERS)) == len(NUMBERS)
    assert read_light(scene()).shape == (len(NUMBERS),)
    assert np.isfinite(read_light(scene())).all()


@pytest.mark.parametrize("size", [(1, 1), (1, 40), (40, 1), (3, 3), (2000, 2)])
@pytest.mark.parametrize("level", [0, 128, 255])
def test_flat_and_tiny_pictures_have_finite_numbers(size: tuple[int, int], level: int) -> None:
    assert np.isfinite(read_light(np.full((*size, 3), level, dtype=np.uint8))).all()


def test_the_picture_stays_as_it_is() -> None:
    pixels = scene()
    pixels.setflags(write=False)
    np.testing.assert_array_equal(read_light(pixels), read_light(pixels))


@pytest.mark.parametrize("seed", range(4))
def test_a_mirror_image_reads_the_same(seed: int) -> None:
    pixels = scene(seed=seed)
    np.testing.assert_allclose(read_light(np.ascontiguousarray(pixels[:, ::-1])), read_light(pixels), atol=2e-3)


@pytest.mark.parametrize("seed", range(4))
def test_half_the_size_and_encoding_again_hardly_move_a_number(seed: int) -> None:
    pixels = scene(1200, 800, seed)
    buffer = BytesIO()
    Image.fromarray(pixels).save(buffer, "JPEG", quality=92)
    encoded = np.asarray(Image.open(buffer).convert("RGB"))
    half = np.asarray(Image.fromarray(pixels).resize((600, 400), Image.Resampling.BICUBIC))
    for changed in (encoded, half):
        np.testing.assert_allclose(read_light(changed), read_light(pixels), atol=0.02)


def test_more_light_is_brighter_in_every_percentile() -> None:
    dark, plain, bright = (numbers(gained(scene(), (f, f, f))) for f in (0.6, 1.0, 1.5))
    for name in ("lightness 5 %", "lightness 50 %", "lightness 95 %", "brightness"):
        assert dark[name] < plain[name] < bright[name]
    assert bright["channel at its end"] > plain["channel at its end"] + 0.1
    assert dark["near black"] > plain["near black"]


def test_blown_and_blocked_shares_are_counted() -> None:
    pixels = np.full((100, 200, 3), 128, dtype=np.uint8)
    pixels[:25], pixels[90:] = 255, 0
    found = numbers(pixels)
    assert found["blown"] == pytest.approx(0.25, abs=0.02)
    assert found["blocked"] == pytest.approx(0.1, abs=0.02)


@pytest.mark.parametrize(
    ("gains", "name", "sign"),
    [
        ((1.0, 0.9, 0.6), "warmth", 1),
        ((0.6, 0.9, 1.0), "warmth", -1),
        ((0.7, 1.0, 0.7), "greenness", 1),
        ((1.0, 0.7, 1.0), "greenness", -1),
    ],
)
def test_a_cast_moves_every_guess_at_the_light_its_way(gains: tuple[float, float, float], name: str, sign: int) -> None:
    before, after = numbers(scene()), numbers(gained(scene(), gains))
    for part in ("grey world", "edges", "highlights", "shadows"):
        assert sign * (after[f"{part} {name}"] - before[f"{part} {name}"]) > 0.05


def test_a_grey_picture_leans_nowhere_and_a_tinted_one_does() -> None:
    grey = np.repeat(scene()[..., :1], 3, axis=2)
    neutral, tinted = numbers(grey), numbers(gained(grey, (1.0, 0.85, 0.6)))
    assert neutral["least lean"] == pytest.approx(0, abs=0.01)
    assert neutral["neutral share"] > 0.95
    assert tinted["least lean"] > 0.2
    assert tinted["lean agreement"] > 0.95
    assert tinted["neutral share"] < 0.3
