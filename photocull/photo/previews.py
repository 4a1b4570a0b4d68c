"""Small JPEGs of photos in an SQLite file of their own: bounded, safe to delete at any time, never a reason to fail."""

import io
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from PIL import Image

from photocull.core.types import PREVIEW_SIDE, Pixels

GRID_SIDE: Final = 512
_QUALITY: Final = 85
_VERSION: Final = 1
_AFTER_EVICTION: Final = 0.9
_TOUCHES_A_WRITE: Final = 256
_LOST: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS previews (
    fingerprint TEXT NOT NULL, side INTEGER NOT NULL, used INTEGER NOT NULL, jpeg BLOB NOT NULL,
    PRIMARY KEY (fingerprint, side)
);
CREATE INDEX IF NOT EXISTS previews_used ON previews (used);
"""


class PreviewStore:
    """JPEG previews by content fingerprint, for any thread.

    A damaged file is begun anew; what cannot be stored (full disk, another program holding the file) is not stored:
    previews can always be made again.
    """

    def __init__(self, path: Path, *, limit_bytes: int) -> None:
        self._path = path
        self._limit = limit_bytes
        self._lock = threading.Lock()
        self._touched: dict[str, int] = {}
        self._bytes = 0
        self._connection: sqlite3.Connection | None = None
        self._closed = False
        with self._lock:
            self._open()

    def put(self, fingerprint: str, pixels: Pixels) -> None:
        """Store a photo's grid picture and loupe picture, made from (H, W, 3) uint8 sRGB, never enlarged."""
        jpegs = _jpegs(pixels)
        with self._lock:
            self._guarded(lambda connection: self._store(connection, fingerprint, jpegs))

    def get(self, fingerprint: str, side: int) -> bytes | None:
        """The smallest stored JPEG at least ``side`` long, else the largest; None where there is none."""
        found: list[bytes] = []
        with self._lock:
            self._guarded(lambda connection: found.extend(self._find(connection, fingerprint, side)))
        return found[0] if found else None

    def close(self) -> None:
        """Write what was used when, and let go of the file; closing twice is harmless."""
        with self._lock:
            if not self._closed:
                self._guarded(self._write_touched)
            self._closed = True
            self._disconnect()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _guarded(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """Run one piece of work under the lock; begin anew after damage or deletion, give way to any other fault."""
        if self._closed:
            return
        try:
            if self._connection is None or not self._path.exists():
                self._reopen()
            if self._connection is not None:
                with self._connection:
                    work(self._connection)
        except sqlite3.DatabaseError as error:
            if _is_lost(error):
                self._begin_anew()
        except OSError:
            self._disconnect()

    def _open(self) -> None:
        """Connect; without a usable file the store stays empty."""
        try:
            self._reopen()
        except sqlite3.DatabaseError as error:
            if _is_lost(error):
                self._begin_anew()
        except OSError:
            self._disconnect()

    def _reopen(self) -> None:
        self._disconnect()
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=2.0, check_same_thread=False)
        try:
            _prepare(connection)
            self._bytes = connection.execute("SELECT coalesce(sum(length(jpeg)), 0) FROM previews").fetchone()[0]
        except sqlite3.Error:
            connection.close()
            raise
        self._connection = connection
        self._touched.clear()
        with connection:
            self._evict(connection)
        connection.executescript("PRAGMA incremental_vacuum")  # `execute` gives back a single page

    def _begin_anew(self) -> None:
        self._disconnect()
        try:
            for end in ("", "-wal", "-shm"):
                self._path.with_name(self._path.name + end).unlink(missing_ok=True)
            self._reopen()
        except (OSError, sqlite3.Error):
            self._disconnect()

    def _disconnect(self) -> None:
        if self._connection is not None:
            with suppress(sqlite3.Error):
                self._connection.close()
        self._connection = None

    def _store(self, connection: sqlite3.Connection, fingerprint: str, jpegs: dict[int, bytes]) -> None:
        old = connection.execute(
            "SELECT coalesce(sum(length(jpeg)), 0) FROM previews WHERE fingerprint = ?", (fingerprint,)
        ).fetchone()[0]
        connection.execute("DELETE FROM previews WHERE fingerprint = ?", (fingerprint,))
        now = time.time_ns()
        rows = [(fingerprint, side, now, jpeg) for side, jpeg in jpegs.items()]
        connection.executemany("INSERT INTO previews VALUES (?, ?, ?, ?)", rows)
        self._bytes += sum(map(len, jpegs.values())) - old
        self._evict(connection)

    def _find(self, connection: sqlite3.Connection, fingerprint: str, side: int) -> list[bytes]:
        order = "SELECT jpeg FROM previews WHERE fingerprint = ? ORDER BY side < ?, abs(side - ?) LIMIT 1"
        rows = connection.execute(order, (fingerprint, side, side)).fetchall()
        if rows:
            self._touched[fingerprint] = time.time_ns()
            if len(self._touched) >= _TOUCHES_A_WRITE:
                self._write_touched(connection)
        return [row[0] for row in rows]

    def _write_touched(self, connection: sqlite3.Connection) -> None:
        # Reading must not wait for a write each time; the order of use may be a little coarse.
        rows = [(moment, fingerprint) for fingerprint, moment in self._touched.items()]
        connection.executemany("UPDATE previews SET used = ? WHERE fingerprint = ?", rows)
        self._touched.clear()

    def _evict(self, connection: sqlite3.Connection) -> None:
        if self._bytes <= self._limit:
            return
        self._write_touched(connection)
        sizes = "SELECT fingerprint, sum(length(jpeg)) FROM previews GROUP BY fingerprint ORDER BY max(used)"
        gone, target = [], self._limit * _AFTER_EVICTION
        for fingerprint, size in connection.execute(sizes).fetchall():
            if self._bytes <= target:
                break
            gone.append((fingerprint,))
            self._bytes -= size
        connection.executemany("DELETE FROM previews WHERE fingerprint = ?", gone)


def _is_lost(error: sqlite3.DatabaseError) -> bool:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in _LOST or "no such" in str(error)


def _prepare(connection: sqlite3.Connection) -> None:
    """Pragmas and tables; a store of another version is emptied."""
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.execute("PRAGMA journal_mode = WAL")
    # After a power cut the last previews may be missing, which costs a decode each.
    connection.execute("PRAGMA synchronous = OFF")
    if connection.execute("PRAGMA user_version").fetchone()[0] not in (0, _VERSION):
        connection.execute("DROP TABLE IF EXISTS previews")
    connection.executescript(_SCHEMA)
    connection.execute(f"PRAGMA user_version = {_VERSION}")


def _jpegs(pixels: Pixels) -> dict[int, bytes]:
    """Longest side -> JPEG, for the loupe and for the grid; one where the photo is small."""
    loupe = _within(Image.fromarray(pixels), PREVIEW_SIDE)
    return {max(image.size): _encoded(image) for image in (loupe, _within(loupe, GRID_SIDE))}


def _within(image: Image.Image, side: int) -> Image.Image:
    """Made smaller if it is longer than ``side``; whole blocks first, a quarter of the time and as good to look at."""
    factor = side / max(image.size)
    if factor >= 1:
        return image
    size = (max(1, round(image.width * factor)), max(1, round(image.height * factor)))
    return image.resize(size, Image.Resampling.HAMMING, reducing_gap=1.0)


def _encoded(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=_QUALITY)
    return buffer.getvalue()
