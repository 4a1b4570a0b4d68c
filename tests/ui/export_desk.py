"""A window on photos of which some are flagged, and its dialogs; as a program, one that exports until it is killed."""

import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from photocull.catalog.database import open_catalog
from photocull.core.settings import Settings
from photocull.core.types import Decision
from photocull.core.vocabulary import Pick
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run
from photocull.ui.bridge import Bridge
from photocull.ui.desk import Desk, application
from photocull.ui.export_dialog import ExportDialog
from photocull.ui.export_line import ExportLine
from photocull.ui.scoring import OpenedModel
from photocull.ui.trash_dialog import TrashDialog
from tests.pixel_scorer import PixelScorer
from tests.ui.conftest import Studio


def begin(studio: Studio, folder: Path, picked: Sequence[int] = (), rejected: Sequence[int] = ()) -> None:
    """The window on this folder, by name; the photos at these places are flagged."""
    kept = studio.settings.export_folder
    studio.settings = Settings(sort="name", descending=False, sidecars="off", export_folder=kept)
    studio.reports.clear()
    studio.open(folder)
    studio.scored()
    ids = studio.window.session.photos.ids
    for flag, places in (("pick", picked), ("reject", rejected)):
        mark(studio, [ids[place] for place in places], "pick" if flag == "pick" else "reject")


def mark(studio: Studio, ids: Sequence[int], flag: Pick) -> None:
    studio.desk.bridge.decide([Decision(one, "pick", flag) for one in ids])
    studio.until(lambda: all(studio.stored(one).pick == flag for one in ids))


def export_dialog(studio: Studio, folder: Path | None = None) -> ExportDialog:
    """The dialog as its key opens it, once it knows what would be done."""
    studio.press("Ctrl+Shift+E")
    dialog = studio.window.exports.dialog
    assert isinstance(dialog, ExportDialog)
    studio.until(lambda: QApplication.activeWindow() is dialog)
    if folder is not None:
        dialog.form.folder.set_text(str(folder))
    return dialog


def planned(studio: Studio, dialog: ExportDialog) -> ExportDialog:
    studio.until(dialog.export.isEnabled)
    return dialog


def trash_dialog(studio: Studio) -> TrashDialog:
    studio.press("Ctrl+Backspace")
    dialog = studio.window.exports.dialog
    assert isinstance(dialog, TrashDialog)
    studio.until(lambda: QApplication.activeWindow() is dialog)
    studio.until(lambda: "Looking" not in dialog.title.text())
    return dialog


def line(studio: Studio) -> ExportLine:
    return studio.window.exports.line


def told(studio: Studio, words: str) -> str:
    """The line, once it says this."""
    studio.until(lambda: words in line(studio).text())
    return line(studio).text()


def back_to_photos(studio: Studio) -> None:
    studio.until(lambda: studio.window.exports.dialog is None and studio.window.isActiveWindow())


def files(folder: Path) -> list[str]:
    """Every file below, hidden ones too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def export_until_killed(home: Path, folder: Path, out: Path) -> None:
    """Begin an export in a window of this process, which hangs in its third photo and says so."""
    import photocull.picks.export as carrying

    copy, copied = carrying.copy, list[Path]()

    def hang(source: Path, target: Path, *more: object) -> None:
        if len(copied) == 2:
            sys.stdout.write("hanging\n")
            sys.stdout.flush()
            time.sleep(600)
        copied.append(source)
        copy(source, target, *more)  # type: ignore[arg-type]  # as it was called

    carrying.copy = hang
    scorer = PixelScorer()

    def opened(bridge: Bridge, name: str) -> OpenedModel:
        run = Run(bridge.catalog, scorer, bridge.previews, jobs=1, listener=bridge.tell)
        return OpenedModel(name, scorer.fingerprint, run)

    app = application()
    catalog = open_catalog(home / "catalog.sqlite", backup=False)
    previews = PreviewStore(home / "previews.sqlite", limit_bytes=64 << 20)
    desk = Desk(catalog, previews, Settings(), opened, lambda _settings: None)
    desk.open([folder])
    while desk.session.running or not desk.session.photos.ids:
        _turn()
    desk.window.exports.export()
    dialog = desk.window.exports.dialog
    assert isinstance(dialog, ExportDialog)
    dialog.form.photos.buttons["shown"].click()
    dialog.form.folder.set_text(str(out))
    while not dialog.export.isEnabled():
        _turn()
    dialog.export.click()
    app.exec()


def _turn() -> None:
    """Let the window work for a moment, and other threads as well: QTest's own waiting holds Python's lock."""
    loop = QEventLoop()
    QTimer.singleShot(20, loop.quit)
    loop.exec()


if __name__ == "__main__":
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    export_until_killed(*map(Path, sys.argv[1:]))
