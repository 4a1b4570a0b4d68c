"""A photo's way as plain functions: identify, decode, score. Each takes a frozen value and returns one.

What goes wrong with one photo becomes an `Unread` value; what ends the run (`ModelError`, `CatalogError`) is raised.
"""

import logging
import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from photocull.catalog.records import Failed, FoundPhoto, Scored
from photocull.core.errors import CancelledError, PhotocullError, UnreadablePhotoError, reason_of
from photocull.core.types import DecodedPhoto, Judgement, Photo, Scorer
from photocull.core.work import CancelToken
from photocull.photo.decode import decode as decode_photo
from photocull.photo.fingerprint import fingerprint
from photocull.photo.looking import is_present, look
from photocull.photo.previews import PreviewStore
from photocull.photo.source import CUT_OFF, is_passing
from photocull.pipeline.queue import Request

log = logging.getLogger(__name__)

VANISHED: Final = "The file vanished while it was read."
STILL_WRITTEN: Final = "The file is still being written; it will be looked at again."
AT_REST: Final = 1.0
"""Seconds for which a file must not change to count as whole: copying programs write oftener."""


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
        changed: the file is another one by now, and is worth another look.
    """

    request: Request
    sentence: str
    lasting: bool
    changed: bool = False

    def failed(self) -> Failed:
        """What the catalogue keeps of it."""
        return Failed(self.request.photo_id, self.request.found.fingerprint, self.sentence)


def identify(photo: Photo, token: CancelToken | None = None) -> Identified | None:
    """Content identity of a scanned file; None where the file is gone by now.

    Raises:
        CancelledError: the token said so while a drive did not answer.
    """
    try:
        return Identified(FoundPhoto(photo, fingerprint(photo.path, token=token)))
    except (OSError, UnreadablePhotoError) as error:
        if not _silent(error) and not is_present(photo.path):
            return None
        return Identified(FoundPhoto(photo, ""), reason_of(error))


def decode(request: Request, previews: PreviewStore, token: CancelToken | None = None) -> Readable | Unread:
    """Open one file once; keep its preview; never raises for a fault of the file.

    Raises:
        CancelledError: the token said so while a drive did not answer, or a decoder worked for long.
    """
    photo = request.found.photo
    try:
        decoded = decode_photo(photo, fingerprint=request.found.fingerprint, token=token)
    except CancelledError:
        raise
    except (MemoryError, OSError, UnreadablePhotoError) as error:
        return _unread(request, error)
    except Exception as error:
        log.exception("a decoder failed on %r", photo.path)
        sentence = f"The decoder failed: {reason_of(error)}"
        return _changed(request) or Unread(request, sentence, lasting=_same_content(request.found))
    if (changed := _changed(request, whole=CUT_OFF not in decoded.notes)) is not None:
        return changed
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


def _unread(request: Request, error: MemoryError | OSError | UnreadablePhotoError) -> Unread:
    if _silent(error):
        return Unread(request, reason_of(error), lasting=False)
    lasting = not is_passing(error) and _same_content(request.found)
    return _changed(request) or Unread(request, reason_of(error), lasting=lasting)


def _changed(request: Request, *, whole: bool = False) -> Unread | None:
    """What is to be said if the file is no longer the one that was found: what was read of it belongs to no content.

    One that is not ``whole`` and was written a moment ago will be another one soon.
    """
    photo = request.found.photo
    try:
        now = look(photo.path)
    except TimeoutError as error:
        return Unread(request, reason_of(error), lasting=False)
    except OSError:
        return Unread(request, VANISHED, lasting=False)
    if now.what == "unknown":
        return Unread(request, VANISHED, lasting=False)
    same = (now.what, now.size, now.mtime_ns) == ("file", photo.size, photo.mtime_ns)
    if same and (whole or not 0 <= time.time() - photo.mtime_ns / 1e9 < AT_REST):
        return None
    return Unread(request, STILL_WRITTEN, lasting=False, changed=True)


def _silent(error: Exception) -> bool:
    """Whether a drive did not answer; then nothing more is asked of it."""
    return isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)


def _same_content(found: FoundPhoto) -> bool:
    try:
        return fingerprint(found.photo.path) == found.fingerprint
    except (OSError, UnreadablePhotoError):
        return False
