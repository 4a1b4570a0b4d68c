"""What every measure of a model's card is given: the judge, asked once for each picture, and the data to measure on."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from photocull.core.errors import TrainingError
from photocull.core.types import Judgement, Pixels
from photocull.core.work import CancelToken
from photocull.training.datasets import Example, LabelledSet, Split
from photocull.training.looking import Judge
from photocull.training.material import product_pixels

DATA: Final[Mapping[str, tuple[str, ...]]] = {
    "biq2021": ("biq2021",),
    "snapshots": ("snapshots",),
    "beauty": ("beauty",),
    "themes": ("themes",),
    "series": ("series",),
    "wallpapers": ("wallpapers", "../wallpapers", "/usr/share/backgrounds"),
    "palettes": ("palettes", "../labels/palettes", "labels/palettes"),
}
"""Names of data -> where they may lie, seen from the folder of data."""
DESCRIBED: Final[Mapping[str, str]] = {
    "biq2021": "BIQ2021 (Ahmed and Asif 2022) with this project's split",
    "snapshots": "the snapshots of LIVE in the Wild (Ghadiyaram and Bovik 2016) with this project's split",
    "beauty": "OASIS (Kurdi 2017) with Brielmann and Pelli's beauty ratings (2019) and this project's split",
    "themes": "photos labelled with the themes of TAD66K",
    "series": "the list of series among BIQ2021's photos",
    "wallpapers": "full-size photos: Debian's lomiri-wallpapers, or any in a folder 'wallpapers'",
    "palettes": "rated colour themes (O'Donovan 2011)",
}
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Subject:
    """A model with the data that it is measured on.

    Attributes:
        judge: the whole product on a picture in memory; see `remembering`.
        data: folder of the sets. limit: this many photos of each set at most, evenly spread; None for all.
        token: to stop.
    """

    judge: Judge
    data: Path
    limit: int | None = None
    token: CancelToken = field(default_factory=CancelToken)

    def place(self, name: str) -> Path | None:
        """Where this data lies; None where it is not here."""
        return place_of(self.data, name)

    def required(self, name: str) -> Path:
        """Where this data lies.

        Raises:
            TrainingError: it is not here.
        """
        found = self.place(name)
        if found is None:
            raise TrainingError(f"{DESCRIBED[name]} is not here.", path=self.data, remedy=f"Add the folder '{name}'.")
        return found

    def examples(self, labelled: LabelledSet, split: Split = "validation") -> tuple[Example, ...]:
        """A split's photos, or as many of them as the limit allows."""
        return spread([example for example in labelled.examples if example.split == split], self.limit)

    def judged(self, example: Example) -> Judgement:
        """What the product says of this photo.

        Raises:
            UnreadablePhotoError: it cannot be read. CancelledError: stopped.
        """
        self.token.check()
        return self.judge(product_pixels(example.path))


def place_of(data: Path, name: str) -> Path | None:
    """Where data of this name lies in or beside a folder of data; None where it is not here."""
    return next((place for way in DATA[name] if (place := data / way).is_dir()), None)


def spread(items: list[_T], limit: int | None) -> tuple[_T, ...]:
    """At most ``limit`` of these, evenly spread over their list."""
    if limit is None or limit >= len(items):
        return tuple(items)
    return tuple(items[k * len(items) // limit] for k in range(limit))


def remembering(judge: Judge, heard: Callable[[bool], None] = lambda fresh: None) -> Judge:
    """A judge that is asked once for each picture; ``heard`` is told of every question, and whether it was new."""
    known: dict[bytes, Judgement] = {}

    def ask(pixels: Pixels) -> Judgement:
        key = hashlib.blake2b(pixels.tobytes(), digest_size=16, salt=repr(pixels.shape).encode()[:16]).digest()
        fresh = key not in known
        if fresh:
            known[key] = judge(pixels)
        heard(fresh)
        return known[key]

    return ask
