"""The arguments and options that several commands share, so that they mean the same everywhere."""

from pathlib import Path
from typing import Annotated, Literal

import typer

from photocull.core.errors import UsageError

Format = Literal["table", "json", "jsonl", "csv"]
Device = Literal["auto", "cpu", "cuda", "mps"]


def filled(typed: str) -> str:
    """What was typed, unless it is nothing: a script's empty variable must not mean the current folder, nor a default.

    Raises:
        UsageError: it is empty.
    """
    if not typed:
        raise UsageError("A path is empty; did a variable have no value?", remedy="A dot means the current folder.")
    return typed


def a_path(typed: str) -> Path:
    """The parser of every path.

    Raises:
        UsageError: it is empty.
    """
    return Path(filled(typed))


# With a parser: Typer itself would look at the file, which may lie on a silent drive, and refuse all for one it cannot.
Paths = Annotated[
    list[Path], typer.Argument(parser=a_path, metavar="PATH", help="Photos, or folders with all below them.")
]
FormatOption = Annotated[Format, typer.Option("--format", help="How the results are written to standard output.")]
ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model",
        metavar="NAME",
        help="Model that scores; the one in the settings if left out. Several are joined by +, and "
        "delegate-icaa17k:colour asks one score of a model.",
    ),
]
DeviceOption = Annotated[
    Device | None, typer.Option("--device", help="Where the network runs; the settings' choice if left out.")
]
CatalogOption = Annotated[
    str | None,
    typer.Option(
        "--catalog",
        parser=filled,
        metavar="FILE|URL",
        help="Catalogue to use; your own one if left out. "
        "A URL such as postgresql://user@server/photos is one that several machines share.",
    ),
]
JobsOption = Annotated[
    int | None,
    typer.Option("--jobs", min=0, metavar="N", help="Decoding threads; 0 chooses by the processor, 1 uses none."),
]
WriteXmpOption = Annotated[
    bool,
    typer.Option("--write-xmp", help="Write marks and scores into XMP sidecars beside the photos."),
]
PolicyOption = Annotated[
    str | None,
    typer.Option(
        "--policy",
        metavar="NAME|FILE",
        help="Rating policy; the one in the settings if left out. See: photocull policies",
    ),
]
AutoRateOption = Annotated[
    bool, typer.Option("--auto-rate", help="Decide stars by a policy; what you marked yourself stays as it is.")
]
DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")]
RatedData = Annotated[
    Path,
    typer.Option(
        "--data", parser=a_path, metavar="DIR", help="Folder of a published set: its label files and its photos."
    ),
]
DatasetOption = Annotated[
    str | None, typer.Option("--dataset", metavar="NAME", help="Which set, where the folder holds several.")
]
