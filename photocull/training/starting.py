"""A network before training: built for a recipe, random by its seed, then filled with the weights it starts from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import torch
from torch import Tensor, nn

from photocull.core.errors import TrainingError
from photocull.judge.networks.delegate import DelegateShape, DelegateTransformer
from photocull.judge.networks.tanet import TANet
from photocull.models.reading import read_checkpoint
from photocull.models.shelf import WEIGHTS
from photocull.training.network_recipe import NetworkRecipe

_PLACES: Final = "places365-resnet18"
_THEME: Final = "theme."
_COUNTER: Final = "num_batches_tracked"


Trainable = TANet | DelegateTransformer


@dataclass(slots=True)
class Beginning:
    """What the weights before training are; shown, and noted in the model's card.

    Attributes:
        sources: the models they come from. left_out: tensors of those that did not fit, in words.
        random: the parts, or tensors of parts, that no source filled.
    """

    sources: list[str] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    random: list[str] = field(default_factory=list)

    def lines(self) -> list[str]:
        """The same for people."""
        told = [f"Starts from {', '.join(self.sources)}."] if self.sources else []
        told += self.left_out
        if not self.sources:
            told.append(
                "Starts from random weights: training from nothing needs the whole set and other learning rates."
            )
        elif self.random:
            told.append(f"Random at the start: {', '.join(self.random)}.")
        return told


def build(recipe: NetworkRecipe) -> Trainable:
    """An untrained network of the recipe's architecture; the same weights for the same seed.

    Raises:
        TrainingError: there is no such architecture to train, or the recipe's shape or crop is none that it can have.
    """
    torch.manual_seed(recipe.seed)
    kind = recipe.architecture
    if kind in ("tanet-tad66k", "tanet-ava"):
        network: Trainable = TANet(1 if kind == "tanet-tad66k" else 10)
        side = 224
    elif kind in ("delegate-icaa17k", "delegate-spaq"):
        two = kind == "delegate-icaa17k"
        shape = _shape(recipe)
        network, side = _delegate(shape, two, recipe.drop_path), shape.side
    else:
        raise TrainingError(f"No network of the kind '{kind}' can be trained.")
    if recipe.crop != side or recipe.resize < recipe.crop:
        raise TrainingError(f"This network sees {side} pixels: set crop to {side} and resize to {side} or more.")
    return network


def outputs(architecture: str) -> int:
    """How many numbers a network of this kind answers with."""
    return {"tanet-ava": 10, "delegate-icaa17k": 2}.get(architecture, 1)


def _shape(recipe: NetworkRecipe) -> DelegateShape:
    try:
        return DelegateShape(**recipe.shape)  # type: ignore[arg-type]  # its fields are checked by building it
    except (TypeError, ValueError) as error:
        raise TrainingError(f"The recipe's shape is no Delegate Transformer's: {error}.") from error


def _delegate(shape: DelegateShape, two: bool, drop_path: float) -> DelegateTransformer:
    try:
        return DelegateTransformer(shape, outputs=2 if two else 1, gated=two, drop_path=drop_path)
    except (TypeError, ValueError, RuntimeError, ZeroDivisionError) as error:
        raise TrainingError(f"The recipe's shape is no Delegate Transformer's: {error}.") from error


def begin(network: nn.Module, recipe: NetworkRecipe, starts: Sequence[str], shelf: Path) -> Beginning:
    """Fill the network from the recipe's models that the store has, then from ``starts``, each over the ones before.

    Args:
        starts: names of models in the store, or files.
        shelf: the store's folder.

    Raises:
        TrainingError: one of ``starts`` is not there, or has nothing that this network could take.
        ModelError: a file is damaged or of an unknown network.
    """
    beginning = Beginning()
    filled: set[str] = set()
    for name in recipe.start:
        path = shelf / name / WEIGHTS
        if path.is_file():
            filled |= _fill(network, name, path, beginning)
        else:
            way = (
                f"photocull models download {name}"
                if name == _PLACES
                else f"photocull models import FILE --name {name}"
            )
            beginning.left_out.append(f"{name} is not in the store and was not started from; get it with: {way}")
    for start in starts:
        filled |= _fill(network, Path(start).name, _found(start, shelf), beginning)
    beginning.random = _random(network, filled)
    return beginning


def _found(start: str, shelf: Path) -> Path:
    for path in (shelf / start / WEIGHTS, Path(start).expanduser()):
        if path.is_file():
            return path
    remedy = "See the models with: photocull models list"
    raise TrainingError(f"There is no model or file '{start}' to start from.", remedy=remedy)


def _fill(network: nn.Module, name: str, path: Path, beginning: Beginning) -> set[str]:
    checkpoint = read_checkpoint(path)
    before = _THEME if checkpoint.architecture.id == _PLACES else ""
    stored = {before + key: torch.from_numpy(values.copy()) for key, values in checkpoint.tensors.items()}
    own = network.state_dict()
    fitting = {key: values for key, values in stored.items() if key in own and own[key].shape == values.shape}
    if not any(not key.endswith(_COUNTER) for key in fitting):
        raise TrainingError(
            f"Nothing of this model fits {_title(network)}.", path=path, remedy="Start from another one."
        )
    network.load_state_dict(fitting, strict=False)
    beginning.sources.append(name)
    beginning.left_out += _refused(name, stored, own)
    return set(fitting)


def _refused(name: str, stored: Mapping[str, Tensor], own: Mapping[str, Tensor]) -> list[str]:
    sizes = [key for key, values in stored.items() if key in own and own[key].shape != values.shape]
    strange = [key for key in stored if key not in own]
    told = []
    if sizes:
        told.append(f"Left out of {name}, whose shape there is another: {', '.join(_groups(sizes))}.")
    if strange:
        told.append(f"Left out of {name}, which this network has not: {', '.join(_groups(strange))}.")
    return told


def _random(network: nn.Module, filled: set[str]) -> list[str]:
    keys = [key for key in network.state_dict() if not key.endswith(_COUNTER)]
    open_keys = [key for key in keys if key not in filled]
    whole = {part for part in _groups(keys) if all(k not in filled for k in keys if k.split(".")[0] == part)}
    return list(dict.fromkeys(_of(key, whole) for key in open_keys))


def _of(key: str, whole: set[str]) -> str:
    part = key.split(".")[0]
    return part if part in whole else key.rpartition(".")[0]


def _groups(keys: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(key.split(".")[0] for key in keys))


def _title(network: nn.Module) -> str:
    return "TANet" if isinstance(network, TANet) else "the Delegate Transformer"
