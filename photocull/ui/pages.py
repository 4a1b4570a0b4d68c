"""What stands in the middle when there is no photo to show: which state that is, its words, and the way on."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from photocull.core.errors import printable

Kind = Literal["welcome", "looking", "nothing-found", "no-match", "vanished", "failed"]


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of the list and of the run.

    Attributes:
        folders: those looked at. missing: those of them that are not there.
        shown: photos in the list; None until the first answer. filtered: a filter beside the folders is set.
        running: a run is going on. failure: why the last run ended early. unlisted: why the photos cannot be listed.
    """

    folders: Sequence[Path] = ()
    missing: frozenset[Path] = frozenset()
    shown: int | None = None
    filtered: bool = False
    running: bool = False
    failure: str = ""
    unlisted: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """A message in the middle of the window.

    Attributes:
        icon: name of its icon. title: one short sentence. lines: what it means. command: what the button does.
        also: a second, quieter command. drop: say that a folder can be dropped here.
    """

    kind: Kind
    icon: str
    title: str
    lines: tuple[str, ...]
    command: str = ""
    button: str = ""
    also: str = ""
    also_button: str = ""
    drop: bool = False


WELCOME = Page(
    "welcome",
    "folder",
    "Choose a folder of photos",
    (
        "Photocull looks at every photo on this computer, scores it and shows why.",
        "Your photos are never changed and never leave this machine.",
    ),
    "open-folder",
    "Choose folder",
    drop=True,
)


def page_for(now: Situation) -> Page | None:
    """The message to show; None while photos are shown, or before anything is known."""
    if not now.folders:
        return WELCOME
    if now.unlisted and not now.shown:
        return _failed(now.unlisted)
    if now.shown or (now.shown is None and not now.failure):
        return None
    if now.filtered and now.shown is not None:
        return _NO_MATCH
    if now.running:
        return _looking(now)
    if set(now.folders) <= now.missing:
        return _vanished(now)
    return _failed(now.failure) if now.failure else _nothing_found(now)


_NO_MATCH = Page(
    "no-match",
    "search",
    "No photo fits this filter",
    ("The photos are still there; the filter hides them.",),
    "clear-filter",
    "Clear the filter",
)


def _looking(now: Situation) -> Page:
    return Page(
        "looking",
        "loader",
        f"Looking for photos in {_named(now.folders)}",
        ("They appear here as they are found.",),
    )


def _vanished(now: Situation) -> Page:
    them = "it" if len(now.folders) == 1 else "them"
    return Page(
        "vanished",
        "folder-x",
        f"{_named(now.folders).capitalize() if len(now.folders) > 1 else _named(now.folders)} cannot be found",
        (
            printable(now.folders[0]) if len(now.folders) == 1 else "None of these folders is there.",
            f"If {'it lies' if them == 'it' else 'they lie'} on a drive or a card, connect it and look again.",
        ),
        "score-again",
        "Look again",
        "open-folder",
        "Choose another folder",
    )


def _nothing_found(now: Situation) -> Page:
    return Page(
        "nothing-found",
        "images",
        f"There are no photos in {_named(now.folders)}",
        ("Photocull reads JPEG, PNG, TIFF, WebP, AVIF, HEIC and the RAW files of most cameras, in subfolders too.",),
        "open-folder",
        "Choose another folder",
        "score-again",
        "Look again",
    )


def _failed(why: str) -> Page:
    return Page(
        "failed",
        "circle-alert",
        "Photocull could not go on",
        (why,),
        "score-again",
        "Try again",
        "open-folder",
        "Choose another folder",
    )


def _named(folders: Sequence[Path]) -> str:
    return printable(folders[0].name or folders[0]) if len(folders) == 1 else f"these {len(folders)} folders"
