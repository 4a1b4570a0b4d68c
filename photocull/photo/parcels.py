"""Photos and camera facts as words and pictures for the way from a helper process, and back, nothing lost."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

from photocull.core.types import DecodedPhoto, Exif, FocusPoint, GpsPosition, NativeCrop, Photo
from photocull.photo.wire import Message, Words


def packed(decoded: DecodedPhoto) -> Message:
    """A decoded photo, but for its `Photo`."""
    words = {
        "size": [decoded.width, decoded.height],
        "places": [[crop.x, crop.y, crop.width, crop.height] for crop in decoded.crops],
        "exif": packed_exif(decoded.exif),
        "fingerprint": decoded.fingerprint,
        "notes": decoded.notes,
    }
    return Message(words, (decoded.preview, *(crop.pixels for crop in decoded.crops)))


def unpacked(photo: Photo, parcel: Message) -> DecodedPhoto:
    """What `packed` was given, as the picture of this photo."""
    words, (preview, *pieces) = parcel.words, parcel.pictures
    places = zip(words["places"], pieces, strict=True)
    crops = tuple(NativeCrop(x, y, width, height, pixels) for (x, y, width, height), pixels in places)
    width, height = words["size"]
    exif, notes = unpacked_exif(words["exif"]), tuple(words["notes"])
    return DecodedPhoto(photo, width, height, preview, crops, exif, words["fingerprint"], notes)


def packed_exif(exif: Exif) -> Words:
    """Camera facts by name."""
    return {**asdict(exif), "taken": None if exif.taken is None else exif.taken.isoformat()}


def unpacked_exif(words: Words) -> Exif:
    """What `packed_exif` was given."""
    return Exif(
        **{name: _AS_IT_WAS[name](value) if value and name in _AS_IT_WAS else value for name, value in words.items()}
    )


_AS_IT_WAS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "taken": datetime.fromisoformat,
    "focus_point": lambda words: FocusPoint(**words),
    "gps": lambda words: GpsPosition(**words),
}
"""What JSON has no words for."""
