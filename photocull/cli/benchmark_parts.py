"""What one photo costs a processor, part by part, and how long a person waits for the first one: for `benchmark`."""

import cProfile
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import cycle
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Final, TypeVar

from photocull.catalog.database import open_catalog
from photocull.catalog.records import Scored
from photocull.cli.session import scorer_of
from photocull.core.errors import PhotocullError
from photocull.core.memory import kept_memory
from photocull.core.types import DecodedPhoto, Scorer
from photocull.core.work import CancelToken
from photocull.photo.decode import decode
from photocull.photo.previews import PreviewStore
from photocull.photo.scan import scan
from photocull.pipeline.flow import Inline
from photocull.pipeline.queue import Request
from photocull.pipeline.register import register
from photocull.pipeline.stages import Readable, score

_STEPS: Final[Mapping[tuple[str, str], str]] = {
    ("networks/inputs.py", "trunk_input"): "resize for the network",
    ("networks/runtime.py", "run"): "network",
    ("judge/technical.py", "technical_facts"): "technical facts",
    ("judge/light.py", "read_light"): "light and level",
    ("judge/colour.py", "read_colours"): "colours",
}
"""The functions that take most of judging, by the end of their module's path; the rest is what heads and maps take."""
_REST: Final = "heads, themes, maps, reasons"
_MOST: Final = 24
PATIENCE: Final = 60.0
"""Seconds until the neighbours are at work, or are done without."""
_Result = TypeVar("_Result")


@dataclass(frozen=True, slots=True)
class Part:
    """Milliseconds of processor time that a photo costs in one step, on one thread."""

    name: str
    milliseconds: float


def parts(folder: Path, place: Path, scorer: Scorer) -> tuple[Part, ...]:
    """Each step of a photo's way, the mean over the first photos of a folder, in the order of the way.

    Args:
        place: an empty folder for a catalogue and a store of their own.
    """
    place.mkdir()
    with kept_memory(), open_catalog(place / "parts.sqlite") as catalog, _store(place) as previews:
        entered, finding = _timed(
            lambda: register(catalog, scan([folder]).photos[:_MOST], Inline(), CancelToken(), lambda _: None)
        )
        requests = [Request((found,)) for found in entered.values()]
        decoded, decoding = _timed(
            lambda: [decode(one.found.photo, fingerprint=one.found.fingerprint) for one in requests]
        )
        _, keeping = _timed(lambda: _keep(previews, decoded))
        readable = [Readable(*pair) for pair in zip(requests, decoded, strict=True)]
        judged, judging = _timed(lambda: score(scorer, readable))
        results = [one for one in judged if isinstance(one, Scored)]
        _, storing = _timed(lambda: catalog.writer.store(results).result())
    each = 1000 / len(requests)
    return (
        Part("find, identify, register", finding * each),
        Part("read and decode", decoding * each),
        *(Part(name, share * judging * each) for name, share in _shares(scorer, decoded).items()),
        Part("previews", keeping * each),
        Part("storing", storing * each),
    )


@contextmanager
def company(folder: Path, model: str, device: str, others: int) -> Iterator[None]:
    """Inside, so many processes judge the folder's photos again and again, each on one thread.

    Processors share memory and caches, so a step costs more in a run, where all are at work, than alone.
    """
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    begun = [context.Event() for _ in range(others)]
    working = [context.Process(target=_work, args=(folder, model, device, one, stop), daemon=True) for one in begun]
    try:
        for process in working:
            process.start()
        for one in begun:
            one.wait(PATIENCE)
        yield
    finally:
        stop.set()
        for process in working:
            process.join()


def _work(folder: Path, model: str, device: str, begun: Event, stop: Event) -> None:
    photos, scorer = scan([folder]).photos[:_MOST], scorer_of(model, device)
    with kept_memory():
        for photo in cycle(photos):
            if stop.is_set():
                return
            scorer.score([decode(photo, fingerprint="")])
            begun.set()


def _keep(previews: PreviewStore, decoded: Sequence[DecodedPhoto]) -> None:
    for one in decoded:
        previews.put(one.fingerprint, one.preview)


def allowed_rate(measured: Sequence[Part], threads: int) -> float:
    """Photos a second that these parts would allow if every thread worked all the time."""
    return threads * 1000 / sum(part.milliseconds for part in measured)


def cold_start(folder: Path, home: Path, model: str) -> float:
    """Seconds from starting the program to its end, in a fresh process that scores one photo of the folder.

    Raises:
        PhotocullError: it could not score.
    """
    photo = min(path for path in folder.iterdir() if path.is_file())
    command = [sys.executable, "-m", "photocull", "score", str(photo), "--model", model, "--format", "json"]
    began = time.perf_counter()
    environment = {**os.environ, "PHOTOCULL_HOME": str(home)}
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    if ended.returncode:
        raise PhotocullError(f"The program could not score in a process of its own: {ended.stderr.strip()[:200]}")
    return time.perf_counter() - began


def _shares(scorer: Scorer, decoded: list[DecodedPhoto]) -> dict[str, float]:
    """What share of judging each step takes; a profile tells it, whose own cost the steps bear alike."""
    profile = cProfile.Profile(time.thread_time)
    profile.runcall(scorer.score, decoded)
    spent = dict.fromkeys(_STEPS.values(), 0.0)
    total = 0.0
    for entry in profile.getstats():
        code = entry.code
        if isinstance(code, str):
            continue
        if code is type(scorer).score.__code__:
            total = entry.totaltime
        for (module, function), name in _STEPS.items():
            if code.co_name == function and Path(code.co_filename).as_posix().endswith(module):
                spent[name] += entry.totaltime
    shares = {name: seconds / total for name, seconds in spent.items() if seconds}
    return {**shares, _REST if shares else "judging": max(0.0, 1 - sum(shares.values()))}


def _store(place: Path) -> closing[PreviewStore]:
    return closing(PreviewStore(place / "parts-previews.sqlite", limit_bytes=1_000_000_000))


def _timed(work: Callable[[], _Result]) -> tuple[_Result, float]:
    """What the work gives, and the seconds of processor time that all threads together took."""
    before = time.process_time()
    result = work()
    return result, time.process_time() - before
