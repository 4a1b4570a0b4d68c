"""`photocull train builtin`: from labelled photos to the built-in model's files; a stopped run carries on."""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from photocull.core.errors import TrainingError
from photocull.core.work import CancelToken, Listener, Pace
from photocull.judge.networks.runtime import TrunkRuntime, open_runtime
from photocull.models.registry import ModelCard
from photocull.training.card import builtin_card, card_json, card_text
from photocull.training.covering import measure_attention
from photocull.training.datasets import LabelledSet, Split
from photocull.training.evaluate import measure
from photocull.training.features import FeatureCache, Features
from photocull.training.fitting import fit_heads, head_tensors
from photocull.training.graph import write_graph
from photocull.training.imagenet import fold, published_weights
from photocull.training.material import Materials, count_runs, gather, product_pixels, read_sets
from photocull.training.recipe import Recipe

NAME: Final = "builtin-1"
Tensors = dict[str, NDArray[np.generic]]
_WORKERS: Final = 2
_FEATURES: Final = "features"


@dataclass(frozen=True, slots=True)
class Trained:
    """What a run made.

    Attributes:
        card: the model's card. folder: where the files lie. missing: labelled photos that are not there.
    """

    card: ModelCard
    folder: Path
    missing: int


def train_builtin(
    data: Path,
    output: Path,
    recipe: Recipe,
    *,
    resume: bool = False,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> Trained:
    """Train the built-in model and write its weights, graph and card into ``output``.

    Args:
        data: the folder of biq2021, snapshots, beauty and themes.
        output: made if absent; features are kept in it, so that a stopped run carries on.
        recipe: every choice of the run.
        resume: go on with the features in ``output``; without it, an unfinished run there is an error.
        token: to stop the run. listener: hears the progress of the feature extraction.

    Raises:
        TrainingError: data or a needed package is missing, or ``output`` holds a run and ``resume`` is not set.
        CancelledError: stopped; finished features are kept.
    """
    sets = read_sets(data)
    cache = output / _FEATURES
    if not resume and cache.is_dir() and any(cache.iterdir()):
        remedy = "Use --resume to go on with them, or another --output."
        raise TrainingError("This folder holds the features of an earlier run.", path=output, remedy=remedy)
    trunk = rounded(fold(published_weights()), recipe.precision)
    train, validation = _materials(sets, trunk, cache, token, listener)
    fitted = fit_heads(train, validation, recipe)
    tensors = {**trunk, **head_tensors(fitted)}
    files = write_model(output, tensors)
    results = (*measure(fitted, validation), *measure_attention(_runtime(trunk), tensors, fitted, sets, token))
    card = builtin_card(NAME, recipe, fitted, results, files, sets)
    write_atomically(output / f"{NAME}.md", card_text(card).encode())
    write_atomically(output / f"{NAME}.json", card_json(card).encode())
    return Trained(card, output, sum(len(labelled.missing) for labelled in sets))


def rounded(tensors: dict[str, NDArray[np.float32]], precision: str) -> Tensors:
    """The trunk as it is stored; features come from exactly this."""
    return {name: np.ascontiguousarray(values, dtype=np.dtype(precision)) for name, values in tensors.items()}


def _materials(
    sets: tuple[LabelledSet, ...], trunk: Tensors, cache: Path, token: CancelToken | None, listener: Listener | None
) -> tuple[Materials, Materials]:
    pace = Pace(count_runs(sets))
    features = _feature_cache(trunk, cache)

    def step(count: int, known: bool) -> None:
        progress = pace.step(0 if known else count, cached=count if known else 0)
        if listener is not None:
            listener(progress)

    def extract(paths: list[Path], mirror: bool) -> Features:
        return features.extract(paths, mirror=mirror, token=token, step=step)

    splits: tuple[Split, Split] = ("train", "validation")
    train, validation = (gather(sets, split, extract) for split in splits)
    return train, validation


def _feature_cache(trunk: Tensors, cache: Path) -> FeatureCache:
    identity = hashlib.sha256(save(trunk)).hexdigest()
    return FeatureCache(cache, _runtime(trunk), identity, product_pixels, workers=_WORKERS)


def _runtime(trunk: Tensors) -> TrunkRuntime:
    # One thread: photos run side by side instead.
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / f"{NAME}.safetensors"
        weights.write_bytes(save(trunk))
        graph = write_graph(weights)
    return open_runtime(graph, trunk, device="cpu", threads=1)


def write_model(folder: Path, tensors: Tensors) -> tuple[Path, Path]:
    """Weights and graph as ``builtin-1.safetensors`` and ``.onnx``; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    weights, graph = folder / f"{NAME}.safetensors", folder / f"{NAME}.onnx"
    write_atomically(weights, save(tensors, metadata={"model": NAME}))
    write_atomically(graph, write_graph(weights))
    return weights, graph


def write_atomically(path: Path, content: bytes) -> None:
    """Write beside the place, then move there."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(name).chmod(0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
