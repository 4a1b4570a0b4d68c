"""A run on a real catalogue, a real preview store and real files, with a scorer whose answers can be foreseen."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import photo_details
from photocull.catalog.records import PhotoDetail
from photocull.core.types import Scorer
from photocull.core.work import CancelToken, Event, Progressed
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, RunReport
from tests.conftest import BOTH_AT_LENGTH, place_of
from tests.pixel_scorer import PixelScorer

if TYPE_CHECKING:
    from tests.pipeline.sidecar_desk import Desk


@dataclass
class Rig:
    """What a run needs, and what it told."""

    catalog: Catalog
    previews: PreviewStore
    scorer: Scorer = field(default_factory=PixelScorer)
    events: list[Event] = field(default_factory=list)

    def run(self, **options: Any) -> Run:
        scorer = options.pop("scorer", self.scorer)
        return Run(self.catalog, scorer, self.previews, listener=options.pop("listener", self.events.append), **options)

    def score(self, *paths: Path, **options: Any) -> RunReport:
        return self.run(**options).score(paths, CancelToken())

    def details(self, report: RunReport) -> list[PhotoDetail]:
        return photo_details(self.catalog, report.ids, self.scorer.fingerprint)

    def scores(self, report: RunReport) -> dict[str, tuple[float | None, ...]]:
        rows = [detail.row for detail in self.details(report)]
        return {row.path.name: (row.aesthetic, row.colour, row.technical, row.overall) for row in rows}

    @property
    def progress(self) -> list[Progressed]:
        return [event for event in self.events if isinstance(event, Progressed)]


@pytest.fixture(params=BOTH_AT_LENGTH)
def location(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where the catalogue lies, in turn: in a file, on a server."""
    return place_of(request, tmp_path, request.param)


@pytest.fixture
def rig(location: Path | str, tmp_path: Path) -> Iterator[Rig]:
    store = PreviewStore(tmp_path / "previews.sqlite", limit_bytes=50_000_000)
    with open_catalog(location) as catalog, store as previews:
        yield Rig(catalog, previews)


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> "Desk":
    from tests.pipeline.sidecar_desk import Desk

    return Desk(rig, tmp_path / "photos")
