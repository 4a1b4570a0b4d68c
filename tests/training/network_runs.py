"""Small runs of network training: recipes cut down, a network of a thousand weights, squares that are drawn at once."""

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from photocull.core.errors import UnreadablePhotoError
from photocull.core.types import Pixels
from photocull.core.work import CancelToken, Event
from photocull.training.network_batches import Lesson, Reader
from photocull.training.network_checkpoints import Checkpoints
from photocull.training.network_device import choose_place
from photocull.training.network_measuring import Yardstick
from photocull.training.network_progress import EpochResult, Progress, Reporting
from photocull.training.network_recipe import NetworkRecipe, read_network_recipe, shipped_recipe
from photocull.training.network_trainer import NetworkTrainer

SMALL = {
    "stem": 8, "widths": (8, 16, 32, 64), "depths": (2, 2, 2, 2), "heads": (1, 2, 4, 8), "groups": (0, 0, 2, 4),
    "kernels": (0, 0, 5, 3), "window": 2, "expansion": 2, "side": 64,
}  # fmt: skip
"""A Delegate Transformer of 150,000 weights that sees 64 pixels."""


def small_recipe(architecture: str, **values: Any) -> NetworkRecipe:
    """An authors' recipe cut down to seconds: a small network if it can be, few epochs, nothing drawn but dropout."""
    recipe = read_network_recipe(shipped_recipe(architecture))
    if architecture.startswith("delegate"):
        recipe = dataclasses.replace(recipe, shape=SMALL, resize=64, crop=64, drop_path=0.0)
    rates = {part: 2e-3 for part in recipe.learning_rates}
    small = {"epochs": 3, "batch": 8, "step": 8, "flip": 0.0, "learning_rates": rates, "start": (), **values}
    return dataclasses.replace(recipe, **small)


class Toy(nn.Module):
    """Everything that matters to the loop in a thousand weights: a part to freeze, statistics, dropout, a head."""

    def __init__(self, outputs: int = 1, *, norm: bool = True, seed: int = 0) -> None:
        super().__init__()
        torch.manual_seed(seed)
        self.theme = nn.Sequential(nn.Conv2d(3, 4, 3, stride=2), nn.BatchNorm2d(4))
        self.trunk = nn.Sequential(nn.Conv2d(3, 8, 3, stride=2), nn.BatchNorm2d(8) if norm else nn.Identity())
        self.dropout = nn.Dropout(0.3 if norm else 0.0)
        self.head = nn.Linear(12, outputs)

    def parts(self) -> Mapping[str, nn.Module]:
        return {"theme": self.theme, "trunk": self.trunk, "head": self.head}

    def forward(self, batch: Tensor) -> Tensor:
        both = torch.cat([self.theme(batch), self.trunk(batch)], dim=1).relu().mean(dim=(2, 3))
        values: Tensor = self.head(self.dropout(both))
        return torch.sigmoid(values) if values.shape[1] == 1 else torch.softmax(values, dim=1)


def toy_recipe(**values: Any) -> NetworkRecipe:
    """A recipe for `Toy`: 20 pixels drawn out of 24."""
    rates = {"theme": 1e-2, "trunk": 1e-2, "head": 1e-2}
    small = {"resize": 24, "crop": 20, "learning_rates": rates, "frozen": ("theme",), "flip": 0.5, **values}
    return small_recipe("tanet-tad66k", **small)


class DrawnSquares:
    """In the place of the squares' store: photo ``k`` is a noisy square, the brighter the higher its number is."""

    def __init__(self) -> None:
        self.gone: set[str] = set()

    def square(self, path: Path, side: int) -> Pixels:
        if path.name in self.gone:
            raise UnreadablePhotoError("The file is no longer there.", path=path)
        noise = np.random.default_rng(int(path.name)).normal(0, 12, (side, side, 3))
        return np.clip(20 + 7 * int(path.name) + noise, 0, 255).astype(np.uint8)


def lessons(count: int, outputs: int = 1, *, first: int = 0) -> tuple[Lesson, ...]:
    """Photos whose opinion rises with their brightness; with several outputs, as votes around it."""
    found = []
    for k in range(first, first + count):
        liking = k / 32
        votes = np.exp(-((np.arange(outputs) - (outputs - 1) * liking) ** 2))
        targets = tuple((votes / votes.sum()).tolist()) if outputs > 1 else (liking,)
        found.append(Lesson(k, Path(str(k)), targets))
    return tuple(found)


class Kill(BaseException):
    """As sudden as a kill, but in this process: nothing is saved on its way."""


class Run:
    """One toy run in a folder; ``events``, ``ends`` and ``said`` are what it told."""

    def __init__(
        self,
        folder: Path,
        recipe: NetworkRecipe,
        network: nn.Module | None = None,
        *,
        outputs: int = 1,
        learned: int = 13,
        device: str = "cpu",
        hear: Callable[[int, Event], None] = lambda count, event: None,
    ) -> None:
        self.network = Toy(outputs) if network is None else network
        self.squares, self.token = DrawnSquares(), CancelToken()
        self.events: list[Event] = []
        self.ends: list[EpochResult] = []
        self.said: list[str] = []
        measured = lessons(8, outputs, first=20)
        votes = (1.0, float(outputs)) if outputs > 1 else None

        def listener(event: Event) -> None:
            self.events.append(event)
            hear(len(self.events), event)

        def ended(result: EpochResult, progress: Progress) -> None:
            self.ends.append(result)

        self.checkpoints = Checkpoints(folder)
        self.trainer = NetworkTrainer(
            self.network,
            self.network.parts(),
            recipe,
            lessons=lessons(learned, outputs),
            yardstick=Yardstick(measured, ("score",), "score", votes),
            reader=Reader(self.squares, recipe, listener),
            checkpoints=self.checkpoints,
            place=choose_place(device, recipe.precision),
            token=self.token,
            reporting=Reporting(listener, ended, lambda words: None, self.said.append),
        )

    def run(self) -> Progress:
        return self.trainer.run()

    def weights(self) -> dict[str, Tensor]:
        return {name: tensor.clone() for name, tensor in self.network.state_dict().items()}


def same(first: Mapping[str, Tensor], second: Mapping[str, Tensor]) -> bool:
    """Whether two networks are equal to the last bit."""
    return first.keys() == second.keys() and all(torch.equal(tensor, second[name]) for name, tensor in first.items())
