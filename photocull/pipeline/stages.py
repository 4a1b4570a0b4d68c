"""A photo's way as plain functions: identify, decode, score. Each takes a frozen value and returns one.

What goes wrong with one photo becomes an `Unread` value; what ends the run (`ModelError`, `CatalogError`) is raised.
"""

import errno
import logging
import math
import os
from collections.abc import Sequence
from dataclasses import dataclass

from photocull.catalog.records import Failed, FoundPhoto, Scored
from photocull.core.errors import PhotocullError, UnreadablePhotoError, reason_of
from photocull.core.types import DecodedPhoto, Judgement, Photo, Scorer
from photocull.photo.decode import decode as decode_photo
from photocull.photo.fingerprint import fingerprint
from photocull.photo.previews import PreviewStore
from photocull.pipeline.queue import Request

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Identified:
    """A scanned photo with its content identity, which is empty where ``fault`` tells why it cannot be known."""

    found: FoundPhoto
    fault: str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Readable:
    """One photo decoded, waiting for the network."""

    request: Request
    decoded: DecodedPhoto


@dataclass(frozen=True, slots=True)
class Unread:
    """One photo that got no judgement.

    Attributes:
        sentence: why, one line.
        lasting: the content itself is at fault, so that trying again is of no use until the file changes.
    """

    request: Request
    sentence: str
    lasting: bool

    def failed(self) -> Failed:
        """What the catalogue keeps of it."""
        return Failed(self.request.photo_id, self.request.found.fingerprint, self.sentence)


def identify(photo: Photo) -> Identified | None:
    """Content identity of a scanned file; None where the file is gone by now."""
    try:
        return Identified(FoundPhoto(photo, fingerprint(photo.path)))
    except (OSError, UnreadablePhotoError) as error:
        if not os.path.lexists(photo.path):
            return None
        return Identified(FoundPhoto(photo, ""), reason_of(error))


def decode(request: Request, previews: PreviewStore) -> Readable | Unread:
    """Open one file once; keep its preview; never raises for a fault of the file."""
    try:
        decoded = decode_photo(request.found.photo, fingerprint=request.found.fingerprint)
    except (MemoryError, OSError, UnreadablePhotoError) as error:
        return _unread(request, reason_of(error), lasting=not _passing(error))
    except Exception as error:
        log.exception("a decoder failed on %r", request.found.photo.path)
        return _unread(request, f"The decoder failed: {reason_of(error)}", lasting=True)
    if not _same_file(request.found.photo):
        return _unread(request, "", lasting=False)
    previews.put(request.found.fingerprint, decoded.preview)
    return Readable(request, decoded)


def score(scorer: Scorer, batch: Sequence[Readable]) -> list[Scored | Unread]:
    """Judge decoded photos, in order; one that breaks the arithmetic does not take its neighbours along.

    Raises:
        ModelError: the network itself fails.
    """
    try:
        judgements = scorer.score([readable.decoded for readable in batch])
    except PhotocullError:
        raise
    except Exception as error:
        if len(batch) > 1:
            return [result for readable in batch for result in score(scorer, [readable])]
        log.exception("scoring failed on %r", batch[0].request.found.photo.path)
        return [Unread(batch[0].request, f"The photo could not be judged: {reason_of(error)}", lasting=False)]
    return [_scored(readable, judgement) for readable, judgement in zip(batch, judgements, strict=True)]


def _scored(readable: Readable, judgement: Judgement) -> Scored | Unread:
    decoded, request = readable.decoded, readable.request
    scores = (judgement.aesthetic, judgement.colour, judgement.technical, judgement.overall)
    if not all(map(math.isfinite, scores)):
        return Unread(request, "The model gave no number for this photo.", lasting=False)
    return Scored(
        request.photo_id,
        request.found.fingerprint,
        decoded.width,
        decoded.height,
        decoded.exif,
        judgement,
        decoded.notes,
    )


def _unread(request: Request, sentence: str, *, lasting: bool) -> Unread:
    if not _same_file(request.found.photo):
        return Unread(request, "The file changed or vanished while it was read.", lasting=False)
    return Unread(request, sentence, lasting=lasting and _same_content(request.found))


def _same_file(photo: Photo) -> bool:
    try:
        now = photo.path.stat()
    except OSError:
        return False
    return (now.st_size, now.st_mtime_ns) == (photo.size, photo.mtime_ns)


def _same_content(found: FoundPhoto) -> bool:
    try:
        return fingerprint(found.photo.path) == found.fingerprint
    except (OSError, UnreadablePhotoError):
        return False


def _passing(error: BaseException) -> bool:
    """Whether the machine is at fault (memory, disk, network) rather than the content, whose reader says no number."""
    cause = error.__cause__ if isinstance(error, UnreadablePhotoError) else error
    if isinstance(cause, OSError):
        return cause.errno not in (None, errno.EINVAL)  # a damaged TIFF leads to places before the file's beginning
    return isinstance(cause, MemoryError)
