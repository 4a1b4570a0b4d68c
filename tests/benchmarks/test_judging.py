"""What makes judging fast, against the plain way in one run: ratios of processor time, so that any machine will do."""

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from photocull.core.types import PREVIEW_SIDE, Photo
from photocull.judge.colour import read_colours
from photocull.judge.small import small_of
from photocull.judge.technical import technical_facts
from photocull.photo.decode import decode, decode_pixels
from tests.building import draw


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A JPEG of 12 megapixels with a camera's grain."""
    small = Image.fromarray(draw((1040, 780), seed=4, subject="street"))
    pixels = np.asarray(small.resize((4160, 3120), Image.Resampling.BICUBIC)).astype(np.int16)
    grain = np.random.default_rng(0).normal(0, 4, (3120, 4160, 1)).astype(np.int16)
    path = tmp_path_factory.mktemp("large") / "a.jpg"
    Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8)).save(path, quality=92)
    return path


def ratio(work: Callable[[], object], yardstick: Callable[[], object], times: int = 4) -> float:
    """Least processor time of the one over the other's, in turns, so that what slows the machine slows both."""
    turns = [(_spent(work), _spent(yardstick)) for _ in range(times)]
    ours, others = zip(*turns, strict=True)
    return min(ours) / min(others)


def _spent(work: Callable[[], object]) -> float:
    before = time.thread_time()
    work()
    return time.thread_time() - before


def test_a_large_jpeg_costs_less_scaled_while_it_is_decoded_than_decoded_whole(large: Path) -> None:
    def plain() -> None:
        with Image.open(large) as image:
            whole = image.convert("RGB")
        whole.resize((PREVIEW_SIDE, PREVIEW_SIDE * 3 // 4), Image.Resampling.BICUBIC)

    assert ratio(lambda: decode(Photo(large, 0, 0)), plain) < 0.75


def test_what_light_and_colours_share_is_read_once() -> None:
    photo = decode_pixels(draw((512, 512), seed=2, subject="street"))

    def shared() -> None:
        small = small_of(photo.preview)
        technical_facts(photo, small)
        read_colours(photo.preview, small)

    def apart() -> None:
        technical_facts(photo)
        read_colours(photo.preview)

    assert ratio(shared, apart, 15) < 0.97
