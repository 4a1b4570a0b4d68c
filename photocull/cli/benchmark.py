"""The command `benchmark`: how fast this machine scores, asks and remembers, on photos that it draws itself."""

import dataclasses
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import facets, photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.cli.benchmark_browsing import Browsed, browsed
from photocull.cli.benchmark_library import library_figures
from photocull.cli.benchmark_parts import allowed_rate, cold_start, company, parts
from photocull.cli.benchmark_report import beside, save_benchmark
from photocull.cli.drawing import draw_photos, invented
from photocull.cli.failing import warn
from photocull.cli.network_figures import network_figures
from photocull.cli.options import DeviceOption, JobsOption, ModelOption, a_path
from photocull.cli.output import as_json, emit
from photocull.cli.reporting import page
from photocull.cli.session import scorer_of
from photocull.cli.upkeep import Short
from photocull.core.settings import folders, load
from photocull.core.types import Scorer
from photocull.core.work import CancelToken, processors
from photocull.models.registry import BUILT_IN
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, RunReport

LARGE: Final = (6000, 4000)
SMALL: Final = (512, 384)
_FOLDERS: Final = (f"photos of {SMALL[0]} pixels", f"JPEGs of {LARGE[0] * LARGE[1] / 1e6:.0f} megapixels")
_PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured in this run; ``value`` in ``unit``."""

    name: str
    value: float
    unit: str


def benchmark_command(
    photos: Annotated[int, typer.Option("--photos", min=2, metavar="N", help="Photos of 512 pixels to score.")] = 100,
    large: Annotated[int, typer.Option("--large", min=1, metavar="N", help="Photos of 24 megapixels.")] = 8,
    entries: Annotated[
        int, typer.Option("--entries", min=100, metavar="N", help="Photos in the catalogue that is asked.")
    ] = 10_000,
    browse: Annotated[
        int, typer.Option("--browse", min=0, metavar="N", help="Photos to browse in the window; 0 leaves it out.")
    ] = 2000,
    library: Annotated[
        int,
        typer.Option(
            "--library", min=0, metavar="N", help="Photos of a library that is made up and asked; 0 leaves it out."
        ),
    ] = 60_000,
    networks: Annotated[
        bool, typer.Option("--networks", help="Also TANet and the Delegate Transformer, in every form.")
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", parser=a_path, metavar="FOLDER", help="Save benchmark.json and benchmark.md there."),
    ] = None,
    form: Short = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    jobs: JobsOption = None,
) -> None:
    """Measure photos a second, what each part of a photo costs, a cold start, browsing, the catalogue and memory.

    A million photos, as in a library of many years: --library 1000000; that takes ten minutes and 2 GB of disk.
    Everything happens in a temporary folder with a catalogue of its own; your photos and catalogue are not touched.
    The model card's accuracy and the papers' tables stand below.
    """
    settings = load(folders().settings)
    name = model or settings.model
    scorer = scorer_of(name, device or settings.device)
    with tempfile.TemporaryDirectory(prefix="photocull-benchmark-", ignore_cleanup_errors=True) as place:
        workers = settings.jobs if jobs is None else jobs
        figures = list(_scoring(Path(place), name, scorer, workers, (photos, large)))
        figures += _memory()  # before photos are held side by side and results are made up, as no real run does
        figures += _parts(Path(place), scorer, workers, figures, device or settings.device)
        figures += _asking(Path(place), entries)
        figures += [Figure(*one) for one in library_figures(Path(place), library)]
        figures += _browsing(Path(place) / "browsing", browse, scorer)
    speeds = network_figures(networks)
    if output is not None:
        save_benchmark(output, name, figures, speeds)
    if form == "json":
        figures += [Figure(f"{one.network}: {one.form}", one.rate, "photos/s") for one in speeds.speeds if one.rate]
        emit([as_json([dataclasses.asdict(figure) for figure in figures]), "\n"])
        return
    for figure in figures:
        typer.echo(f"{figure.name:54}{_number(figure.value):>12} {figure.unit}")
    emit(page(f"\nBeside it, for {name}", beside(name, speeds)))


def _scoring(place: Path, name: str, scorer: Scorer, jobs: int, counts: tuple[int, int]) -> Iterator[Figure]:
    """Rates of both kinds of photo, what the parts' processor time would allow, and the wait for the first one."""
    _drawn(place / "warm", (640, 480), 2)
    for folder, size, count in zip(_FOLDERS, (SMALL, LARGE), counts, strict=True):
        _drawn(place / folder, size, count)
    if name in BUILT_IN:  # others lie in the person's own folder, which the benchmark leaves alone
        yield Figure("cold start to one photo's result", cold_start(place / "warm", place / "home", name), "s")
    with _opened(place, "scored") as (catalog, previews):
        run = Run(catalog, scorer, previews, jobs=jobs)
        _score(run, place / "warm")  # the network's first call prepares its memory
        yield from _again(run, place / _FOLDERS[0], counts[0])
        big, big_effort = _score(run, place / _FOLDERS[1])
    yield Figure(f"{counts[1]} {_FOLDERS[1]}", big.scored / big.seconds, "photos/s")
    yield Figure("processor time for each of them", big_effort / big.scored * 1000, "ms")


def _again(run: Run, folder: Path, photos: int) -> Iterator[Figure]:
    (first, effort), (again, _) = _score(run, folder), _score(run, folder)
    yield Figure(f"{photos} {_FOLDERS[0]}", first.scored / first.seconds, "photos/s")
    yield Figure("processor time for each of them", effort / first.scored * 1000, "ms")
    yield Figure("the same again, all known", again.cached / again.seconds, "photos/s")
    yield Figure("gain of the second run", first.seconds / again.seconds, "times")


def _parts(place: Path, scorer: Scorer, jobs: int, measured: Sequence[Figure], device: str) -> Iterator[Figure]:
    """What a photo costs part by part while all processors are at the same work; the rate that their sum allows, and
    the share of it that was reached above."""
    threads = min(jobs or processors(), processors())
    others = threads - 1 if scorer.name in BUILT_IN else 0
    for kind, folder in zip(("512 px", "24 MP"), _FOLDERS, strict=True):
        with company(place / folder, scorer.name, device, others):
            costs = parts(place / folder, place / f"{kind} parts", scorer)
        yield from (Figure(f"{kind}: {part.name}", part.milliseconds, "ms") for part in costs)
        allowed = allowed_rate(costs, threads)
        yield Figure(f"{kind}: all of it", sum(part.milliseconds for part in costs), "ms")
        yield Figure(f"{kind}: what that allows on {threads} processors", allowed, "photos/s")
        reached = next(one.value for one in measured if one.name.endswith(f" {folder}"))
        yield Figure(f"{kind}: reached of what its parts allow", 100 * reached / allowed, "%")


def _asking(place: Path, entries: int) -> Iterator[Figure]:
    with _opened(place, "asked") as (catalog, _):
        found, scored, model = invented(entries)
        seconds, ids = _timed(lambda: catalog.writer.register(found).result())
        yield Figure(f"{entries} photos registered", entries / seconds, "photos/s")
        results = scored(ids)
        seconds, _done = _timed(lambda: catalog.writer.store(results).result())
        yield Figure("results stored", entries / seconds, "photos/s")
        order = Sort("overall")
        seconds, ordered = _timed(lambda: photo_ids(catalog, Filter(), order, model))
        yield Figure(f"order {entries} photos by score", seconds * 1000, "ms")
        seconds, fitting = _timed(lambda: photo_ids(catalog, Filter(themes=frozenset({"sunset"})), order, model))
        yield Figure(f"filter them by theme ({len(fitting)} fit)", seconds * 1000, "ms")
        seconds, _rows = _timed(lambda: photo_rows(catalog, ordered[:_PAGE], model))
        yield Figure(f"read a page of {_PAGE}", seconds * 1000, "ms")
        seconds, _counts = _timed(lambda: facets(catalog, Filter(), model))
        yield Figure("count every filter", seconds * 1000, "ms")


def _browsing(place: Path, photos: int, scorer: Scorer) -> list[Figure]:
    found: Browsed = browsed(place, photos, LARGE, scorer.name, scorer.fingerprint)
    if found.remark:
        warn(found.remark)
    return [Figure(*one) for one in found.figures]


@contextmanager
def _opened(place: Path, name: str) -> Iterator[tuple[Catalog, PreviewStore]]:
    previews = PreviewStore(place / f"{name}-previews.sqlite", limit_bytes=1_000_000_000)
    with open_catalog(place / f"{name}.sqlite") as catalog, previews:
        yield catalog, previews


def _drawn(folder: Path, size: tuple[int, int], count: int) -> None:
    """Draw in another process, so that drawing does not count as this one's memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as other:
        other.submit(draw_photos, folder, size, count).result()


def _score(run: Run, folder: Path) -> tuple[RunReport, float]:
    """The report, and the seconds of processor time that all threads together took."""
    before = time.process_time()
    report = run.score([folder], CancelToken())
    return report, time.process_time() - before


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def _memory() -> list[Figure]:
    if sys.platform == "win32":
        return []
    import resource  # absent on Windows

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return [Figure("peak memory", peak / (1e6 if sys.platform == "darwin" else 1e3), "MB")]


def _number(value: float) -> str:
    return f"{value:.1f}" if value < 1000 else f"{value:.0f}"
