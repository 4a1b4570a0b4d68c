"""What softness costs beyond what the network sees: soft at full size, and blurred wider than it was taught."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageFilter

from photocull.core.types import ColourScheme, Pixels
from photocull.judge.reasons import Scores, reasons
from photocull.judge.softness import MOST, SAID, WIDEST, blur_penalty, native_penalty
from photocull.judge.technical import technical_facts
from photocull.models.store import open_scorer
from photocull.photo.decode import decode_pixels
from photocull.training.datasets import read_beauty, read_biq2021, read_snapshots


def streets(width: int, height: int, sigma: float = 0.6) -> Pixels:
    """A picture full of edges of many lengths, as sharp as a good lens draws: sigma in its own pixels."""
    generator = np.random.default_rng(5)
    picture = np.full((height, width), 120, dtype=np.uint8)
    for _ in range(900):
        x, y = generator.integers(0, width), generator.integers(0, height)
        w, h = generator.integers(30, 400, 2)
        picture[y : y + h, x : x + w] = generator.integers(10, 245)
    image = Image.fromarray(np.repeat(picture[..., None], 3, axis=2)).filter(ImageFilter.GaussianBlur(sigma))
    return np.asarray(image)


def facts_of(pixels: Pixels) -> dict[str, float]:
    return technical_facts(decode_pixels(pixels)).facts


@pytest.mark.parametrize("size", [(6000, 4000), (3000, 2000), (1440, 960), (512, 512)])
def test_a_sharp_photo_of_any_size_loses_nothing(size: tuple[int, int]) -> None:
    assert native_penalty(facts_of(streets(*size))) == 0


@pytest.mark.slow
def test_the_softer_a_large_photo_the_more_it_loses() -> None:
    lost = [native_penalty(facts_of(streets(6000, 4000, sigma))) for sigma in (1.0, 3.0, 6.0)]
    assert lost[0] == 0
    assert SAID < lost[1] <= lost[2] <= MOST


def test_a_small_photo_is_left_to_what_sees_it_whole() -> None:
    assert native_penalty(facts_of(streets(1200, 800, 4.0))) == 0


def test_a_photo_of_which_nothing_can_be_told_loses_nothing() -> None:
    fog = np.full((3000, 4500, 3), 180, dtype=np.uint8)
    assert native_penalty(facts_of(fog)) == 0
    assert native_penalty({}) == 0
    assert native_penalty({"native_scale": 4.0}) == 0


def test_the_loss_rises_smoothly_with_size_and_softness() -> None:
    by_size = [native_penalty({"focus_native": 0.05, "native_scale": scale}) for scale in (1.0, 1.4, 1.8, 2.2, 5.0)]
    assert by_size[0] == 0
    assert by_size == sorted(by_size)
    assert by_size[-1] == pytest.approx(MOST)
    by_focus = [native_penalty({"focus_native": focus, "native_scale": 4.0}) for focus in np.linspace(0.3, 0, 40)]
    assert by_focus == sorted(by_focus)
    assert max(np.diff(by_focus)) < 0.1


def test_a_blur_costs_by_its_depth_and_nothing_where_there_is_none() -> None:
    assert blur_penalty({}) == blur_penalty({"blur_depth": 0.0}) == 0
    assert blur_penalty({"blur_depth": 0.5}) == pytest.approx(WIDEST / 2)
    assert blur_penalty({"blur_depth": 1.0}) == WIDEST


@pytest.mark.slow
def test_beyond_what_was_taught_scores_still_fall_with_the_blur(shared: Path) -> None:
    scorer = open_scorer("builtin-1", "cpu", threads=1)
    shares = (0.0, 0.003, 0.006, 0.02, 0.04, 0.08, 0.12)
    seen = []
    for path in best_photos(shared, 12):
        image = Image.open(path).convert("RGB")
        copies = (image.filter(ImageFilter.GaussianBlur(share * max(image.size))) for share in shares)
        judged = scorer.score([decode_pixels(np.asarray(copy)) for copy in copies])
        assert all("blurred" in one.flags for one in judged[2:])
        seen.append([(one.technical, one.overall) for one in judged])
    falls = np.diff(np.array(seen), axis=1) < 0
    assert falls[:, :, 0].mean() > 0.97
    assert falls[:, :, 1].mean() > 0.93
    assert np.array(seen)[:, -1, 0].max() < 2.5


@pytest.mark.slow
def test_no_validation_photo_is_touched_by_what_is_beyond_the_taught_range(shared: Path) -> None:
    data = shared / "data"
    examples = [*read_biq2021(data).examples, *read_snapshots(data).examples, *read_beauty(data).examples]
    for example in examples:
        if example.split == "validation":
            pixels = np.asarray(Image.open(example.path).convert("RGB"))
            assert blur_penalty(technical_facts(decode_pixels(pixels)).facts) == 0, example.path


def best_photos(shared: Path, count: int) -> list[Path]:
    examples = [one for one in read_biq2021(shared / "data").examples if one.split == "validation"]
    ordinary = [one for one in examples if one.group == "ss03"]
    return [one.path for one in sorted(ordinary, key=lambda one: -one.opinion)[:count]]


def test_soft_at_full_size_is_said_and_not_called_sharp() -> None:
    scheme = ColourScheme(None, None, "analogous", ())
    scores = Scores(6.0, 5.0, 6.0, 5.9)
    seen = {"focus_best": 0.8, "focus_centre": 0.7, "focus_known": 0.5, "native_scale": 4.2}
    soft = [reason.text for reason in reasons(scores, seen | {"focus_native": 0.05}, (), scheme)]
    sharp = [reason.text for reason in reasons(scores, seen | {"focus_native": 0.4}, (), scheme)]
    assert "soft at full size" in soft
    assert "sharp where it matters" not in soft
    assert "sharp where it matters" in sharp
    assert "soft at full size" not in sharp
