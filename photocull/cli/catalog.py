"""The commands of `catalog`: what it holds, whether it is sound, copies of it, and photos that it is to forget."""

import dataclasses
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from photocull.catalog.database import Catalog, file_at, open_catalog
from photocull.catalog.header import begins_as_database
from photocull.catalog.kept import Kept, backups
from photocull.catalog.query import holdings
from photocull.catalog.records import CatalogInfo
from photocull.catalog.soundness import Holding, holding, newest_sound, remedy_for
from photocull.cli.asking import ask
from photocull.cli.failing import UNREADABLE, fail, warn
from photocull.cli.options import CatalogOption, a_path
from photocull.cli.output import as_json, emit
from photocull.cli.progress import busy
from photocull.cli.upkeep import Short, existing
from photocull.cli.words import backed_up
from photocull.core.amounts import counted
from photocull.core.errors import CatalogError, UsageError, printable
from photocull.core.named import absolute, is_there
from photocull.core.settings import folders

catalog_app = typer.Typer(help="Look at the catalogue, copy it, put a copy back.", no_args_is_help=True)


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
    with open_catalog(existing(catalog), create=catalog is None) as opened, busy("Checking the catalogue"):
        faults, file = opened.check(), opened.file
        where = opened.location
    for fault in faults:
        fail(fault)
    if file is not None and any(fault.startswith("The catalogue is damaged") for fault in faults):
        warn(remedy_for(file))
    if faults:
        raise typer.Exit(UNREADABLE)
    typer.echo(f"{printable(where)}: the catalogue is sound.")


@catalog_app.command("backup", epilog="Example: photocull catalog backup /media/stick/photocull.sqlite")
def backup(
    file: Annotated[Path, typer.Argument(parser=a_path, metavar="FILE", help="The copy; an older one is replaced.")],
    catalog: CatalogOption = None,
) -> None:
    """Write a complete copy of the catalogue, also while it is in use.

    Once a week one is made by itself, in the folder "backups" beside the catalogue.
    """
    target = absolute(file)
    with open_catalog(existing(catalog)) as opened:
        _refuse_what_is_no_copy(opened, target)
        with busy("Copying the catalogue"):
            opened.backup(target)
        held = opened.info()
    typer.echo(f"{printable(target)}: {Holding(held.photos, held.decisions)}.")


@catalog_app.command("restore", epilog="Example: photocull catalog restore --list")
def restore(
    file: Annotated[
        Path | None,
        typer.Argument(parser=a_path, metavar="[FILE]", help="The backup; the newest sound one if left out."),
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="Only show the backups that are kept.")] = False,
    form: Short = "table",
    catalog: CatalogOption = None,
) -> None:
    """Put a backup in the catalogue's place; what was there before is kept beside it.

    From a damaged catalogue, the decisions made since the backup are taken over as far as they can be read; those on
    photos that came after it are left out.
    """
    from photocull.catalog.restore import restore as put_back

    place = _file(catalog)
    if listed:
        _show_kept(place, form)
        return
    with busy("Checking the backups"):
        source = _newest(place) if file is None else absolute(file)
    with busy("Putting the backup back"):
        done = put_back(place, source)
    if form == "json":
        told = {"catalog": str(place), "backup": str(source), **dataclasses.asdict(done.holding)}
        aside = None if done.aside is None else str(done.aside)
        emit([as_json({**told, "salvaged": done.salvaged, "left_out": done.left_out, "kept": aside}), "\n"])
        return
    typer.echo(f"{printable(source)} is the catalogue now: {done.holding}.")
    if done.salvaged:
        typer.echo(f"Saved out of the damaged catalogue: {counted(done.salvaged, 'mark')} decided since.")
    if done.left_out:
        why = "such as those of photos that came after the backup; the next run takes what their sidecars say."
        typer.echo(f"Left out: {counted(done.left_out, 'mark')}, {why}")
    if done.aside is not None:
        typer.echo(f"What was there before is kept: {printable(done.aside)}")


@catalog_app.command("forget", epilog="Example: photocull catalog forget ~/Pictures/2019")
def forget(
    path: Annotated[
        Path, typer.Argument(parser=a_path, metavar="PATH", help="A photo, or a folder with all below it.")
    ],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    catalog: CatalogOption = None,
) -> None:
    """Let the catalogue forget photos with their scores and decisions; asks first. The files are not touched."""
    place = absolute(path)
    with open_catalog(existing(catalog)) as opened:
        photos, decisions = holdings(opened, place)
        if not photos:
            raise UsageError("The catalogue knows no photo there.", path=place)
        what = f"{counted(photos, 'photo')} and {counted(decisions, 'decision')}"
        question = f"Forget {what} under {printable(place)}?"
        ask(question, yes=yes, remedy="Add --yes.", refused="Nothing was forgotten.")
        opened.writer.forget(place).result()
    typer.echo(f"{what} forgotten.")


def _file(catalog: str | None) -> Path:
    """Where the catalogue's file lies or is to lie."""
    file = file_at(folders().catalog if catalog is None else catalog)
    if file is None:
        remedy = "Use the backup tool of that server."
        raise CatalogError("Only a catalogue in a file can be put back.", remedy=remedy)
    return file


def _refuse_what_is_no_copy(catalog: Catalog, target: Path) -> None:
    if catalog.file is not None and is_there(target) and target.samefile(catalog.file):
        raise UsageError("This is the catalogue itself.", path=target, remedy="Name another file.")
    with suppress(OSError):  # which the copying tells in better words
        if target.is_file() and not begins_as_database(target):
            raise UsageError("This is another file, and no older copy.", path=target, remedy="Name another file.")


def _newest(catalog: Path) -> Path:
    newest = newest_sound(catalog)
    if newest is None:
        remedy = "Name a file that was written with: photocull catalog backup FILE"
        raise CatalogError("There is no sound backup of this catalogue.", path=catalog, remedy=remedy)
    return newest[0].file


def _show_kept(catalog: Path, form: str) -> None:
    told = [(kept, *_held(kept.file)) for kept in backups(catalog)]
    if form == "json":
        emit([as_json([_record(*one) for one in told]), "\n"])
        return
    for kept, held, fault in told:
        typer.echo(f"{kept.at:%Y-%m-%d %H:%M}  {kept.kind:16}  {held or fault}  {printable(kept.file)}")
    if not told:
        warn(f"{printable(catalog)}: no backup is kept yet.")


def _held(file: Path) -> tuple[Holding | None, str | None]:
    """What a backup holds, or why it cannot be put back."""
    try:
        return holding(file), None
    except CatalogError as error:
        return None, error.sentence


def _record(kept: Kept, held: Holding | None, fault: str | None) -> dict[str, object]:
    numbers = {"photos": None, "decisions": None} if held is None else dataclasses.asdict(held)
    made = kept.at.isoformat(timespec="seconds")
    return {"file": str(kept.file), "made": made, "kind": kept.kind, **numbers, "fault": fault}


def _lines(found: CatalogInfo) -> list[tuple[str, str]]:
    size = "on a server" if found.size_bytes is None else f"{found.size_bytes / 1e6:.1f} MB"
    lines = [
        ("Catalogue", printable(found.location)),
        ("Size", size),
        ("Layout", found.revision),
        ("Photos", f"{found.photos}, of which {found.judged} judged and {found.unreadable} unreadable"),
        ("Decisions", str(found.decisions)),
        ("Models", ", ".join(found.models) or "none has judged a photo yet"),
    ]
    return lines if found.on_server else [*lines, ("Last backup", backed_up(found))]
