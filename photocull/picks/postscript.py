"""What is to be written of an export's photos at its end; the journal keeps it, so that a stopped one writes it too."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, cast

from photocull.catalog.chunks import chunked
from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME, photo_ids
from photocull.catalog.records import Filter, PhotoDetail
from photocull.photo.previews import PreviewStore
from photocull.picks.export_journal import Journal
from photocull.picks.lists import Extra, write_extra
from photocull.picks.placing import part_of
from photocull.picks.plan import Family, Item, Plan
from photocull.picks.records import details
from photocull.picks.whereabouts import is_as_written

Pairs = Sequence[tuple[Path, Path]]
"""Source and target of each file of a photo, the main one first."""


def postscript(plan: Plan, extras: Iterable[Extra]) -> dict[str, Any]:
    """Options of a journal that say what is to be written, of which photos, best first; none where nothing is."""
    wished = sorted(extras)
    return {"extras": wished, "photos": [_pairs(family) for family in plan.families]} if wished else {}


def write_postscript(
    catalog: Catalog, model: str, journal: Journal, failed: Collection[Path], previews: PreviewStore
) -> list[Path]:
    """Write what a journal wants at its end, of the photos that went, and let it end; where the files lie.

    What was written before a kill is not written again. The journal must be held.

    Args:
        model: fingerprint of the model whose scores are told. failed: files of photos that did not go.

    Raises:
        OutputError: a file cannot be written.
    """
    if not journal.extras or journal.folder is None:
        return []
    photos, plan = _gone(catalog, model, journal, failed)
    made, placed = list[Path](), _tells_place(journal)
    for extra in cast("list[Extra]", sorted(journal.extras)):
        hear = partial(_note, journal, extra)
        file = _whole(journal, extra)
        made.append(file or write_extra(extra, journal.folder, photos, plan, previews, hear, placed=placed))
    journal.note(durable=True, state="finished")
    return made


def _tells_place(journal: Journal) -> bool:
    """Whether lists may say where photos were taken: not beside pictures that were made so as not to."""
    recipe = journal.options.get("recipe")
    return recipe is None or recipe["metadata"] == "keep"


def _note(journal: Journal, extra: Extra, file: Path, content: str | None) -> None:
    journal.note(extra=extra, at=str(file), hash=content)


def _whole(journal: Journal, extra: Extra) -> Path | None:
    """Where the list lies already, whole; what a kill left of it goes."""
    begun = journal.beside.get(extra)
    if begun is None:
        return None
    with suppress(OSError):
        part_of(begun.path).unlink(missing_ok=True)
        return begun.path if is_as_written(begun.path, begun.hash) else None
    return None


def _gone(
    catalog: Catalog, model: str, journal: Journal, failed: Collection[Path]
) -> tuple[Sequence[PhotoDetail], Plan]:
    """The photos that went, best first, and where they lie."""
    families = [[(Path(source), Path(target)) for source, target in pairs] for pairs in journal.options["photos"]]
    known = _known(catalog, model, [path for pairs in families for path in pairs[0]])
    photos, placed = list[PhotoDetail](), list[Family]()
    for pairs in families:
        detail = next((known[path] for path in _places(journal, pairs) if path in known), None)
        if detail is not None and not any(source in failed for source, _ in pairs):
            photos.append(detail)
            there = tuple(Item(source, target, 0, 0) for source, target in pairs)
            placed.append(Family(detail.row.path, (), there))
    return photos, Plan(journal.way, journal.folder, tuple(placed))


def _pairs(family: Family) -> list[tuple[str, str]]:
    files = sorted((*family.items, *family.there), key=lambda item: item.source != family.photo)
    return [(str(item.source), str(item.target)) for item in files]


def _places(journal: Journal, pairs: Pairs) -> Iterator[Path]:
    """Where the catalogue may know the photo, the likelier place first."""
    source, target = pairs[0]
    yield from (target, source) if journal.way == "move" else (source, target)


def _known(catalog: Catalog, model: str, paths: Sequence[Path]) -> dict[Path, PhotoDetail]:
    found: dict[Path, PhotoDetail] = {}
    for part in chunked(paths):
        ids = photo_ids(catalog, Filter(paths=frozenset(part)), BY_NAME, model)
        found |= {detail.row.path: detail for detail in details(catalog, ids, model)}
    return found
