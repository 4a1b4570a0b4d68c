"""The command `export`: picks, or any choice, go to a folder, with their RAW or JPEG partners and sidecars."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from photocull.cli.choosing import PercentOption, RatingOption, SchemeOption, SortOption, ThemeOption, choice_of, chosen
from photocull.cli.exporting import ask, carry, extent, go_on, report, show_plan, take_back, tell
from photocull.cli.failing import UNREADABLE, warn
from photocull.cli.options import CatalogOption, DeviceOption, DryRunOption, JobsOption, ModelOption, a_path
from photocull.cli.session import Choices, Session, opened
from photocull.cli.upkeep import Short
from photocull.cli.watching import watched
from photocull.core.amounts import counted
from photocull.core.errors import UsageError, printable
from photocull.core.named import absolute
from photocull.core.settings import folders
from photocull.core.vocabulary import Pick
from photocull.core.work import Problem
from photocull.picks.choose import whose
from photocull.picks.collisions import Rule
from photocull.picks.convert import QUALITY, Recipe, most_bytes
from photocull.picks.lists import checked_list, checked_sheet, write_list, write_sheet
from photocull.picks.made_before import made_before
from photocull.picks.metadata import Metadata
from photocull.picks.naming import DEFAULT, FIELDS, Template
from photocull.picks.plan import Plan, Way, plan_export

SomePaths = Annotated[
    list[Path] | None,
    typer.Argument(parser=a_path, metavar="PATH", help="Photos, or folders with all below them."),
]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
_WORDS = ", ".join(f"{{{name}}}" for name in FIELDS)


def export_command(
    paths: SomePaths = None,
    to: Annotated[
        Path | None, typer.Option("--to", parser=a_path, metavar="DIR", help="Where they go; made if needed.")
    ] = None,
    picked: Annotated[bool, typer.Option("--picked", help="What is flagged as picked; so with no choice.")] = False,
    rejected: Annotated[bool, typer.Option("--rejected", help="What is flagged as rejected.")] = False,
    count: Annotated[int | None, typer.Option("--count", min=1, metavar="N", help="So many, the best.")] = None,
    percent: PercentOption = None,
    theme: ThemeOption = None,
    scheme: SchemeOption = None,
    rating: RatingOption = None,
    sort: SortOption = "overall",
    copy: Annotated[bool, typer.Option("--copy", help="Copy, and check each copy; so if nothing is said.")] = False,
    hardlink: Annotated[bool, typer.Option("--hardlink", help="Second names of the files, on one drive.")] = False,
    symlink: Annotated[bool, typer.Option("--symlink", help="Links to the files.")] = False,
    move: Annotated[bool, typer.Option("--move", help="Move the files themselves; asks first.")] = False,
    template: Annotated[str, typer.Option("--template", metavar="TEXT", help=f"Their names: {_WORDS}.")] = DEFAULT,
    collision: Annotated[
        Rule, typer.Option("--collision", help="Where a name is taken: add a number, leave the photo out, or stop.")
    ] = "number",
    jpeg: Annotated[bool, typer.Option("--jpeg", help="A JPEG of each photo in sRGB, in place of its files.")] = False,
    resize: Annotated[
        int | None, typer.Option("--resize", min=16, metavar="PIXELS", help="With --jpeg: longest side at most.")
    ] = None,
    quality: Annotated[
        int | None, typer.Option("--quality", min=1, max=100, metavar="N", help=f"With --jpeg: {QUALITY} if left out.")
    ] = None,
    metadata: Annotated[
        Metadata | None,
        typer.Option("--metadata", help="With --jpeg: keep it, all but place, serial numbers and names, or none."),
    ] = None,
    listed: Annotated[
        Path | None,
        typer.Option("--list", parser=a_path, metavar="FILE", help="Also write what is known of them: .csv or .json."),
    ] = None,
    sheet: Annotated[
        Path | None,
        typer.Option(
            "--sheet", parser=a_path, metavar="FILE", help="Also write a contact sheet with scores and reasons: .html."
        ),
    ] = None,
    form: Short = "table",
    dry_run: DryRunOption = False,
    yes: Yes = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take the last export back, with --to that to DIR.")] = False,
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
    jobs: JobsOption = None,
) -> None:
    """Copy, link or move what is picked to a folder, each photo with its RAW or JPEG partner and its sidecars.

    Nothing that lies there is replaced. A slash in the template makes folders. Copies are read back and compared. What
    was stopped goes on with the next export; --undo takes away what was exported and brings back what was moved.
    """
    choices, folder = Choices(model, device, catalog, jobs), None if to is None else absolute(to)
    if undo:
        with opened(choices) as session:
            take_back(session.catalog, "export", paths or (), folder, dry_run=dry_run)
        return
    if not paths or folder is None:
        raise UsageError("Say which photos, and where they go with --to.", remedy="See: photocull export --help")
    named, way = Template(template), _way(copy, hardlink, symlink, move)
    list_file, sheet_file = checked_list(listed, folder), checked_sheet(sheet, folder)
    recipe = _recipe(jpeg, resize, quality, metadata, way)
    choice = choice_of(_pick(picked, rejected), count, percent, theme, scheme, rating, sort)
    judge = named.needs_scores or listed is not None or sheet is not None
    with opened(choices) as session:
        went_on = not dry_run and go_on(session)
        photos, looked = chosen(session, paths, choice, judge=judge, emptied=went_on)
        with watched("Planning") as watch:
            way = "convert" if recipe else way
            made = made_before(folders().exports, folder, recipe) if recipe else None
            most = most_bytes(recipe) if recipe else None
            plan = plan_export(
                photos, folder, way, named, collision, made=made, most=most, token=watch.token, listener=watch.hear
            )
        tell(plan.left_out)
        if plan.inside:
            warn(f"{counted(plan.inside, 'photo')} passed over, already in {printable(folder)}.")
        for flag in choice.flags:
            if words := whose(plan.of(photos), flag):
                warn(words)
        failed = bool(plan.left_out or looked.problems)
        if not photos:
            say_empty(form, paths)
        elif dry_run:
            show_plan(plan, form)
        else:
            problems = _do(session, plan, form, recipe, yes=yes)
            failed |= bool(problems)
            done = plan.without(problem.path for problem in problems)
            if list_file is not None:
                write_list(list_file, photos, done, placed=recipe is None or recipe.metadata == "keep")
            if sheet_file is not None:
                write_sheet(sheet_file, photos, done, session.previews)
    if failed:
        raise typer.Exit(UNREADABLE)


def _do(session: Session, plan: Plan, form: str, recipe: Recipe | None, *, yes: bool) -> tuple[Problem, ...]:
    """Carry the plan out; what of it failed."""
    if not plan.files:
        report(plan, None, None, form)
        return ()
    if plan.way == "move":
        ask(f"Move {extent(plan)} to {printable(plan.folder or '')}?", yes=yes)
    journal, outcome = carry(session.catalog, plan, "export", None if recipe is None else {"recipe": asdict(recipe)})
    report(plan, journal, outcome, form)
    return outcome.problems


def _way(copy: bool, hardlink: bool, symlink: bool, move: bool) -> Way:
    ways: dict[Way, bool] = {"copy": copy, "hardlink": hardlink, "symlink": symlink, "move": move}
    said = [way for way, wanted in ways.items() if wanted]
    if len(said) > 1:
        raise UsageError(f"Give --{said[0]} or --{said[1]}, not both.")
    return said[0] if said else "copy"


def _recipe(jpeg: bool, resize: int | None, quality: int | None, metadata: Metadata | None, way: Way) -> Recipe | None:
    if not jpeg:
        if any(value is not None for value in (resize, quality, metadata)):
            raise UsageError("--resize, --quality and --metadata go with --jpeg.", remedy="Add --jpeg.")
        return None
    if way != "copy":
        raise UsageError(f"--jpeg makes new files, so --{way} cannot be said too.", remedy="Leave one of them out.")
    return Recipe(resize, QUALITY if quality is None else quality, metadata or "keep")


def _pick(picked: bool, rejected: bool) -> Pick | None:
    if picked and rejected:
        raise UsageError("Give --picked or --rejected, not both.")
    return "pick" if picked else "reject" if rejected else None


def say_empty(form: Literal["table", "json"], paths: list[Path]) -> None:
    """Say that no photo fits, which is no fault."""
    if form == "json":
        typer.echo("[]")
        return
    where = ", ".join(printable(path) for path in paths[:3]) + (", …" if len(paths) > 3 else "")
    typer.echo(f"Nothing to do: no photo under {where} fits the choice.")
