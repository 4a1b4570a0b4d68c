"""The command `benchmark`: how fast this machine scores, asks and remembers, on photos that it draws itself."""

import dataclasses
import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import facets, photo_ids, photo_rows
from photocull.catalog.records import Filter, Sort
from photocull.cli.benchmark_report import beside, save_benchmark
from photocull.cli.drawing import draw_photos, invented
from photocull.cli.network_figures import network_figures
from photocull.cli.options import DeviceOption, JobsOption, ModelOption
from photocull.cli.output import as_json, emit
from photocull.cli.reporting import page
from photocull.cli.session import scorer_of
from photocull.cli.upkeep import Short
from photocull.core.settings import folders, load
from photocull.core.types import Scorer
from photocull.core.work import CancelToken
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, RunReport

LARGE: Final = (6000, 4000)
SMALL: Final = (512, 384)
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
    networks: Annotated[
        bool, typer.Option("--networks", help="Also TANet and the Delegate Transformer, in every form.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FOLDER", help="Save benchmark.json and benchmark.md there.")
    ] = None,
    form: Short = "table",
    model: ModelOption = None,
    device: DeviceOption = None,
    jobs: JobsOption = None,
) -> None:
    """Measure photos a second, the gain of a second run, the catalogue's answers and the peak of memory.

    Everything happens in a temporary folder with a catalogue of its own; your photos and catalogue are not touched.
    The model card's accuracy and the papers' tables stand below.
    """
    settings = load(folders().settings)
    name = model or settings.model
    scorer = scorer_of(name, device or settings.device)
    with tempfile.TemporaryDirectory(prefix="photocull-benchmark-", ignore_cleanup_errors=True) as place:
        figures = [
            *_scoring(Path(place), scorer, settings.jobs if jobs is None else jobs, photos, large),
            *_memory(),  # before results are made up, which no real run holds at once
            *_asking(Path(place), entries),
        ]
    speeds = network_figures(networks)
    if output is not None:
        save_benchmark(output, name, figures, speeds)
    if form == "json":
        figures += [Figure(f"{one.network}: {one.form}", one.rate, "photos/s") for one in speeds.speeds if one.rate]
        emit([as_json([dataclasses.asdict(figure) for figure in figures]), "\n"])
        return
    for figure in figures:
        typer.echo(f"{figure.name:44}{_number(figure.value):>12} {figure.unit}")
    emit(page(f"\nBeside it, for {name}", beside(name, speeds)))


def _scoring(place: Path, scorer: Scorer, jobs: int, photos: int, large: int) -> Iterator[Figure]:
    for folder, size, count in (("small", SMALL, photos), ("large", LARGE, large), ("warm", (640, 480), 2)):
        _drawn(place / folder, size, count)
    with _opened(place, "scored") as (catalog, previews):
        run = Run(catalog, scorer, previews, jobs=jobs)
        _score(run, place / "warm")  # the network's first call prepares its memory
        (first, effort), (again, _) = _score(run, place / "small"), _score(run, place / "small")
        big, big_effort = _score(run, place / "large")
    yield Figure(f"{photos} photos of {SMALL[0]} pixels", first.scored / first.seconds, "photos/s")
    yield Figure("processor time for each of them", effort / first.scored * 1000, "ms")
    yield Figure("the same again, all known", again.cached / again.seconds, "photos/s")
    yield Figure("gain of the second run", first.seconds / again.seconds, "times")
    megapixels = LARGE[0] * LARGE[1] / 1e6
    yield Figure(f"{large} JPEGs of {megapixels:.0f} megapixels", big.scored / big.seconds, "photos/s")
    yield Figure("processor time for each of them", big_effort / big.scored * 1000, "ms")


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
