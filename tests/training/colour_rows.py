"""Colour material without photos: a trunk that answers with its input's colours, and rows made with it."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.judge.networks.inputs import trunk_input
from photocull.judge.networks.layout import CELL, CHANNELS
from photocull.judge.networks.runtime import TrunkOutput
from photocull.training.colour_pairs import ColourMaterial, gather_colour
from tests.judge.drawing import scene


class ColourTrunk:
    """Answers with the mean colours of each cell, and counts how often it is asked."""

    device = "cpu"

    def __init__(self) -> None:
        self.runs = 0

    def run(self, values: NDArray[np.float32]) -> TrunkOutput:
        self.runs += 1
        rows, columns = values.shape[1] // CELL, values.shape[2] // CELL
        cells = values.reshape(3, rows, CELL, columns, CELL)
        mean = np.tile(cells.mean(axis=(2, 4)), (CHANNELS // 3 + 1, 1, 1))[:CHANNELS]
        square = np.tile((cells**2).mean(axis=(2, 4)), (CHANNELS // 3 + 1, 1, 1))[:CHANNELS]
        return TrunkOutput(mean, square, np.zeros(1000, np.float32))


def load(path: Path) -> Pixels:
    return scene(int(path.stem), height=96, width=128)


def view(pixels: Pixels) -> NDArray[np.float32]:
    return trunk_input(pixels, 96)


def numbered(folder: Path, count: int) -> list[Path]:
    paths = [folder / f"{k}.txt" for k in range(count)]
    for path in paths:
        path.write_text(path.stem)
    return paths


def material(folder: Path, count: int, trunk: ColourTrunk | None = None, *, damages: bool = True) -> ColourMaterial:
    return gather_colour(
        numbered(folder, count), trunk or ColourTrunk(), "w", load, view, folder / "cache", damages=damages
    )
