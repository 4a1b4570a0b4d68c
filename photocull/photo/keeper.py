"""Helper processes: started when one is needed, kept for the next file, ended when one hangs, and never left behind.

A helper is asked over a socket. It ends by itself when it has had nothing to do for a while, and the system ends it
when this process is gone, however that went (see `helper`).
"""

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from photocull.core.errors import CancelledError
from photocull.core.work import CancelToken
from photocull.photo.wire import Message, Words, receive, send

_BEGIN: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from photocull.photo.helper import main; main(*sys.argv[2:])"
)
_SLICE: Final = 0.25
"""Seconds after which one who waits looks whether that is still wanted."""
_START: Final = 60.0
"""Seconds for a start on a machine that is busy with other things."""
_CLEARING: Final = 10.0
_LAST_WORDS: Final = 1.0
"""Seconds that a helper which was ended gets to be gone; one that hangs in the system itself is gone when that is."""


class HelperDiedError(Exception):
    """The helper ended before it answered.

    Args:
        code: as `subprocess.Popen.returncode`, None where it is not known. fresh: it had never answered before.
    """

    def __init__(self, code: int | None, *, fresh: bool) -> None:
        super().__init__(f"ended with {code}")
        self.code = code
        self.fresh = fresh


class HelperSilentError(Exception):
    """The helper said nothing for too long, and was ended.

    Args:
        reading: it was still at the file, as far as it had told. seconds: how long it was silent.
    """

    def __init__(self, *, reading: bool, seconds: float) -> None:
        super().__init__(f"silent for {seconds:.0f} s")
        self.reading = reading
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds without a word after which a helper is given up: while it reads the file, and while it decodes it."""

    reading: float
    decoding: float


class Helper:
    """One process, asked one thing after another; ``fresh`` until it has answered.

    Raises:
        OSError: the system starts no process.
    """

    def __init__(self) -> None:
        self._work, theirs = socket.socketpair()
        self._tray = _tray()
        try:
            self._process, self._life = _started(theirs, self._tray)
        except BaseException:
            self._let_go()
            raise
        finally:
            theirs.close()
        self.fresh = True

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    def alive(self) -> bool:
        """Whether it can be asked, as far as the system knows."""
        return self._process.poll() is None

    def ask(self, words: Words, patience: Patience, token: CancelToken | None) -> Message:
        """What it answers.

        Raises:
            HelperDiedError, HelperSilentError: it will answer nothing any more.
            CancelledError: the token said so while it worked.
        """
        try:
            self._work.settimeout(patience.reading)
            send(self._work, words)
            answer = self._answer(patience, token, beats=bool(words["slow"]))
        except (OSError, ValueError):
            answer = None
        if answer is None:
            raise HelperDiedError(self._code(), fresh=self.fresh)
        self.fresh = False
        return answer

    def _answer(self, patience: Patience, token: CancelToken | None, *, beats: bool) -> Message | None:
        """What it says at last; ``beats``: it tells when it begins to read, and how that goes on."""
        reading = True
        longest = max(_START, patience.reading) if beats else patience.reading
        while True:
            self._wait(longest, token, reading=reading)
            self._work.settimeout(patience.decoding)
            message = receive(self._work, tray=self._tray)
            if message is None or "beat" not in message.words:
                return message
            reading = message.words["beat"] == "reading"
            longest = patience.reading if reading else patience.decoding

    def _wait(self, longest: float, token: CancelToken | None, *, reading: bool) -> None:
        self._work.settimeout(_SLICE)
        end = time.monotonic() + longest
        while True:
            try:
                self._work.recv(1, socket.MSG_PEEK)
                return
            except TimeoutError:
                if token is not None and token.cancelled:
                    raise CancelledError("Stopped; what was scored is kept.") from None
                if time.monotonic() > end:
                    raise HelperSilentError(reading=reading, seconds=longest) from None

    def dismiss(self) -> None:
        """End one that is not at work, or that the program has no time for any more."""
        self._life()
        self._let_go()
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(_LAST_WORDS)

    def _code(self) -> int | None:
        """Why it ended, once it has closed its side: the system may take a while to clear its memory away."""
        with suppress(subprocess.TimeoutExpired):
            return self._process.wait(_CLEARING)
        return None

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        self.dismiss()

    def _let_go(self) -> None:
        self._work.close()
        if self._tray is not None:
            os.close(self._tray)
            self._tray = None


def _tray() -> int | None:
    """A file in memory for pictures, without a name; None where the system has none that two processes can share so."""
    if not hasattr(os, "preadv"):
        return None
    if hasattr(os, "memfd_create"):
        return os.memfd_create("photocull")
    with tempfile.TemporaryFile() as file:
        return os.dup(file.fileno())


def _started(theirs: socket.socket, tray: int | None) -> tuple[subprocess.Popen[bytes], Callable[[], None]]:
    """The process, and what closes its line of life: an open socket as its standard input, which ends with ours."""
    path, nowhere = json.dumps(sys.path), subprocess.DEVNULL
    if sys.platform == "win32":
        flags = subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP
        command = [sys.executable, "-c", _BEGIN, path, "shared", ""]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=nowhere, stderr=nowhere, creationflags=flags)
        assert process.stdin is not None
        shared = theirs.share(process.pid)
        process.stdin.write(len(shared).to_bytes(4, "little") + shared)
        process.stdin.flush()
        return process, process.stdin.close
    ours, life = socket.socketpair()
    try:
        given = [theirs.fileno(), *([] if tray is None else [tray])]
        command = [sys.executable, "-c", _BEGIN, path, str(theirs.fileno()), "" if tray is None else str(tray)]
        # A group of its own: Ctrl-C in the terminal is this process's affair.
        process = subprocess.Popen(
            command, stdin=life.fileno(), stdout=nowhere, stderr=nowhere, pass_fds=given, process_group=0
        )
    except BaseException:
        ours.close()
        raise
    finally:
        life.close()
    return process, ours.close


class Helpers:
    """The helpers of this process: as many as threads ask at once, started one by one when none is free."""

    def __init__(self) -> None:
        self._idle: list[Helper] = []
        self._stuck: list[Helper] = []
        self._owner = os.getpid()
        self._started = False
        self._lock = threading.Lock()

    def ask(
        self, words: Words, patience: Patience, token: CancelToken | None = None, *, fresh: bool = False
    ) -> Message:
        """Ask a free helper, or a ``fresh`` one, as `Helper.ask`; one that failed is ended.

        One that runs out of memory after it had read other files is replaced by one that has all of its room.

        Raises:
            OSError: none is free, and the system starts no process.
        """
        helper = Helper() if fresh else self._taken()
        fresh = helper.fresh
        try:
            answer = helper.ask(words, patience, token)
        except BaseException:
            helper.end()
            self._forget(helper)
            raise
        if not answer.words.get("memory"):
            with self._lock:
                self._idle.append(helper)
            return answer
        helper.dismiss()
        return answer if fresh else self.ask(words, patience, token, fresh=True)

    def _taken(self) -> Helper:
        with self._lock:
            if self._owner != os.getpid():  # after a fork the helpers are the other process's
                self._owner, self._idle = os.getpid(), []
            while self._idle:
                helper = self._idle.pop()
                if helper.alive():
                    return helper
                helper.dismiss()
            if not self._started:
                self._started = True
                atexit.register(self.close)
        return Helper()

    def _forget(self, helper: Helper) -> None:
        """What the system still holds is looked after until it is gone, so that it leaves no zombie."""
        with self._lock:
            self._stuck = [one for one in (*self._stuck, helper) if one.alive()]

    def close(self) -> None:
        """End all that are free; others may be started again."""
        with self._lock:
            idle, self._idle = self._idle, []
        for helper in idle:
            helper.dismiss()


def died_of_its_limit(code: int | None) -> bool:
    """Whether a helper's exit code says that it used more processor time than it was allowed."""
    return sys.platform != "win32" and code == -signal.SIGXCPU


def was_ended_from_outside(code: int | None) -> bool:
    """Whether its exit code says that somebody else ended it: the system does so when memory runs out."""
    return sys.platform != "win32" and code == -signal.SIGKILL
