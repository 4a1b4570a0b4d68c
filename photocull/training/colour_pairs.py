"""Photos beside copies of them with damaged colours, as the colour head sees them; gathered once, kept in chunks."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.core.work import CancelToken
from photocull.judge.colour import read_colours
from photocull.judge.networks.colour_input import small_picture, square_cells
from photocull.judge.networks.heads import pool
from photocull.judge.networks.runtime import TrunkRuntime
from photocull.photo.fingerprint import fingerprint
from photocull.training.chunks import Load, Step, gathered
from photocull.training.colour_damage import KINDS, change, damaged
from photocull.training.unseen import encoded, halved, mirrored

UNTOUCHED: Final = "untouched"
HARMLESS: Final = "harmless"
STRENGTHS: Final = (0.35, 0.65, 1.0)
COPIES: Final = 4 + len(KINDS) * len(STRENGTHS)
"""Pictures that are made of a photo, itself and three harmless ones among them."""
_CHUNK: Final = 16
_VERSION: Final = b"colour-pairs-2"
Prepare = Callable[[Pixels], NDArray[np.float32]]
"""From a photo's pixels to the trunk's input."""


@dataclass(frozen=True, slots=True, eq=False)
class ColourMaterial:
    """n pictures: photos, harmless copies and damaged copies of them, a photo's own rows side by side.

    Attributes:
        cells: (n, 256, 9, 9), colours: (n, 48, 48, 3), pooled: (n, 1568): see `judge.networks.colour_input`.
        photo: (n,) which photo. kind: (n,) one of `KINDS`, `UNTOUCHED` or `HARMLESS`. strength: (n,) of the damage.
        change: (n,) how far it is from the photo, `colour_damage.change`.
        taught: (n,) the published harmony score of the photo, 0..10.
    """

    cells: NDArray[np.float16]
    colours: NDArray[np.uint8]
    pooled: NDArray[np.float16]
    photo: NDArray[np.int32]
    kind: NDArray[np.str_]
    strength: NDArray[np.float32]
    change: NDArray[np.float32]
    taught: NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.photo)

    def rows(self, chosen: NDArray[np.bool_]) -> "ColourMaterial":
        """Some of the rows."""
        return ColourMaterial(*(getattr(self, field.name)[chosen] for field in fields(self)))


class Copy(NamedTuple):
    """One picture made of a photo."""

    pixels: Pixels
    kind: str
    strength: float


def gather_colour(
    paths: Sequence[Path],
    runtime: TrunkRuntime,
    weights_id: str,
    load: Load,
    prepare: Prepare,
    cache: Path,
    *,
    damages: bool = True,
    workers: int = 2,
    token: CancelToken | None = None,
    step: Step | None = None,
) -> ColourMaterial:
    """Every photo with three harmless copies and all damages at `STRENGTHS`; finished chunks are found again.

    Photos are numbered by their place in ``paths``, which also seeds their damages.

    Args:
        paths: the photos. runtime: the trunk. weights_id: its weights' identity. load: a photo's pixels.
        prepare: the trunk's input of them, the first view's. cache: folder of the chunks, made if absent.
        damages: without them the photos alone, to spread the shown score over. workers: photos at a time.
        step: told after every chunk how many pictures were looked at.

    Raises:
        UnreadablePhotoError: a photo cannot be read.
        CancelledError: stopped; finished chunks are kept.
    """

    def one(numbered: tuple[int, Path]) -> ColourMaterial:
        return _looked_at(*numbered, (runtime, load, prepare), damages)

    def key(chunk: Sequence[tuple[int, Path]]) -> str:
        return _key(chunk, weights_id, damages)

    with ThreadPoolExecutor(workers) as threads:

        def make(chunk: Sequence[tuple[int, Path]]) -> dict[str, NDArray[Any]]:
            material = joined(list(threads.map(one, chunk)))
            return {field.name: getattr(material, field.name) for field in fields(material)}

        def told(photos: int, known: bool) -> None:
            if step is not None:
                step(photos * (COPIES if damages else 1), known)

        chunks = gathered(cache, list(enumerate(paths)), _CHUNK, key, make, token, told)
        return joined([ColourMaterial(**stored) for stored in chunks])


def copies(pixels: Pixels, seed: int) -> Iterator[Copy]:
    """The photo itself, its harmless copies, and every damage from weak to strong."""
    yield Copy(pixels, UNTOUCHED, 0.0)
    for harmless in (mirrored, encoded, halved):
        yield Copy(harmless(pixels), HARMLESS, 0.0)
    for number, kind in enumerate(KINDS):
        for strength in STRENGTHS:
            yield Copy(damaged(pixels, kind, strength, fault_seed(seed, number)), kind, strength)


def fault_seed(photo: int, kind: int) -> int:
    """One number for a photo and a kind, so that one fault grows with its strength."""
    return photo * len(KINDS) + kind


def joined(materials: Sequence[ColourMaterial]) -> ColourMaterial:
    """Materials one after another."""
    return ColourMaterial(
        *(np.concatenate([getattr(part, field.name) for part in materials]) for field in fields(ColourMaterial))
    )


def _looked_at(number: int, path: Path, means: tuple[TrunkRuntime, Load, Prepare], damages: bool) -> ColourMaterial:
    runtime, load, prepare = means
    pixels = load(path)
    made = list(copies(pixels, number)) if damages else [Copy(pixels, UNTOUCHED, 0.0)]
    seen = [runtime.run(prepare(copy.pixels)) for copy in made]
    return ColourMaterial(
        cells=np.stack([square_cells(output) for output in seen]).astype(np.float16),
        colours=np.stack([small_picture(copy.pixels) for copy in made]),
        pooled=np.stack([pool(output) for output in seen]).astype(np.float16),
        photo=np.full(len(made), number, dtype=np.int32),
        kind=np.array([copy.kind for copy in made], dtype="U16"),
        strength=np.array([copy.strength for copy in made], dtype=np.float32),
        change=np.array([_changed(pixels, copy) for copy in made], dtype=np.float32),
        taught=np.full(len(made), read_colours(pixels).score, dtype=np.float32),
    )


def _changed(pixels: Pixels, copy: Copy) -> float:
    return change(pixels, copy.pixels) if copy.kind in KINDS else 0.0


def _key(chunk: Sequence[tuple[int, Path]], weights_id: str, damages: bool) -> str:
    digest = hashlib.sha256(_VERSION + weights_id.encode() + bytes([damages]))
    for number, path in chunk:
        digest.update(f"{number}:{fingerprint(path)}".encode())
    return digest.hexdigest()[:32]
