"""What a victim does until it is killed: the program's commands and its window, with a scorer that can be foreseen."""

import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from tests.building import make_photo
from tests.killing import Tell
from tests.pixel_scorer import PixelScorer


def command(tell: Tell, *arguments: str) -> None:
    """Call the program as a terminal does; tells the exit code."""
    from photocull.cli import session
    from photocull.cli.main import main

    session.scorer_of = lambda name, device: PixelScorer()  # type: ignore[assignment]
    try:
        main(arguments)
    except SystemExit as ended:
        tell(ended.code)
        sys.exit(ended.code)


def command_said(tell: Tell, user: int | None, *arguments: str) -> None:
    """Call the program, as another user where one is named; tells the exit code and what was said on both streams."""
    if user is not None:
        _become(user)
    codes: list[int] = []
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        for stream, file in ((1, out), (2, err)):
            os.dup2(file.fileno(), stream)
        with suppress(SystemExit):
            command(codes.append, *arguments)
        for written in (sys.stdout, sys.stderr):
            written.flush()
        said = []
        for file in (out, err):
            file.seek(0)
            said.append(file.read().decode("utf-8"))
    tell((codes[0], *said))


def _become(user: int) -> None:
    """Give up root's rights; what another user may not load of Python is loaded before."""
    home = os.environ["PHOTOCULL_HOME"]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["PHOTOCULL_HOME"] = str(Path(folder) / "home")
        make_photo(Path(folder) / "photo.jpg", size=(64, 48))
        for words in (["score", folder, "--write-xmp"], ["catalog", "check"], ["trash", folder, "--rejected"]):
            with suppress(SystemExit):
                command(lambda _code: None, *words)
    os.environ["PHOTOCULL_HOME"] = home
    os.setgroups([])
    os.setgid(user)
    os.setuid(user)


def rate_in_window(tell: Tell, folder: str, first: int) -> None:
    """Open the window and rate its photos without end.

    Tells ("press", id, stars) before each key and ("saved", id, stars) when the bar at the bottom says so.
    """
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QKeySequence
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QApplication

    from photocull.core.settings import Settings
    from photocull.ui import app
    from photocull.ui.window import MainWindow

    app.open_model = pixels  # type: ignore[assignment]
    on_its_way: list[tuple[int, int]] = []
    count = first

    def step() -> None:
        nonlocal count
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)
        if window is None or not window.session.photos.ids or not window.isActiveWindow():
            return
        if not getattr(window, "heard", False):
            window.heard = True  # type: ignore[attr-defined]
            window.bridge.saveStateChanged.connect(lambda state, _sentence: saved(state))
        ids = window.session.photos.ids
        window.grid.choose(count % len(ids))
        photo, stars = window.grid.current_id(), 1 + count // len(ids) % 5
        assert photo is not None
        tell(("press", photo, stars))
        on_its_way.append((photo, stars))
        QTest.keySequence(QApplication.focusWidget() or window, QKeySequence(str(stars)))
        count += 1

    def saved(state: str) -> None:
        if state == "saved":
            for photo, stars in on_its_way:
                tell(("saved", photo, stars))
            on_its_way.clear()

    app.application()
    timer = QTimer()
    timer.timeout.connect(step)
    timer.start(3)
    app.run([Path(folder)], Settings(sort="name", descending=False, sidecars="on"))


def open_window(tell: Tell, *paths: str, catalog: str | None = None) -> None:
    """Open the window on these folders until somebody ends it; tells its folders as they change, and what is said."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication

    from photocull.core.settings import Settings
    from photocull.ui import app
    from photocull.ui.window import MainWindow

    app.open_model = pixels  # type: ignore[assignment]
    last: list[str] = []

    def look() -> None:
        nonlocal last
        window = next((w for w in QApplication.topLevelWidgets() if isinstance(w, MainWindow)), None)
        if window is not None and last != (last := [str(folder) for folder in window.session.folders]):
            tell(last)

    app.application()
    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(20)
    app.run([Path(path) for path in paths], Settings(sidecars="off"), catalog=catalog, say=tell)


def open_window_on(tell: Tell, catalog: str, *paths: str) -> None:
    """`open_window` with another catalogue than the person's own."""
    open_window(tell, *paths, catalog=catalog)


def pixels(bridge: "object", name: str) -> "object":
    """`app.open_model` with the scorer that can be foreseen."""
    from photocull.pipeline.run import Run
    from photocull.ui.bridge import Bridge
    from photocull.ui.scoring import OpenedModel

    assert isinstance(bridge, Bridge)
    scorer = PixelScorer()
    run = Run(bridge.catalog, scorer, bridge.previews, jobs=1, listener=bridge.tell)
    return OpenedModel(name, scorer.fingerprint, run)


def names(folder: Path, pattern: str = "*") -> Sequence[str]:
    """Names of the files there, hidden ones too."""
    return sorted(path.name for path in folder.glob(pattern) if path.is_file())
