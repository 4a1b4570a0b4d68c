"""What was exported, as CSV, JSON or an HTML contact sheet, each file written whole or not at all."""

import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import Final, Literal

from PIL import Image

from photocull.catalog.records import PhotoDetail
from photocull.core.errors import OutputError, UnreadablePhotoError, UsageError
from photocull.core.named import absolute, is_there
from photocull.photo.decode import load_preview
from photocull.photo.looking import reason
from photocull.photo.previews import GRID_SIDE, PreviewStore
from photocull.picks.contact_sheet import Shot, contact_sheet
from photocull.picks.placing import Ready, finish, part_of, written
from photocull.picks.plan import Plan
from photocull.picks.record_text import csv_lines, json_list
from photocull.picks.records import COLUMNS, Record, record

_LISTS: Final = (".csv", ".json")
_SHEETS: Final = (".html", ".htm")
Extra = Literal["html", "csv", "json"]
"""A file about the exported photos that is written beside them."""
Hear = Callable[[Path, str | None], None]
_COLUMNS: Final = ("rank", "exported", *COLUMNS)


def _nobody(_: str) -> None:
    """Hears a hash that nobody needs."""


def checked_list(file: Path | None, folder: Path) -> Path | None:
    """The file for a list, looked at before anything is exported.

    Raises:
        UsageError: neither CSV nor JSON by its name, there already, or in a folder that is not there.
    """
    return _checked(file, folder, _LISTS, "A list is a .csv or a .json file.", "picks.csv")


def checked_sheet(file: Path | None, folder: Path) -> Path | None:
    """As `checked_list`, of a contact sheet."""
    return _checked(file, folder, _SHEETS, "A contact sheet is an .html file.", "picks.html")


def write_list(
    file: Path, photos: Sequence[PhotoDetail], plan: Plan, ready: Ready = _nobody, *, placed: bool = True
) -> None:
    """Write the records of the exported photos, each with its rank and the names that its files have now.

    Args:
        placed: whether it may say where photos were taken; beside pictures that do not, it would.
        ready: hears the hash of the whole list before it gets its name.

    Raises:
        OutputError: the file cannot be written.
    """
    told = photos if placed else [replace(one, exif=replace(one.exif, gps=None)) for one in photos]
    records = list(_records(told, _exported(plan)))
    if file.suffix.lower() == ".json":
        pieces: Iterable[str] = json_list(records)
    else:
        joined = [{**one, "exported": ";".join(one["exported"])} for one in records]
        pieces = csv_lines(joined, _COLUMNS)
    _write(file, pieces, ready)


def write_sheet(
    file: Path, photos: Sequence[PhotoDetail], plan: Plan, previews: PreviewStore, ready: Ready = _nobody
) -> None:
    """Write the contact sheet of the exported photos; ``ready`` as `write_list` has it.

    Raises:
        OutputError: the file cannot be written.
    """
    names = _exported(plan)
    kept = [detail for detail in photos if detail.row.path in names]
    shots = (Shot(d, Path(names[d.row.path][0]).name, _picture(d, previews)) for d in kept)
    title = file.stem if plan.folder is None else plan.folder.name or file.stem
    _write(file, contact_sheet(title, shots, len(kept)), ready)


def write_extra(
    extra: Extra,
    folder: Path,
    photos: Sequence[PhotoDetail],
    plan: Plan,
    previews: PreviewStore,
    hear: Hear,
    *,
    placed: bool = True,
) -> Path:
    """Write ``picks.html`` or the like into this folder, with a number where that is taken; where it lies.

    Args:
        placed: as `write_list` has it.
        hear: hears where it will lie before it is begun, and again with its hash before it gets its name.

    Raises:
        OutputError: the file cannot be written.
    """
    file = _free(folder, extra)
    hear(file, None)
    ready = partial(hear, file)
    if extra == "html":
        write_sheet(file, photos, plan, previews, ready)
    else:
        write_list(file, photos, plan, ready, placed=placed)
    return file


def _free(folder: Path, ending: str) -> Path:
    names = (folder / f"picks{'' if number == 1 else f'-{number}'}.{ending}" for number in count(1))
    try:
        return next(file for file in names if not is_there(file))
    except OSError as error:
        raise OutputError(f"The folder cannot be reached: {reason(error)}.", path=folder) from error


def _checked(file: Path | None, folder: Path, endings: Sequence[str], sentence: str, example: str) -> Path | None:
    if file is None:
        return None
    place = absolute(file)
    if place.suffix.lower() not in endings:
        raise UsageError(sentence, path=file, remedy=f"Name it, for instance, {example}.")
    if is_there(place):
        raise UsageError("There is a file of this name already.", path=file, remedy="Name another.")
    if place.parent != folder and not place.parent.is_dir():
        raise UsageError("Its folder does not exist.", path=file, remedy="Name another, or make the folder.")
    return place


def _exported(plan: Plan) -> Mapping[Path, list[str]]:
    """Main file -> where its files are, the main one first."""
    return {
        family.photo: [str(item.target) for item in (*family.items, *family.there)]
        for family in plan.families
        if family.items or family.there
    }


def _records(photos: Sequence[PhotoDetail], names: Mapping[Path, list[str]]) -> Iterator[Record]:
    for rank, detail in enumerate(photos, 1):
        if detail.row.path in names:
            yield {"rank": rank, "exported": names[detail.row.path], **record(detail)}


def _picture(detail: PhotoDetail, previews: PreviewStore) -> bytes | None:
    stored = previews.get(detail.row.fingerprint, GRID_SIDE)
    with suppress(UnreadablePhotoError, OSError):
        held = io.BytesIO()
        image = Image.open(io.BytesIO(stored)) if stored else Image.fromarray(load_preview(detail.row.path, GRID_SIDE))
        image.thumbnail((GRID_SIDE, GRID_SIDE))
        image.convert("RGB").save(held, "JPEG", quality=82)
        return held.getvalue()
    return None


def _write(file: Path, pieces: Iterable[str], ready: Ready) -> None:
    part = part_of(file)
    made = hashlib.sha256()
    try:
        file.parent.mkdir(exist_ok=True)
        with written(part) as out:
            for piece in pieces:
                data = piece.encode("utf-8", "backslashreplace")
                made.update(data)
                out.write(data)
        finish(part, file, made.hexdigest(), ready)
    except OSError as error:
        raise OutputError(f"It cannot be written: {reason(error)}.", path=file, remedy="Name another place.") from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
