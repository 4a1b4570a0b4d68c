"""The trunk's pooled numbers of every training photo, kept on disk in chunks so that a stopped run carries on."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.judge.networks.heads import pool
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import TrunkRuntime
from photocull.photo.fingerprint import fingerprint

_CHUNK: Final = 128
_VERSION: Final = b"features-1"
Load = Callable[[Path], Pixels]
Step = Callable[[int, bool], None]
"""Told after every chunk: how many photos, and whether they were there already."""


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Numbers of n photos.

    Attributes:
        pooled: (n, 1568) float32, means then standard deviations of the stages' 784 channels.
        logits: (n, 1000) float32.
    """

    pooled: NDArray[np.float32]
    logits: NDArray[np.float32]

    @property
    def both(self) -> NDArray[np.float32]:
        """(n, 2568): pooled numbers and logits side by side."""
        return np.hstack([self.pooled, self.logits])


class FeatureCache:
    """Extracts features once; a chunk is named by its photos' content, so a changed photo or list is never mixed up.

    Args:
        folder: where the chunks lie; made if absent.
        runtime: the trunk; one processor thread each, since photos run side by side.
        weights_id: identity of the trunk's weights.
        load: a photo's upright sRGB pixels, as the product sees them.
        workers: photos at a time.
    """

    def __init__(self, folder: Path, runtime: TrunkRuntime, weights_id: str, load: Load, *, workers: int = 2) -> None:
        self._folder = folder
        self._runtime = runtime
        self._weights_id = weights_id
        self._load = load
        self._workers = workers
        folder.mkdir(parents=True, exist_ok=True)

    def extract(
        self, paths: Sequence[Path], *, mirror: bool, token: CancelToken | None = None, step: Step | None = None
    ) -> Features:
        """Features of these photos in order, of their mirror images where asked for.

        Raises:
            UnreadablePhotoError: a photo cannot be read.
            CancelledError: stopped; finished chunks are kept.
        """
        chunks = []
        with ThreadPoolExecutor(self._workers) as pool_of_threads:
            for part in _parts(paths):
                if token is not None:
                    token.check()
                file = self._folder / f"{self._key(part, mirror)}.npz"
                known = file.is_file()
                chunks.append(_stored(file) if known else self._made(file, part, mirror, pool_of_threads))
                if step is not None:
                    step(len(part), known)
        return Features(np.vstack([c.pooled for c in chunks]), np.vstack([c.logits for c in chunks]))

    def _made(self, file: Path, paths: Sequence[Path], mirror: bool, threads: ThreadPoolExecutor) -> Features:
        rows = list(threads.map(lambda path: self._one(path, mirror), paths))
        features = Features(np.stack([row[0] for row in rows]), np.stack([row[1] for row in rows]))
        unfinished = file.with_suffix(".part")
        with unfinished.open("wb") as stream:
            np.savez(stream, pooled=features.pooled, logits=features.logits)
        unfinished.replace(file)
        return features

    def _one(self, path: Path, mirror: bool) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        pixels = self._load(path)
        values = trunk_input(pixels[:, ::-1] if mirror else pixels)
        output = self._runtime.run(values)
        return pool(output).astype(np.float32), output.logits

    def _key(self, paths: Sequence[Path], mirror: bool) -> str:
        digest = hashlib.sha256(_VERSION + self._weights_id.encode() + bytes([mirror]))
        for path in paths:
            digest.update(fingerprint(path).encode())
        return digest.hexdigest()[:32]


def _stored(file: Path) -> Features:
    with np.load(file, allow_pickle=False) as stored:
        return Features(stored["pooled"], stored["logits"])


def _parts(paths: Sequence[Path]) -> Iterator[Sequence[Path]]:
    for start in range(0, len(paths), _CHUNK):
        yield paths[start : start + _CHUNK]
