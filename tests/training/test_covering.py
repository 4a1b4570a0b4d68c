"""The trial of the attention map covers what it says it covers."""

from pathlib import Path

import numpy as np

from photocull.training.covering import PHOTOS, SIDE, cover, square_sums, validation_photos
from photocull.training.datasets import Example, LabelledSet, Split


def test_a_square_of_cells_is_covered_with_the_mean_colour() -> None:
    values = np.random.default_rng(0).standard_normal((3, 160, 192)).astype(np.float32)
    grid = np.zeros((5, 6))
    grid[1:4, 2:5] = 1
    place = int(square_sums(grid).argmax())
    covered = cover(values, place)
    changed = np.any(covered != values, axis=0)
    assert changed[32 : 32 + 96, 64 : 64 + 96].all()
    assert changed.sum() == (32 * SIDE) ** 2
    assert np.allclose(covered[:, 40, 70], values.mean(axis=(1, 2)), atol=1e-5)


def test_photos_come_from_validation_of_all_rated_sets() -> None:
    def labelled(name: str) -> LabelledSet:
        splits: tuple[Split, ...] = ("train", "validation")
        photos = [Example(Path(f"{name}/{k}.jpg"), splits[k % 2], 0.5) for k in range(400)]
        return LabelledSet(name, tuple(photos))

    chosen = validation_photos(tuple(labelled(name) for name in ("biq2021", "snapshots", "beauty", "themes")))
    assert len(chosen) == PHOTOS
    assert {example.split for example in chosen} == {"validation"}
    assert {example.path.parent.name for example in chosen} == {"biq2021", "snapshots", "beauty"}
