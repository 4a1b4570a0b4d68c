"""Paths as people type them, looked at without a raise: too long, of an unknown user, or behind a closed folder.

`pathlib` raises `OSError` or `RuntimeError` for these, which no one who merely asks whether a file is there expects.
"""

import hashlib
import os
from pathlib import Path


def expanded(typed: Path | str) -> Path:
    """With the home folder in the place of a leading ``~``; as typed where there is no such user."""
    return Path(os.path.expanduser(typed))  # noqa: PTH111


def absolute(typed: Path | str) -> Path:
    """From the root on, with the home folder in the place of ``~``, without ``..``."""
    return from_root(expanded(typed))


def from_root(path: Path) -> Path:
    """From the root on, without ``..``, as the catalogue knows paths; links are not followed."""
    return Path(os.path.normpath(path.absolute()))


def hashed(name: str) -> str:
    """A file name of 16 letters that stands for a path or URL of any length."""
    return hashlib.blake2b(os.fsencode(name), digest_size=8).hexdigest()


def is_there(path: Path) -> bool:
    """Whether anything that can be reached lies there, links followed."""
    return os.path.exists(path)  # noqa: PTH110


def is_folder(path: Path) -> bool:
    """Whether a folder that can be reached lies there, links followed."""
    return os.path.isdir(path)  # noqa: PTH112


def is_file(path: Path) -> bool:
    """Whether a regular file that can be reached lies there, links followed."""
    return os.path.isfile(path)  # noqa: PTH113
