"""The measures of noticing and steadiness, with judges of which it is known what they see."""

from collections.abc import Callable

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import ColourScheme, Judgement, Pixels
from photocull.models.registry import ModelResult
from photocull.training.damage import KINDS
from photocull.training.looking import Judge
from photocull.training.noticing import measure_invariance, measure_noticing, measure_spread


def scene(width: int, height: int, seed: int = 0) -> Pixels:
    generator = np.random.default_rng(seed)
    small = generator.integers(40, 200, (height // 8, width // 8, 3)).astype(np.uint8)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.NEAREST))


def judgement(technical: float, overall: float, **facts: float) -> Judgement:
    scheme = ColourScheme(None, None, "analogous", ())
    return Judgement("made-up", "0", 5.0, 5.0, technical, overall, (), scheme, (), (), facts)


def judging(technical: Callable[[Pixels], float], overall: Callable[[Pixels], float] | None = None) -> Judge:
    return lambda pixels: judgement(technical(pixels), (overall or technical)(pixels), focus_native=0.5)


def brightness(pixels: Pixels) -> float:
    return float(pixels.mean()) / 25


def found(results: tuple[ModelResult, ...], score: str, data: str, measure: str) -> ModelResult:
    return next(one for one in results if (one.score, one.data, one.measure) == (score, data, measure))


PHOTOS = [scene(96, 64, seed) for seed in range(5)]
EXPOSURES = (KINDS["underexposed"], KINDS["overexposed"])


def test_a_judge_of_brightness_notices_too_little_light_and_welcomes_too_much() -> None:
    results = measure_noticing(judging(brightness), PHOTOS, damages=EXPOSURES)
    for measure in ("lower at visible strength", "order of strengths"):
        under = found(results, "technical", "damage: underexposed", measure)
        over = found(results, "technical", "damage: overexposed", measure)
        assert (under.value, under.low, under.high, under.photos) == (1.0, 1.0, 1.0, 5)
        assert (over.value, over.photos) == (0.0, 5)


def test_a_judge_that_sees_nothing_notices_nothing() -> None:
    results = measure_noticing(judging(lambda pixels: 5.0), PHOTOS[:2])
    assert len(results) == 2 * 2 * len(KINDS)
    assert {one.value for one in results} == {0.0}


def test_each_score_is_held_to_account_by_itself() -> None:
    judge = judging(brightness, lambda pixels: 10 - brightness(pixels))
    results = measure_noticing(judge, PHOTOS, damages=EXPOSURES)
    assert found(results, "technical", "damage: underexposed", "lower at visible strength").value == 1
    assert found(results, "overall", "damage: underexposed", "lower at visible strength").value == 0
    assert found(results, "overall", "damage: overexposed", "lower at visible strength").value == 1


def test_what_is_noticed_in_some_photos_only_has_an_interval_around_its_share() -> None:
    photos = [scene(96, 64, seed) for seed in range(12)]
    blind = {pixels[0, 0].tobytes() for pixels in photos[::3]}

    def partly(pixels: Pixels) -> float:
        return 1.0 if pixels[0, 0].tobytes() in blind else brightness(pixels)

    result = found(
        measure_noticing(judging(partly), photos, damages=EXPOSURES[:1]),
        "technical",
        "damage: underexposed",
        "lower at visible strength",
    )
    assert result.low is not None
    assert result.high is not None
    assert 0.4 < result.value < 0.8
    assert result.low < result.value < result.high


def test_the_same_photos_give_the_same_figures() -> None:
    once, again = (measure_noticing(judging(brightness), PHOTOS[:2]) for _ in range(2))
    assert once == again


def test_a_judge_of_brightness_is_steady_and_a_judge_of_corners_is_not() -> None:
    large = [scene(2400, 1600, 3)]
    steady = measure_invariance(judging(brightness), PHOTOS, large)
    assert {one.value for one in steady} == {1.0}
    corner = measure_invariance(judging(lambda pixels: float(pixels[0, 0, 0]) / 20), PHOTOS, large)
    assert found(corner, "technical", "unseen change: mirrored", "unmoved").value < 0.5
    size = measure_invariance(judging(lambda pixels: pixels.shape[1] / 1000), PHOTOS, large)
    assert found(size, "overall", "unseen change: at half size", "unmoved").value == 0
    assert found(size, "overall", "unseen change: encoded at quality 92", "unmoved").value == 1


def test_only_large_and_sharp_photos_are_halved() -> None:
    def judge(pixels: Pixels) -> Judgement:
        return judgement(5.0, 5.0, focus_native=0.5 if pixels[0, 0, 0] > 100 else 0.1)

    sharp, soft, small = (np.full((1500, 2000, 3), 200, np.uint8), np.zeros((1500, 2000, 3), np.uint8), PHOTOS[0])
    results = measure_invariance(judge, [], [sharp, soft, small])
    assert [(one.data, one.photos) for one in results] == [("unseen change: at half size", 1)] * 2
    assert measure_invariance(judge, [], []) == ()


def test_the_spread_is_that_of_the_scores() -> None:
    results = measure_spread([judgement(value, 5.0) for value in (3.0, 5.0, 7.0)])
    technical, overall = (
        found(results, s, "validation photos", "standard deviation") for s in ("technical", "overall")
    )
    assert technical.value == pytest.approx(np.std([3, 5, 7]))
    assert overall.value == 0
