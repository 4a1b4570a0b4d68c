"""Which JPEGs an earlier export made of which photos, so that the same export again makes none a second time."""

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

from photocull.picks.collisions import Member
from photocull.picks.convert import Recipe
from photocull.picks.digests import digest
from photocull.picks.export_journal import journals


def made_before(home: Path, folder: Path, recipe: Recipe) -> Callable[[Member, Path], bool]:
    """Tells of a photo and a file in this folder whether that was made of this by this recipe, and is as it was made.

    Args:
        home: the folder of all journals.
    """
    known: dict[tuple[Path, Path, int, int], set[str]] = {}
    for journal in journals(home, to=folder):
        if journal.way == "convert" and journal.options.get("recipe") == asdict(recipe):
            for entry in journal.entries:
                if entry.hash is not None and entry.target is not None:
                    key = (entry.item.source, entry.target, entry.item.size, entry.item.mtime_ns)
                    known.setdefault(key, set()).add(entry.hash)

    def is_made(member: Member, target: Path) -> bool:
        hashes = known.get((member.path, target, member.size, member.mtime_ns))
        return hashes is not None and digest(target) in hashes

    return is_made
