"""A process that rates without end, by one policy after another; tests kill it at any moment.

Usage: python -m tests.watch.busy_rater CATALOGUE
"""

import itertools
import sys
from pathlib import Path

from photocull.catalog.database import open_catalog
from photocull.catalog.query import photo_ids
from photocull.catalog.records import Filter, Sort
from photocull.core.work import CancelToken
from photocull.picks.policy import FaultRule, Policy, Rule
from photocull.watch.autorating import AutoRating
from tests.catalog.building import MODEL

FEW = Policy("few", "x", fewest=5, rules=(Rule(5, pick=True, best_percent=10),))
MANY = Policy(
    "many",
    "x",
    fewest=5,
    rules=(Rule(4, label="green", best_percent=25), Rule(2, best_percent=60)),
    faults=(FaultRule("blurred", "reject", 3.5),),
)


def main(location: str) -> None:
    """Rate all there is, few and many in turn; a word after each."""
    with open_catalog(Path(location)) as catalog:
        ids = photo_ids(catalog, Filter(), Sort("name"), MODEL)
        for policy in itertools.cycle((FEW, MANY)):
            AutoRating(catalog, MODEL, policy).rate(ids, CancelToken())
            sys.stdout.write("rated\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1])
