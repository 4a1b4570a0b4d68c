"""The measures that a built-in model's card is made of, each with the data it needs and the photos it is taken on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.models.registry import ModelResult
from photocull.photo.decode import load_full
from photocull.training.aesthetic_measuring import beauty_photos, measure_aesthetic
from photocull.training.agreeing import measure_beauty, measure_biq2021, measure_snapshots
from photocull.training.colour_measuring import measure_colour
from photocull.training.colour_photos import colour_photos
from photocull.training.covering import PHOTOS, measure_attention
from photocull.training.datasets import Example, read_beauty, read_biq2021, read_snapshots
from photocull.training.embedding_measuring import measure_embedding
from photocull.training.material import product_pixels, read_sets
from photocull.training.noticing import LEAST_SIDE, SHOWN, measure_invariance, measure_noticing, measure_spread
from photocull.training.palettes import measure_palettes
from photocull.training.subject import Subject, spread
from photocull.training.theme_measuring import measure_themes

SOUND: Final = 100
"""Photos that are spoilt: those of BIQ2021's validation that people think best of, which sharpness and light decide."""
FINE_COLOUR: Final = 120
"""Photos whose colours are spoilt, drawn evenly from those of good colour in all sets' validation."""
ORDINARY: Final = 240
"""Photos that are changed where nobody sees it, drawn evenly from all rated sets' validation."""
_PICTURES: Final = (".jpg", ".jpeg", ".png")


@dataclass(frozen=True, slots=True)
class CardMeasure:
    """One part of the card.

    Attributes:
        name: for people. needs: names of `subject.DATA`.
        covers: beginnings of score and data of the card's figures that it finds.
        run: finds them. judgements: about how many it asks for, for the progress alone.
    """

    name: str
    needs: tuple[str, ...]
    covers: tuple[tuple[str, str], ...]
    run: Callable[[Subject], tuple[ModelResult, ...]]
    judgements: int

    def owns(self, result: ModelResult) -> bool:
        """Whether this is one of its figures."""
        return any(result.score.startswith(score) and result.data.startswith(data) for score, data in self.covers)


def sound_photos(subject: Subject) -> Iterator[Pixels]:
    """Sharp and well exposed ones, best first."""
    examples = [example for example in read_biq2021(subject.data).examples if example.split == "validation"]
    return _best(subject, examples, SOUND)


def fine_photos(subject: Subject) -> Iterator[Pixels]:
    """Of good colour, set by set."""
    chosen = spread(list(spread(colour_photos(read_sets(subject.data), "validation"), FINE_COLOUR)), subject.limit)
    return (product_pixels(path) for path in chosen)


def _best(subject: Subject, examples: list[Example], count: int) -> Iterator[Pixels]:
    ordered = sorted(examples, key=lambda example: (-example.opinion, example.path.name))
    return _opened(spread(ordered[:count], subject.limit))


def _opened(examples: tuple[Example, ...]) -> Iterator[Pixels]:
    return (product_pixels(example.path) for example in examples)


def ordinary_photos(subject: Subject) -> tuple[Example, ...]:
    """Of all rated sets, drawn evenly."""
    sets = (read_biq2021(subject.data), read_snapshots(subject.data), read_beauty(subject.data))
    examples = [one for labelled in sets for one in labelled.examples if one.split == "validation"]
    return spread(list(spread(examples, ORDINARY)), subject.limit)


def large_photos(subject: Subject) -> Iterator[Pixels]:
    """Whole photos of `noticing.LEAST_SIDE` pixels or more in their own resolution; what cannot be read is left out."""
    folder = subject.required("wallpapers")
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in _PICTURES and path.is_file())
    for path in spread(paths, subject.limit):
        subject.token.check()
        try:
            pixels = load_full(path)
        except UnreadablePhotoError:
            continue
        if max(pixels.shape[:2]) >= LEAST_SIDE:
            yield np.ascontiguousarray(pixels)


def _steadiness(subject: Subject) -> tuple[ModelResult, ...]:
    """Steadiness under changes that nobody sees, and the spread of the scores, without which it is worth nothing."""
    examples = ordinary_photos(subject)
    judgements = [subject.judged(example) for example in examples]
    steady = measure_invariance(subject.judge, _opened(examples))
    return (*steady, *(measure_spread(judgements) if len(judgements) > 1 else ()))


MEASURES: Final[tuple[CardMeasure, ...]] = (
    CardMeasure("quality on BIQ2021", ("biq2021",), (("technical", "BIQ2021"),), measure_biq2021, 636),
    CardMeasure(
        "quality on snapshots",
        ("snapshots",),
        (("technical", "snapshots"), ("aesthetic", "snapshots")),
        measure_snapshots,
        120,
    ),
    CardMeasure(
        "beauty within a category",
        ("beauty",),
        (("aesthetic", "beauty "), ("beauty head", "beauty ")),
        measure_beauty,
        120,
    ),
    CardMeasure(
        "spoilt photos and fairness to subjects",
        ("beauty",),
        (("aesthetic", "beauty, "),),
        lambda subject: measure_aesthetic(subject.judge, spread(list(beauty_photos(subject.data)), subject.limit)),
        1500,
    ),
    CardMeasure(
        "what it notices",
        ("biq2021",),
        (("technical", "damage"), ("overall", "damage")),
        lambda subject: measure_noticing(subject.judge, sound_photos(subject)),
        SOUND * 41,
    ),
    CardMeasure(
        "what leaves it alone, and its spread",
        ("biq2021", "snapshots", "beauty"),
        tuple((score, data) for score in SHOWN for data in ("unseen change: encoded", "unseen change: mir", "valid")),
        _steadiness,
        3 * ORDINARY,
    ),
    CardMeasure(
        "large photos at half size",
        ("wallpapers",),
        tuple((score, "unseen change: at half") for score in SHOWN),
        lambda subject: measure_invariance(subject.judge, (), large_photos(subject)),
        60,
    ),
    CardMeasure(
        "colour score",
        ("biq2021", "snapshots", "beauty", "themes"),
        (("colour", ""),),
        lambda subject: measure_colour(subject.judge, fine_photos(subject), subject.token),
        FINE_COLOUR * 30,
    ),
    CardMeasure("themes", ("themes",), (("themes", ""), ("theme ", "")), measure_themes, 335),
    CardMeasure(
        "look-alikes and series",
        ("themes", "beauty", "biq2021", "series"),
        (("embedding", ""),),
        measure_embedding,
        1200,
    ),
    CardMeasure(
        "attention",
        ("biq2021", "snapshots", "beauty", "themes"),
        (("attention", "validation"),),
        measure_attention,
        3 * PHOTOS,
    ),
    CardMeasure(
        "harmony of palettes",
        ("palettes",),
        (("palette harmony", ""), ("harmony of pairs", "")),
        lambda subject: measure_palettes(subject.required("palettes")),
        0,
    ),
)
