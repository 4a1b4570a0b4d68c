"""Labelled photos together with their features: what heads are fitted to and measured on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Photo, Pixels
from photocull.photo.decode import decode
from photocull.training.datasets import LabelledSet, Split, read_beauty, read_biq2021, read_snapshots, read_themes
from photocull.training.features import Features

Extract = Callable[[list[Path], bool], Features]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """One split of one set.

    Attributes:
        opinions: (n,) in the set's own unit. groups: (n,) words.
        themes: the themes of each photo.
        plain: (n, 2568) features. mirrored: of the mirror images; empty for validation, which is measured as it is.
    """

    opinions: NDArray[np.float64]
    groups: NDArray[np.str_]
    themes: tuple[tuple[str, ...], ...]
    plain: NDArray[np.float32]
    mirrored: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.opinions)


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """One split of all sets."""

    biq2021: Material
    snapshots: Material
    beauty: Material
    themes: Material


def read_sets(data: Path) -> tuple[LabelledSet, ...]:
    """The four sets in the order of `Materials`.

    Raises:
        TrainingError: a label file is missing or malformed.
    """
    return read_biq2021(data), read_snapshots(data), read_beauty(data), read_themes(data)


def count_runs(sets: tuple[LabelledSet, ...]) -> int:
    """Runs of the trunk that `gather` asks for over both splits."""
    return sum(1 + (example.split == "train") for labelled in sets for example in labelled.examples)


def gather(sets: tuple[LabelledSet, ...], split: Split, extract: Extract) -> Materials:
    """One split's photos with their features; mirror images for training alone."""
    return Materials(*(_material(labelled, split, extract) for labelled in sets))


def _material(labelled: LabelledSet, split: Split, extract: Extract) -> Material:
    examples = [example for example in labelled.examples if example.split == split]
    paths = [example.path for example in examples]
    plain = extract(paths, False).both
    return Material(
        opinions=np.array([example.opinion for example in examples]),
        groups=np.array([example.group for example in examples]),
        themes=tuple(example.themes for example in examples),
        plain=plain,
        mirrored=extract(paths, True).both if split == "train" else plain[:0],
    )


def product_pixels(path: Path) -> Pixels:
    """A training photo exactly as the product sees it.

    Raises:
        UnreadablePhotoError: the photo cannot be read.
    """
    state = path.stat()
    photo = Photo(path, state.st_size, state.st_mtime_ns)
    return decode(photo, fingerprint="").preview
