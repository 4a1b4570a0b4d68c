"""A catalogue that refuses for a while, as with a full disk or a server that is begun anew, is waited over."""

import time
from collections.abc import Callable
from typing import Final

from photocull.core.errors import CatalogDamagedError, PhotocullError

TRIES: Final = 20
"""So often in a row it is tried again after the shortest pause; who does not wait for ever gives up then."""
_LONGEST: Final = 6
"""The longest pause, in shortest ones."""
_FORGIVEN: Final = 600.0
"""Seconds after which a refusal counts as the first one again."""
_AGAIN: Final = 3600.0
"""Seconds between two lines about refusals that go on."""


class Patience:
    """Counts refusals and tells how long to wait.

    Args:
        say: hears a line for people, at the first refusal and once an hour. pause: the shortest one, in seconds.
        for_ever: never give up but for a damaged catalogue, which only a person can mend.
    """

    def __init__(
        self,
        say: Callable[[str], None],
        pause: float,
        *,
        for_ever: bool = True,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._say = say
        self._pause = pause
        self._clock = clock
        self._count, self._last, self._said = 0, float("-inf"), float("-inf")
        self.for_ever = for_ever

    def after(self, error: PhotocullError) -> float:
        """Seconds until it is worth trying again.

        Raises:
            PhotocullError: the very one that was given, as nothing is to be hoped for.
        """
        now = self._clock()
        self._count = 1 if now - self._last > _FORGIVEN else self._count + 1
        self._last = now
        if isinstance(error, CatalogDamagedError) or (self._count > TRIES and not self.for_ever):
            raise error
        if self._count == 1 or now - self._said >= _AGAIN:
            self._said = now
            own_way = (error.remedy or "").startswith("Try again")  # that is just what is done
            self._say(f"{error.brief if own_way else error} It is tried again.")
        return self._pause * min(_LONGEST, max(1, self._count - TRIES + 1))
