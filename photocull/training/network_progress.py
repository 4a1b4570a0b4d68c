"""Where a training run stands, how its epochs ended, and who hears of it; written with every checkpoint."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from photocull.core.work import Listener


@dataclass(frozen=True, slots=True)
class EpochResult:
    """How an epoch ended.

    Attributes:
        epoch: from 1; 0 is the network before training. loss: mean over the training photos; None for epoch 0.
        srcc, lcc, mse, accuracy, emd: of the watched column on the validation photos; nan where they cannot be had.
        finished: seconds since 1970.
    """

    epoch: int
    loss: float | None
    srcc: float
    lcc: float
    mse: float
    accuracy: float
    emd: float | None
    finished: float


@dataclass(slots=True)
class Progress:
    """Where a run stands; written with every checkpoint.

    Attributes:
        history: the epochs that ended, the untrained network first. batch: finished ones of the epoch under way.
        loss: sum over the ``photos`` of those. best: the best epoch so far.
        scaler: state of the gradients' scale. threads: processor threads that the sums are shared among.
    """

    threads: int
    history: list[EpochResult] = field(default_factory=list)
    batch: int = 0
    loss: float = 0.0
    photos: int = 0
    best: int | None = None
    scaler: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, table: Mapping[str, Any]) -> "Progress":
        """From what `asdict` made of one."""
        return cls(**{**table, "history": [EpochResult(**entry) for entry in table["history"]]})

    def result(self, epoch: int) -> EpochResult:
        """How this epoch ended."""
        return self.history[epoch]


@dataclass(frozen=True, slots=True)
class Reporting:
    """Who hears of a run.

    Attributes:
        listener: progress and problems. epoch: every epoch's end; what it raises ends the run, which is saved.
        doing: what is being done, for the progress line. say: a line that stays.
    """

    listener: Listener
    epoch: Callable[[EpochResult, Progress], None]
    doing: Callable[[str], None]
    say: Callable[[str], None]


def rank(result: EpochResult) -> float:
    """What decides between epochs: the SRCC; without one, anything with one is better."""
    return -math.inf if math.isnan(result.srcc) else result.srcc
