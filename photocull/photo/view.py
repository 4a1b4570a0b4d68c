"""From an open file to the picture that stands for it, whatever its format."""

from photocull.photo.picture import Picture, is_raw_inside, open_picture
from photocull.photo.raw import open_raw
from photocull.photo.source import Source


def open_view(source: Source, *, develop: bool = False) -> Picture:
    """The picture in the cheapest sufficient source: the main image, or a RAW file's preview.

    Args:
        develop: full-size pixels are wanted, see `raw.open_raw`.

    Raises:
        UnreadablePhotoError: as `picture.open_picture` and `raw.open_raw`.
    """
    if source.kind == "raw":
        return open_raw(source, develop=develop)
    picture = open_picture(source)
    return open_raw(source, develop=develop) if is_raw_inside(picture) else picture
