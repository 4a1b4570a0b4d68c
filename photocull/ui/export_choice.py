"""What is chosen of an export: which photos, where to, how, under which names, and what beside. No Qt here."""

from dataclasses import dataclass, field
from typing import Final, Literal

from photocull.core.vocabulary import Pick
from photocull.picks.collisions import Rule
from photocull.picks.convert import Recipe
from photocull.picks.lists import Extra
from photocull.picks.metadata import Metadata
from photocull.picks.naming import DEFAULT
from photocull.picks.plan import Way

Source = Literal["picked", "selected", "shown", "rejected"]
SOURCES: Final[dict[Source, str]] = {
    "picked": "Picked",
    "selected": "Selected",
    "shown": "All shown",
    "rejected": "Rejected",
}
"""Which photos, and how that is called."""
FLAGS: Final[dict[Source, Pick]] = {"picked": "pick", "rejected": "reject"}
"""The choices that go by a flag."""
WAYS: Final[dict[Way, tuple[str, str]]] = {
    "copy": ("Copies", "Each copy is read back and compared with its original."),
    "convert": ("JPEGs", "A new JPEG of each photo in sRGB; a RAW is developed. Sidecars stay behind."),
    "hardlink": ("Hard links", "Second names of the same files, on one drive: they take no room."),
    "symlink": ("Links", "They lead to the files where they are, and take no room."),
    "move": ("Move", "The photos leave their folders, with all that is theirs. Undo brings them back."),
}
"""How, with its name and what it means."""
RULES: Final[dict[Rule, str]] = {
    "number": "Add a number to it",
    "skip": "Leave that photo out",
    "stop": "Export nothing",
}
SIDES: Final[dict[int | None, str]] = {
    None: "Full size",
    4096: "4096 pixels",
    3000: "3000 pixels",
    2048: "2048 pixels",
    1600: "1600 pixels",
    1080: "1080 pixels",
}
QUALITIES: Final[dict[int, str]] = {98: "Best, 98", 92: "High, 92", 85: "Good, 85", 75: "Small, 75"}
METADATA: Final[dict[Metadata, str]] = {
    "keep": "All kept",
    "private": "No place, serial numbers, names",
    "strip": "None",
}
EXTRAS: Final[dict[Extra, str]] = {
    "html": "Contact sheet with scores and reasons (HTML)",
    "csv": "List (CSV)",
    "json": "List (JSON)",
}


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """The whole of it; ``folder`` as it was typed, ``recipe`` for the way "convert"."""

    photos: Source = "picked"
    folder: str = ""
    way: Way = "copy"
    names: str = DEFAULT
    rule: Rule = "number"
    recipe: Recipe = field(default_factory=Recipe)
    extras: frozenset[Extra] = frozenset()


@dataclass(frozen=True, slots=True)
class Sources:
    """Ids of the photos that each choice would be; the flagged ones in all folders that are looked at."""

    picked: tuple[int, ...] = ()
    selected: tuple[int, ...] = ()
    shown: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()

    def of(self, source: Source) -> tuple[int, ...]:
        """The photos of one choice."""
        ids: tuple[int, ...] = getattr(self, source)
        return ids

    @property
    def usual(self) -> Source:
        """What is picked; else what is selected; else all that is shown."""
        wished: tuple[Source, ...] = ("picked", "selected", "shown")
        return next((source for source in wished if self.of(source)), "picked")


def missing_words(sources: Sources, source: Source, pick_key: str, reject_key: str) -> str:
    """Why a choice is empty and what can be done; that nothing is picked is told with every choice."""
    if not (sources.shown or sources.picked or sources.rejected):
        return "There is no photo here to export: add a folder, or clear the filter."
    if source == "rejected" and not sources.rejected:
        return f"Nothing is rejected: press {reject_key} on a photo, or choose others."
    if source == "selected" and not sources.selected:
        return "No photo is selected: click one in the grid, or choose others."
    if not sources.picked:
        return f"Nothing is picked yet: press {pick_key} on a photo, or export what is chosen here."
    return ""
