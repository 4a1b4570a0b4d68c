"""The trial of the attention map covers what it says it covers."""

from pathlib import Path

import numpy as np

from photocull.core.types import Judgement, Pixels
from photocull.training.covering import PHOTOS, SIDE, cover, covered_changes, square_sums, validation_photos
from photocull.training.datasets import Example, LabelledSet, Split
from tests.catalog.building import judgement


def test_a_square_of_cells_is_covered_with_the_mean_colour() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (200, 240, 3), dtype=np.uint8)
    grid = np.zeros((5, 6))
    grid[1:4, 2:5] = 1
    covered = cover(pixels, grid.shape, int(square_sums(grid).argmax()))
    changed = np.any(covered != pixels, axis=2)
    assert changed[40:160, 80:200].mean() > 0.99
    assert not changed[:40].any()
    assert not changed[160:].any()
    assert not changed[:, :80].any()
    assert SIDE == 3
    assert np.allclose(covered[60, 100], pixels.mean(axis=(0, 1)), atol=0.5)


def test_covering_what_the_score_draws_on_lowers_it() -> None:
    pixels = np.full((120, 120, 3), 40, dtype=np.uint8)
    pixels[10:60, 10:60] = 250

    def judge(seen: Pixels) -> Judgement:
        grid = np.zeros((6, 6), dtype=np.float16)
        grid[:3, :3] = 1
        return judgement(aesthetic=2 + 6 * float((seen > 200).mean()), attention={"aesthetic": grid})

    hot, cold = covered_changes(judge, pixels)

    assert hot < cold == 0


def test_photos_come_from_validation_of_all_rated_sets() -> None:
    def labelled(name: str) -> LabelledSet:
        splits: tuple[Split, ...] = ("train", "validation")
        photos = [Example(Path(f"{name}/{k}.jpg"), splits[k % 2], 0.5) for k in range(400)]
        return LabelledSet(name, tuple(photos))

    chosen = validation_photos(tuple(labelled(name) for name in ("biq2021", "snapshots", "beauty", "themes")))
    assert len(chosen) == PHOTOS
    assert {example.split for example in chosen} == {"validation"}
    assert {example.path.parent.name for example in chosen} == {"biq2021", "snapshots", "beauty"}
