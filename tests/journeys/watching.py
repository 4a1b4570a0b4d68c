"""The command `watch` as a process of its own, its lines as they come, and signals at any moment."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.program import command, environment

FAST = ("--model", "builtin-1-fast", "--jobs", "1")


class WatchProcess:
    """A running watch; `lines` grows while it speaks."""

    def __init__(self, *arguments: object, **extra: str) -> None:
        self.lines: list[str] = []
        self.process = subprocess.Popen(
            command("watch", *arguments), env=environment(extra), stderr=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.lines.append(line.rstrip("\n"))

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def says(self, words: str, seconds: float = 120.0) -> None:
        """Wait for a line with these words."""
        self.until(lambda: words in self.text, words, seconds)

    def until(self, condition: Callable[[], object], what: str = "", seconds: float = 120.0) -> None:
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, f"it never came true: {what}\n{self.text}"
            assert self.process.poll() is None, f"it ended with {self.process.returncode}:\n{self.text}"
            time.sleep(0.05)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal; the exit code."""
        self.process.send_signal(number)
        code = self.process.wait(timeout=120)
        self._reader.join(10)
        if self.process.stderr is not None:
            self.process.stderr.close()
        return code

    def kill(self) -> None:
        self.end(signal.SIGKILL)

    @property
    def memory(self) -> int:
        """Resident bytes; Linux."""
        pages = Path(f"/proc/{self.process.pid}/statm").read_text("ascii").split()[1]
        return int(pages) * os.sysconf("SC_PAGE_SIZE")

    @property
    def descriptors(self) -> int:
        """Open files; Linux."""
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))  # noqa: PTH208


@contextmanager
def watching(*arguments: object, **extra: str) -> Iterator[WatchProcess]:
    """A watch that is over when the block is."""
    program = WatchProcess(*arguments, **extra)
    try:
        yield program
    finally:
        if program.process.poll() is None:
            program.kill()
