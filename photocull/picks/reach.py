"""Whether the drives and folders of an export are there; what looks like them without would be the drive below."""

from collections.abc import Iterable
from pathlib import Path

from photocull.core.errors import OutputError, printable
from photocull.photo import mounts
from photocull.picks.export_journal import Journal
from photocull.picks.plan import Plan, existing


def needs(plan: Plan) -> dict[str, object]:
    """What a journal has to keep of a plan's places: the folder that was there, and the drives with their marks."""
    folders = {item.source.parent for family in plan.families for item in family.items}
    if plan.way == "symlink":  # which leads to its original by name, and is taken back without it
        folders.clear()
    base = None if plan.folder is None else existing(plan.folder)
    drives = _drives({*folders, *([] if base is None else [base])})
    return {"base": None if base is None else str(base), "drives": {str(one): mounts.identity(one) for one in drives}}


def is_away(journal: Journal) -> bool:
    """Whether a drive that it is about is not there, so that going on has to wait."""
    if _lost_drive(journal) is not None or _lost_base(journal) is not None:
        return True
    left = [entry.item.source for entry in journal.entries if not (entry.done or entry.fault)]
    if journal.state == "open" and left and not _any_folder(left):
        return True
    placed = [entry.target for entry in journal.entries if entry.placed and entry.target is not None]
    return bool(placed) and not _any_folder(placed)


def check_undoable(journal: Journal) -> None:
    """Say that undoing has to wait: files that are out of reach are not gone.

    Raises:
        OutputError: a drive or folder that it needs is not there.
    """
    lost = _lost_drive(journal) or _lost_base(journal) or _lost_folder(journal)
    if lost is not None:
        remedy = f"Connect its drive and undo again; if that is gone for good, delete {printable(journal.file)}."
        raise OutputError(f"{printable(lost)} is not there, so it cannot be undone now.", remedy=remedy)


def is_reachable(path: Path) -> bool:
    """Whether the folder of a file is there, so that a file that is not found is gone."""
    return path.parent.is_dir()


def _drives(folders: Iterable[Path]) -> set[Path]:
    """Those that the folders lie on, but for the system's own."""
    there = mounts.mounted()
    return {place.drive for folder in folders if (place := mounts.place_of(folder, there)).drive != Path(folder.anchor)}


def _lost_drive(journal: Journal) -> Path | None:
    there = mounts.mounted()
    noted: dict[str, str] = journal.options.get("drives", {})
    return next((Path(one) for one, known in noted.items() if not _is_that(Path(one), known, there)), None)


def _is_that(drive: Path, known: str, there: frozenset[str]) -> bool:
    if not mounts.is_there(drive, there):
        return False
    found = mounts.identity(drive)
    return not (known and found) or known == found


def _lost_base(journal: Journal) -> Path | None:
    base = journal.options.get("base")
    return Path(base) if base is not None and not Path(base).is_dir() else None


def _lost_folder(journal: Journal) -> Path | None:
    """Of files that are to come back, or of the originals of copies, the folder, where none of theirs is there."""
    placed = [entry for entry in journal.entries if entry.placed and not entry.undone]
    needed = []
    if journal.way == "move" or "drives" not in journal.options:
        needed.append([entry.target for entry in placed if entry.target is not None])
    if journal.way in ("copy", "convert"):
        needed.append([entry.item.source for entry in placed])
    return next((files[0].parent for files in needed if files and not _any_folder(files)), None)


def _any_folder(files: Iterable[Path]) -> bool:
    return any(folder.is_dir() for folder in {file.parent for file in files})
