"""The command `overlay`: a photo with one of its maps laid over it, written as a picture."""

import os
import re
import tempfile
from pathlib import Path
from typing import Annotated, Final, get_args

import typer
from PIL import Image

from photocull.catalog.query import attention, photo_details
from photocull.catalog.records import PhotoDetail
from photocull.cli.failing import UNREADABLE
from photocull.cli.options import CatalogOption, DeviceOption, ModelOption, a_path
from photocull.cli.session import Choices, Session, opened
from photocull.core.errors import OutputError, UnreadablePhotoError, UsageError
from photocull.core.named import is_there
from photocull.core.types import PREVIEW_SIDE, Grid, Pixels
from photocull.core.vocabulary import OverlayKind
from photocull.judge.dots import paint_dots
from photocull.judge.painting import outlined, paint_clipping, paint_map
from photocull.judge.similarity import CELLS, chosen_cell, similar_cells
from photocull.photo.decode import decode, load_preview
from photocull.photo.looking import look, reason

FORMATS: Final = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG"}


def overlay_command(
    photo: Annotated[Path, typer.Argument(parser=a_path, metavar="PHOTO", help="One photo.")],
    kind: Annotated[OverlayKind, typer.Option("--kind", help="Which map is laid over the photo.")],
    output: Annotated[
        Path, typer.Option("--output", parser=a_path, metavar="FILE", help="Picture to write: .png, .jpg or .jpeg.")
    ],
    cell: Annotated[
        str | None,
        typer.Option(
            "--cell",
            metavar="ROW,COLUMN",
            help="With --kind similarity: this of 12 x 12 cells, from 1,1 at the top left, not the model's choice.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the output file if it exists.")] = False,
    model: ModelOption = None,
    device: DeviceOption = None,
    catalog: CatalogOption = None,
) -> None:
    """Write a photo with a map of where its score, theme, colours, sharpness or clipping lie.

    Maps are drawn at 60 % in inferno (dark: little, bright: much); clipping is red where burnt out, blue where black.
    Points show where the colours were looked at. The published networks add: similarity, what is coloured like the
    outlined cell (TANet), and gates, where it may place points of its own (Delegate Transformer).
    """
    form = _checked(photo, output, force)
    chosen = None if cell is None else _checked_cell(cell, kind)
    if chosen is not None:
        pixels = load_preview(photo, PREVIEW_SIDE)
        save(drawn(pixels, kind, similar_cells(pixels, *chosen)), output, form)
        return
    with opened(Choices(model, device, catalog, jobs=1)) as session:
        report = session.score([photo])
        if report.problems:
            raise typer.Exit(UNREADABLE)
        details = photo_details(session.catalog, report.ids, session.model)
        picture = _painted(session, details[0], kind)
    save(picture, output, form)


def _checked(photo: Path, output: Path, force: bool) -> str:
    form = FORMATS.get(output.suffix.lower())
    if form is None:
        raise UsageError("The output must end in .png, .jpg or .jpeg.", path=output)
    if not _is_file(photo):
        raise UsageError("This is no photo." if is_there(photo) else "There is no such photo.", path=photo)
    if is_there(output) and output.samefile(photo):
        raise UsageError("The output would replace the photo itself.", path=output, remedy="Choose another name.")
    if os.path.lexists(output) and not force:
        raise UsageError("The output exists already.", path=output, remedy="Choose another name, or add --force.")
    return form


def _is_file(photo: Path) -> bool:
    """Whether a file lies there; raises `UnreadablePhotoError` where its drive does not answer."""
    try:
        return look(photo).what == "file"
    except TimeoutError as error:
        raise UnreadablePhotoError(f"It cannot be reached: {reason(error)}.", path=photo) from error
    except OSError:
        return False


def _checked_cell(cell: str, kind: OverlayKind) -> tuple[int, int]:
    """Row and column from 0."""
    if kind != "similarity":
        raise UsageError("--cell goes with --kind similarity.", remedy="Leave it out, or ask for that map.")
    found = re.fullmatch(r"\s*(\d{1,2})\s*,\s*(\d{1,2})\s*", cell)
    row, column = map(int, found.groups()) if found else (0, 0)
    if not (1 <= row <= CELLS and 1 <= column <= CELLS):
        raise UsageError(f"There is no cell '{cell}'.", remedy=f"Give row and column from 1,1 to {CELLS},{CELLS}.")
    return row - 1, column - 1


def _painted(session: Session, detail: PhotoDetail, kind: OverlayKind) -> Pixels:
    pixels = decode(detail.photo, fingerprint=detail.row.fingerprint).preview
    if kind == "clipping":
        return paint_clipping(pixels)
    grid = attention(session.catalog, detail.row.id, session.model, kind)
    if grid is None:
        there = [name for name in get_args(OverlayKind) if name in detail.overlays or name == "clipping"]
        remedy = f"This photo has: {', '.join(there)}."
        raise UsageError(f"The model has no {kind} map of this photo.", path=detail.row.path, remedy=remedy)
    return drawn(pixels, kind, grid)


def drawn(pixels: Pixels, kind: OverlayKind, grid: Grid) -> Pixels:
    """A picture with one of its maps: (H, W, 3) uint8 sRGB, as large as the picture."""
    if kind == "points":
        return paint_dots(pixels, grid, 0, 0, pixels.shape[1], pixels.shape[0])
    painted = paint_map(pixels, grid)
    if kind != "similarity":
        return painted
    row, column = chosen_cell(grid)
    return outlined(painted, column / CELLS, row / CELLS, 1 / CELLS, 1 / CELLS)


def save(pixels: Pixels, output: Path, form: str) -> None:
    """Write a picture atomically: the whole of it under its name, or nothing.

    Raises:
        OutputError: the folder does not exist or cannot be written, or the disk is full.
    """
    remedy = "Choose another place, or make room there."
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=".photocull-", suffix=output.suffix)
    except OSError as error:
        raise OutputError(f"The picture cannot be written: {error.strerror}.", path=output, remedy=remedy) from error
    try:
        with os.fdopen(handle, "wb") as file:
            Image.fromarray(pixels).save(file, form, quality=92)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o666 & ~_umask())
        Path(name).replace(output)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise OutputError(f"The picture cannot be written: {error.strerror}.", path=output, remedy=remedy) from error
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
