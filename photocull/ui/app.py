"""The composition root of the window: opens catalogue, previews and model, builds the window, ends the work."""

import logging
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from photocull.catalog.database import open_catalog
from photocull.core import settings as stored
from photocull.core.settings import Settings
from photocull.photo.looking import meant_folder
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, engine_threads
from photocull.ui.bridge import Bridge
from photocull.ui.collecting import collecting_here, leave_out_what_lives
from photocull.ui.desk import Desk, application
from photocull.ui.ending import ending_at_a_signal
from photocull.ui.scoring import ModelKnown, OpenedModel

_LOG_BYTES: Final = 1_000_000


def run(folders: Sequence[Path], settings: Settings, *, catalog: str | Path | None = None) -> int:
    """Open the window on these folders (of a file, its folder), or on the last ones; returns when it is closed.

    Args:
        catalog: an SQLite file or SQLAlchemy URL; the user's own catalogue unless given.

    Returns:
        0.

    Raises:
        CatalogError: the catalogue cannot be used.
    """
    places = stored.folders()
    _log_to(places.log)
    asked = tuple(meant_folder(path) or path for path in folders)
    wanted = asked or tuple(Path(folder) for folder in settings.folders)
    with ThreadPoolExecutor(1, "open") as opener:
        opening = opener.submit(open_catalog, catalog or places.catalog, cache=places.cache)
        running = application()
    limit = settings.preview_limit_mb * 2**20
    with (
        opening.result() as opened,
        PreviewStore(places.previews, limit_bytes=limit) as previews,
        collecting_here(),
    ):
        desk = Desk(opened, previews, settings, open_model, partial(stored.save, path=places.settings))
        desk.bridge.modelReady.connect(lambda _name, _fingerprint: leave_out_what_lives())
        desk.open(wanted)
        try:
            with ending_at_a_signal(desk.window.close):
                return running.exec()
        finally:
            desk.close()


def open_model(bridge: Bridge, name: str) -> OpenedModel:
    """The model of this name, ready to score into the window's catalogue; called in the scoring thread."""
    from photocull.models.store import open_scorer, scorer_fingerprint  # bring the network's engine, which can wait

    if not bridge.model:
        bridge.tell(ModelKnown(scorer_fingerprint(name)))
    scorer = open_scorer(name, bridge.settings.device, threads=engine_threads(name))
    run = Run(bridge.catalog, scorer, bridge.previews, jobs=bridge.settings.jobs, listener=bridge.tell)
    return OpenedModel(name, scorer.fingerprint, run)


def _log_to(folder: Path) -> None:
    """Keep the last two megabytes of what the program says of itself; a window has no terminal to say it on."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(folder / "photocull.log", maxBytes=_LOG_BYTES, backupCount=1, encoding="utf-8")
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.getLogger().addHandler(handler)
