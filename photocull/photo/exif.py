"""Camera facts of a photo file of any format."""

from pathlib import Path

from photocull.core.types import Exif
from photocull.photo.guard import ask, guarded
from photocull.photo.parcels import unpacked_exif
from photocull.photo.source import open_source
from photocull.photo.view import open_view


def read_exif(path: Path) -> Exif:
    """Camera facts; empty fields where unknown. Never raises for broken tags.

    Raises:
        UnreadablePhotoError: the file cannot be opened or is no picture.
    """
    return unpacked_exif(ask("exif", path).words["exif"]) if guarded(path) else exif_here(path)


def exif_here(path: Path) -> Exif:
    """As `read_exif`, in this process.

    Raises:
        UnreadablePhotoError: the file cannot be opened or is no picture.
    """
    with open_source(path) as source:
        return open_view(source).exif
