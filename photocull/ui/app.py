"""The composition root of the window: opens catalogue, previews and model, builds the window, ends the work."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QApplication

from photocull.catalog.database import Catalog, open_catalog
from photocull.core import settings as stored
from photocull.core.errors import CatalogDamagedError
from photocull.core.settings import Settings
from photocull.photo.looking import meant_folder
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run, engine_threads
from photocull.ui.bridge import Bridge
from photocull.ui.carrying import Carried
from photocull.ui.collecting import collecting_here, leave_out_what_lives
from photocull.ui.damaged import DamagedDialog
from photocull.ui.desk import Desk, application
from photocull.ui.ending import ending_at_a_signal
from photocull.ui.instance import ALREADY, Door, first_window, place_of
from photocull.ui.leftovers import Leftovers
from photocull.ui.scoring import ModelKnown, OpenedModel

log = logging.getLogger(__name__)


def run(
    folders: Sequence[Path],
    settings: Settings,
    *,
    catalog: str | Path | None = None,
    say: Callable[[str], None] = lambda _sentence: None,
) -> int:
    """Open the window on these folders (of a file, its folder), or on the last ones; returns when it is closed.

    Where a window with this catalogue is open, that one shows the folders. A damaged catalogue is told in a dialog,
    which puts a backup back; then the window opens on that.

    Args:
        catalog: an SQLite file or SQLAlchemy URL; the user's own catalogue unless given.
        say: hears that a window was open already.

    Returns:
        0.

    Raises:
        CatalogError: the catalogue cannot be used. PhotocullError: the window that is open does not answer.
    """
    places = stored.folders()
    asked = tuple(meant_folder(path) or path for path in folders)
    location = catalog or places.catalog
    place = place_of(location, places.data)
    with first_window(place, [folder.absolute() for folder in asked]) as first:
        if first:
            return _open(asked, settings, location, place)
    say(ALREADY)
    return 0


def _open(asked: Sequence[Path], settings: Settings, location: str | Path, place: Path) -> int:
    """This window, and again after each backup that was put back from it."""
    places = stored.folders()
    wanted = asked or tuple(Path(folder) for folder in settings.folders)
    opening: Future[Catalog] | None
    with ThreadPoolExecutor(1, "open") as opener:
        opening = opener.submit(open_catalog, location, cache=places.cache)
        running = application()
    limit = settings.preview_limit_mb * 2**20
    refused: Carried = ()
    left = Leftovers(places.data / "unsaved" / f"{place.name}.json")
    while True:
        with (
            _opened(location, opening) as opened,
            PreviewStore(places.previews, limit_bytes=limit) as previews,
            collecting_here(),
        ):
            desk = Desk(opened, previews, settings, open_model, partial(stored.save, path=places.settings))
            desk.answer(Door(place, desk.bridge))
            desk.carry_over(refused)
            desk.offer(left)
            code = _show(desk, wanted, running)
        if not desk.restoring or opened.file is None or not DamagedDialog.put_back(opened.file, desk.to_restore):
            kept = left.keep(desk.unsaved)
            _note_lost(len(desk.bridge.unsaved) - (len(desk.unsaved) if kept else 0))
            return code
        refused = desk.unsaved if desk.to_restore is not None else ()  # an empty catalogue knows no photo
        _note_lost(len(desk.bridge.unsaved) - len(refused))
        settings, wanted, opening = desk.session.settings, desk.session.folders, None


def _note_lost(decisions: int) -> None:
    if decisions:
        log.warning("%d decisions could not be saved when the window closed.", decisions)


def _opened(where: str | Path, opening: "Future[Catalog] | None") -> Catalog:
    """The catalogue; a damaged one after a backup was put back.

    Raises:
        CatalogError: it cannot be used, or the person chose to leave.
    """
    while True:
        try:
            return open_catalog(where, cache=stored.folders().cache) if opening is None else opening.result()
        except CatalogDamagedError as error:
            if error.path is None or not DamagedDialog(error.path).exec():
                raise
            opening = None


def _show(desk: Desk, folders: Sequence[Path], running: QApplication) -> int:
    """The window, until it is closed."""
    desk.bridge.modelReady.connect(lambda _name, _fingerprint: leave_out_what_lives())
    desk.open(folders)
    try:
        with ending_at_a_signal(desk.leave):
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
