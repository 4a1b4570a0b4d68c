"""The program's commands by name: each lies in a module that is imported only when it is called, or for the help."""

import importlib
from dataclasses import dataclass
from typing import Final

import typer


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        name: as typed. module, attribute: where its function, or the app of its own commands, lies.
        example: shown below its help; None where its own commands bring examples.
    """

    name: str
    module: str
    attribute: str
    example: str | None = None


COMMANDS: Final[tuple[Command, ...]] = (
    Command("score", "photos", "score_command", "photocull score ~/Pictures/2024 --format json"),
    Command("watch", "watch", "watch_command", "photocull watch ~/Pictures/Tethered --write-xmp"),
    Command("top", "photos", "top_command", "photocull top ~/Pictures/2024 --percent 10 --theme sunset"),
    Command("export", "export", "export_command", "photocull export ~/Pictures/2024 --to ~/best --picked"),
    Command("trash", "trash", "trash_command", "photocull trash ~/Pictures/2024 --rejected --dry-run"),
    Command("rate", "rate", "rate_command", "photocull rate ~/Pictures/2024 --policy strict --dry-run"),
    Command("policies", "policies", "policies_command", "photocull policies --format json"),
    Command("overlay", "overlay", "overlay_command", "photocull overlay IMG_1.jpg --kind focus --output focus.png"),
    Command("models", "models", "app"),
    Command("train", "training", "app"),
    Command("tune", "tuning", "app"),
    Command("evaluate", "evaluate", "evaluate_command", "photocull evaluate --data ~/TAD66K --output ~/report"),
    Command("benchmark", "benchmark", "benchmark_command", "photocull benchmark --format json"),
    Command("catalog", "catalog", "catalog_app"),
    Command("doctor", "upkeep", "doctor_command", "photocull doctor"),
)


def names() -> list[str]:
    """What may be typed as a command."""
    return [command.name for command in COMMANDS]


def add_commands(app: typer.Typer, called: str) -> None:
    """Add the command that is called, or all of them where none is."""
    for command in COMMANDS:
        if command.name == called or called not in names():
            _add(app, command)


def _add(app: typer.Typer, command: Command) -> None:
    found = getattr(importlib.import_module(f"photocull.cli.{command.module}"), command.attribute)
    if isinstance(found, typer.Typer):
        app.add_typer(found, name=command.name)
    else:
        app.command(command.name, epilog=f"Example: {command.example}")(found)
