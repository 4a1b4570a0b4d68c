"""JPEGs of 24 megapixels as cameras write them, with and without a large thumbnail inside, made quickly."""

import io
import struct
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from tests.building import draw

SIZE: Final = (6000, 4000)
_THUMBNAIL: Final = (1620, 1080)
_LARGE_THUMBNAIL: Final = 0x010002


def _grained(seed: int) -> Image.Image:
    """A drawn picture with a camera's grain, so that it costs a decoder what a photo costs."""
    small = Image.fromarray(draw((1500, 1000), seed=seed, subject="street"))
    pixels = np.asarray(small.resize(SIZE, Image.Resampling.BICUBIC)).astype(np.int16)
    grain = np.random.default_rng(seed).normal(0, 5, (SIZE[1], SIZE[0], 1)).astype(np.int16)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def large_jpegs(folder: Path, count: int, *, thumbnails: bool) -> list[Path]:
    """``count`` files of one picture, each with a comment of its own, so that none is the same file as another."""
    folder.mkdir(parents=True)
    picture = _grained(4)
    content = listed(picture, picture.resize(_THUMBNAIL)) if thumbnails else _jpeg(picture)
    paths = []
    for number in range(count):
        comment = f"photo {number}".encode()
        path = folder / f"IMG_{number:04}.jpg"
        path.write_bytes(content + comment)
        paths.append(path)
    return paths


def _jpeg(picture: Image.Image) -> bytes:
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
