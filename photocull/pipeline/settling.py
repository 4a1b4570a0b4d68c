"""Files that changed while they were read: waited for until they stay as they are, or noted as still being written."""

import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Final

from photocull.core.types import Photo
from photocull.core.work import CancelToken, Problem
from photocull.photo.looking import Seen, look, reason
from photocull.pipeline.stages import AT_REST, STILL_WRITTEN, VANISHED

LONGEST: Final = 5.0
_STEP: Final = 0.1


def settled(changed: Iterable[Photo], token: CancelToken, told: Callable[[Problem], None]) -> list[Photo]:
    """Those of the changed photos that have come to rest, as they are now; the others are told as problems.

    Raises:
        CancelledError: the token said so.
    """
    waiting = {photo.path: (photo, time.monotonic()) for photo in changed}
    rested: list[Photo] = []
    end = time.monotonic() + LONGEST
    while waiting and time.monotonic() < end:
        token.check()
        time.sleep(_STEP)
        for path, (before, since) in list(waiting.items()):
            now = _now(before, token, told)
            if now is None:
                del waiting[path]
            elif now != before:
                waiting[path] = (now, time.monotonic())
            elif time.monotonic() - since >= AT_REST:
                rested.append(now)
                del waiting[path]
    for path in waiting:
        told(Problem(path, STILL_WRITTEN))
    return rested


def _now(before: Photo, token: CancelToken, told: Callable[[Problem], None]) -> Photo | None:
    try:
        seen = look(before.path, token=token)
    except TimeoutError as error:
        told(Problem(before.path, f"The file could not be read: {reason(error)}."))
        return None
    except OSError:
        seen = Seen(before.path.name, "unknown")
    if seen.what != "file":
        told(Problem(before.path, VANISHED))
        return None
    return replace(before, size=seen.size, mtime_ns=seen.mtime_ns)
