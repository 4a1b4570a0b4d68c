"""Photos and results that `benchmark` makes up: detailed enough that decoding and storing cost what real ones cost."""

import io
import struct
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
THUMBNAIL: Final = (1620, 1080)
_LARGE_THUMBNAIL: Final = 0x010002


def draw_photos(folder: Path, size: tuple[int, int], count: int) -> None:
    """Save ``count`` JPEGs of this width and height."""
    folder.mkdir(parents=True)
    for index in range(count):
        Image.fromarray(drawn(size, index)).save(folder / f"IMG_{index:05}.jpg", quality=92)


def copies(folder: Path, content: bytes, count: int) -> list[Path]:
    """``count`` files of one JPEG, each with bytes of its own behind it, so that none is the same file as another."""
    folder.mkdir(parents=True)
    paths = [folder / f"IMG_{number:05}.jpg" for number in range(count)]
    for number, path in enumerate(paths):
        path.write_bytes(content + f"photo {number}".encode())
    return paths


def jpeg_of(picture: Image.Image) -> bytes:
    """A picture as cameras write it, without anything inside."""
    held = io.BytesIO()
    picture.save(held, "JPEG", quality=92)
    return held.getvalue()


def listed(picture: Image.Image, thumbnail: Image.Image, kind: int = _LARGE_THUMBNAIL, **more: object) -> bytes:
    """A JPEG that lists a second picture of this kind (CIPA DC-007, table 4)."""
    held = io.BytesIO()
    picture.save(held, "MPO", save_all=True, append_images=[thumbnail], quality=92, **more)
    content = bytearray(held.getvalue())
    # Pillow's list of pictures begins 50 bytes behind the index's head; each has 16.
    second = content.index(b"MPF\x00") + 4 + 50 + 16
    content[second : second + 4] = struct.pack("<L", kind)
    return bytes(content)


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
    photos = [Photo(Path(f"/invented/{i // 500:04}/IMG_{i:06}.jpg").absolute(), 5_000_000, i) for i in range(count)]
    found = [FoundPhoto(photo, f"{i:032x}") for i, photo in enumerate(photos)]

    def scored(ids: Sequence[int]) -> list[Scored]:
        return [Scored(photo_id, f"{i:032x}", 6000, 4000, Exif(), judgement(i)) for i, photo_id in enumerate(ids)]

    return found, scored, MODEL


def judgement(seed: int, model: str = MODEL, fingerprint: str = MODEL) -> Judgement:
    """A judgement that nothing was looked at for, the same for the same seed."""
    random = np.random.default_rng(seed)
    scores, picks = random.uniform(0, 10, 4), random.integers(0, len(THEMES), 3)
    aesthetic, colour, technical, overall = map(float, scores)
    themes = tuple(Theme(THEMES[i], 0.9 / (n + 1)) for n, i in enumerate(dict.fromkeys(picks.tolist())))
    name = COMPLEMENTARY_TYPES[int(picks[0]) % len(COMPLEMENTARY_TYPES)]
    palette = tuple(Swatch(f"#{int(i):02x}8040", 0.2) for i in range(5))
    scheme = ColourScheme("complementary", name, "complementary", palette)
    reasons = (Reason("sharp where it matters", 1.0, "focus"), Reason("calm colours", 0.5, "colour"))
    grid = np.full((12, 18), overall / 10, np.float16)
    return Judgement(
        model=model,
        model_fingerprint=fingerprint,
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
