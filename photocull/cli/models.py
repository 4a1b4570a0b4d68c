"""The command `models`: which checkpoints are here, and how others come, are verified, and go."""

import dataclasses
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from photocull.cli.failing import UNREADABLE, fail
from photocull.cli.loading import LoadingLine
from photocull.cli.model_words import card_lines, curve_lines, listing_lines
from photocull.cli.options import a_path
from photocull.cli.output import as_json, emit
from photocull.cli.upkeep import Short
from photocull.core.errors import CancelledError, UsageError
from photocull.core.named import expanded
from photocull.models.downloading import download
from photocull.models.importing import import_file
from photocull.models.registry import ModelCard
from photocull.models.store import Listed, listing, look_up, remove
from photocull.models.verifying import verify

Name = Annotated[str, typer.Argument(metavar="NAME", help="A model's name, as 'photocull models list' shows it.")]
NewName = Annotated[
    str | None, typer.Option("--name", metavar="NAME", help="What to call it; its kind's name if left out.")
]
Replace = Annotated[bool, typer.Option("--replace", help="Replace a model that has this name already.")]

app = typer.Typer(help="Look at models, and add, verify or remove them.", no_args_is_help=True)


@app.callback()
def models() -> None:
    """Look at models, and add, verify or remove them."""


@app.command("list", epilog="Example: photocull models list --format json")
def list_command(form: Short = "table") -> None:
    """List the models that are here, then the published ones that could be."""
    found = listing()
    if form == "json":
        emit([as_json([_entry(model) for model in found]), "\n"])
    else:
        emit(f"{line}\n" for line in listing_lines(found))


@app.command("show", epilog="Example: photocull models show builtin-1")
def show_command(
    name: Name,
    form: Short = "table",
    curve: Annotated[
        bool, typer.Option("--curve", help="Only the curve of agreement with people against time, for other views.")
    ] = False,
) -> None:
    """Show what is known of a model: licence, paper, what it gives, and how well."""
    model = look_up(name)
    if form == "json":
        emit([as_json(_entry(model)), "\n"])
    elif curve:
        emit(f"{line}\n" for line in curve_lines(() if model.card is None else model.card.curve))
    else:
        emit(f"{line}\n" for line in card_lines(model))


@app.command("import", epilog="Example: photocull models import ~/Downloads/SRCC_513_LCC_531_MSE_016.pth")
def import_command(
    file: Annotated[Path, typer.Argument(parser=a_path, metavar="FILE", help="A .pth, .pth.tar or .safetensors file.")],
    name: NewName = None,
    replace: Replace = False,
) -> None:
    """Add a checkpoint from a file, which stays as it is; no code in it is ever run.

    The network is recognised by what the file holds, whatever it is called.
    """
    with LoadingLine("Importing") as line, _stopping("Stopped; the models are as they were."):
        card = import_file(expanded(file), name=name, replace=replace, listener=line.show)
    _added(card)


@app.command("download", epilog="Example: photocull models download tanet-tad66k")
def download_command(
    name: Name,
    called: NewName = None,
    replace: Replace = False,
    source: Annotated[
        str | None, typer.Option("--source", metavar="URL", help="Base address of a mirror, in place of GitHub's.")
    ] = None,
) -> None:
    """Add a published checkpoint from its authors' repository, proven to be the very file.

    This is the only command that uses the network. Stopped or cut off, it goes on where it was when called again.
    """
    kept = "Stopped; what has arrived is kept, and the same command goes on from there."
    with LoadingLine("Downloading") as line, _stopping(kept):
        card = download(name, called=called, replace=replace, source=source, listener=line.show)
    _added(card)


@app.command("verify", epilog="Example: photocull models verify tanet-tad66k")
def verify_command(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="One model; all that are here if left out.")
    ] = None,
    form: Short = "table",
) -> None:
    """Read models from end to end and compare them with their cards; ends with 1 if one is damaged."""
    findings = verify(name)
    if form == "json":
        emit([as_json([dataclasses.asdict(finding) for finding in findings]), "\n"])
    for finding in findings:
        text = f"{finding.name}: {finding.sentence}"
        if not finding.sound:
            fail(f"{text} {finding.remedy or ''}".strip())
        elif form == "table":
            typer.echo(text)
    if not all(finding.sound for finding in findings):
        raise typer.Exit(UNREADABLE)


@app.command("remove", epilog="Example: photocull models remove tanet-ava --yes")
def remove_command(
    name: Name,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove a model that was imported or downloaded. What it said of photos stays in the catalogue."""
    if not yes:
        if not sys.stdin.isatty():
            raise UsageError(f"Removing '{name}' asks first, and nobody can answer here.", remedy="Add --yes.")
        if not typer.confirm(f"Remove the model '{name}'?", err=True):
            raise CancelledError("Nothing was removed.")
    remove(name)
    typer.echo(f"Removed {name}.")


@contextmanager
def _stopping(sentence: str) -> Iterator[None]:
    """Ctrl-C ends with a sentence that fits what was done."""
    try:
        yield
    except KeyboardInterrupt as error:
        raise CancelledError(sentence) from error


def _added(card: ModelCard) -> None:
    (file,) = card.files
    proven = "the authors' published file, unchanged; " if card.origin and card.origin.as_published else ""
    typer.echo(f"{card.name}: {card.title} ({proven}{file.size / 1e6:.1f} MB) is ready.")
    if card.judges:
        typer.echo(f"To score with it: photocull score PATH --model {card.name}")


def _entry(model: Listed) -> dict[str, Any]:
    """One model for scripts: its state, and its card whole."""
    card = None if model.card is None else dataclasses.asdict(model.card)
    return {"name": model.name, "state": model.state, "problem": model.problem, "card": card}
