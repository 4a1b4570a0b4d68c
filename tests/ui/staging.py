"""A real catalogue of real pictures behind a real bridge, with judgements written by hand, for widgets to show."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from photocull.catalog.database import Catalog, open_catalog
from photocull.catalog.query import photo_rows
from photocull.catalog.records import Failed, FoundPhoto, PhotoRow, Scored
from photocull.core.settings import Settings
from photocull.core.types import ColourScheme, Judgement, Photo, Reason, Swatch, Theme
from photocull.photo.decode import decode
from photocull.photo.fingerprint import fingerprint
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.ui.bridge import Bridge
from photocull.ui.scoring import OpenedModel
from tests.pixel_scorer import PixelScorer

MODEL = "by-hand-1"
PALETTE = (Swatch("#3d4a2a", 0.41), Swatch("#1f6f8b", 0.24), Swatch("#c9672f", 0.17), Swatch("#c9a369", 0.1))
Judge = Callable[[int], Judgement]


def judgement(number: int = 0, *, overall: float | None = None) -> Judgement:
    """A judgement with everything in it; ``number`` varies it."""
    score = overall if overall is not None else 9.0 - number * 0.3
    ramp = np.linspace(0, 1, 12, dtype=np.float16)
    bump = np.exp(-((ramp[None, :] - 0.3) ** 2 + (ramp[:, None] - 0.5) ** 2) / 0.04).astype(np.float16)
    themes = (Theme("bird", 0.97), Theme("nature", 0.88), Theme("green", 0.41), Theme("sea", 0.06))
    names = ("orange_blue", "green", "yellow_violet", "gray")
    return Judgement(
        model="by-hand",
        model_fingerprint=MODEL,
        aesthetic=min(10.0, score + 0.3),
        colour=max(0.0, score - 0.4),
        technical=score,
        overall=score,
        themes=themes if number % 2 == 0 else (Theme("sunset", 0.8),),
        scheme=ColourScheme("complementary", names[number % 4], "complementary", PALETTE),
        flags=("blurred",) if number % 5 == 4 else (),
        reasons=(
            Reason("sharp where it matters", 0.9, "focus"),
            Reason("warm orange against blue holds the picture together", 0.6, "colour"),
            Reason("composition draws the eye", 0.5, "aesthetic"),
            Reason("a little noise in the shadows", -0.3),
        ),
        facts={"sharpness": 0.8},
        attention={"aesthetic": bump, "focus": np.tile(ramp, (12, 1)), "colour": bump},
    )


class Stage:
    """Catalogue, previews and bridge; close it through `staged`."""

    def __init__(self, home: Path, busy_seconds: float | None = None) -> None:
        self.catalog: Catalog = open_catalog(home / "catalog.sqlite", backup=False, busy_seconds=busy_seconds)
        self.previews = PreviewStore(home / "previews.sqlite", limit_bytes=64 << 20)
        self.bridge = Bridge(self.catalog, self.previews, Settings(), self._open, model=MODEL)

    def register(self, paths: Sequence[Path], *, partners: Sequence[Path] = ()) -> list[int]:
        """Put these photos into the catalogue, unscored."""
        found = []
        for path in paths:
            stat = path.stat()
            found.append(FoundPhoto(Photo(path, stat.st_size, stat.st_mtime_ns, tuple(partners)), fingerprint(path)))
        return list(self.catalog.writer.register(found).result(30))

    def score(self, paths: Sequence[Path], ids: Sequence[int], judge: Judge = judgement) -> None:
        """Decode them, keep their previews and store what ``judge`` says of each number."""
        results = []
        for number, (path, photo_id) in enumerate(zip(paths, ids, strict=True)):
            stat = path.stat()
            decoded = decode(Photo(path, stat.st_size, stat.st_mtime_ns))
            self.previews.put(decoded.fingerprint, decoded.preview)
            size = decoded.width, decoded.height
            results.append(Scored(photo_id, decoded.fingerprint, *size, decoded.exif, judge(number), decoded.notes))
        self.catalog.writer.store(results).result(30)

    def add(self, paths: Sequence[Path], judge: Judge = judgement) -> list[int]:
        """Register and score."""
        ids = self.register(paths)
        self.score(paths, ids, judge)
        return ids

    def fail(self, path: Path, sentence: str) -> int:
        """Register a file as unreadable."""
        (photo_id,) = self.register([path])
        self.catalog.writer.store([Failed(photo_id, fingerprint(path), sentence)]).result(30)
        return photo_id

    def row(self, photo_id: int) -> PhotoRow:
        """The row as the grid would show it."""
        return photo_rows(self.catalog, [photo_id], MODEL)[0]

    def _open(self, _bridge: Bridge, _name: str) -> OpenedModel:
        return OpenedModel("by-hand", MODEL, Run(self.catalog, PixelScorer(MODEL), self.previews, jobs=1))

    def close(self) -> None:
        """In the order of the composition root."""
        self.bridge.close()
        self.catalog.close()
        self.previews.close()


@contextmanager
def staged(home: Path, busy_seconds: float | None = None) -> Iterator[Stage]:
    """A stage that is taken down whatever happens."""
    stage = Stage(home, busy_seconds)
    try:
        yield stage
    finally:
        stage.close()
