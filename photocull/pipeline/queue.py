"""What is still to be judged, in the order a person wants it: what is on the screen first, then the newest files."""

import threading
from collections import OrderedDict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from photocull.catalog.records import FoundPhoto

Place = tuple[int, FoundPhoto]
"""A photo's catalogue id and its file."""


@dataclass(frozen=True, slots=True)
class Request:
    """One content to decode and judge.

    Attributes:
        places: every photo that shows this content; the first one is opened.
    """

    places: tuple[Place, ...]

    @property
    def photo_id(self) -> int:
        """Catalogue id of the photo that is opened."""
        return self.places[0][0]

    @property
    def found(self) -> FoundPhoto:
        """The file that is opened."""
        return self.places[0][1]

    def elsewhere(self) -> "Request | None":
        """The same content, to be read from the next of its places; None where there is no other."""
        return Request(self.places[1:]) if len(self.places) > 1 else None


def requests(missing: Iterable[Place]) -> list[Request]:
    """One request a content, newest first."""
    by_content: dict[str, list[Place]] = {}
    for place in sorted(missing, key=lambda p: (-p[1].photo.mtime_ns, p[1].photo.path)):
        by_content.setdefault(place[1].fingerprint, []).append(place)
    return [Request(tuple(places)) for places in by_content.values()]


class Waiting:
    """The requests that no worker has taken yet; every method may be called from any thread.

    Args:
        requests: what is missing, in the order in which it is to be taken.
        preferred: ids that come first, most wanted first; unknown ids are passed over.
    """

    def __init__(self, requests: Iterable[Request] = (), preferred: Sequence[int] = ()) -> None:
        self._rest = OrderedDict((request.found.fingerprint, request) for request in requests)
        self._content = {i: content for content, request in self._rest.items() for i, _ in request.places}
        self._preferred = deque(preferred)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        """How many requests wait."""
        return len(self._rest)

    def prefer(self, ids: Sequence[int]) -> None:
        """Let these come first from now on; what was preferred before falls back among the rest."""
        with self._lock:
            self._preferred = deque(ids)

    def add(self, request: Request) -> None:
        """Let one more wait, last."""
        with self._lock:
            self._rest[request.found.fingerprint] = request

    def take(self) -> Request | None:
        """The request that comes next, taken out; None when nothing waits."""
        with self._lock:
            while self._preferred:
                wanted = self._rest.pop(self._content.get(self._preferred.popleft(), ""), None)
                if wanted is not None:
                    return wanted
            return self._rest.popitem(last=False)[1] if self._rest else None
