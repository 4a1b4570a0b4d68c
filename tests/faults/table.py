"""Every fault that tests cause, how often, and what it cost: the tests take their counts from here, and so does
docs/faults.md, which ``python -m tests.gates.written`` writes."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table.

    Attributes:
        what: the fault. how: how the test makes it. times: how often in one run of the whole suite.
        outcome: what was lost, or what is said instead. test: where, from the repository's root.
    """

    what: str
    how: str
    times: int
    outcome: str
    test: str


KILLS: Final = 50
"""SIGKILLs of each kind of work; each at a random moment at which it was at work."""
