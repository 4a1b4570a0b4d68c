"""How each watched folder is heard of: by the system's events where it has them, else by looking again and again."""

import threading
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
            two looks where there are no events.
    """

    def __init__(
        self, settling: Settling, say: Callable[[str], None], *, poll: bool = False, pause: float = PAUSE
    ) -> None:
        self._settling = settling
        self._say = say
        self._poll = poll
        self._pause = pause
        self._heard: dict[Path, Events | Polling] = {}
        self._lost: set[Path] = set()
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
            self._heard[root] = Events(root, self._settling, lambda: self._on_lost(root), token)
        except FullError:
            self._instead(root)
        except OSError:
            return  # it went; whoever looks after the drives will see
        else:
            self._settling.folder(root)

    def check(self, token: CancelToken) -> None:
        """Begin anew where events were lost; where the system watches no further folder, look instead.

        Raises:
            CancelledError: the token said so.
        """
        with self._lock:
            lost, self._lost = self._lost, set()
        for root in lost & self._heard.keys():
            self.begin(root, token)

    def renew(self, root: Path) -> None:
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
        self._say(
            f"{printable(root)}: the system watches no more folders (fs.inotify.max_user_watches, or too many programs "
            "that watch); it is looked at again and again instead."
        )
        self.end(root)
        self._heard[root] = Polling(root, self._settling, pause=self._pause)

    def _on_lost(self, root: Path) -> None:
        with self._lock:
            self._lost.add(root)
        self._settling.wake()
