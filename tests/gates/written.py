"""The tables in documents that are written from the program; ``python -m tests.gates.written`` writes them anew."""

import ast
import re
import sys
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
ROOMS = (
    "core",
    "photo",
    "judge",
    "models",
    "catalog",
    "sidecar",
    "pipeline",
    "picks",
    "watch",
    "training",
    "ui",
    "cli",
)
"""Bottom to top."""
README_KEYS = (
    *("loupe", "grid", "next", "previous", "rate-1", "rate-5", "rate-0", "pick", "reject", "unflag"),
    *("label-red", "label-yellow", "label-green", "label-blue", "label-purple", "undo", "redo", "zoom"),
    *("overlay-aesthetic", "overlay-focus", "overlay-clipping", "search", "clear-filter", "export", "trash-rejects"),
    *("open-folder", "keys"),
)
PRESETS = ("lightroom", "photomechanic", "darktable")


def modules(room: Path) -> list[Path]:
    """The room's modules that hold something, by path."""
    found = (p for p in room.rglob("*.py") if "versions" not in p.parts)
    return sorted(p for p in found if p.name != "__init__.py")


def purpose(module: Path) -> str:
    """The first paragraph of a module's docstring on one line; empty where it has none."""
    text = ast.get_docstring(ast.parse(module.read_text("utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split())


def module_map() -> str:
    """Each room with its purpose and one line a module."""
    parts = []
    for name in ROOMS:
        room = ROOT / "photocull" / name
        lines = [f"### {name}/", purpose(room / "__init__.py"), ""]
        found = modules(room)
        if found:
            lines += ["| module | purpose |", "| --- | --- |"]
        lines += [f"| `{m.relative_to(room).as_posix()}` | {_cell(purpose(m))} |" for m in found]
        parts.append("\n".join(lines).rstrip())
    return "\n\n".join(parts)


def exit_codes() -> str:
    """The errors that end the program, by exit code."""
    from photocull.core import errors

    found: dict[int, list[str]] = {}
    for kind in vars(errors).values():
        if isinstance(kind, type) and issubclass(kind, errors.PhotocullError):
            found.setdefault(kind.exit_code, []).append(kind.__name__)
    rows = [f"| {code} | {', '.join(f'`{name}`' for name in names)} |" for code, names in sorted(found.items())]
    return "\n".join(["| exit code | error |", "| --- | --- |", *rows])


def keys_of_readme() -> str:
    """The most used keys of the default preset."""
    commands = {c.id: c for c in _commands("lightroom")}
    rows = [f"| {commands[i].title} | {_keys(commands[i])} |" for i in README_KEYS]
    return "\n".join(["| action | key |", "| --- | --- |", *rows])


def keys_of_all() -> str:
    """All commands by group, a column for each preset."""
    presets = {name: {c.id: _keys(c) for c in _commands(name)} for name in PRESETS}
    parts = []
    for group, members in groupby(_commands(PRESETS[0]), key=lambda command: command.group):
        head = f"## {group}\n| action | Lightroom | Photo Mechanic | darktable |\n| --- | --- | --- | --- |"
        rows = [f"| {c.title} | {' | '.join(presets[name][c.id] for name in PRESETS)} |" for c in members]
        parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts)


def fault_table() -> str:
    """What tests break on purpose, part by part, with how often and what it cost."""
    from tests.faults.table import PARTS, faults

    parts = []
    for part in PARTS:
        head = f"## {part}\n| what | times | what was lost | test |\n| --- | --- | --- | --- |"
        rows = [
            f"| {_cell(fault.what)} | {fault.times} | {_cell(fault.outcome)} | {_test_link(fault.test)} |"
            for fault in faults()
            if fault.part == part
        ]
        parts.append("\n".join([head, *rows]))
    return "\n\n".join(parts)


SECTIONS: dict[str, dict[str, Callable[[], str]]] = {
    "photocull/README.md": {"modules": module_map, "exit codes": exit_codes},
    "README.md": {"keys": keys_of_readme},
    "docs/keys.md": {"keys": keys_of_all},
    "docs/faults.md": {"faults": fault_table},
}
"""Document -> name of the section between its two comments -> what belongs there."""


def renewed(document: str) -> str:
    """The document with its written sections as they should be.

    Raises:
        ValueError: a section's comments are missing.
    """
    text = (ROOT / document).read_text("utf-8")
    for name, write in SECTIONS[document].items():
        pattern = re.compile(rf"(<!-- written: {name} -->\n).*?(<!-- end of {name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"{document} has no section '{name}'")
        content = write()
        text = pattern.sub(lambda m, content=content: f"{m[1]}{content}\n{m[2]}", text)  # type: ignore[misc]
    return text


def _commands(preset: str) -> tuple[Any, ...]:
    from photocull.ui.commands import commands
    from photocull.ui.keymap import load_keymap

    class AnyAction:
        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda *_: None

    return commands(AnyAction(), load_keymap(preset))


def _keys(command: Any) -> str:
    return ", ".join(f"`{key}`" for key in command.keys)


def _test_link(test: str) -> str:
    file = test.partition("::")[0]
    return f"[{Path(file).name}](../{file})"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    for document in SECTIONS:
        (ROOT / document).write_text(renewed(document), "utf-8")
        sys.stdout.write(f"{document}\n")
