"""A watch in a process of its own that can be killed: `python -m tests.watch.program HOME FOLDER JOURNAL`.

It judges by pixels, writes the name of each file that it judges into JOURNAL, rates by policy and writes sidecars.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from photocull.catalog.database import Catalog, open_catalog
from photocull.core.types import Decision, DecodedPhoto
from photocull.core.work import CancelToken
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.pipeline.telling import Telling
from photocull.sidecar.rules import Rules
from photocull.watch.drives import Drives
from photocull.watch.service import Watching
from tests.pixel_scorer import PixelScorer
from tests.watch.conftest import QUICK


class ThreeStars:
    """Gives each photo three stars that has none."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def rate(self, ids: Sequence[int], token: CancelToken) -> object:
        decisions = [Decision(i, "rating", 3, "policy") for i in ids]
        return self._catalog.writer.decide(decisions, initiator="policy").result()


def main(home: Path, folder: Path, journal: Path) -> None:
    handle = os.open(journal, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def note(batch: list[DecodedPhoto]) -> None:
        os.write(handle, "".join(f"{one.photo.path.name}\n" for one in batch).encode())

    scorer = PixelScorer(before=note)
    store = PreviewStore(home / "previews.sqlite", limit_bytes=50_000_000)
    with open_catalog(home / "catalog.sqlite") as catalog, store as previews:
        run = Run(catalog, scorer, previews, jobs=1)
        telling = Telling(catalog, scorer.fingerprint, Rules())
        options = {"rater": ThreeStars(catalog), "telling": telling, "beats": QUICK}
        say = lambda line: print(line, flush=True)  # noqa: E731, T201
        Watching([folder], catalog, run, scorer.fingerprint, Drives([folder]), say, **options).watch(CancelToken())


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
