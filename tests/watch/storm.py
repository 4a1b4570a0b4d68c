"""Thousands of tiny photos, each a content of its own, made in no time."""

import io
import struct
from collections.abc import Iterator

import numpy as np
from PIL import Image

_PICTURES = 32


def tiny_photos(count: int) -> Iterator[bytes]:
    """JPEGs of 24 x 16 pixels: a few pictures, told apart by a comment inside."""
    generator = np.random.default_rng(1)
    pictures = []
    for _ in range(_PICTURES):
        pixels = generator.integers(0, 255, (16, 24, 3), dtype=np.uint8)
        file = io.BytesIO()
        Image.fromarray(pixels).save(file, "JPEG")
        pictures.append(file.getvalue())
    for number in range(count):
        comment = f"photo {number}".encode()
        picture = pictures[number % _PICTURES]
        yield picture[:2] + b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment + picture[2:]
