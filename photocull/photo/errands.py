"""What a helper process can be asked to do with a file or folder, by name; `guard` asks."""

import base64
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Final

from photocull.core.types import Photo
from photocull.photo import looking
from photocull.photo.content import content_here
from photocull.photo.fingerprint import fingerprint_here
from photocull.photo.wire import Message, Words


def _decode(path: Path, order: Words) -> Message:
    from photocull.photo.decode import decode_here  # decoders, which other errands do not need
    from photocull.photo.parcels import packed

    return packed(decode_here(Photo(path, 0, 0), path, order["identity"]))


def _preview(path: Path, order: Words) -> Message:
    from photocull.photo.decode import preview_here

    return Message({}, (preview_here(path, order["side"]),))


def _full(path: Path, order: Words) -> Message:
    from photocull.photo.decode import full_here

    return Message({}, (full_here(path),))


def _exif(path: Path, order: Words) -> Message:
    from photocull.photo.exif import exif_here
    from photocull.photo.parcels import packed_exif

    return Message({"exif": packed_exif(exif_here(path))})


def _fingerprint(path: Path, order: Words) -> Message:
    return Message({"fingerprint": fingerprint_here(path)})


def _content(path: Path, order: Words) -> Message:
    return Message({"content": base64.b64encode(content_here(path, order["most"])).decode("ascii")})


def _look(path: Path, order: Words) -> Message:
    return Message({"seen": asdict(looking.look_here(path))})


def _list(path: Path, order: Words) -> Message:
    folder = looking.list_here(path)
    return Message({"identity": folder.identity, "entries": [asdict(entry) for entry in folder.entries]})


def load_decoders(errand: str) -> None:
    """Load the libraries that an errand needs, as far as they are known before the file is: half a second, once."""
    if errand in ("decode", "preview", "full", "exif"):
        import photocull.photo.decode  # noqa: F401


ERRANDS: Final[Mapping[str, Callable[[Path, Words], Message]]] = {
    "decode": _decode,
    "preview": _preview,
    "full": _full,
    "exif": _exif,
    "fingerprint": _fingerprint,
    "content": _content,
    "look": _look,
    "list": _list,
}
