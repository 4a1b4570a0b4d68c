"""Training photos squeezed to small squares, kept on disk within a bound, so that no epoch decodes them again."""

import hashlib
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
from PIL import Image

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.core.work import CancelToken, processors
from photocull.photo.fingerprint import fingerprint

_VERSION: Final = b"square-1"
_DIGEST: Final = 16
_LOOK_AHEAD: Final = 64
Load = Callable[[Path], Pixels]


class SquareStore:
    """Squares of photos by their content: a changed photo is another one, a damaged square is made anew.

    Args:
        folder: where squares lie; made if absent, safe to delete.
        limit_bytes: what they may take on disk together; photos beyond it are decoded whenever they are asked for.
        load: a photo's upright sRGB pixels, as the product sees them.
    """

    def __init__(self, folder: Path, *, limit_bytes: int, load: Load) -> None:
        self._folder = folder
        self._load = load
        self._lock = threading.Lock()
        self._keys: dict[Path, str] = {}
        folder.mkdir(parents=True, exist_ok=True)
        for unfinished in folder.glob("*/*.part"):
            unfinished.unlink(missing_ok=True)
        self._left = limit_bytes - sum(file.stat().st_size for file in folder.glob("*/*"))

    def square(self, path: Path, side: int) -> Pixels:
        """(side, side, 3) uint8: the whole photo, its aspect given up, by an antialiasing bilinear filter.

        Raises:
            UnreadablePhotoError: the photo cannot be read.
        """
        file = self._file(path, side)
        known = _read(file, side)
        if known is not None:
            return known
        picture = Image.fromarray(self._load(path)).resize((side, side), Image.Resampling.BILINEAR)
        pixels = np.asarray(picture, dtype=np.uint8)
        self._keep(file, pixels)
        return pixels

    def _file(self, path: Path, side: int) -> Path:
        key = self._keys.get(path)
        if key is None:
            key = self._keys[path] = fingerprint(path)
        return self._folder / key[:2] / f"{key}-{side}"

    def _keep(self, file: Path, pixels: Pixels) -> None:
        content = pixels.tobytes()
        with self._lock:
            if len(content) + _DIGEST > self._left:
                return
            self._left -= len(content) + _DIGEST
        unfinished = file.with_name(f"{file.name}-{threading.get_ident()}.part")
        try:
            file.parent.mkdir(exist_ok=True)
            unfinished.write_bytes(_digest(content) + content)
            unfinished.replace(file)
        except OSError:  # a full disk costs time, never the run
            with suppress(OSError):
                unfinished.unlink()
            with self._lock:
                self._left = 0


def _read(file: Path, side: int) -> Pixels | None:
    try:
        stored = file.read_bytes()
    except OSError:
        return None
    content = stored[_DIGEST:]
    if len(content) != side * side * 3 or _digest(content) != stored[:_DIGEST]:
        return None
    return np.frombuffer(content, dtype=np.uint8).reshape(side, side, 3)


def _digest(content: bytes) -> bytes:
    return hashlib.blake2b(content, digest_size=_DIGEST, person=_VERSION).digest()


def workers() -> int:
    """Threads that read photos beside the network."""
    return max(2, min(8, processors()))


def unreadable(
    store: SquareStore, paths: Sequence[Path], side: int, token: CancelToken, step: Callable[[], None]
) -> Iterator[UnreadablePhotoError]:
    """Squeeze every photo once and tell of those that cannot be read, in order; ``step`` hears of every photo.

    Raises:
        CancelledError: stopped; finished squares are kept.
    """

    def one(path: Path) -> UnreadablePhotoError | None:
        try:
            store.square(path, side)
        except UnreadablePhotoError as error:
            return error
        return None

    with ThreadPoolExecutor(workers(), thread_name_prefix="reading") as pool:
        remaining = iter(paths)
        while part := list(islice(remaining, _LOOK_AHEAD)):
            token.check()
            for found in pool.map(one, part):
                step()
                if found is not None:
                    yield found
