"""What the frozen first stages hand on, kept on disk in chunks: fine-tuning the later ones then costs half."""

import hashlib
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.layout import blocks, tensor_shapes
from photocull.judge.networks.onnx_session import open_session
from photocull.photo.fingerprint import fingerprint
from photocull.training.graph import write_early_graph
from photocull.training.sights import Sight

STAGES: Final = 3
"""Stages that stay as ImageNet made them: edges and textures, where blur and noise show."""
_CHUNK: Final = 64
_VERSION: Final = b"early-1"
_LARGEST: Final = 65_000.0
Load = Callable[[Path], Pixels]
Step = Callable[[int, bool], None]
"""Told after every chunk: how many pictures, and whether they were there already."""


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
        folder.mkdir(parents=True, exist_ok=True)

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
            for part in _parts(sights):
                if token is not None:
                    token.check()
                file = self._folder / f"{self._key(part)}.npz"
                known = file.is_file()
                found += _stored(file, len(part)) if known else self._made(file, part, threads)
                if step is not None:
                    step(len(part), known)
        return found

    def _made(self, file: Path, sights: Sequence[Sight], threads: ThreadPoolExecutor) -> list[Early]:
        made = list(threads.map(self._one, sights))
        unfinished = file.with_suffix(".part")
        arrays = {f"{name}{k}": getattr(early, name) for k, early in enumerate(made) for name in ("map", "cells")}
        with unfinished.open("wb") as stream:
            np.savez(stream, **arrays)
        unfinished.replace(file)
        return made

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


def _stored(file: Path, count: int) -> list[Early]:
    with np.load(file, allow_pickle=False) as stored:
        return [Early(stored[f"map{k}"], stored[f"cells{k}"]) for k in range(count)]


def _parts(sights: Sequence[Sight]) -> Iterator[Sequence[Sight]]:
    for start in range(0, len(sights), _CHUNK):
        yield sights[start : start + _CHUNK]
