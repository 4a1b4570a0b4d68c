"""The program's door: commands, the error line, exit codes; folders instead of a command open the window."""

import gc
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

import typer

from photocull import __version__
from photocull.cli.commands import add_commands, names
from photocull.cli.failing import INTERRUPTED, ending, warn
from photocull.cli.options import filled
from photocull.cli.screen import require_screen
from photocull.core.errors import PhotocullError, UsageError, one_line, printable
from photocull.core.named import expanded
from photocull.core.settings import folders, load
from photocull.photo.looking import meant_folder


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the program and end the process: 0 done, 1 some photos unreadable, 2 wrong usage, 130 stopped."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(ending(lambda: _run(given)))


def application(called: str) -> typer.Typer:
    """The commands' app, with the one that is called; with all of them where ``called`` names none."""
    app = typer.Typer(
        name="photocull",
        help="Find the photos that matter: score, sort and cull photo folders, offline, and see why.",
        epilog="With no command, or with folders, the window opens. Example: photocull ~/Pictures",
        add_completion=False,
        pretty_exceptions_enable=False,
    )
    app.callback()(_options)
    add_commands(app, called)
    return app


def _options(
    version: Annotated[bool, typer.Option("--version", help="Show the version and end.")] = False,
) -> None:
    """Options of the program itself."""


def _run(arguments: list[str]) -> int:
    called = arguments[0] if arguments else ""
    if not arguments or called == "--" or not (called.startswith("-") or called in names()):
        return _open_window([_folder(argument) for argument in arguments if argument != "--"])
    if called == "--version":
        typer.echo(f"photocull {__version__}")
        return 0
    with _loading():
        command = typer.main.get_command(application(called))
    result = command.main(arguments, prog_name="photocull", standalone_mode=False)
    if result == INTERRUPTED:  # Typer turns Ctrl-C into this code without a word
        raise KeyboardInterrupt
    return result if isinstance(result, int) else 0


@contextmanager
def _loading() -> Iterator[None]:
    """Do not look for unreachable cycles while modules load: all of it stays, and the search is a tenth of a start."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _open_window(chosen: list[Path]) -> int:
    require_screen()
    try:
        from photocull.ui.app import run  # Qt: half a second and a hundred megabytes that no command should cost
    except ImportError as error:
        if "PySide6" not in str(error) and ".so" not in str(error):
            raise
        remedy = "See what is missing: photocull doctor"
        raise PhotocullError(f"Qt cannot be loaded: {one_line(str(error), 160)}.", remedy=remedy) from error
    return run(chosen, load(folders().settings), say=warn)


def _folder(argument: str) -> Path:
    folder = meant_folder(expanded(filled(argument)).absolute())
    if folder is not None:
        return folder
    near = get_close_matches(argument, names(), n=1)
    remedy = f"Did you mean 'photocull {near[0]}'?" if near else "See: photocull --help"
    raise UsageError(f"There is no command or folder '{printable(argument)}'.", remedy=remedy)
