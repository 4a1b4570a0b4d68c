"""The options that `train` and `tune` share, so that they mean the same in both."""

from pathlib import Path
from typing import Annotated

import typer

from photocull.cli.options import a_path

Output = Annotated[
    Path | None,
    typer.Option(
        "--output", parser=a_path, metavar="DIR", help="Folder of the run; one in your own folders if left out."
    ),
]
Config = Annotated[
    Path | None,
    typer.Option("--config", parser=a_path, metavar="FILE.toml", help="The recipe; else the authors' for this set."),
]
Seed = Annotated[int | None, typer.Option("--seed", min=0, metavar="N", help="Replaces the recipe's seed.")]
Start = Annotated[
    list[str] | None,
    typer.Option("--start", metavar="NAME|FILE", help="Model whose weights it starts from; may be given again."),
]
Name = Annotated[str | None, typer.Option("--name", help="Name of the new model; my-... if left out.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the run in the output folder.")]
