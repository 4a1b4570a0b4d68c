"""The colour score's figures: what a good, a blind and an unsteady judge come to."""

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest

from photocull.core.errors import CancelledError
from photocull.core.types import ColourScheme, Judgement, Pixels
from photocull.core.work import CancelToken
from photocull.training.colour_damage import KINDS, change
from photocull.training.colour_measuring import measure_colour, try_photo
from photocull.training.looking import Judge
from tests.judge.drawing import scene

_BLANK = Judgement("m", "f", 5, 5, 5, 5, (), ColourScheme(None, None, "achromatic", ()), (), ())


def _judge(colour: Callable[[Pixels], float]) -> Judge:
    return lambda pixels: dataclasses.replace(_BLANK, colour=colour(pixels))


def _photos(count: int = 3) -> list[Pixels]:
    return [scene(k, height=120, width=160) for k in range(count)]


def _figures(judge: Judge, photos: list[Pixels]) -> dict[str, float]:
    return {result.measure: result.value for result in measure_colour(judge, photos)}


def _faithful(photos: list[Pixels]) -> Callable[[Pixels], float]:
    """Knows the photos and takes off what a copy of the same size differs by; mirrors are known as well."""
    known = [*photos, *(photo[:, ::-1] for photo in photos)]

    def colour(pixels: Pixels) -> float:
        return 8 - min(change(photo, pixels) for photo in known) / 10 if pixels.shape == known[0].shape else 8.0

    return colour


def test_a_judge_that_sees_every_damage_has_all_pairs_in_order() -> None:
    photos = _photos()
    figures = _figures(_judge(_faithful(photos)), photos)
    for kind in KINDS:
        assert figures[f"{kind}, pairs in order"] == 1
    assert figures["damaged copies, pairs in order"] == 1
    assert figures["stronger damage below weaker"] > 0.95
    assert figures["a mirror image changes it by less than 0.15"] == 1


def test_a_judge_blind_to_colour_has_no_pair_in_order() -> None:
    figures = _figures(_judge(lambda _: 5.0), _photos(1))
    assert figures["damaged copies, pairs in order"] == 0
    assert figures["a mirror image changes it by less than 0.15"] == 1
    assert figures["standard deviation"] == 0


def test_a_judge_that_looks_at_the_left_half_alone_is_caught_by_the_mirror() -> None:
    photo = scene(height=120, width=160)
    photo = np.hstack([photo[:, :80] // 2, photo[:, 80:]])
    figures = _figures(_judge(lambda pixels: float(pixels[:, : pixels.shape[1] // 2].mean()) / 26), [photo])
    assert figures["a mirror image changes it by less than 0.15"] == 0


def test_damage_that_nobody_sees_does_not_count() -> None:
    grey = np.repeat(scene(height=120, width=160)[..., :1], 3, axis=-1)
    trial = try_photo(lambda _: 5.0, grey, 0)
    assert trial.falls["hue shift"] == ()
    assert len(trial.falls["cast"]) >= 2


def test_only_large_photos_are_expected_to_bear_half_their_size() -> None:
    assert "half the size" not in try_photo(lambda _: 5.0, scene(height=120, width=160), 0).moved
    assert "half the size" in try_photo(lambda _: 5.0, np.tile(scene(height=20, width=40), (1, 50, 1)), 0).moved


def test_intervals_hold_their_figure_and_photos_are_counted() -> None:
    photos = _photos(4)
    for result in measure_colour(_judge(lambda pixels: float(pixels.std())), photos):
        assert result.photos <= 4
        if result.low is not None and result.high is not None:
            assert result.low <= result.value <= result.high


def test_it_can_be_stopped_and_needs_photos() -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        measure_colour(_judge(lambda _: 5.0), _photos(1), token)
    assert measure_colour(_judge(lambda _: 5.0), []) == ()
