"""A process that does one thing to a catalogue and then waits to be killed, or is killed at it by a test.

Usage: python -m tests.catalog.killed_process undo|open|backup CATALOGUE [TARGET]
"""

import itertools
import sys
import time
from pathlib import Path

from photocull.catalog.database import open_catalog


def main(task: str, location: str, *target: str) -> None:
    """Says "ready" before it can be killed in the midst of it, and "done" after each time."""
    _say("ready")
    if task == "open":
        with open_catalog(location):
            _say("done")
    with open_catalog(location) as catalog:
        if task == "undo":
            catalog.writer.undo("test").result()
            _say("done")
            time.sleep(60)
        for _ in itertools.count() if task == "backup" else ():
            catalog.backup(Path(*target))
            _say("done")


def _say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
