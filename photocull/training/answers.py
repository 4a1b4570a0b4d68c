"""What a model said of photos, kept on disk by model and content, so that a stopped evaluation goes on where it was.

An SQLite file in the cache folder; safe to delete at any time. A batch is one transaction: it is there or it is not.
"""

import sqlite3
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import OutputError
from photocull.training.objectives import Values

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS answers (
    model TEXT NOT NULL, photo TEXT NOT NULL, numbers BLOB NOT NULL, embedding BLOB NOT NULL,
    PRIMARY KEY (model, photo)
) WITHOUT ROWID
"""
_BATCH: Final = 500
_NUMBERS: Final = np.dtype("<f8")
_EMBEDDING: Final = np.dtype("<f2")
_LOST: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """One photo's numbers.

    Attributes:
        numbers: (n,) float64; what they are is known to who asked.
        embedding: (d,) float16, empty where there is none.
    """

    numbers: Values
    embedding: NDArray[np.float16] = field(default_factory=lambda: np.zeros(0, np.float16))


class AnswerStore:
    """Answers of one model; for one thread.

    Args:
        path: the file, made if absent; a damaged one is begun anew.
        model: identity of weights and arithmetic, and of what the numbers are.

    Raises:
        OutputError: the file cannot be made or written.
    """

    def __init__(self, path: Path, model: str) -> None:
        self._path = path
        self._model = model
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._connection = self._opened()
        except (OSError, sqlite3.Error) as error:
            raise self._failed(error) from error

    def known(self) -> frozenset[str]:
        """The fingerprints of all photos that this model has answered for."""
        rows = self._connection.execute("SELECT photo FROM answers WHERE model = ?", (self._model,))
        return frozenset(photo for (photo,) in rows)

    def get(self, photos: Iterable[str], *, embeddings: bool = True) -> dict[str, Answer]:
        """The answers for those of these fingerprints that are known; without embeddings where they are not needed."""
        wanted = list(dict.fromkeys(photos))
        found: dict[str, Answer] = {}
        for start in range(0, len(wanted), _BATCH):
            part = wanted[start : start + _BATCH]
            marks = ", ".join("?" * len(part))
            third = "embedding" if embeddings else "x''"
            query = f"SELECT photo, numbers, {third} FROM answers WHERE model = ? AND photo IN ({marks})"
            for photo, numbers, embedding in self._connection.execute(query, (self._model, *part)):
                found[photo] = Answer(np.frombuffer(numbers, _NUMBERS), np.frombuffer(embedding, _EMBEDDING))
        return found

    def put(self, answers: Mapping[str, Answer]) -> None:
        """Keep these, by photo fingerprint, in one transaction.

        Raises:
            OutputError: the disk is full, or another evaluation holds the file for long.
        """
        rows = [(self._model, photo, *_stored(answer)) for photo, answer in answers.items()]
        try:
            with self._connection:
                self._connection.executemany("INSERT OR REPLACE INTO answers VALUES (?, ?, ?, ?)", rows)
        except sqlite3.Error as error:
            raise self._failed(error) from error

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _opened(self) -> sqlite3.Connection:
        try:
            return _connected(self._path)
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorcode & 0xFF not in _LOST:
                raise
        for ending in ("", "-wal", "-shm"):
            with suppress(FileNotFoundError):
                self._path.with_name(self._path.name + ending).unlink()
        return _connected(self._path)

    def _failed(self, error: Exception) -> OutputError:
        remedy = "Make room or allow writing there, and call evaluate again: it goes on where it was."
        return OutputError(f"What was scored cannot be kept: {error}.", path=self._path, remedy=remedy)


def _stored(answer: Answer) -> tuple[bytes, bytes]:
    return answer.numbers.astype(_NUMBERS).tobytes(), answer.embedding.astype(_EMBEDDING).tobytes()


def _connected(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=30)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(_SCHEMA)
    except BaseException:
        connection.close()
        raise
    return connection
