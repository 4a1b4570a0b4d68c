"""The library that `benchmark` makes up, and what it measures of it."""

from collections import Counter
from pathlib import Path

import pytest

from photocull.catalog import query
from photocull.catalog.database import open_catalog
from photocull.catalog.records import Filter, Sort
from photocull.cli.benchmark_library import FILTERS, library_figures
from photocull.cli.catalogue_rows import MODELS, fill

PHOTOS = 12_000


@pytest.mark.slow
def test_a_made_up_library_has_everything_that_a_persons_has_and_is_sound(tmp_path: Path) -> None:
    told: list[int] = []
    with open_catalog(tmp_path / "catalog.sqlite") as catalog:
        fill(catalog, PHOTOS, told.append)
        assert catalog.check() == ()
        info, facets = catalog.info(), query.facets(catalog, Filter(missing=True), MODELS[0])
        shown = query.photo_rows(catalog, query.photo_ids(catalog, Filter(), Sort(), MODELS[0]), MODELS[0])
        some = [query.photo_ids(catalog, Filter(**wanted), Sort(), MODELS[0]) for wanted in FILTERS.values()]
    assert told == [10_000]
    assert (info.photos, info.models) == (PHOTOS, MODELS)
    assert 0.9 * PHOTOS < facets.judged < PHOTOS
    assert 0 < info.unreadable < facets.problems < 0.1 * PHOTOS
    assert facets.total > len(shown)
    assert all(
        (facets.themes, facets.schemes, facets.harmonies, facets.flags, facets.labels["none"], facets.ratings[0])
    )
    assert max(facets.folders.values()) == 10_000
    assert len(facets.folders) > 40
    assert max(Counter(row.fingerprint for row in shown).values()) > 1
    assert all(len(ids) > 0 for ids in some)


@pytest.mark.slow
def test_every_figure_of_a_library_is_measured(tmp_path: Path) -> None:
    figures = list(library_figures(tmp_path, 300))
    names = [name for name, _value, _unit in figures]
    assert len(set(names)) == len(names)
    assert {"library: filter and sort of all, worst", "library: all again after a decision"} < set(names)
    assert max(map(len, names)) <= 54
    assert {unit for _name, _value, unit in figures} == {"ms", "bytes"}
    assert all(value > 0 for name, value, _unit in figures if name != "library: columns kept, each photo")
    assert list(library_figures(tmp_path / "nothing", 0)) == []
