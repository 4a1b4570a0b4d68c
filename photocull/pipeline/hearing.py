"""What photographers marked in other programs comes into the catalogue: sidecars first, else what the file itself says.

Files that are as they were when they were last read are not read again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from photocull.catalog.database import Catalog
from photocull.catalog.outside import Standing
from photocull.catalog.query import spoken_of, standings
from photocull.catalog.records import FoundPhoto, Heard, Saying
from photocull.core.errors import SidecarError, one_line, printable, reason_of
from photocull.core.types import DecisionField, Photo
from photocull.core.work import CancelToken, Problem
from photocull.pipeline.embedded import joined
from photocull.pipeline.stamps import files_of, stamp_of
from photocull.sidecar.dialects import NONE
from photocull.sidecar.merge import Word, in_file, of_photo
from photocull.sidecar.naming import readable
from photocull.sidecar.updating import read

_CHUNK = 500
"""Photos a transaction."""


@dataclass(frozen=True, slots=True)
class Listened:
    """What lies outside of one photo, and by sidecar the very bytes that said so, or why it could not be read."""

    heard: Heard
    contents: Mapping[Path, bytes]
    faults: Mapping[Path, str]

    def is_news(self, known: Standing) -> bool:
        """Whether the files look or read otherwise than when they were heard last."""
        said = {name: saying.kept or saying.key for name, saying in self.heard.sayings.items()}
        return self.heard.stamp != known.stamp or any(known.said.get(name) != key for name, key in said.items())


def hear(
    catalog: Catalog, places: Sequence[tuple[int, FoundPhoto]], token: CancelToken, told: Callable[[Problem], None]
) -> None:
    """Take in the marks outside of these photos, and tell what is to be told of their sidecars, new or known.

    Raises:
        CancelledError: the token said so. CatalogError: nothing can be read or written.
    """
    speaking = _speaking(catalog, places)
    for start in range(0, len(speaking), _CHUNK):
        chunk = dict(speaking[start : start + _CHUNK])
        with catalog.outside:
            standing = _hear(catalog, chunk, token)
        for photo_id, known in standing.items():
            for sentence in (*known.notes, *known.disputes.values()):
                told(Problem(chunk[photo_id].photo.path, sentence))


def _hear(catalog: Catalog, chunk: Mapping[int, FoundPhoto], token: CancelToken) -> dict[int, Standing]:
    """Take in what changed outside; how these photos stand then."""
    standing = standings(catalog, list(chunk))
    heard = []
    for photo_id, known in standing.items():
        token.check()
        photo = chunk[photo_id].photo
        stamp = stamp_of(photo, known, token)
        if stamp is not None and stamp != known.stamp:
            heard.append(listen(photo_id, photo, known, stamp, token).heard)
    if heard:
        catalog.writer.hear(heard).result()
        standing |= standings(catalog, [one.photo_id for one in heard])
    return standing


def _speaking(catalog: Catalog, places: Sequence[tuple[int, FoundPhoto]]) -> list[tuple[int, FoundPhoto]]:
    """The photos that have sidecars, had them, or bear marks themselves: of most photos nothing has to be asked."""
    known = spoken_of(catalog, [photo_id for photo_id, found in places if not readable(found.photo)])
    return [(photo_id, found) for photo_id, found in places if photo_id in known or readable(found.photo)]


def listen(
    photo_id: int, photo: Photo, known: Standing, stamp: str | None = None, token: CancelToken | None = None
) -> Listened:
    """Read a photo's sidecars; one that cannot be read becomes a note.

    Args:
        stamp: of the files; looked for if not given.
    """
    if stamp is None:
        stamp = stamp_of(photo, known, token) or known.stamp
    contents: dict[Path, bytes] = {}
    said: list[tuple[str, Mapping[DecisionField, Word]]] = []
    faults: dict[Path, str] = {}
    for path in readable(photo):
        try:
            found = read(path, token=token)
            words = None if found is None else in_file(found[1])
        except (SidecarError, ValueError) as error:  # anybody can write into it, and one file's fault is its own
            faults[path] = one_line(f"{printable(path.name)}: {reason_of(error)}")
            continue
        if found is not None and words is not None:
            contents[path] = found[0]
            said.append((printable(path.name), words))
    others = _of_others(stamp, known)
    of_this = _sayings([(name, words) for name, words in said if name not in others])
    of_those = _sayings([(name, words) for name, words in said if name in others])
    sayings = {name: replace(saying, echo=True) for name, saying in of_those.items()} | joined(known, of_this)
    heard = Heard(photo_id, stamp, sayings, tuple(faults.values()), known.as_of)
    return Listened(heard, contents, faults)


def _of_others(stamp: str, known: Standing) -> set[str]:
    """Sidecars that lie as they lay for the photo that this one was put in the place of: they tell of that one."""
    before = [files_of(former) for former in known.former]
    return {name for name, state in files_of(stamp).items() if any(files.get(name) == state for files in before)}


def _sayings(said: Sequence[tuple[str, Mapping[DecisionField, Word]]]) -> dict[DecisionField, Saying]:
    return {
        field: Saying(
            value=None if word.value in (None, NONE) else word.value,
            who="policy" if word.ours else "sidecar",
            key=word.key,
            place=next(name for name, words in said if field in words),
            weak=word.weak,
            sentence=word.sentence,
            recorded=word.unchanged,
        )
        for field, word in of_photo(said).items()
    }
