"""Every action of the window as a named command, declared in one list; menus, keys and the card come from it."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal, Protocol

from photocull.core.vocabulary import LABELS, Label, Pick
from photocull.ui.keymap import Keymap, shown_key

When = Literal["always", "photos", "grid", "loupe"]
"""always; with photos in the list; only in the grid; only in the loupe."""
View = Literal["grid", "loupe"]


class Actions(Protocol):
    """What commands do; see `photocull.ui.actions`."""

    def rate(self, stars: int) -> None: ...
    def flag(self, pick: Pick | None) -> None: ...
    def label(self, word: Label | None) -> None: ...
    def undo(self) -> None: ...
    def redo(self) -> None: ...
    def toggle_auto_advance(self) -> None: ...
    def show_view(self, view: View) -> None: ...
    def step(self, by: int) -> None: ...
    def zoom(self) -> None: ...
    def overlay(self, kind: str) -> None: ...
    def resize_photos(self, by: int) -> None: ...
    def toggle_uniform(self) -> None: ...
    def toggle_panels(self) -> None: ...
    def toggle_left(self) -> None: ...
    def toggle_right(self) -> None: ...
    def toggle_full_screen(self) -> None: ...
    def escape(self) -> None: ...
    def select_all(self) -> None: ...
    def select_none(self) -> None: ...
    def search(self) -> None: ...
    def clear_filter(self) -> None: ...
    def sort_again(self) -> None: ...
    def reverse_sort(self) -> None: ...
    def open_folder(self) -> None: ...
    def score_again(self) -> None: ...
    def pause_or_resume(self) -> None: ...
    def copy_paths(self) -> None: ...
    def show_file(self) -> None: ...
    def export(self) -> None: ...
    def undo_export(self) -> None: ...
    def trash_rejects(self) -> None: ...
    def show_problems(self) -> None: ...
    def toggle_sidecars(self) -> None: ...
    def show_settings(self) -> None: ...
    def show_keys(self) -> None: ...
    def quit(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Command:
    """One action.

    Attributes:
        id: its name in keymaps. title: as shown. group: heading in menus and on the card of keys.
        keys: key sequences, the first one shown. when: in which mode it works. run: does it.
    """

    id: str
    title: str
    group: str
    keys: tuple[str, ...]
    when: When
    run: Callable[[], None]

    @property
    def key(self) -> str:
        """The first key as people read it; empty where there is none."""
        return shown_key(self.keys[0]) if self.keys else ""

    def works_in(self, view: View, *, photos: bool) -> bool:
        """Whether the command can be used now."""
        if self.when == "always":
            return True
        return photos and self.when in ("photos", view)


def commands(do: Actions, keymap: Keymap) -> tuple[Command, ...]:
    """All commands, with the keys of this preset."""
    declared = (*_decisions(do), *_views(do), *_loupe(do), *_photos(do), *_program(do))
    return tuple(Command(i, title, group, keymap.keys.get(i, ()), when, run) for i, title, group, when, run in declared)


_Declared = tuple[tuple[str, str, str, When, Callable[[], None]], ...]


def _decisions(do: Actions) -> _Declared:
    group = "Decisions"
    stars = ("No stars", "1 star", "2 stars", "3 stars", "4 stars", "5 stars")
    return (
        *((f"rate-{n}", title, group, "photos", partial(do.rate, n)) for n, title in enumerate(stars)),
        ("pick", "Pick", group, "photos", partial(do.flag, "pick")),
        ("reject", "Reject", group, "photos", partial(do.flag, "reject")),
        ("unflag", "Remove flag", group, "photos", partial(do.flag, None)),
        *((f"label-{w}", f"{w.capitalize()} label", group, "photos", partial(do.label, w)) for w in LABELS),
        ("label-none", "No label", group, "photos", partial(do.label, None)),
        ("undo", "Undo", group, "always", do.undo),
        ("redo", "Redo", group, "always", do.redo),
        ("auto-advance", "Go to the next photo after a decision", group, "always", do.toggle_auto_advance),
    )


def _views(do: Actions) -> _Declared:
    group = "Views"
    return (
        ("grid", "Grid", group, "always", partial(do.show_view, "grid")),
        ("loupe", "Loupe", group, "photos", partial(do.show_view, "loupe")),
        ("panels", "Both side panels", group, "always", do.toggle_panels),
        ("left-panel", "Left panel", group, "always", do.toggle_left),
        ("right-panel", "Right panel", group, "always", do.toggle_right),
        ("larger", "Larger photos, or zoom in", group, "photos", partial(do.resize_photos, 20)),
        ("smaller", "Smaller photos, or zoom out", group, "photos", partial(do.resize_photos, -20)),
        ("uniform", "Equal cells", group, "grid", do.toggle_uniform),
        ("full-screen", "Full screen", group, "always", do.toggle_full_screen),
        ("escape", "Back to the grid", group, "always", do.escape),
    )


def _loupe(do: Actions) -> _Declared:
    group = "Loupe"
    return (
        ("next", "Next photo", group, "loupe", partial(do.step, 1)),
        ("previous", "Previous photo", group, "loupe", partial(do.step, -1)),
        ("zoom", "Zoom to 1:1 and back", group, "photos", do.zoom),
        ("overlay-aesthetic", "Show where the score comes from", group, "photos", partial(do.overlay, "aesthetic")),
        ("overlay-theme", "Show where the theme is seen", group, "photos", partial(do.overlay, "theme")),
        ("overlay-colour", "Show the colours that count", group, "photos", partial(do.overlay, "colour")),
        ("overlay-similarity", "Show what is coloured alike", group, "photos", partial(do.overlay, "similarity")),
        ("overlay-points", "Show where the colour model looks", group, "photos", partial(do.overlay, "points")),
        ("overlay-gates", "Show where the gates are open", group, "photos", partial(do.overlay, "gates")),
        ("overlay-focus", "Show where it is sharp", group, "photos", partial(do.overlay, "focus")),
        ("overlay-clipping", "Show clipped shadows and lights", group, "photos", partial(do.overlay, "clipping")),
    )


def _photos(do: Actions) -> _Declared:
    group = "Photos"
    return (
        ("select-all", "Select all", group, "grid", do.select_all),
        ("select-none", "Select none", group, "grid", do.select_none),
        ("search", "Search names, themes and cameras", group, "always", do.search),
        ("clear-filter", "Clear the filter", group, "always", do.clear_filter),
        ("sort-again", "Sort again", group, "always", do.sort_again),
        ("reverse-sort", "Reverse the order", group, "always", do.reverse_sort),
        ("copy-paths", "Copy file paths", group, "photos", do.copy_paths),
        ("show-file", "Show in the file manager", group, "photos", do.show_file),
        ("export", "Export…", group, "always", do.export),
        ("trash-rejects", "Move rejects to the trash…", group, "always", do.trash_rejects),
        ("undo-export", "Undo the last export or clean-up…", group, "always", do.undo_export),
    )


def _program(do: Actions) -> _Declared:
    group = "Photocull"
    return (
        ("open-folder", "Add a folder", group, "always", do.open_folder),
        ("score-again", "Look for new photos", group, "always", do.score_again),
        ("pause", "Pause or go on scoring", group, "always", do.pause_or_resume),
        ("problems", "Problems", group, "always", do.show_problems),
        ("sidecars", "Write sidecars, or write none", group, "always", do.toggle_sidecars),
        ("settings", "Settings", group, "always", do.show_settings),
        ("keys", "Keys", group, "always", do.show_keys),
        ("quit", "Quit", group, "always", do.quit),
    )
