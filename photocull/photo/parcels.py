"""Photos and camera facts as words and pictures for the way from a helper process, and back, nothing lost."""

from datetime import datetime
from typing import Any

from photocull.core.types import DecodedPhoto, Exif, NativeCrop, Photo
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
    facts: dict[str, Any] = {name: getattr(exif, name) for name in Exif.__slots__}
    return {**facts, "taken": None if exif.taken is None else exif.taken.isoformat()}


def unpacked_exif(words: Words) -> Exif:
    """What `packed_exif` was given."""
    taken = words["taken"]
    return Exif(**{**words, "taken": None if taken is None else datetime.fromisoformat(taken)})
