"""The command `policies`: the rating policies that can be named, the program's and the person's own, a line each."""

from collections.abc import Iterator
from typing import Any

import typer

from photocull.cli.failing import UNREADABLE, fail
from photocull.cli.output import emit, json_list
from photocull.cli.upkeep import Short
from photocull.core.errors import UsageError, printable
from photocull.core.settings import folders, load
from photocull.picks.policies import Shelved, shelf
from photocull.picks.policy_reading import read_policy


def policies_command(form: Short = "table") -> None:
    """List the rating policies by name; your own are .toml files in the folder that is named below them.

    The one that the settings name is marked with *. JSON: a list of objects with "name", "title" (null where the file
    is wrong), "path", "own", "default" and "error".
    """
    where = folders()
    entries = list(_entries(shelf(where), load(where.settings).policy))
    if form == "json":
        emit(json_list(entries))
    else:
        width = max(len(printable(entry["name"])) for entry in entries)
        for entry in entries:
            words = entry["title"] or "cannot be used"
            own = " (yours)" if entry["own"] else ""
            typer.echo(f"{'*' if entry['default'] else ' '} {printable(entry['name']):{width}}  {words}{own}")
        typer.echo(f"Your own: {printable(where.policies)}")
    wrong = [entry["error"] for entry in entries if entry["error"]]
    for error in wrong:
        fail(error)
    if wrong:
        raise typer.Exit(UNREADABLE)


def _entries(shelved: list[Shelved], default: str) -> Iterator[dict[str, Any]]:
    for place in shelved:
        title = error = None
        try:
            title = read_policy(place.path).title
        except UsageError as wrong:
            error = str(wrong)
        yield {
            "name": place.name,
            "title": title,
            "path": str(place.path),
            "own": place.own,
            "default": place.name == default,
            "error": error,
        }
