"""A picture in memory is judged as the file that holds it."""

from pathlib import Path

import numpy as np
from PIL import Image

from photocull.core.types import Photo
from photocull.models import store
from photocull.photo.decode import decode
from photocull.training.looking import judge_of


def test_a_picture_in_memory_is_judged_as_its_lossless_file(tmp_path: Path) -> None:
    generator = np.random.default_rng(4)
    coarse = generator.integers(0, 256, (40, 60, 3), dtype=np.uint8)
    pixels = np.array(Image.fromarray(coarse).resize((1800, 1200), Image.Resampling.BICUBIC))
    path = tmp_path / "photo.png"
    Image.fromarray(pixels).save(path)
    state = path.stat()
    scorer = store.open_scorer("builtin-1", "cpu", threads=1)

    of_file = scorer.score([decode(Photo(path, state.st_size, state.st_mtime_ns))])[0]
    of_pixels = judge_of(scorer)(pixels)

    assert of_pixels.overall == of_file.overall
    assert dict(of_pixels.facts) == dict(of_file.facts)
    assert np.array_equal(of_pixels.embedding, of_file.embedding)
