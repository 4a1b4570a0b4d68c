"""Arguments that several commands share: what was typed is taken as it is, and nothing for nothing."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer

from photocull.cli.main import application
from photocull.cli.options import a_path, filled
from tests.building import make_folder
from tests.cli.conftest import Photocull, names

EMPTY = "A path is empty; did a variable have no value?"


def _places(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """What parses each argument and option that is a place."""
    for word, one in getattr(command, "commands", {}).items():
        yield from _places(f"{name} {word}".strip(), one)
    for parameter in getattr(command, "params", ()):
        shown = str(parameter.metavar or "").strip("[]").partition(".")[0]
        if parameter.name == "catalog" or shown in ("PATH", "FILE", "DIR", "FOLDER", "PHOTO"):
            yield f"{name} {parameter.name}", parameter.type_descriptor.parameter_info.parser


def test_no_path_of_any_command_may_be_empty() -> None:
    parsers = dict(_places("", typer.main.get_command(application(""))))
    some = {
        "catalog forget path",
        "trash paths",
        "trash to",
        "watch watched",
        "watch log",
        "watch catalog",
        "export to",
    }
    assert (
        some | {"export to", "export listed", "export sheet", "top sheet", "overlay output", "evaluate data"}
        <= parsers.keys()
    )
    assert {name for name, parser in parsers.items() if parser not in (a_path, filled)} == set()


@pytest.mark.parametrize(
    "words",
    [
        ("catalog", "forget", "", "--yes"),
        ("catalog", "info", "--catalog", ""),
        ("trash", "", "--rejected", "--yes"),
        ("score", ""),
        ("",),
    ],
)
def test_an_empty_variable_in_a_script_is_told_and_nothing_is_done(
    photocull: Photocull, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    make_folder(tmp_path, 2, size=(96, 64))
    monkeypatch.chdir(tmp_path)
    assert photocull("score", ".").code == 0
    refused = photocull(*words)
    assert (refused.code, refused.err) == (2, f"{EMPTY} A dot means the current folder.\n")
    assert len(names(photocull("top", ".", "--format", "json").records)) == 2
    assert photocull("catalog", "forget", ".", "--yes").code == 0, "a dot is a place like any other"
