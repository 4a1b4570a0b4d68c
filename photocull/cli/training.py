"""The command `train`: makes the built-in model anew, or a published network from its published set."""

from pathlib import Path
from typing import Annotated

import typer

from photocull.cli.network_options import Config, Name, Output, Resume, Seed, Start
from photocull.cli.networks import Choices, train_published
from photocull.cli.options import DatasetOption, DeviceOption, RatedData, a_path
from photocull.cli.watching import watched
from photocull.core.settings import folders
from photocull.training.builtin import train_builtin
from photocull.training.card import headline
from photocull.training.card_completing import complete_cards, read_speeds
from photocull.training.curve import read_curve
from photocull.training.recipe import read_recipe, shipped_recipe

app = typer.Typer(help="Train models on labelled photos.", no_args_is_help=True)


@app.callback()
def train() -> None:
    """Train models on labelled photos."""


@app.command("builtin", epilog="Example: photocull train builtin --data ~/labelled --output ~/builtin --resume")
def builtin_command(
    data: Annotated[
        Path,
        typer.Option("--data", parser=a_path, metavar="DIR", help="Folder of biq2021, snapshots, beauty and themes."),
    ],
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", parser=a_path, metavar="DIR", help="Where the model is written; else the data folder."
        ),
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an earlier run in the output folder.")] = False,
    config: Annotated[
        Path | None,
        typer.Option("--config", parser=a_path, metavar="FILE.toml", help="The recipe; else the shipped model's."),
    ] = None,
    seed: Seed = None,
) -> None:
    """Train the built-in model and measure it on the validation photos.

    Ctrl-C, a kill or a power cut loses minutes at most: the same command with --resume goes on.
    To ship the result, copy its builtin-1* files into resources/models.
    """
    recipe = read_recipe(config or shipped_recipe(), seed=seed)
    folder = output or folders().data / "training" / "builtin-1"
    with watched("Reading photos") as watch:
        trained = train_builtin(
            data, folder, recipe, resume=resume, token=watch.token, listener=watch.hear, phase=watch.line.retitle
        )
        if trained.missing:
            watch.line.say(f"{trained.missing} labelled photos are missing and were left out.")
    for text in headline(trained.card):
        typer.echo(text)
    typer.echo(f"Written to {trained.folder}")


@app.command("cards", epilog="Example: photocull train cards --output ~/builtin --beside ~/seed1 --beside ~/seed2")
def cards_command(
    output: Annotated[
        Path, typer.Option("--output", parser=a_path, metavar="DIR", help="Folder of the finished training.")
    ],
    beside: Annotated[
        list[Path] | None,
        typer.Option(
            "--beside", parser=a_path, metavar="DIR", help="Folder of a training with another seed; may be repeated."
        ),
    ] = None,
    curve: Annotated[
        Path | None,
        typer.Option("--curve", parser=a_path, metavar="FILE", help="The curve.json that evaluate --curve wrote."),
    ] = None,
    speed: Annotated[
        list[Path] | None,
        typer.Option(
            "--speed", parser=a_path, metavar="FILE", help="A benchmark.json that benchmark wrote; may be repeated."
        ),
    ] = None,
) -> None:
    """Write into a built-in model's cards what other seeds reach, what other views would bring, and its speed."""
    points = () if curve is None else read_curve(curve)
    speeds = dict(map(read_speeds, speed or ()))
    for card in complete_cards(output, beside=beside or (), curve=points, speeds=speeds):
        for spread in card.over_seeds:
            reached = f"{spread.measure} {spread.mean:.3f} (+- {spread.margin:.3f}) over {len(card.seeds)} seeds"
            typer.echo(f"{card.name}: {spread.score}, {spread.data}: {reached}")
    typer.echo(f"Written to {output}")


@app.command("tanet", epilog="Example: photocull train tanet --data ~/TAD66K --start tanet-ava --output ~/tanet")
def tanet_command(
    data: RatedData,
    output: Output = None,
    config: Config = None,
    dataset: DatasetOption = None,
    start: Start = None,
    name: Name = None,
    resume: Resume = False,
    device: DeviceOption = None,
    seed: Seed = None,
) -> None:
    """Train TANet, which gives the aesthetic score, on TAD66K or AVA.

    Ctrl-C, a kill or a power cut loses minutes at most: the same command with --resume ends in the same weights.
    """
    train_published("tanet", Choices(data, output, config, dataset, tuple(start or ()), name, resume, device, seed))


@app.command("colour", epilog="Example: photocull train colour --data ~/ICAA17K --start my-ava.safetensors --resume")
def colour_command(
    data: RatedData,
    output: Output = None,
    config: Config = None,
    dataset: DatasetOption = None,
    start: Start = None,
    name: Name = None,
    resume: Resume = False,
    device: DeviceOption = None,
    seed: Seed = None,
) -> None:
    """Train the Delegate Transformer, which gives the colour score, on ICAA17K or SPAQ.

    Ctrl-C, a kill or a power cut loses minutes at most: the same command with --resume ends in the same weights.
    """
    train_published("colour", Choices(data, output, config, dataset, tuple(start or ()), name, resume, device, seed))
