"""How fast photos are looked at: the grid's pictures against plain Pillow, the next photo, 1:1, the window's memory."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from PIL import Image

from photocull.catalog.database import open_catalog
from photocull.cli.drawing import THUMBNAIL, copies, drawn, jpeg_of, judgement, listed
from photocull.cli.screen import ScreenError, require_screen
from photocull.core.types import DecodedPhoto, Judgement
from photocull.core.work import CancelToken
from photocull.models.registry import BUILT_IN
from photocull.photo.decode import load_preview
from photocull.photo.previews import PreviewStore
from photocull.pipeline.run import Run

SIDE: Final = 384
"""Of a photo in the grid: 256 pixels high, 3:2."""
_TURNS: Final = 5
_LARGE: Final = 10
"""Photos that are looked at 1:1."""
_MANY: Final = (1500, 1000)
_MODULE: Final = "photocull.ui.browsing"  # a process of its own: only the window's room knows Qt
_PATIENCE: Final = 3600


@dataclass(frozen=True, slots=True)
class Browsed:
    """What was measured as (name, value, unit), and why the rest was not; "" where all was."""

    figures: tuple[tuple[str, float, str], ...]
    remark: str = ""


class _Invented:
    """Judges without looking, under a model's name: what the window shows is measured, not how it was judged."""

    def __init__(self, name: str, fingerprint: str) -> None:
        self.name, self.fingerprint = name, fingerprint

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        """As `Scorer.score`."""
        return [judgement(sum(one.fingerprint.encode()), self.name, self.fingerprint) for one in batch]


def grid_gain(place: Path, size: tuple[int, int], *, inside: bool) -> float:
    """How many times faster a JPEG's picture for the grid comes than by opening and resizing with Pillow.

    Least processor times of turns, each photo a file of its own.

    Args:
        place: a folder to be made. size: width and height of the photos.
        inside: whether they have a large thumbnail inside, as many cameras write them.
    """
    picture = Image.fromarray(drawn(size, 4))
    content = listed(picture, picture.resize(THUMBNAIL)) if inside else jpeg_of(picture)
    paths = copies(place, content, _TURNS)
    ours = min(_spent(lambda path=path: load_preview(path, SIDE)) for path in paths)  # type: ignore[misc]
    plain = min(_spent(lambda path=path: _plain(path)) for path in paths)  # type: ignore[misc]
    return plain / ours


def _plain(path: Path) -> None:
    with Image.open(path) as image:
        image.resize((SIDE, SIDE * 2 // 3))


def _spent(work: Callable[[], object]) -> float:
    before = time.thread_time()
    work()
    return time.thread_time() - before


def browse(home: Path, photos: int, large: tuple[int, int], name: str, fingerprint: str) -> dict[str, Any]:
    """What the window says of itself on so many photos and a few large ones, judged as if by this model.

    Args:
        home: an empty folder. large: width and height of the large photos.

    Returns:
        see `photocull.ui.browsing.measure`.

    Raises:
        ScreenError: libraries are missing that every window needs, on a screen or not. RuntimeError: the window failed.
    """
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": "1"}
    require_screen(environment)
    if name in BUILT_IN:  # others lie in the person's own folder
        environment["PHOTOCULL_HOME"] = str(home / "home")
    folders = [home / "many", home / "large"]
    copies(folders[0], jpeg_of(Image.fromarray(drawn(_MANY, 3))), photos)
    copies(folders[1], jpeg_of(Image.fromarray(drawn(large, 4))), _LARGE)
    with (
        open_catalog(home / "catalog.sqlite") as catalog,
        PreviewStore(home / "previews.sqlite", limit_bytes=2_000 * 2**20) as previews,
    ):
        Run(catalog, _Invented(name, fingerprint), previews).score(folders, CancelToken())
    command = [sys.executable, "-m", _MODULE, str(home), name]
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=_PATIENCE, check=False)
    if ended.returncode:
        raise RuntimeError(ended.stderr.strip()[-300:] or f"It ended with {ended.returncode}.")
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def browsed(place: Path, photos: int, large: tuple[int, int], name: str, fingerprint: str) -> Browsed:
    """All figures; what the window cannot tell on this machine is a remark, and not the end of the benchmark.

    Args:
        place: an empty folder. photos: how many to flick through; fewer than two leave the window out.
    """
    kind = f"{large[0] * large[1] / 1e6:.0f} MP"
    figures = [
        (f"{kind}: grid picture, one inside, gain", grid_gain(place / "inside", large, inside=True), "times"),
        (f"{kind}: grid picture, none inside, gain", grid_gain(place / "plain", large, inside=False), "times"),
    ]
    if photos < 2:
        return Browsed(tuple(figures))
    try:
        found = browse(place / "window", photos, large, name, fingerprint)
    except (ScreenError, RuntimeError, subprocess.TimeoutExpired) as error:
        return Browsed(tuple(figures), f"The window was not measured: {error}")
    named = {
        "next_photo_ms": ("next photo in the loupe, to the paint", "ms"),
        "next_photo_ms_95": ("19 of 20 of them within", "ms"),
        "one_to_one_ms": (f"{kind}: 100 % view, cold", "ms"),
        "browsed_mb": (f"most memory, {photos} photos browsed", "MB"),
        "close_mb": (f"the same with six of {kind} at 100 %", "MB"),
    }
    told = [(words, float(found[key]), unit) for key, (words, unit) in named.items() if found[key] is not None]
    return Browsed((*figures, *told))
