"""The commands that look after the program: `doctor`, and `catalog info` and `check`."""

import dataclasses
from pathlib import Path
from typing import Annotated, Literal

import typer

from photocull.catalog.database import open_catalog
from photocull.catalog.records import CatalogInfo
from photocull.cli.doctor import examine
from photocull.cli.failing import UNREADABLE, fail
from photocull.cli.finding import BROKEN, Finding
from photocull.cli.options import CatalogOption
from photocull.cli.output import as_json, emit
from photocull.core.errors import CatalogError, printable
from photocull.core.named import expanded, is_there
from photocull.core.settings import folders

Short = Annotated[Literal["table", "json"], typer.Option("--format", help="How the answer is written.")]
_MARKS = {"ok": ("ok", typer.colors.GREEN), "note": ("note", typer.colors.YELLOW), BROKEN: ("broken", typer.colors.RED)}

catalog_app = typer.Typer(help="Look at the catalogue.", no_args_is_help=True)


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


@catalog_app.command("info", epilog="Example: photocull catalog info --format json")
def info(form: Short = "table", catalog: CatalogOption = None) -> None:
    """Say where the catalogue lies and what it holds."""
    with open_catalog(existing(catalog), create=catalog is None) as opened:
        found = opened.info()
    if form == "json":
        emit([as_json(dataclasses.asdict(found)), "\n"])
        return
    for name, value in _lines(found):
        typer.echo(f"{name:12}  {value}")


@catalog_app.command("check", epilog="Example: photocull catalog check")
def check(catalog: CatalogOption = None) -> None:
    """Look for damage; ends with 1 and a line a fault if there is any."""
    with open_catalog(existing(catalog), create=catalog is None) as opened:
        faults = opened.check()
        where = opened.location
    for fault in faults:
        fail(fault)
    if faults:
        raise typer.Exit(UNREADABLE)
    typer.echo(f"{printable(where)}: the catalogue is sound.")


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


def _lines(found: CatalogInfo) -> list[tuple[str, str]]:
    size = "on a server" if found.size_bytes is None else f"{found.size_bytes / 1e6:.1f} MB"
    return [
        ("Catalogue", printable(found.location)),
        ("Size", size),
        ("Layout", found.revision),
        ("Photos", f"{found.photos}, of which {found.judged} judged and {found.unreadable} unreadable"),
        ("Decisions", str(found.decisions)),
        ("Models", ", ".join(found.models) or "none has judged a photo yet"),
    ]
