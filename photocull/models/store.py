"""The models that this installation has: lists their cards, opens them verified, and builds their scorers."""

from pathlib import Path

from photocull.core.errors import ModelError
from photocull.core.settings import resources
from photocull.core.types import Scorer
from photocull.judge.scorer import BuiltinModel, BuiltinScorer, fingerprint_of
from photocull.models.checkpoint import read_tensors, read_verified
from photocull.models.registry import BUILT_IN, ModelCard, ModelFile, read_card


def cards(folder: Path | None = None) -> tuple[ModelCard, ...]:
    """The card of every model that is here.

    Args:
        folder: where models lie; the program's resources unless given.

    Raises:
        ModelError: a card is missing or cannot be read.
    """
    place = resources() if folder is None else folder
    return tuple(read_card(place / f"{name}.json") for name in BUILT_IN)


def open_scorer(name: str, device: str = "auto", *, threads: int = 0, folder: Path | None = None) -> Scorer:
    """The scorer of a model, its files verified against the card.

    Args:
        name: a card's name.
        device: "auto", "cpu", "cuda" or "mps".
        threads: processor threads of the network; 0 lets the engine choose.
        folder: where models lie; the program's resources unless given.

    Raises:
        ModelError: no model has this name, a file is missing or damaged, or the device cannot be used.
    """
    return BuiltinScorer(open_builtin(name, folder), device=device, threads=threads)


def scorer_fingerprint(name: str, *, folder: Path | None = None) -> str:
    """The fingerprint that `open_scorer` will have, by the card alone: what is cached is found without the network.

    Raises:
        ModelError: no model has this name, or its card is missing or damaged.
    """
    place = resources() if folder is None else folder
    return fingerprint_of(_files(name, place)[0].sha256)


def _files(name: str, place: Path) -> tuple[ModelFile, ModelFile]:
    """Weights and graph of a built-in model."""
    if name not in BUILT_IN:
        raise ModelError(f"There is no model '{name}'.", remedy=f"Known models: {', '.join(BUILT_IN)}.")
    card = read_card(place / f"{name}.json")
    if len(card.files) != 2:
        raise ModelError("The model's card does not name its files.", path=place / f"{name}.json")
    return card.files[0], card.files[1]


def open_builtin(name: str, folder: Path | None = None) -> BuiltinModel:
    """A built-in model's files, read once and verified.

    Raises:
        ModelError: see `open_scorer`.
    """
    place = resources() if folder is None else folder
    weights, graph = _files(name, place)
    location = place / weights.name
    tensors = read_tensors(read_verified(location, weights.sha256), location)
    return BuiltinModel(name, weights.sha256, read_verified(place / graph.name, graph.sha256), tensors)
