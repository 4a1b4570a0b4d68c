"""What a list is asked for, and what comes back: ids in order, shapes and places. No Qt here."""

import time
from dataclasses import dataclass

from photocull.catalog.database import Catalog
from photocull.catalog.query import photo_ids, shapes
from photocull.catalog.records import Filter, Sort


@dataclass(frozen=True, slots=True)
class ListQuestion:
    """Which photos in which order; ``model`` gives the scores that order them."""

    filter: Filter
    sort: Sort
    model: str


@dataclass(frozen=True, slots=True)
class Listing:
    """``places`` of the ids are made with them: of a million that would hold up the window.

    ``question`` is None where nobody asked for photos.
    """

    question: ListQuestion | None
    ids: list[int]
    aspects: list[float]
    places: dict[int, int]
    seconds: float


def read_listing(catalog: Catalog, question: ListQuestion) -> Listing:
    """The photos that the catalogue has for this question, in its order."""
    started = time.monotonic()
    ids = photo_ids(catalog, question.filter, question.sort, question.model)
    places = {photo_id: place for place, photo_id in enumerate(ids)}
    return Listing(question, ids, shapes(catalog, ids), places, time.monotonic() - started)


def no_photos() -> Listing:
    """An empty list that is an answer to no question."""
    return Listing(None, [], [], {}, 0.0)
