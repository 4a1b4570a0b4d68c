"""What a helper process costs the photos that are read in one, against this process in turns: ratios of one run."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from photocull.core.memory import kept_memory
from photocull.photo.decode import decode, decode_here
from tests.building import make_photo
from tests.photo.reading import photo
from tests.photo.test_raw import dng, jpeg_of

TURNS = 5


def raw(folder: Path) -> Path:
    path = folder / "a.dng"
    path.write_bytes(dng((4000, 3000), jpeg_of(4000, 3000)))
    return path


def tiff(folder: Path) -> Path:
    return make_photo(folder / "a.tif", size=(3000, 2000))


@pytest.mark.slow
@pytest.mark.parametrize("make", [raw, tiff])
def test_a_helper_costs_little_beside_decoding(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    path = make(tmp_path)
    ways: list[Callable[[int], object]] = [
        lambda _: decode(photo(path)),
        lambda _: decode_here(photo(path), path, None),
    ]
    best = [float("inf"), float("inf")]
    with kept_memory(), ThreadPoolExecutor(2) as workers:
        for turn in range(TURNS + 1):
            for place in (0, 1) if turn % 2 else (1, 0):
                begun = time.perf_counter()
                list(workers.map(ways[place], range(4)))
                if turn:  # libraries are loaded, helpers started
                    best[place] = min(best[place], time.perf_counter() - begun)
    assert best[0] < 1.3 * best[1], best
