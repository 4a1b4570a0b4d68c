"""What an export would be, found out off the GUI thread: its photos, their names, the plan, the room. No Qt here."""

import os
import shutil
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Literal

from photocull.catalog import query
from photocull.catalog.database import Catalog
from photocull.catalog.query import BY_NAME
from photocull.catalog.records import Filter, PhotoDetail
from photocull.core.errors import PhotocullError, UsageError
from photocull.core.named import absolute
from photocull.core.settings import folders
from photocull.core.vocabulary import Pick
from photocull.core.work import CancelToken
from photocull.photo.looking import Seen, look
from photocull.picks.choose import ranked, whose
from photocull.picks.convert import most_bytes
from photocull.picks.made_before import made_before
from photocull.picks.naming import DEFAULT, Template, preview
from photocull.picks.plan import Plan, check_room, existing, plan_export, plan_trash
from photocull.picks.records import details as read_details
from photocull.ui.export_choice import FLAGS, ExportChoice, Sources
from photocull.ui.remedies import said_in_window

Place = Literal["folder", "way", "names", "rule", "room"]
"""Beside which field a fault is told."""
_SHOWN: Final = 3
_UNREACHED: Final = "This folder cannot be reached; choose another, or connect its drive."


@dataclass(frozen=True, slots=True)
class Names:
    """What a template makes of the first photos, before and after; or what is wrong with it."""

    examples: tuple[tuple[str, str], ...] = ()
    fault: str = ""
    unscored: int = 0


@dataclass(frozen=True, slots=True)
class Survey:
    """What would be done; ``free`` in bytes, None where the drive cannot be asked or the system chooses it.

    ``whose`` says how many of the photos have the flag that they go by only from a policy.
    """

    plan: Plan | None = None
    free: int | None = None
    fault: str = ""
    place: Place = "room"
    whose: str = ""

    @property
    def ready(self) -> bool:
        """Whether it can be carried out, and there is anything to do."""
        return self.plan is not None and bool(self.plan.families) and not self.fault


def flagged(catalog: Catalog, model: str, folders: frozenset[Path], flag: Pick) -> tuple[int, ...]:
    """Photos with this flag in these folders and below, as decided until now; none where no folder is looked at."""
    if not folders:
        return ()
    catalog.writer.flush()
    wanted = Filter(folders=folders, picks=frozenset({flag}))
    return tuple(query.photo_ids(catalog, wanted, BY_NAME, model))


def read_sources(
    catalog: Catalog, model: str, folders: frozenset[Path], selected: Sequence[int], shown: Sequence[int]
) -> Sources:
    """What can be chosen from."""
    picked, rejected = flagged(catalog, model, folders, "pick"), flagged(catalog, model, folders, "reject")
    return Sources(picked, tuple(selected), tuple(shown), rejected)


def read_photos(catalog: Catalog, model: str, ids: Sequence[int]) -> tuple[PhotoDetail, ...]:
    """Everything known of these photos, the best first, as exports count ranks; what is gone is left out."""
    found = [detail for detail in read_details(catalog, ids, model) if not detail.row.missing]
    return tuple(ranked(found))


def read_rejects(catalog: Catalog, model: str, folders: frozenset[Path]) -> tuple[PhotoDetail, ...]:
    """Everything known of what is rejected in these folders."""
    return read_photos(catalog, model, flagged(catalog, model, folders, "reject"))


def read_names(photos: Sequence[PhotoDetail], choice: ExportChoice) -> Names:
    """The first names that the template makes."""
    try:
        template = Template(choice.names)
    except UsageError as error:
        return Names(fault=error.sentence)
    made = preview(choice.names, photos, _SHOWN)
    suffixes = [Path(name).suffix for name in made]
    if choice.way == "convert":
        made = [f"{name.removesuffix(suffix)}.jpg" for name, suffix in zip(made, suffixes, strict=True)]
    names = (photo.row.path.name for photo in photos)
    unscored = sum(not photo.judged for photo in photos) if template.needs_scores else 0
    return Names(tuple(zip(names, made, strict=False)), unscored=unscored)


def survey(photos: Sequence[PhotoDetail], choice: ExportChoice, token: CancelToken) -> Survey:
    """The plan of a choice whose names are sound, with the room at its target; nothing is touched.

    Raises:
        CancelledError: the token said so.
    """
    folder = absolute(choice.folder.strip())
    if fault := folder_fault(choice.folder, token):
        return Survey(fault=fault, place="folder")
    try:
        made = made_before(folders().exports, folder, choice.recipe) if choice.way == "convert" else None
        most = most_bytes(choice.recipe) if choice.way == "convert" else None
        names = Template(choice.names)
        plan = plan_export(photos, folder, choice.way, names, choice.rule, made=made, most=most, token=token)
    except UsageError as error:
        return Survey(fault=said_in_window(error), place=_place_of(error, folder, choice))
    return replace(_with_room(plan), whose=_whose(plan, photos, FLAGS.get(choice.photos)))


def survey_trash(photos: Sequence[PhotoDetail], typed: str | None, token: CancelToken) -> Survey:
    """The plan of a clean-up: to the system's trash, or to the folder that was typed.

    Raises:
        CancelledError: the token said so.
    """
    if typed is None:
        plan = plan_trash(photos)
        return Survey(plan, whose=_whose(plan, photos, "reject"))
    if fault := folder_fault(typed, token):
        return Survey(fault=fault, place="folder")
    try:
        plan = plan_export(photos, absolute(typed.strip()), "move", Template(DEFAULT), token=token)
    except UsageError as error:
        return Survey(fault=said_in_window(error), place="folder")
    return replace(_with_room(plan), whose=_whose(plan, photos, "reject"))


def folder_fault(typed: str, token: CancelToken) -> str:
    """What is wrong with a target in one sentence; empty where files can be put there.

    Raises:
        CancelledError: the token said so.
    """
    if not typed.strip():
        return "Choose the folder that they go to."
    try:
        seen, place = _nearest(absolute(typed.strip()), token)
    except TimeoutError:
        return "The drive of this folder did not answer; choose another folder, or connect the drive again."
    except ValueError:
        return _UNREACHED
    if seen is None:
        return "There is no such drive."
    if seen.what == "unknown" and not seen.lost:
        return _UNREACHED
    if seen.what != "folder":
        return f"{place} is a file, not a folder."
    if not os.access(place, os.W_OK | os.X_OK):
        return f"Nothing may be written in {place}; choose another folder, or allow writing there."
    return ""


def _nearest(folder: Path, token: CancelToken) -> tuple[Seen | None, Path]:
    """What lies at this place, or at the nearest one above it where anything does."""
    for place in (folder, *folder.parents):
        try:
            return look(place, token=token), place
        except TimeoutError:
            raise
        except OSError:
            continue
    return None, folder


def already_there(plan: Plan) -> int:
    """Photos of which every file lies there already."""
    return sum(not family.items for family in plan.families)


def _whose(plan: Plan, photos: Sequence[PhotoDetail], flag: Pick | None) -> str:
    return "" if flag is None else whose(plan.of(photos), flag)


def _with_room(plan: Plan) -> Survey:
    try:
        check_room(plan)
    except PhotocullError as error:
        return Survey(plan, _free(plan), error.sentence, "room")
    return Survey(plan, _free(plan))


def _free(plan: Plan) -> int | None:
    with suppress(OSError):
        return None if plan.folder is None else shutil.disk_usage(existing(plan.folder)).free
    return None


def _place_of(error: UsageError, folder: Path, choice: ExportChoice) -> Place:
    if error.path != folder:
        return "rule"
    return "way" if choice.way == "hardlink" else "folder"
