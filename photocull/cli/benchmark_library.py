"""How fast a large library is asked, for `benchmark`: rows of as many photos as wished, and every kind of question.

As a module of its own (`python -m photocull.cli.benchmark_library CATALOGUE CACHE FOLDER`) it is what a fresh process
takes to the first page of a folder.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from pathlib import Path
from typing import Any, Final, get_args

from photocull.catalog import query
from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.records import Filter, Sort, SortKey
from photocull.cli.catalogue_rows import FOLDER, MODELS, fill
from photocull.cli.progress import ProgressLine
from photocull.core.types import Decision
from photocull.core.work import Progressed

_MODEL: Final = MODELS[0]
_PAGE: Final = 200
_TURNS: Final = 3
_EVERYTHING: Final = Path("/photos").absolute()
FILTERS: Final[Mapping[str, Mapping[str, Any]]] = {
    "none": {},
    "themes": {"themes": frozenset({"sunset", "sea"})},
    "sure themes": {"themes": frozenset({"sunset"}), "min_theme": 0.8},
    "schemes": {"schemes": frozenset({"orange_blue"})},
    "harmonies": {"harmonies": frozenset({"complementary", "triadic"})},
    "stars": {"min_rating": 3},
    "unrated": {"ratings": frozenset({0})},
    "picks": {"picks": frozenset({"pick"})},
    "labels": {"labels": frozenset({"red", "none"})},
    "flags": {"flags": frozenset({"blurred", "tilted"})},
    "scores": {"minimum": (("overall", 5.0), ("colour", 4.0))},
    "problems": {"problems_only": True},
    "camera": {"text": "canon"},
    "names": {"text": "img_"},
    "words": {"text": "nikon 12 sun"},
    "much": {"themes": frozenset({"sea"}), "min_rating": 2, "flags": frozenset({"noisy"}), "missing": True},
}
SORTS: Final = tuple(Sort(key, descending) for key, descending in product(get_args(SortKey), (True, False)))
Measured = tuple[str, float, str]


def library_figures(place: Path, photos: int) -> Iterator[Measured]:
    """Name, value and unit of each figure.

    Args:
        place: a folder for a catalogue and a cache, a few kilobytes a photo. photos: 0 for no figure at all.
    """
    if not photos:
        return
    file, cache = place / "library.sqlite", place / "columns"
    with open_catalog(file, cache=cache) as catalog:
        _generate(catalog, photos)
        folder = max(query.folders(catalog).items(), key=lambda item: item[1])[0]
    yield f"library of {photos} photos, each on disk", file.stat().st_size / photos, "bytes"
    name = f"library: {min(photos, FOLDER)} photos"
    yield f"{name}, open to the first page", _opened(file, cache, folder), "ms"
    yield "library: open to the first page of all, first time", _opened(file, cache, _EVERYTHING), "ms"
    with open_catalog(file, cache=cache) as catalog:
        yield from _questions(catalog, "in a folder, by tables", folder)
        catalog.memory.much = 0
        yield from _questions(catalog, "in a folder", folder)
        yield from _questions(catalog, "of all", _EVERYTHING)
        yield from _rest(catalog, folder)
        marked = query.photo_ids(catalog, Filter(), Sort(), _MODEL)[:1]
        catalog.writer.decide([Decision(marked[0], "label", "purple")], initiator="benchmark").result()
        yield "library: all again after a decision", _milliseconds(lambda: _ids(catalog, _EVERYTHING), 1), "ms"
    yield "library: open to the first page of all, again", _opened(file, cache, _EVERYTHING), "ms"
    kept = sum(part.stat().st_size for part in cache.iterdir()) if cache.is_dir() else 0
    yield "library: columns kept, each photo", kept / photos, "bytes"


def _generate(catalog: Catalog, photos: int) -> None:
    began = time.monotonic()
    with ProgressLine("Making up a library") as line:

        def tell(done: int) -> None:
            rate = done / (time.monotonic() - began)
            line.show(Progressed(done, photos, rate, (photos - done) / rate))

        fill(catalog, photos, tell)


def _ids(catalog: Catalog, folder: Path, sort: Sort = Sort(), **wanted: Any) -> list[int]:  # noqa: B008 - frozen
    return query.photo_ids(catalog, Filter(folders=frozenset({folder}), **wanted), sort, _MODEL)


def _questions(catalog: Catalog, where: str, folder: Path) -> Iterator[Measured]:
    """Every filter in every order."""
    place = Filter(folders=frozenset({folder}))
    query.facets(catalog, place, _MODEL)  # what is read once
    times = [
        _milliseconds(lambda wanted=wanted, sort=sort: _ids(catalog, folder, sort, **wanted))  # type: ignore[misc]
        for wanted, sort in product(FILTERS.values(), SORTS)
    ]
    yield f"library: filter and sort {where}", statistics.median(times), "ms"
    yield f"library: filter and sort {where}, worst", max(times), "ms"
    yield f"library: counts {where}", _milliseconds(lambda: query.facets(catalog, place, _MODEL)), "ms"


def _rest(catalog: Catalog, folder: Path) -> Iterator[Measured]:
    """What else the window, a run and the command line ask."""
    ids, place, everything = _ids(catalog, folder), *(Filter(folders=frozenset({one})) for one in (folder, _EVERYTHING))
    paths = [found.photo.path for _, found in query.found(catalog, ids)]
    asked: dict[str, Callable[[], object]] = {
        "rank in the folder": lambda: query.rank(catalog, ids[0], place, "overall", _MODEL),
        "rank among all": lambda: query.rank(catalog, ids[0], everything, "overall", _MODEL),
        f"a page of {_PAGE}": lambda: query.photo_rows(catalog, ids[:_PAGE], _MODEL),
        "known files of the folder": lambda: query.known(catalog, paths),
        "unjudged of the folder": lambda: query.unjudged(catalog, ids, _MODEL),
        "sidecars' standings in the folder": lambda: query.standings(catalog, ids),
        "folders": lambda: query.folders(catalog),
        "catalog info": catalog.info,
    }
    for name, question in asked.items():
        yield f"library: {name}", _milliseconds(question), "ms"
    yield "library: catalog check", _milliseconds(catalog.check, 1), "ms"


def _milliseconds(question: Callable[[], object], turns: int = _TURNS) -> float:
    times = []
    for _ in range(turns):
        began = time.perf_counter()
        question()
        times.append(time.perf_counter() - began)
    return statistics.median(times) * 1000


def _opened(file: Path, cache: Path, folder: Path) -> float:
    """Milliseconds from starting a process to its first page of photos."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "photocull.cli.benchmark_library", str(file), str(cache), str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        seconds = time.perf_counter() - began
    if not line.strip():
        raise RuntimeError("The library could not be opened in a process of its own.")
    return seconds * 1000


def _first_page(file: str, cache: str, folder: str) -> None:
    with open_catalog(file, cache=Path(cache)) as catalog:
        rows = query.photo_rows(catalog, _ids(catalog, Path(folder))[:_PAGE], _MODEL)
        sys.stdout.write(f"{len(rows)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _first_page(*sys.argv[1:])
