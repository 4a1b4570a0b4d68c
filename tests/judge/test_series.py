"""Which frames are one series."""

import random

import numpy as np
import pytest

from photocull.judge.series import ALIKE, QUICK, Frame, series_of

SCENES = np.eye(8, dtype=np.float32)


def frame(key: int, seconds: float | None, scene: int = 0, **more: object) -> Frame:
    return Frame(key, f"IMG_{key}", seconds, "Canon EOS R5", embedding=SCENES[scene], **more)  # type: ignore[arg-type]


def test_frames_in_quick_succession_that_look_alike_are_one_series() -> None:
    frames = [frame(1, 0), frame(2, 2), frame(3, 4), frame(4, 6, scene=1), frame(5, 8, scene=1)]
    assert series_of(frames) == [(1, 2, 3), (4, 5)]


def test_a_pause_ends_a_series() -> None:
    assert series_of([frame(1, 0), frame(2, QUICK), frame(3, 2 * QUICK + 0.1), frame(4, 3 * QUICK)]) == [(1, 2), (3, 4)]


def test_what_looks_different_is_no_series_however_quick() -> None:
    assert series_of([frame(1, 0, scene=0), frame(2, 0.1, scene=1), frame(3, 0.2, scene=2)]) == []


@pytest.mark.parametrize(("cosine", "series"), [(ALIKE + 0.01, [(1, 2)]), (ALIKE - 0.01, [])])
def test_how_alike_is_alike_enough(cosine: float, series: list[tuple[int, ...]]) -> None:
    leaning = (cosine * SCENES[0] + np.sqrt(1 - cosine**2) * SCENES[1]).astype(np.float32)
    assert series_of([frame(1, 0), Frame(2, "b", 1, "Canon EOS R5", embedding=leaning)]) == series


def test_two_cameras_at_one_moment_are_two_series() -> None:
    frames = [Frame(n, str(n), n // 2, ("A", "B")[n % 2], embedding=SCENES[0]) for n in range(6)]
    assert series_of(frames) == [(0, 2, 4), (1, 3, 5)]


def test_a_burst_that_the_camera_names_is_a_series_even_without_times_or_likeness() -> None:
    frames = [Frame(1, "a", burst="x"), Frame(2, "b", burst="y"), Frame(3, "c", burst="x"), Frame(4, "d")]
    assert series_of(frames) == [(1, 3)]


def test_a_burst_and_what_follows_it_alike_are_one_series() -> None:
    frames = [frame(1, 0, 0, burst="x"), frame(2, 1, 1, burst="x"), frame(3, 2, 1)]
    assert series_of(frames) == [(1, 2, 3)]


def test_frames_without_a_time_or_an_embedding_stay_single() -> None:
    assert series_of([frame(1, None), frame(2, None), Frame(3, "c", 0), Frame(4, "d", 1)]) == []


def test_embeddings_of_different_models_are_not_compared() -> None:
    other = Frame(2, "b", 1, "Canon EOS R5", embedding=np.ones(4, np.float32))
    assert series_of([frame(1, 0), other]) == []


def test_the_order_in_which_frames_come_does_not_matter() -> None:
    frames = [frame(n, float(n // 3 * 4), n // 4 % 3, burst="x" if n % 5 == 0 else None) for n in range(24)]
    expected = series_of(frames)
    assert len(expected) > 1
    for seed in range(10):
        shuffled = random.Random(seed).sample(frames, len(frames))
        assert series_of(shuffled) == expected
