"""Labelled photos together with their features: what heads are fitted to and measured on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Photo, Pixels
from photocull.photo.decode import decode
from photocull.training.datasets import LabelledSet, Split, read_beauty, read_biq2021, read_snapshots, read_themes
from photocull.training.features import Features
from photocull.training.pair_choice import SightPair
from photocull.training.sights import Sight

Extract = Callable[[Sequence[Sight], bool], Features]
"""Features of pictures, of both views or of the first alone."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """One split of one set.

    Attributes:
        opinions: (n,) in the set's own unit. groups: (n,) words.
        themes: the themes of each photo.
        plain: (n, d) numbers, see `heads.BLOCKS`. mirrored: of the mirror images; empty for validation, which is
            measured as it is.
    """

    opinions: NDArray[np.float64]
    groups: NDArray[np.str_]
    themes: tuple[tuple[str, ...], ...]
    plain: NDArray[np.float32]
    mirrored: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.opinions)


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """Pairs in an order that people agree on, as (m, d) numbers of the better and the worse picture."""

    better: NDArray[np.float32]
    worse: NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Materials:
    """One split of all sets, and for training the pairs: damaged photos for quality, badly composed ones for beauty."""

    biq2021: Material
    snapshots: Material
    beauty: Material
    themes: Material
    damaged: Ordered
    composed: Ordered


def read_sets(data: Path) -> tuple[LabelledSet, ...]:
    """The four sets in the order of `Materials`.

    Raises:
        TrainingError: a label file is missing or malformed.
    """
    return read_biq2021(data), read_snapshots(data), read_beauty(data), read_themes(data)


def gather(sets: Sequence[LabelledSet], split: Split, pairs: Sequence[SightPair], extract: Extract) -> Materials:
    """One split's photos with their features; mirror images and ``pairs`` for training alone."""
    biq, snapshots, beauty, themes = (_material(labelled, split, extract) for labelled in sets)
    damaged, composed = (
        _ordered([pair for pair in pairs if pair.head == head], extract) for head in ("quality", "beauty")
    )
    return Materials(biq, snapshots, beauty, themes, damaged, composed)


def count_looks(sets: Sequence[LabelledSet], pairs: Sequence[SightPair]) -> int:
    """Pictures that `gather` asks for over both splits."""
    labelled = sum(1 + (example.split == "train") for one in sets for example in one.examples)
    heads = ("quality", "beauty")
    made = ({s for pair in pairs if pair.head == head for s in (pair.better, pair.worse)} for head in heads)
    return labelled + sum(map(len, made))


def _material(labelled: LabelledSet, split: Split, extract: Extract) -> Material:
    examples = [example for example in labelled.examples if example.split == split]
    # Themes are read from the first view alone.
    twice = labelled.name != "themes"
    plain = extract([Sight(example.path) for example in examples], twice).all
    mirrors = [Sight(example.path, "mirror") for example in examples if split == "train"]
    return Material(
        opinions=np.array([example.opinion for example in examples]),
        groups=np.array([example.group for example in examples]),
        themes=tuple(example.themes for example in examples),
        plain=plain,
        mirrored=extract(mirrors, twice).all,
    )


def _ordered(pairs: Sequence[SightPair], extract: Extract) -> Ordered:
    sights = list(dict.fromkeys(sight for pair in pairs for sight in (pair.better, pair.worse)))
    place = {sight: row for row, sight in enumerate(sights)}
    numbers = extract(sights, True).all
    return Ordered(*(numbers[[place[getattr(pair, side)] for pair in pairs]] for side in ("better", "worse")))


def product_pixels(path: Path) -> Pixels:
    """A training photo exactly as the product sees it.

    Raises:
        UnreadablePhotoError: the photo cannot be read.
    """
    state = path.stat()
    photo = Photo(path, state.st_size, state.st_mtime_ns)
    return decode(photo, fingerprint="").preview
