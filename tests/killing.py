"""Processes that tests kill with SIGKILL at a random moment: forked from one that has loaded the program already.

A victim is ready within milliseconds, so fifty kills cost seconds. What it tells through its pipe before it dies is
what a person was told: a screen that said "saved", a line that said "done".
"""

import multiprocessing
import os
import random
import time
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

Tell = Callable[[Any], None]
Work = Callable[..., None]
"""Top-level function of a module; called with `Tell` first."""
_LOADED = (
    "tests.killing", "tests.faults.work", "photocull.cli.main", "photocull.cli.photos", "photocull.cli.export",
    "photocull.cli.trash", "photocull.cli.upkeep", "photocull.ui.app", "alembic.command", "tests.pixel_scorer",
)  # fmt: skip
_PATIENCE = 300
"""Seconds; a window opens in two, on a machine that has much else to do in twenty."""


class Victim:
    """One process at work.

    Args:
        work: what it does; its ``arguments`` travel to it. environment: what it has besides this process's.
    """

    def __init__(self, work: Work, *arguments: Any, environment: Mapping[str, str] | None = None) -> None:
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(list(_LOADED))
        self._ear, mouth = context.Pipe(duplex=False)
        variables = {**os.environ, **(environment or {})}
        self._process: BaseProcess = context.Process(target=_live, args=(mouth, variables, work, arguments))
        self._process.start()
        mouth.close()

    def first(self) -> Any:
        """Wait for what it tells next."""
        assert self._ear.poll(_PATIENCE), "it says nothing"
        return self._ear.recv()

    def has_told(self, seconds: float) -> bool:
        """Whether it tells something within this time."""
        return self._ear.poll(seconds)

    def kill_after(self, seconds: float) -> bool:
        """SIGKILL after this time; whether it was still at work."""
        self._process.join(seconds)
        at_work = self._process.is_alive()
        self._process.kill()
        return at_work and self.ended() < 0

    def signal(self, number: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def ended(self) -> int:
        """Wait for its end; the exit code, negative for a signal."""
        self._process.join()
        code = self._process.exitcode
        assert code is not None
        return code

    def told(self) -> list[Any]:
        """Everything that it told and `first` did not take, once it is dead."""
        said = []
        try:
            while True:
                said.append(self._ear.recv())
        except (EOFError, OSError):
            return said
        finally:
            self._ear.close()


def _live(mouth: Connection, variables: dict[str, str], work: Work, arguments: tuple[Any, ...]) -> None:
    os.environ.clear()
    os.environ.update(variables)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)
    work(mouth.send, *arguments)


def seconds_of(work: Callable[[], None]) -> float:
    """How long this takes here and now, for kills to fall into it."""
    before = time.monotonic()
    work()
    return time.monotonic() - before


def moments(seed: int, until: float) -> Iterator[float]:
    """Random moments between 0 and ``until`` seconds, the same for a seed."""
    chance = random.Random(seed)
    while True:
        yield chance.uniform(0, until)
