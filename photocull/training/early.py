"""What the frozen first stages hand on, kept on disk in chunks: fine-tuning the later ones then costs half."""

import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from photocull.core.work import CancelToken
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.layout import blocks, tensor_shapes
from photocull.judge.networks.onnx_session import open_session
from photocull.photo.fingerprint import fingerprint
from photocull.training.chunks import Load, Step, gathered
from photocull.training.graph import write_early_graph
from photocull.training.sights import Sight

STAGES: Final = 3
"""Stages that stay as ImageNet made them: edges and textures, where blur and noise show."""
_CHUNK: Final = 64
_VERSION: Final = b"early-1"
_LARGEST: Final = 65_000.0


@dataclass(frozen=True, slots=True, eq=False)
class Early:
    """One picture after the first stages.

    Attributes:
        map: (h, w, 40) float16, the last of these stages' output, an eighth of the input's sides.
        cells: (h / 4, w / 4, 160) float16, means and mean squares of all these stages' channels a 32-pixel cell.
    """

    map: NDArray[np.float16]
    cells: NDArray[np.float16]


class EarlyCache:
    """Runs the first stages once a picture; a chunk is named by its photos' content and what is done to them.

    Args:
        folder: where the chunks lie; made if absent.
        trunk: the trunk's tensors as they are stored. side: of the inputs' area.
        load: a photo's upright sRGB pixels, as the product sees them.
        workers: pictures at a time.
    """

    def __init__(
        self, folder: Path, trunk: Mapping[str, NDArray[np.generic]], side: int, load: Load, *, workers: int = 2
    ) -> None:
        self._folder, self._side, self._load, self._workers = folder, side, load, workers
        first = {name: trunk[name] for name in _first_names()}
        self._identity = hashlib.sha256(save(first)).digest()
        self._session = _session(trunk, first)

    def extract(
        self, sights: Sequence[Sight], *, token: CancelToken | None = None, step: Step | None = None
    ) -> list[Early]:
        """The first stages' answers to these pictures, in order.

        Raises:
            UnreadablePhotoError: a photo cannot be read.
            CancelledError: stopped; finished chunks are kept.
        """
        found: list[Early] = []
        with ThreadPoolExecutor(self._workers) as threads:

            def make(part: Sequence[Sight]) -> dict[str, NDArray[np.float16]]:
                made = enumerate(threads.map(self._one, part))
                return {f"{name}{k}": getattr(early, name) for k, early in made for name in ("map", "cells")}

            for stored in gathered(self._folder, sights, _CHUNK, self._key, make, token, step):
                found += [Early(stored[f"map{k}"], stored[f"cells{k}"]) for k in range(len(stored) // 2)]
        return found

    def _one(self, sight: Sight) -> Early:
        values = trunk_input(sight.of(self._load(sight.path)), self._side)
        last, mean, square = self._session.run(["map", "mean", "square"], {"photo": values[None]})
        return Early(_half(last[0]), _half(np.concatenate([mean[0], square[0]])))

    def _key(self, sights: Sequence[Sight]) -> str:
        digest = hashlib.sha256(_VERSION + self._identity + bytes([self._side // 32]))
        for sight in sights:
            digest.update(f"{fingerprint(sight.path)} {sight.words}\n".encode())
        return digest.hexdigest()[:32]


def _first_names() -> list[str]:
    later = (*(f"{block.name}." for block in blocks() if block.stage >= STAGES), "top.", "classes.")
    return [name for name in tensor_shapes() if not name.startswith(later)]


def _session(trunk: Mapping[str, NDArray[np.generic]], first: Mapping[str, NDArray[np.generic]]) -> Any:
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / "trunk.safetensors"
        weights.write_bytes(save(dict(trunk)))
        graph = write_early_graph(weights, STAGES)
    # One thread: pictures run side by side instead.
    return open_session(graph, first, 1)


def _half(values: NDArray[np.float32]) -> NDArray[np.float16]:
    return np.ascontiguousarray(np.minimum(values, _LARGEST).transpose(1, 2, 0).astype(np.float16))
