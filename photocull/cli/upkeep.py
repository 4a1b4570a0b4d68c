"""The command `doctor`: what this machine offers, and what to do about each fault."""

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import typer

from photocull.cli.doctor import examine
from photocull.cli.failing import UNREADABLE
from photocull.cli.finding import BROKEN, Finding
from photocull.cli.options import CatalogOption
from photocull.cli.output import as_json, emit
from photocull.core.errors import CatalogError
from photocull.core.named import expanded, is_there
from photocull.core.settings import folders

Short = Annotated[Literal["table", "json"], typer.Option("--format", help="How the answer is written.")]
_MARKS = {"ok": ("ok", typer.colors.GREEN), "note": ("note", typer.colors.YELLOW), BROKEN: ("broken", typer.colors.RED)}


def doctor_command(form: Short = "table", catalog: CatalogOption = None) -> None:
    """Look at what this machine offers, and say what to do about each fault.

    Ends with 0 if Photocull is usable here, with 1 if something is broken.
    """
    findings = examine(folders(), None if catalog is None else existing(catalog))
    if form == "json":
        emit([as_json([dataclasses.asdict(finding) for finding in findings]), "\n"])
    else:
        for finding in findings:
            _show(finding)
    if any(finding.state == BROKEN for finding in findings):
        raise typer.Exit(UNREADABLE)


def _show(finding: Finding) -> None:
    word, colour = _MARKS[finding.state]
    typer.echo(f"{typer.style(f'{word:6}', fg=colour)}  {finding.topic:16}  {finding.text}")
    if finding.remedy:
        typer.echo(f"{'':26}{finding.remedy}")


def existing(catalog: str | None) -> str | Path:
    """The catalogue that is named, or the person's own.

    Raises:
        CatalogError: no file of this name exists; looking must not make one, nor tables on a server.
    """
    if catalog is None:
        return folders().catalog
    if "://" not in catalog and not is_there(expanded(catalog)):
        raise CatalogError("There is no catalogue here.", path=catalog, remedy="Check the name after --catalog.")
    return catalog
