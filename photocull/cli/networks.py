"""What `train` and `tune` do with published networks: what was typed to a request, and a run that is watched."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from photocull.cli.watching import watched
from photocull.core.errors import TrainingError, UsageError, printable
from photocull.core.settings import folders, load
from photocull.core.work import CancelToken
from photocull.models.registry import BUILT_IN, PUBLISHED
from photocull.models.unpickling import require_torch
from photocull.training.network_progress import EpochResult, Progress, Reporting
from photocull.training.network_recipe import NetworkRecipe, read_network_recipe
from photocull.training.rated import RatedSet, read_set

if TYPE_CHECKING:
    from photocull.training.network_training import TrainedNetwork

_KINDS: Final = {"tanet": "tanet-", "colour": "delegate-"}
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line says; None leaves it to the recipe, the settings or the set."""

    data: Path
    output: Path | None
    config: Path | None
    dataset: str | None
    starts: tuple[str, ...]
    name: str | None
    resume: bool
    device: str | None
    seed: int | None


def train_published(network: str, choices: Choices) -> None:
    """Train "tanet" or "colour" and say how the result is put to use.

    Raises:
        PhotocullError: see `training.network_training.train_network`.
    """
    require_torch()
    from photocull.training.network_training import Request, train_network  # torch: an extra, and seconds of start

    rated = read_set(choices.data, choices.dataset)
    recipe = chosen_recipe(network, rated, choices, "run/recipe.toml")
    name, output = model_name(choices, recipe), run_folder(choices, recipe)
    device = chosen_device(choices)
    with reporting_on("Training") as (token, reporting):
        request = Request(rated, recipe, name, output, folders().models, choices.starts, device, choices.resume)
        trained = train_network(request, token=token, reporting=reporting)
    for line in last_words(trained):
        typer.echo(line)


def chosen_device(choices: Choices) -> str:
    """Where the network runs: as typed, else as set."""
    return choices.device or load(folders().settings).device


def chosen_recipe(network: str, rated: RatedSet, choices: Choices, noted: str) -> NetworkRecipe:
    """The recipe that was named, that of the run which goes on, or the authors' for this set.

    Args:
        noted: where a run notes its recipe, below its folder.

    Raises:
        TrainingError: it cannot be read, or there is none for this set.
    """
    from photocull.training.network_material import recipe_for  # torch: an extra, and seconds of start

    if choices.config is not None:
        return _fitting(network, read_network_recipe(choices.config, seed=choices.seed), choices.config)
    if choices.resume and choices.output is not None and (choices.output / noted).is_file():
        path = choices.output / noted
    else:
        path = recipe_for(network, rated)
        begun = run_folder(choices, read_network_recipe(path)) / noted
        path = begun if choices.resume and begun.is_file() else path
    return _fitting(network, read_network_recipe(path, seed=choices.seed), path)


def run_folder(choices: Choices, recipe: NetworkRecipe) -> Path:
    """The folder that was named, else one for the model in the person's own folders."""
    return choices.output or folders().data / "training" / model_name(choices, recipe)


def model_name(choices: Choices, recipe: NetworkRecipe) -> str:
    """The name of the new model.

    Raises:
        UsageError: no model can have it.
    """
    name = f"my-{recipe.architecture}" if choices.name is None else choices.name
    if not _NAME.fullmatch(name) or name in (*BUILT_IN, *PUBLISHED):
        remedy = "Use small letters, digits, dots and dashes, and a name that is not a shipped model's."
        raise UsageError(f"A model cannot be called '{printable(name)}'.", remedy=remedy)
    return name


def _fitting(network: str, recipe: NetworkRecipe, path: Path) -> NetworkRecipe:
    if not recipe.architecture.startswith(_KINDS[network]):
        raise TrainingError(f"This recipe trains {recipe.architecture}, not {network}.", path=path)
    return recipe


@contextmanager
def reporting_on(title: str) -> Iterator[tuple[CancelToken, Reporting]]:
    """A token that Ctrl-C cancels, and a progress line with lines above it."""
    with watched(title) as watch:

        def ended(result: EpochResult, progress: Progress) -> None:
            watch.line.say(epoch_line(result, progress))

        yield watch.token, Reporting(watch.hear, ended, watch.line.retitle, watch.line.say)


def epoch_line(result: EpochResult, progress: Progress) -> str:
    """How an epoch ended, and which is the best so far."""
    agreement = f"validation SRCC {result.srcc:.4f}, LCC {result.lcc:.4f}"
    if result.loss is None:
        return f"Before training: {agreement}."
    best = "the best so far" if progress.best == result.epoch else f"the best was epoch {progress.best}"
    return f"Epoch {result.epoch}: loss {result.loss:.5f}, {agreement}; {best}."


def last_words(trained: "TrainedNetwork") -> Iterator[str]:
    """What the model reaches, a warning where it became worse, and how it is put to use."""
    for result in trained.card.results:
        if result.measure in ("SRCC", "LCC"):
            interval = "" if result.low is None or result.high is None else f" ({result.low:.3f} to {result.high:.3f})"
            yield f"{result.score}, {result.data}: {result.measure} {result.value:.3f}{interval}"
    if trained.worse:
        before, best = trained.progress.history[0], trained.progress.result(trained.progress.best or 0)
        yield f"This is worse than what it started from: SRCC {best.srcc:.3f} instead of {before.srcc:.3f}."
    file = printable(trained.weights)
    yield f"Written to {file}. Use it: photocull models import {file} --name {trained.card.name}"
