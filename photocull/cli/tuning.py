"""The command `tune`: searches the values by which a published network learns best from a set."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from photocull.cli.network_options import Config, Output, Resume, Seed, Start
from photocull.cli.networks import Choices, chosen_device, chosen_recipe, reporting_on, run_folder
from photocull.cli.options import DatasetOption, DeviceOption, RatedData
from photocull.core.errors import printable
from photocull.core.settings import folders
from photocull.models.unpickling import require_torch
from photocull.training.rated import read_set

if TYPE_CHECKING:
    from photocull.training.tuning import Found

Trials = Annotated[
    int, typer.Option("--trials", min=1, metavar="N", help="Different trials in all, those of earlier calls included.")
]
Epochs = Annotated[
    int | None, typer.Option("--epochs", min=1, metavar="N", help="Epochs of a trial at most; else the recipe's.")
]
app = typer.Typer(help="Search the values by which a published network learns best.", no_args_is_help=True)


@app.callback()
def tune() -> None:
    """Search the values by which a published network learns best."""


@app.command("tanet", epilog="Example: photocull tune tanet --data ~/TAD66K --trials 16 --epochs 10 --resume")
def tanet_command(
    data: RatedData,
    trials: Trials = 20,
    epochs: Epochs = None,
    output: Output = None,
    config: Config = None,
    dataset: DatasetOption = None,
    start: Start = None,
    resume: Resume = False,
    device: DeviceOption = None,
    seed: Seed = None,
) -> None:
    """Search TANet's learning rates and batch on TAD66K or AVA: the authors' choices, or those of --config.

    Trials that fall behind the others are given up early. What was tried is kept: --resume goes on after a stop.
    """
    choices = Choices(data, output, config, dataset, tuple(start or ()), "tuning-tanet", resume, device, seed)
    _tune("tanet", choices, trials, epochs)


@app.command("colour", epilog="Example: photocull tune colour --data ~/ICAA17K --trials 9 --output ~/search")
def colour_command(
    data: RatedData,
    trials: Trials = 20,
    epochs: Epochs = None,
    output: Output = None,
    config: Config = None,
    dataset: DatasetOption = None,
    start: Start = None,
    resume: Resume = False,
    device: DeviceOption = None,
    seed: Seed = None,
) -> None:
    """Search the Delegate Transformer's learning rate and batch on ICAA17K or SPAQ, as `tune tanet` does.

    Trials that fall behind the others are given up early. What was tried is kept: --resume goes on after a stop.
    """
    choices = Choices(data, output, config, dataset, tuple(start or ()), "tuning-colour", resume, device, seed)
    _tune("colour", choices, trials, epochs)


def _tune(network: str, choices: Choices, trials: int, epochs: int | None) -> None:
    require_torch()
    from photocull.training.tuning import RECIPE, Search, tune_network  # torch: an extra, and seconds of start

    rated = read_set(choices.data, choices.dataset)
    recipe = chosen_recipe(network, rated, choices, RECIPE)
    recipe = recipe if epochs is None else replace(recipe, epochs=epochs)
    output, device = run_folder(choices, recipe), chosen_device(choices)
    with reporting_on("Searching") as (token, reporting):
        search = Search(rated, recipe, output, folders().models, trials, choices.starts, device, choices.resume)
        found = tune_network(search, token=token, reporting=reporting)
    for line in _last_words(network, choices, found):
        typer.echo(line)


def _last_words(network: str, choices: Choices, found: "Found") -> Iterator[str]:
    if found.recipe is None or found.srcc is None:
        yield f"None of {found.trials} trials came to a result: see the lines above."
        return
    yield f"The best of {found.trials} trials: validation SRCC {found.srcc:.4f}."
    yield from (f"{name} = {value:g}" for name, value in found.values.items())
    data, recipe = printable(choices.data), printable(found.recipe)
    yield f"Written to {recipe}. Train with it: photocull train {network} --data {data} --config {recipe}"
