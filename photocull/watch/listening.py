"""How each watched folder is heard of: by the system's events where it has them, else by looking again and again."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

from photocull.core.errors import printable
from photocull.core.work import CancelToken
from photocull.photo.drives import silent_drive
from photocull.watch.events import Events, FullError
from photocull.watch.polling import PAUSE, Polling
from photocull.watch.settling import Settling


class Listening:
    """Listens to folders until it is closed; whoever begins to listen asks for one look at the whole folder.

    Args:
        settling: is told what was touched. say: hears a line for people. poll: use no events. pause: seconds between
            two looks where there are no events. rest: between two renewals.
    """

    def __init__(
        self,
        settling: Settling,
        say: Callable[[str], None],
        *,
        poll: bool = False,
        pause: float = PAUSE,
        rest: float = 3.0,
    ) -> None:
        self._settling = settling
        self._say = say
        self._poll = poll
        self._pause = pause
        self._rest = rest
        self._renewed = float("-inf")
        self._heard: dict[Path, Events | Polling] = {}
        self._lost: set[Path] = set()
        self._full: set[Path] = set()
        self._stale: set[Path] = set()
        self._lock = threading.Lock()

    def way(self, root: Path) -> str:
        """ "events" or "polling"; empty where nothing is heard."""
        heard = self._heard.get(root)
        return "" if heard is None else "events" if isinstance(heard, Events) else "polling"

    def begin(self, root: Path, token: CancelToken) -> None:
        """Listen to a folder, anew if it is listened to.

        Raises:
            CancelledError: the token said so.
        """
        self.end(root)
        if self._poll or silent_drive(root) is not None:
            self._heard[root] = Polling(root, self._settling, pause=self._pause)
            return
        try:
            self._heard[root] = self._events(root, token)
        except FullError:
            self._instead(root)
        except OSError:
            return  # it went; whoever looks after the drives will see
        else:
            self._settling.folder(root)

    def check(self, token: CancelToken) -> None:
        """Begin anew where events were lost, and where what is listened to is not what lies there any more.

        Raises:
            CancelledError: the token said so.
        """
        with self._lock:
            lost, self._lost = self._lost, set()
            rested = time.monotonic() - self._renewed >= self._rest
            stale = self._stale if rested else set()
            self._stale = self._stale - stale
        dead = {root for root, heard in self._heard.items() if isinstance(heard, Events) and not heard.alive}
        for root in (lost | dead) & self._heard.keys():
            self.begin(root, token)
        for root in stale - lost - dead:
            self._renew(root, token)

    @property
    def busy(self) -> bool:
        """Whether something is to be listened to anew."""
        with self._lock:
            return bool(self._lost or self._stale)

    def _renew(self, root: Path, token: CancelToken) -> None:
        """Begin anew before the old ends, so that nothing is missed between."""
        old = self._heard.get(root)
        if not isinstance(old, Events):
            return
        self._renewed = time.monotonic()
        try:
            fresh = self._events(root, token)
        except (FullError, OSError):  # for a moment each folder is listened to twice, which may be too much
            self.begin(root, token)
        else:
            old.close()
            self._heard[root] = fresh

    def grown(self, root: Path) -> None:
        """Folders came to this one: see whether they are heard of too."""
        heard = self._heard.get(root)
        if not isinstance(heard, Events):
            return
        try:
            heard.check()
        except FullError:
            self._instead(root)
        except OSError:
            self._on_lost(root)

    def end(self, root: Path) -> None:
        """Listen no more to a folder."""
        heard = self._heard.pop(root, None)
        if heard is not None:
            heard.close()

    def close(self) -> None:
        """Listen no more."""
        for root in list(self._heard):
            self.end(root)

    def _instead(self, root: Path) -> None:
        if root not in self._full:  # events are tried again once an hour, and it is full then as well
            self._full.add(root)
            self._say(
                f"{printable(root)}: the system watches no more folders (fs.inotify.max_user_watches, or too many "
                "programs that watch); it is looked at again and again instead."
            )
        self.end(root)
        self._heard[root] = Polling(root, self._settling, pause=self._pause)

    def _events(self, root: Path, token: CancelToken) -> Events:
        return Events(root, self._settling, lambda: self._on_lost(root), lambda: self._on_stale(root), token)

    def _on_stale(self, root: Path) -> None:
        with self._lock:
            self._stale.add(root)
        self._settling.wake()

    def _on_lost(self, root: Path) -> None:
        with self._lock:
            self._lost.add(root)
        self._settling.wake()
