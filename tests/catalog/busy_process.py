"""A process that scores and rates without end and says on stdout what is confirmed; tests kill it at any moment.

Usage: python -m tests.catalog.busy_process CATALOGUE FIRST [ROUNDS]
"""

import itertools
import sys
from pathlib import Path

from photocull.catalog.database import open_catalog
from photocull.core.types import Decision
from tests.catalog.building import found, judgement, scored


def main(location: str, first: int, rounds: int | None) -> None:
    """Rounds of five photos each: registered, scored without waiting, rated and waited for."""
    with open_catalog(location) as catalog:
        for n in itertools.count(first) if rounds is None else range(first, first + rounds):
            paths = [Path(f"/shoot/{n}-{i}.jpg") for i in range(5)]
            ids = catalog.writer.register([found(path, str(path)) for path in paths]).result()
            catalog.writer.store([scored(i, str(p), judgement(n % 10)) for i, p in zip(ids, paths, strict=True)])
            catalog.writer.decide([Decision(i, "rating", 1 + n % 5) for i in ids], initiator="test").result()
            sys.stdout.write(f"{ids[0]} {1 + n % 5}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]) if len(sys.argv) > 3 else None)
