"""Rating policies by name: those of the program, and the person's own in the folder of the settings."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Final

from photocull.core.errors import UsageError, one_line
from photocull.core.named import expanded, is_there
from photocull.core.settings import Folders, resources
from photocull.picks.policy import Policy
from photocull.picks.policy_reading import read_policy

_ENDING: Final = ".toml"


@dataclass(frozen=True, slots=True)
class Shelved:
    """A policy that can be named: its name, its file, and whether it is the person's own."""

    name: str
    path: Path
    own: bool


def shelf(folders: Folders) -> list[Shelved]:
    """All policies by name; the person's own one goes before the program's of the same name."""
    found = {place.name: place for place in (*_in(resources() / "policies", False), *_in(folders.policies, True))}
    return [found[name] for name in sorted(found)]


def policy_named(asked: str, folders: Folders) -> Policy:
    """The policy of a name, or of a file where a file is named.

    Raises:
        UsageError: there is none of this name, or its file is wrong.
    """
    by_name = {place.name: place.path for place in shelf(folders)}
    if asked in by_name:
        return read_policy(by_name[asked])
    if asked.endswith(_ENDING) or "/" in asked or "\\" in asked:
        path = expanded(asked)
        if not is_there(path):
            raise UsageError("There is no such file.", path=path, remedy="Check the name after --policy.")
        return read_policy(path)
    near = get_close_matches(asked, by_name, n=1)
    remedy = f"Did you mean '{near[0]}'?" if near else f"Choose one of: {', '.join(by_name)}; or name a .toml file."
    raise UsageError(f"There is no policy '{one_line(asked, 40)}'.", remedy=remedy)


def _in(folder: Path, own: bool) -> Iterator[Shelved]:
    try:
        files = sorted(path for path in folder.iterdir() if path.suffix == _ENDING and path.is_file())
    except OSError:  # most people have none of their own
        return
    yield from (Shelved(path.stem, path, own) for path in files)
