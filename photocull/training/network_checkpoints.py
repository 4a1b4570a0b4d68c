"""A training run on disk: after a kill at any moment the last state is there whole, with the best weights it names."""

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor, nn

from photocull.core.errors import OutputError, TrainingError
from photocull.training.network_recipe import NetworkRecipe, read_network_recipe, recipe_text

_LAST: Final = "last.safetensors"
_RECIPE: Final = "recipe.toml"
_FACTS: Final = "begun.json"
_UNFINISHED: Final = ".part"
_NETWORK: Final = "network."
_ADAM: Final = "adam."


class Checkpoints:
    """The folder of one run: its recipe, the last state (weights, optimiser, progress) and the best weights so far.

    Args:
        folder: made with the first thing that is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def started(self) -> bool:
        """Whether a run has left anything here."""
        return (self.folder / _RECIPE).is_file()

    def begin(self, recipe: NetworkRecipe, facts: Mapping[str, Any]) -> None:
        """Note the recipe of the run that begins or goes on here, and facts about it that JSON can hold.

        Raises:
            OutputError: the folder cannot be written.
        """
        for name, text in ((_FACTS, json.dumps(facts, indent=1)), (_RECIPE, recipe_text(recipe))):
            write_durably(self.folder / name, partial(Path.write_text, data=text, encoding="utf-8"))
        for unfinished in self.folder.glob(f"*{_UNFINISHED}"):
            unfinished.unlink(missing_ok=True)

    def recipe(self) -> NetworkRecipe:
        """The recipe of the run that was begun here.

        Raises:
            TrainingError: there is none, or it cannot be read.
        """
        return read_network_recipe(self.folder / _RECIPE)

    def facts(self) -> dict[str, Any]:
        """What was noted when the run began; empty if that is lost."""
        try:
            found = json.loads((self.folder / _FACTS).read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    def save(self, tensors: Mapping[str, Tensor], state: Mapping[str, Any]) -> None:
        """Replace the last state; ``state`` is what JSON can hold.

        Raises:
            OutputError: it cannot be written; the state before stays.
        """
        _write_tensors(self.folder / _LAST, tensors, {"state": json.dumps(state)})

    def last(self) -> tuple[dict[str, Tensor], dict[str, Any]] | None:
        """The last state, None where none was reached.

        Raises:
            TrainingError: it is damaged.
        """
        state = self.state()
        return None if state is None else (_read_tensors(self.folder / _LAST), state)

    def state(self) -> dict[str, Any] | None:
        """What the last state says of the run's progress, without its tensors; None where none was reached.

        Raises:
            TrainingError: it is damaged.
        """
        path = self.folder / _LAST
        if not path.is_file():
            return None
        try:
            with safe_open(path, framework="pt") as file:
                return dict(json.loads((file.metadata() or {})["state"]))
        except (OSError, SafetensorError, KeyError, ValueError, TypeError) as error:
            raise _damaged(path) from error

    def save_best(self, epoch: int, tensors: Mapping[str, Tensor]) -> None:
        """Keep the weights after this epoch as the best so far.

        Raises:
            OutputError: they cannot be written.
        """
        _write_tensors(self._best(epoch), tensors, {})

    def best(self, epoch: int) -> dict[str, Tensor]:
        """The weights that were kept after this epoch.

        Raises:
            TrainingError: they are missing or damaged.
        """
        return _read_tensors(self._best(epoch))

    def forget_but(self, epoch: int | None) -> None:
        """Delete the best weights of other epochs; called once the last state names ``epoch`` alone."""
        for path in self.folder.glob("best-*.safetensors"):
            if epoch is None or path != self._best(epoch):
                path.unlink(missing_ok=True)

    def _best(self, epoch: int) -> Path:
        return self.folder / f"best-{epoch:04}.safetensors"


def packed(network: nn.Module, optimizer: torch.optim.Optimizer) -> dict[str, Tensor]:
    """Everything that learns or counts, by name: the network's tensors and Adam's moments of each weight."""
    tensors = {_NETWORK + name: tensor for name, tensor in network.state_dict().items()}
    for name, weight in network.named_parameters():
        for kind, tensor in optimizer.state.get(weight, {}).items():
            tensors[f"{_ADAM}{kind}.{name}"] = tensor
    return tensors


def unpack(tensors: Mapping[str, Tensor], network: nn.Module, optimizer: torch.optim.Optimizer) -> None:
    """Bring network and optimiser to a packed state.

    Raises:
        TrainingError: it is another network's.
    """
    own = {name.removeprefix(_NETWORK): tensor for name, tensor in tensors.items() if name.startswith(_NETWORK)}
    weights = dict(network.named_parameters())
    try:
        network.load_state_dict(own)
        for name, tensor in tensors.items():
            if name.startswith(_ADAM):
                kind, _, weight = name.removeprefix(_ADAM).partition(".")
                place = "cpu" if kind == "step" else weights[weight].device  # where Adam itself keeps each
                optimizer.state[weights[weight]][kind] = tensor.to(place)
    except (RuntimeError, KeyError) as error:
        remedy = "Use another --output folder."
        raise TrainingError("The run in the output folder trained another network.", remedy=remedy) from error


def write_durably(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the place, force it to the disk, then move it there: the old file or the new one, never half.

    Raises:
        OutputError: it cannot be written; what was there stays.
    """
    unfinished = path.with_name(path.name + _UNFINISHED)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(unfinished)
        _sync(unfinished)
        unfinished.replace(path)
        with suppress(OSError):  # not every system lets a folder be opened
            _sync(path.parent)
    except (OSError, SafetensorError) as error:
        with suppress(OSError):
            unfinished.unlink(missing_ok=True)
        reason = getattr(error, "strerror", None) or str(error)
        raise OutputError(
            f"The run cannot be saved: {reason}.", path=path, remedy="Make room, then --resume."
        ) from error


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write_tensors(path: Path, tensors: Mapping[str, Tensor], words: Mapping[str, str]) -> None:
    here = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    write_durably(path, lambda unfinished: save_file(here, unfinished, dict(words)))


def _read_tensors(path: Path) -> dict[str, Tensor]:
    try:
        return load_file(path)
    except (OSError, SafetensorError) as error:
        raise _damaged(path) from error


def _damaged(path: Path) -> TrainingError:
    return TrainingError("This checkpoint is missing or damaged.", path=path, remedy="Start again in another --output.")
