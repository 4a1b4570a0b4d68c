"""Which keys lead to which command: presets in resources/keymaps, read as data and checked before use."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtGui import QKeySequence

from photocull.core.errors import UsageError
from photocull.core.settings import resources


@dataclass(frozen=True, slots=True)
class Keymap:
    """A preset.

    Attributes:
        name: the file's name without suffix. title: as shown. keys: command id -> key sequences, the first one shown.
    """

    name: str
    title: str
    keys: Mapping[str, tuple[str, ...]]


def keymap_names() -> tuple[str, ...]:
    """All presets, by name."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml")))


def load_keymap(name: str) -> Keymap:
    """Read a preset.

    Raises:
        UsageError: there is no such preset, it is not TOML, or a key in it does not exist.
    """
    path = _folder() / f"{name}.toml"
    if name not in keymap_names():
        known = ", ".join(keymap_names())
        raise UsageError(f"There is no keymap '{name}'.", remedy=f"Choose one of: {known}.")
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"The keymap cannot be read: {error}.", path=path) from error
    keys = {command: _sequences(value, path) for command, value in table.get("keys", {}).items()}
    return Keymap(name, str(table.get("title", name)), keys)


def shown_key(sequence: str) -> str:
    """A key as people read it: "Ctrl+Shift+Z" as it is, "Return" as "Enter"."""
    return QKeySequence(sequence).toString(QKeySequence.SequenceFormat.NativeText).replace("Return", "Enter")


def _sequences(value: Any, path: Path) -> tuple[str, ...]:
    sequences = tuple(value) if isinstance(value, list) else (value,)
    for sequence in sequences:
        if not isinstance(sequence, str) or QKeySequence(sequence).isEmpty():
            raise UsageError(f"'{sequence}' is not a key.", path=path)
    return sequences


def _folder() -> Path:
    return resources() / "keymaps"
