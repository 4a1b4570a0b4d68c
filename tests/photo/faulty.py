"""A helper process whose decoder fails as C code does, on files that are named so: it dies, hangs, or eats memory."""

import ctypes
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np

from photocull.photo import errands, helper
from photocull.photo.wire import Message, Words

BEGIN: Final = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); from tests.photo.faulty import main; main(*sys.argv[2:])"
)
"""What a helper is started with in place of `keeper._BEGIN`."""


def main(line: str, tray: str) -> None:
    """Serve as any helper, with faults, and with less patience."""
    helper.SPARE_SECONDS = 4
    assert isinstance(errands.ERRANDS, dict)
    errands.ERRANDS["decode"] = _faulty(errands.ERRANDS["decode"])
    helper.main(line, tray)


def _faulty(real: Callable[[Path, Words], Message]) -> Callable[[Path, Words], Message]:
    def decode(path: Path, order: Words) -> Message:
        name = path.name
        if "dies" in name or ("hurt" in name and _hurt):
            ctypes.string_at(0)
        if "hurts" in name:
            _hurt.append(name)
        if "spins" in name:
            while True:
                sum(range(1000))
        if "sleeps" in name:
            time.sleep(600)
        if "eats" in name:
            np.ones(1 << 30, np.uint8)
        if "shot" in name:
            os.kill(os.getpid(), 9)
        return real(path, order)

    return decode


_hurt: Final[list[str]] = []
"""Files that broke something which the next one named "hurt" will die of."""
