"""`photocull train builtin`: from labelled photos to the built-in model's files; a stopped run carries on."""

import hashlib
import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from safetensors.numpy import save

from photocull.core.errors import TrainingError
from photocull.core.work import CancelToken, Listener
from photocull.judge.networks.runtime import TrunkRuntime, open_runtime
from photocull.models.registry import ModelCard, ModelResult
from photocull.models.registry import card_text as card_as_json
from photocull.models.store import open_scorer
from photocull.training.branch_ablation import ablate_branches, branches_of
from photocull.training.card import Making, builtin_card, card_text
from photocull.training.colour_learning import learnt_colour
from photocull.training.datasets import LabelledSet
from photocull.training.features import FeatureCache, Features
from photocull.training.figures import found_results, measure_card
from photocull.training.fitting import FittedHeads, fit_heads, head_tensors
from photocull.training.graph import write_graph
from photocull.training.imagenet import fold, published_weights
from photocull.training.learning import (
    FEATURES,
    KEPT,
    WORKERS,
    Phase,
    Tensors,
    Work,
    chosen_pairs,
    learnt_trunk,
    rounded,
)
from photocull.training.material import Materials, count_looks, gather, product_pixels, read_sets
from photocull.training.pair_choice import SightPair
from photocull.training.recipe import Recipe
from photocull.training.sights import Sight

NAME: Final = "builtin-1"
FAST: Final = "builtin-1-fast"


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
    phase: Phase | None = None,
) -> Trained:
    """Train the built-in model and write its weights, graph and cards into ``output``.

    Args:
        data: the folder of biq2021, snapshots, beauty and themes.
        output: made if absent; what was looked at and learnt is kept in it, so that a stopped run carries on.
        recipe: every choice of the run.
        resume: go on with what lies in ``output``; without it, an unfinished run there is an error.
        token: to stop the run. listener: hears the progress of each phase. phase: hears what begins.

    Raises:
        TrainingError: data or a needed package is missing, or ``output`` holds a run and ``resume`` is not set.
        CancelledError: stopped; what is finished is kept.
    """
    sets = read_sets(data)
    if not resume and any((output / name).is_dir() and any((output / name).iterdir()) for name in KEPT):
        remedy = "Use --resume to go on with it, or another --output."
        raise TrainingError("This folder holds an earlier run.", path=output, remedy=remedy)
    work = Work(output, recipe, token or CancelToken(), listener, phase)
    pairs = chosen_pairs(sets, recipe, work)
    trunk = rounded(
        learnt_trunk(rounded(fold(published_weights()), recipe.precision), sets, pairs, work), recipe.precision
    )
    runtime, identity = open_trunk(trunk), hashlib.sha256(save(dict(trunk))).hexdigest()
    features = FeatureCache(output / FEATURES, runtime, identity, product_pixels, workers=WORKERS)
    train, validation = _materials(sets, features, pairs, work)
    work.begin("Fitting the heads")
    fitted = fit_heads(train, validation, recipe)
    colour = learnt_colour(sets, runtime, identity, work)
    files = write_model(output, {**trunk, **head_tensors(fitted), **colour})
    ablation = ablate_branches(*branches_of(sets[2], train, validation))
    cards = [_measured(name, recipe, fitted, files, sets, data, ablation, work) for name in names_of(recipe)]
    return Trained(cards[0], output, sum(len(labelled.missing) for labelled in sets))


def names_of(recipe: Recipe) -> tuple[str, ...]:
    """The models that a recipe makes: one that looks at all its views, and where these are two, one that looks once."""
    return (NAME, FAST) if len(recipe.views) > 1 else (NAME,)


def _measured(
    name: str,
    recipe: Recipe,
    fitted: FittedHeads,
    files: tuple[Path, ...],
    sets: tuple[LabelledSet, ...],
    data: Path,
    ablation: tuple[ModelResult, ...],
    work: Work,
) -> ModelCard:
    """The card is written without figures, so that the program opens the model, which then is measured as it ships."""
    making = Making(views=recipe.views[:1] if name == FAST else recipe.views, seeds=(recipe.seed,))
    heads = fitted.once if name == FAST or fitted.twice is None else fitted.twice
    write_card(work.folder, builtin_card(name, recipe, heads, (), files, sets, making))
    work.begin(f"Measuring {name}")
    scorer = open_scorer(name, "cpu", threads=1, folder=work.folder)
    results = found_results(measure_card(scorer, data, token=work.token, listener=work.listener))
    card = builtin_card(name, recipe, heads, results + ablation, files, sets, making)
    write_card(work.folder, card)
    return card


def write_card(folder: Path, card: ModelCard) -> None:
    """The card for programs and for people, beside the model's files."""
    write_atomically(folder / f"{card.name}.md", card_text(card).encode())
    write_atomically(folder / f"{card.name}.json", card_as_json(card).encode())


def _materials(
    sets: tuple[LabelledSet, ...], features: FeatureCache, pairs: Sequence[SightPair], work: Work
) -> tuple[Materials, Materials]:
    views = work.recipe.views

    def extract(sights: Sequence[Sight], twice: bool) -> Features:
        chosen = views if twice else views[:1]
        return features.extract(sights, views=chosen, token=work.token, step=step)

    step = work.steps("Looking at every photo", count_looks(sets, pairs))
    train = gather(sets, "train", pairs, extract)
    return train, gather(sets, "validation", (), extract)


def open_trunk(trunk: Tensors) -> TrunkRuntime:
    """The trunk alone, as it is stored, for looking at training photos."""
    # One thread: photos run side by side instead.
    with tempfile.TemporaryDirectory() as folder:
        weights = Path(folder) / f"{NAME}.safetensors"
        weights.write_bytes(save(dict(trunk)))
        graph = write_graph(weights)
    return open_runtime(graph, trunk, device="cpu", threads=1)


def write_model(folder: Path, tensors: Tensors) -> tuple[Path, Path]:
    """Weights and graph as ``builtin-1.safetensors`` and ``.onnx``; each appears whole or not at all."""
    folder.mkdir(parents=True, exist_ok=True)
    weights, graph = folder / f"{NAME}.safetensors", folder / f"{NAME}.onnx"
    write_atomically(weights, save(dict(tensors), metadata={"model": NAME}))
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
