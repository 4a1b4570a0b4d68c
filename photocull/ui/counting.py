"""The counts beside folders and filters, as one question to the catalogue. No Qt here."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.records import Facets, Filter


def count(catalog: Catalog, wished: Filter, model: str, roots: Sequence[Path]) -> Facets:
    """What each filter would leave; of folders, the photos in and below each root."""
    return replace(query.facets(catalog, wished, model), folders=_below(roots, query.folders(catalog)))


def _below(roots: Sequence[Path], counts: Mapping[Path, int]) -> dict[Path, int]:
    return {root: sum(n for folder, n in counts.items() if folder.is_relative_to(root)) for root in roots}
