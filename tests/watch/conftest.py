"""A watch at work on real files, in a thread, with a scorer whose answers can be foreseen and no long waiting."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import photo_ids, photo_rows
from photocull.catalog.records import Filter, PhotoRow, Sort
from photocull.core.errors import CancelledError
from photocull.core.types import Decision
from photocull.core.work import CancelToken
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.pipeline.telling import Telling
from photocull.sidecar.rules import Rules
from photocull.watch.drives import Drives, outermost
from photocull.watch.remarks import Remarks
from photocull.watch.service import Beats, Watching
from tests.pixel_scorer import PixelScorer

QUICK = Beats(drives=0.2, poll=0.1, refused=0.2, at_rest=0.25)


@dataclass
class Watch:
    """One watch over a catalogue of its own; what it said is in `lines`, what its scorer was given in `seen`."""

    catalog: Catalog
    previews: PreviewStore
    scorer: PixelScorer = field(default_factory=PixelScorer)
    lines: list[str] = field(default_factory=list)
    token: CancelToken = field(default_factory=CancelToken)
    thread: threading.Thread | None = None
    watching: Watching | None = None
    failure: BaseException | None = None

    @property
    def seen(self) -> Counter[str]:
        """How often each file was judged, by name."""
        return Counter(self.scorer.seen)

    def make(self, *roots: Path, known: Sequence[Path] = (), write_xmp: bool = False, **options: Any) -> Watching:
        remarks = Remarks(self.lines.append, lambda _event: None)
        run = Run(self.catalog, self.scorer, self.previews, jobs=1, listener=remarks.hear)
        telling = Telling(self.catalog, self.scorer.fingerprint, Rules(), remarks.hear) if write_xmp else None
        places = outermost(roots)
        return Watching(
            places,
            self.catalog,
            run,
            self.scorer.fingerprint,
            Drives(places, known),
            self.lines.append,
            telling=telling,
            **{"beats": QUICK, **options},
        )

    def once(self, *roots: Path, **options: Any) -> Watching:
        watching = self.make(*roots, **options)
        watching.once(CancelToken())
        return watching

    def begin(self, *roots: Path, **options: Any) -> None:
        """Watch, from now to the end of the test or to `end`; returns when the first look is over."""
        self.token = CancelToken()
        before = self.looks
        self.watching = self.make(*roots, **options)
        self.thread = threading.Thread(target=self._work, args=(self.watching,), name="the watch")
        self.thread.start()
        if any(root.is_dir() for root in roots) and not options.get("known"):
            self.until(lambda: self.looks > before)

    @property
    def looks(self) -> int:
        return sum(" there" in line and "not there" not in line for line in self.lines)

    def _work(self, watching: Watching) -> None:
        try:
            watching.watch(self.token)
        except CancelledError:
            pass
        except BaseException as error:  # noqa: BLE001  raised where the test ends the watch
            self.failure = error

    def end(self) -> None:
        if self.thread is not None:
            self.token.cancel()
            self.thread.join()
            self.thread = None
            if self.failure is not None:
                raise self.failure

    def rows(self, *folders: Path) -> dict[str, PhotoRow]:
        """The photos in sight by name."""
        ids = photo_ids(self.catalog, Filter(folders=frozenset(folders)), Sort("name", descending=False), "")
        return {row.path.name: row for row in photo_rows(self.catalog, ids, self.scorer.fingerprint)}

    def scored(self) -> set[str]:
        """Names of the photos in sight that have a score."""
        return {name for name, row in self.rows().items() if row.overall is not None}

    def until(self, condition: Callable[[], object], what: str = "", seconds: float = 90.0) -> None:
        """Wait for something to come true; generous, for the machine may be busy."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it never came true: {what}\n" + "\n".join(self.lines)
            assert self.failure is None, self.failure
            time.sleep(0.02)

    def quiet(self) -> None:
        """Wait until the watch has nothing to do."""
        assert self.watching is not None
        watching = self.watching
        calm = 0
        while calm < 15:
            assert self.failure is None, self.failure
            calm = calm + 1 if watching.idle else 0
            time.sleep(0.03)


def rate(watch: Watch, name: str, stars: int) -> None:
    watch.catalog.writer.decide([Decision(watch.rows()[name].id, "rating", stars)], initiator="test").result()


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    store = PreviewStore(tmp_path / "state" / "previews.sqlite", limit_bytes=50_000_000)
    (tmp_path / "state").mkdir(exist_ok=True)
    with open_catalog(tmp_path / "state" / "catalog.sqlite") as catalog, store as previews:
        one = Watch(catalog, previews)
        yield one
        one.end()


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    return folder
