"""Which files are read in a helper process instead of this one, and what becomes of a file that a helper dies of.

Two kinds: formats whose decoders are large, written in C and seldom fed with bad files by others; and everything on a
drive that may fall silent, since a thread that waits for it can never be ended. See docs/decisions/0020.
"""

import errno
import os
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from photocull.core.errors import UnreadablePhotoError
from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.photo.formats import RAW_SUFFIXES, Kind, sniff, suffix_of
from photocull.photo.keeper import (
    HelperDiedError,
    Helpers,
    HelperSilentError,
    Patience,
    died_of_its_limit,
    was_ended_from_outside,
)
from photocull.photo.source import HEAD_BYTES, open_regular
from photocull.photo.wire import Message

GUARDED: Final[frozenset[Kind]] = frozenset({"raw", "heif", "avif", "jpeg2000", "jxl", "tiff"})
"""Formats that are decoded in a helper."""
_SUFFIXES: Final = (
    RAW_SUFFIXES
    | frozenset((".heic", ".heif", ".hif", ".heics", ".heifs", ".hifs", ".avif", ".avifs"))
    | frozenset((".jp2", ".j2c", ".j2k", ".jpc", ".jpf", ".jpx", ".jxl", ".tif", ".tiff"))
)
"""Where a look inside is not needed."""
GAVE_UP: Final = "The decoder gave up on this file; it is damaged."
TOOK_TOO_LONG: Final = "The decoder took far too long; the file is damaged, or made to do so."
WAS_ENDED: Final = "The system ended the decoder, most likely for want of memory."
NO_HELPER: Final = "The system could not start a process to read this file in."
SILENT_VARIABLE: Final = "PHOTOCULL_DRIVE_SECONDS"
"""Environment: seconds after which a drive that says nothing is given up."""
_SILENT_SECONDS: Final = 30.0
_DECODING_SECONDS: Final = 60.0
_DECODING_SECONDS_A_MEGABYTE: Final = 60.0
_MOST_SECONDS: Final = 900.0
"""By the clock, which counts a busy machine's other work too; a helper's own limit counts its processor time alone."""
_STALLS: Final = 3
_REST: Final = 60.0

helpers: Final = Helpers()
"""One set for the process: helpers are interchangeable, and none is started before it is needed."""


@dataclass(slots=True)
class _Silence:
    """How often in a row a drive was silent, and when last."""

    count: int = 0
    last: float = 0.0


@dataclass(slots=True)
class Drives:
    """Remembers which drives are silent, so that a thousand files on one are not waited for one by one."""

    clock: Callable[[], float] = time.monotonic
    _silences: dict[Path, _Silence] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def resting(self, drive: Path) -> bool:
        """Whether a drive was silent so often that it is left alone for a while."""
        with self._lock:
            silence = self._silences.get(drive, _Silence())
            return silence.count >= _STALLS and self.clock() - silence.last < _REST

    def silent(self, drive: Path) -> None:
        """It did not answer."""
        with self._lock:
            silence = self._silences.setdefault(drive, _Silence())
            silence.count, silence.last = silence.count + 1, self.clock()

    def answered(self, drive: Path) -> None:
        """It did."""
        with self._lock:
            self._silences.pop(drive, None)


drives: Final = Drives()


def guarded(path: Path) -> bool:
    """Whether this file is to be read in a helper, by its drive, its name or its first bytes."""
    if suffix_of(path.name) in _SUFFIXES or silent_drive(path) is not None:
        return True
    try:
        with open_regular(path) as file:
            return sniff(file.read(HEAD_BYTES), path.suffix) in GUARDED
    except (OSError, UnreadablePhotoError):
        return False  # it will be told where it is read


def ask(errand: str, path: Path, *, token: CancelToken | None = None, **details: Any) -> Message:
    """Let a helper do an errand (see `errands`) with a file or folder.

    A helper that dies of a file after it had read others may have been hurt by one of those: a fresh one is asked too.

    Raises:
        UnreadablePhotoError: as the helper says, or because there is no hope. Its cause is an `OSError` or a
            `MemoryError` where the machine, not the file's content, is at fault.
        OSError: as the errand. CancelledError: the token said so.
    """
    drive = silent_drive(path)
    if drive is not None and drives.resting(drive):
        raise _silent(path) from _timed_out()
    order = {"errand": errand, "path": str(path), "slow": drive is not None, **details}
    try:
        answer = _answer(order, _patience(path, drive), token)
    except HelperSilentError as error:
        if drive is None or not error.reading:
            raise UnreadablePhotoError(TOOK_TOO_LONG, path=path) from None
        drives.silent(drive)
        raise _silent(path) from _timed_out()
    except HelperDiedError as error:
        if was_ended_from_outside(error.code):
            raise UnreadablePhotoError(WAS_ENDED, path=path) from MemoryError()
        raise UnreadablePhotoError(TOOK_TOO_LONG if died_of_its_limit(error.code) else GAVE_UP, path=path) from None
    except OSError as error:
        raise UnreadablePhotoError(NO_HELPER, path=path) from error
    if drive is not None:
        drives.answered(drive)
    _raise_what_it_says(path, answer)
    return answer


def _answer(order: dict[str, Any], patience: Patience, token: CancelToken | None) -> Message:
    try:
        return helpers.ask(order, patience, token)
    except HelperDiedError as error:
        if error.fresh or died_of_its_limit(error.code):
            raise
    return helpers.ask(order, patience, token, fresh=True)


def _patience(path: Path, drive: Path | None) -> Patience:
    if drive is not None:  # its size may be as silent as its content
        return Patience(silent_seconds(), _MOST_SECONDS)
    try:
        megabytes = path.stat().st_size / (1 << 20)
    except OSError:
        megabytes = 0.0
    seconds = min(_DECODING_SECONDS + _DECODING_SECONDS_A_MEGABYTE * megabytes, _MOST_SECONDS)
    return Patience(seconds, seconds)


def silent_seconds() -> float:
    """How long a drive may say nothing; `SILENT_VARIABLE` where it is a number above 0."""
    try:
        wanted = float(os.environ.get(SILENT_VARIABLE, ""))
    except ValueError:
        return _SILENT_SECONDS
    return wanted if 0 < wanted < float("inf") else _SILENT_SECONDS


def _silent(path: Path) -> UnreadablePhotoError:
    return UnreadablePhotoError(f"The drive did not answer within {silent_seconds():g} seconds.", path=path)


def _timed_out() -> OSError:
    return OSError(errno.ETIMEDOUT, "The drive did not answer")


def _raise_what_it_says(path: Path, answer: Message) -> None:
    words = answer.words
    if "fault" in words:
        raise OSError(words["fault"], words["why"], str(path))
    if "unreadable" not in words:
        return
    cause: Exception | None = MemoryError() if words["memory"] else None
    if words["errno"] is not None:
        cause = OSError(words["errno"], os.strerror(words["errno"]))
    raise UnreadablePhotoError(words["unreadable"], path=path) from cause
