"""Every action has a name, no two share a key in one mode, and every one can be reached."""

from itertools import combinations

import pytest
from PySide6.QtGui import QKeySequence
from pytestqt.qtbot import QtBot

from photocull.core.errors import UsageError
from photocull.ui.commands import Command, commands
from photocull.ui.keymap import keymap_names, load_keymap, shown_key


class Nothing:
    """Stands in for the window: any action, without effect."""

    def __getattr__(self, name: str) -> object:
        return lambda *values: None


def declared(keymap: str) -> tuple[Command, ...]:
    return commands(Nothing(), load_keymap(keymap))


def together(one: Command, other: Command) -> bool:
    modes = {"always": {"grid", "loupe"}, "photos": {"grid", "loupe"}}
    return bool(modes.get(one.when, {one.when}) & modes.get(other.when, {other.when}))


@pytest.mark.parametrize("keymap", keymap_names())
def test_no_two_commands_share_a_key_in_one_mode(qtbot: QtBot, keymap: str) -> None:
    for one, other in combinations(declared(keymap), 2):
        if together(one, other):
            shared = {QKeySequence(k).toString() for k in one.keys} & {QKeySequence(k).toString() for k in other.keys}
            assert not shared, f"{one.id} and {other.id} share {shared}"


@pytest.mark.parametrize("keymap", keymap_names())
def test_every_command_has_a_key_and_every_key_a_command(qtbot: QtBot, keymap: str) -> None:
    made = declared(keymap)
    assert {command.id for command in made} == set(load_keymap(keymap).keys)
    assert all(command.keys and command.title for command in made)
    assert len({command.id for command in made}) == len(made)


def test_the_photographers_keys_are_lightrooms(qtbot: QtBot) -> None:
    keys = {command.id: command.key for command in declared("lightroom")}
    wanted = {"rate-4": "4", "pick": "P", "reject": "X", "unflag": "U", "label-red": "6", "grid": "G", "loupe": "E"}
    assert wanted.items() <= keys.items()


def test_a_command_of_the_loupe_rests_in_the_grid(qtbot: QtBot) -> None:
    by_id = {command.id: command for command in declared("lightroom")}
    assert by_id["next"].works_in("loupe", photos=True)
    assert not by_id["next"].works_in("grid", photos=True)
    assert not by_id["rate-3"].works_in("grid", photos=False)
    assert by_id["open-folder"].works_in("grid", photos=False)


def test_an_unknown_keymap_names_the_known_ones(qtbot: QtBot) -> None:
    with pytest.raises(UsageError, match="lightroom"):
        load_keymap("emacs")


def test_keys_read_as_on_the_keyboard(qtbot: QtBot) -> None:
    assert shown_key("Return") == "Enter"
    assert shown_key("Ctrl+Shift+Z") == "Ctrl+Shift+Z"
