"""How a photo's sidecars and the marks in its file were when they were read last, as one text: to know a change by.

It holds names, sizes and times of the sidecars, and the file's marks themselves; the catalogue keeps it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from photocull.catalog.outside import Standing
from photocull.core.errors import printable
from photocull.core.types import Photo
from photocull.core.work import CancelToken
from photocull.photo.looking import look
from photocull.sidecar.naming import readable


class Inside(NamedTuple):
    """The marks in a photo file as the catalogue has them; None where the file is silent.

    Of a flag that is "", and None where nobody looked for one: an older version read the file.
    """

    rating: int | None = None
    label: str | None = None
    pick: str | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """How things were when the photo file had been opened last.

    Attributes:
        inside: its marks then. said: what sidecars said then, where the file changed since and was not opened yet;
            None where that is what the catalogue has.
    """

    inside: Inside
    said: Mapping[str, str] | None


def stamp_of(photo: Photo, known: Standing, token: CancelToken | None) -> str | None:
    """Changes when a sidecar or the file's own marks do; empty without either; None where a drive is silent."""
    files = []
    for path in readable(photo):
        try:
            seen = look(path, token=token)
        except TimeoutError:
            return None
        except OSError:
            continue
        # Some programs put the time back that a file had before they changed it; nobody can put back the other one.
        files.append([printable(path.name), seen.size, seen.mtime_ns, seen.ctime_ns])
    inside, said = inside_of(known), None
    if not known.opened and (before := opened_before(known.stamp)) is not None:
        said = dict(known.said if before.said is None else before.said)
    return json.dumps([files, inside, said], sort_keys=True) if files or _speaks(inside) else ""


def files_of(stamp: str) -> dict[str, list[Any]]:
    """How each sidecar was, by name."""
    try:
        files = json.loads(stamp)[0]
        return {name: [name, *state] for name, *state in files}
    except (ValueError, TypeError, LookupError):
        return {}


def inside_of(known: Standing) -> Inside | None:
    """The marks in the photo file; as they were before where it changed and was not opened yet, or never was."""
    if known.opened:
        return Inside(known.rating_in_file, known.label_in_file, known.pick_in_file)
    before = opened_before(known.stamp)
    return None if before is None else before.inside


def opened_before(stamp: str) -> Opened | None:
    """What a stamp tells of the photo file; None where it had not been opened then."""
    try:
        _, inside, said = json.loads(stamp)
        return None if inside is None else Opened(_inside(*inside), None if said is None else dict(said))
    except (
        ValueError,
        TypeError,
    ):  # there is none, or an older one, which does not tell a silent file from a closed one
        return None


def _inside(rating: Any, label: Any, pick: Any) -> Inside:
    """From what the catalogue's file holds, which may be anything."""
    label, pick = (word if isinstance(word, str) else None for word in (label, pick))
    return Inside(rating if isinstance(rating, int) else None, label, pick)


def _speaks(inside: Inside | None) -> bool:
    return inside is not None and any(mark not in (None, "") for mark in inside)
