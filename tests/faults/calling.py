"""The program called as a process of its own, as root or as somebody who may do little; what it answered."""

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.faults.work import command_said
from tests.killing import Victim

NOBODY = 65534


@dataclass(frozen=True, slots=True)
class Answer:
    """How a call ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What it said of faults."""
        return self.err.splitlines()


def call(*arguments: object, user: int | None = None, home: Path | None = None) -> Answer:
    """Call the program.

    Args:
        user: whose rights it has; this process's if None. home: its PHOTOCULL_HOME, if not the test's own.
    """
    environment = {} if home is None else {"PHOTOCULL_HOME": str(home)}
    return Answer(*Victim(command_said, user, *map(str, arguments), environment=environment).first())


def somebody_else() -> int | None:
    """A user whom permissions bind: nobody where the tests are root's, otherwise whoever runs them."""
    if os.name == "nt":
        pytest.skip("permissions are of another kind there")
    return NOBODY if os.geteuid() == 0 else None
