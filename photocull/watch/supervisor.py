"""What systemd is told of a service: that it is ready, that it lives, that it ends (sd_notify(3)); else nothing."""

import os
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import suppress

from photocull.core.work import CancelToken


class BeatingToken(CancelToken):
    """A token that tells of every question put to it: who asks whether to stop is at work and does not hang.

    Args:
        alive: called by each `check`, from any thread.
    """

    def __init__(self, alive: Callable[[], None]) -> None:
        super().__init__()
        self._alive = alive

    def check(self) -> None:
        """See `CancelToken.check`."""
        self._alive()
        super().check()


class Supervisor:
    """Speaks to whoever started the program, if there is such a one.

    Args:
        environment: where NOTIFY_SOCKET and WATCHDOG_USEC are looked for.
    """

    def __init__(self, environment: Mapping[str, str] = os.environ) -> None:
        self._address = environment.get("NOTIFY_SOCKET", "")
        patience = environment.get("WATCHDOG_USEC", "")
        self._every = int(patience) / 2e6 if patience.isdigit() else 0.0
        self._last = float("-inf")

    def ready(self) -> None:
        """The watch listens."""
        self._tell("READY=1")

    def alive(self) -> None:
        """The work goes on; may be said as often as one likes."""
        if self._every and time.monotonic() - self._last >= self._every:
            self._last = time.monotonic()
            self._tell("WATCHDOG=1")

    def status(self, text: str) -> None:
        """One line for `systemctl status`."""
        self._tell(f"STATUS={text}")

    def stopping(self) -> None:
        """The watch ends."""
        self._tell("STOPPING=1")

    def _tell(self, message: str) -> None:
        family = getattr(socket, "AF_UNIX", None)
        if not self._address or family is None:
            return
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as speaker:
            speaker.connect(address)
            speaker.send(message.encode("utf-8", "replace"))
