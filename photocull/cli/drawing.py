"""Photos and results that `benchmark` makes up: detailed enough that decoding and storing cost what real ones cost."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from photocull.catalog.records import FoundPhoto, Scored
from photocull.core.types import ColourScheme, Exif, Judgement, Photo, Pixels, Reason, Swatch, Theme
from photocull.core.vocabulary import COMPLEMENTARY_TYPES, THEMES

_GRAIN: Final = 512
MODEL: Final = "invented"


def draw_photos(folder: Path, size: tuple[int, int], count: int) -> None:
    """Save ``count`` JPEGs of this width and height."""
    folder.mkdir(parents=True)
    for index in range(count):
        Image.fromarray(drawn(size, index)).save(folder / f"IMG_{index:05}.jpg", quality=92)


def drawn(size: tuple[int, int], seed: int) -> Pixels:
    """Soft shapes with grain over them: (H, W, 3) uint8 sRGB for a width and height."""
    random = np.random.default_rng(seed)
    coarse = random.integers(0, 256, (8, 12, 3), dtype=np.uint8)
    soft = np.array(Image.fromarray(coarse).resize(size, Image.Resampling.BICUBIC))
    grain = random.normal(0, 6, (_GRAIN, _GRAIN, 1)).astype(np.int16)
    width, height = size
    tiled = np.tile(grain, (-(-height // _GRAIN), -(-width // _GRAIN), 1))[:height, :width]
    return np.clip(soft + tiled, 0, 255).astype(np.uint8)


def invented(
    count: int,
) -> tuple[list[FoundPhoto], Callable[[Sequence[int]], list[Scored]], str]:
    """A catalogue's worth of photos that lie nowhere: to register, to store once they have ids, and their model."""
    random = np.random.default_rng(0)
    scores = random.uniform(0, 10, (count, 4))
    picks = random.integers(0, len(THEMES), (count, 3))
    photos = [Photo(Path(f"/invented/{i // 500:04}/IMG_{i:06}.jpg").absolute(), 5_000_000, i) for i in range(count)]
    found = [FoundPhoto(photo, f"{i:032x}") for i, photo in enumerate(photos)]

    def scored(ids: Sequence[int]) -> list[Scored]:
        return [
            Scored(photo_id, f"{i:032x}", 6000, 4000, Exif(), _judgement(scores[i], picks[i]))
            for i, photo_id in enumerate(ids)
        ]

    return found, scored, MODEL


def _judgement(scores: np.ndarray, picks: np.ndarray) -> Judgement:
    aesthetic, colour, technical, overall = map(float, scores)
    themes = tuple(Theme(THEMES[i], 0.9 / (n + 1)) for n, i in enumerate(dict.fromkeys(picks.tolist())))
    name = COMPLEMENTARY_TYPES[int(picks[0]) % len(COMPLEMENTARY_TYPES)]
    palette = tuple(Swatch(f"#{int(i):02x}8040", 0.2) for i in range(5))
    scheme = ColourScheme("complementary", name, "complementary", palette)
    reasons = (Reason("sharp where it matters", 1.0, "focus"), Reason("calm colours", 0.5, "colour"))
    grid = np.full((12, 18), overall / 10, np.float16)
    return Judgement(
        model=MODEL,
        model_fingerprint=MODEL,
        aesthetic=aesthetic,
        colour=colour,
        technical=technical,
        overall=overall,
        themes=themes,
        scheme=scheme,
        flags=("noisy",) if overall < 2 else (),
        reasons=reasons,
        facts={"sharpness": technical},
        attention={"aesthetic": grid, "focus": grid, "colour": grid},
        embedding=np.full(320, 0.056, np.float16),
    )
