"""Everything that heads read of every training picture, kept on disk in chunks so that a stopped run carries on."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.work import CancelToken
from photocull.judge.light import NUMBERS, read_light
from photocull.judge.networks.heads import POOLED, pool
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.runtime import TrunkRuntime
from photocull.judge.small import small_of
from photocull.photo.fingerprint import fingerprint
from photocull.training.chunks import Load, Step, gathered
from photocull.training.sights import Sight

_CHUNK: Final = 128
_VERSION: Final = b"features-2"


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Numbers of n pictures.

    Attributes:
        pooled: (n, 1568) float32, means then standard deviations of the stages' 784 channels.
        logits: (n, 1000) float32.
        light: (n, `judge.light.NUMBERS`) float32.
        fine: (n, 1568) float32, the pooled numbers of the second view; (n, 0) where there is none.
    """

    pooled: NDArray[np.float32]
    logits: NDArray[np.float32]
    light: NDArray[np.float32]
    fine: NDArray[np.float32]

    @property
    def all(self) -> NDArray[np.float32]:
        """Side by side in the order of `judge.networks.heads.BLOCKS`."""
        return np.hstack([self.pooled, self.logits, self.light, self.fine])


_PARTS: Final = tuple(field.name for field in fields(Features))


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

    def extract(
        self,
        sights: Sequence[Sight],
        *,
        views: Sequence[int],
        token: CancelToken | None = None,
        step: Step | None = None,
    ) -> Features:
        """Features of these pictures in order.

        Args:
            views: sides of the one or two views' areas.

        Raises:
            UnreadablePhotoError: a photo cannot be read.
            CancelledError: stopped; finished chunks are kept.
        """
        with ThreadPoolExecutor(self._workers) as threads:

            def make(part: Sequence[Sight]) -> dict[str, NDArray[np.float32]]:
                rows = list(threads.map(lambda sight: self._one(sight, views), part))
                return dict(zip(_PARTS, map(np.stack, zip(*rows, strict=True)), strict=True))

            def key(part: Sequence[Sight]) -> str:
                return self._key(part, views)

            chunks = list(gathered(self._folder, sights, _CHUNK, key, make, token, step))
        if not chunks:
            return _none(len(views))
        return Features(*(np.vstack([chunk[name] for chunk in chunks]) for name in _PARTS))

    def _one(self, sight: Sight, views: Sequence[int]) -> tuple[NDArray[np.float32], ...]:
        pixels = sight.of(self._load(sight.path))
        outputs = [self._runtime.run(trunk_input(pixels, side)) for side in views]
        pooled = [pool(output).astype(np.float32) for output in outputs]
        fine = pooled[1] if len(pooled) > 1 else np.zeros(0, dtype=np.float32)
        return pooled[0], outputs[0].logits, read_light(small_of(pixels).pixels).astype(np.float32), fine

    def _key(self, sights: Sequence[Sight], views: Sequence[int]) -> str:
        digest = hashlib.sha256(_VERSION + self._weights_id.encode() + repr(tuple(views)).encode())
        for sight in sights:
            digest.update(f"{fingerprint(sight.path)} {sight.words}\n".encode())
        return digest.hexdigest()[:32]


def _none(views: int) -> Features:
    widths = (POOLED, 1000, len(NUMBERS), POOLED * (views > 1))
    return Features(*(np.zeros((0, width), dtype=np.float32) for width in widths))
