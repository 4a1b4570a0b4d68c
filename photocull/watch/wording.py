"""How photos and the folders that they lie in are named in the lines of a watch."""

from collections.abc import Sequence
from pathlib import Path

from photocull.core.amounts import counted
from photocull.core.errors import printable


def places(paths: Sequence[Path]) -> str:
    """The folder of the first of these photos, and how many others there are."""
    folders = list(dict.fromkeys(path.parent for path in paths))
    others = len(folders) - 1
    more = f" and {counted(others, 'more folder')}" if others else ""
    return f"{printable(folders[0])}{more}"
