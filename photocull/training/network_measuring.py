"""How well a network in training follows people's opinions of photos that it does not learn from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from photocull.core.work import CancelToken
from photocull.training.measures import Agreement, agreement, mean_vote
from photocull.training.network_batches import Lesson, Reader
from photocull.training.network_device import Place


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a network says of n photos, and what people say: both (n, outputs), 0 to 1."""

    given: NDArray[np.float64]
    wanted: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """The photos that a network is measured on, and how.

    Attributes:
        lessons: photos with what people say of them, in the order of the network's outputs.
        columns: the outputs' names. watched: the one that decides which epoch is best.
        votes: the ends of the scale of the mean vote, where the outputs are the shares of the votes 1, 2, 3...
    """

    lessons: Sequence[Lesson]
    columns: tuple[str, ...]
    watched: str
    votes: tuple[float, float] | None

    def agreement(self, answers: Answers, column: str, *, rounds: int) -> Agreement:
        """The figures of one column; of the mean vote where outputs are votes. ``rounds``: redraws for intervals."""
        given, wanted = answers.given, answers.wanted
        if self.votes is not None:
            low, high = self.votes
            means = mean_vote(given), mean_vote(wanted)
            return agreement(*means, low=low, high=high, votes_given=given, votes_wanted=wanted, rounds=rounds)
        place = self.columns.index(column)
        return agreement(given[:, place], wanted[:, place], low=0, high=1, rounds=rounds)


def answer_all(
    network: nn.Module,
    reader: Reader,
    lessons: Sequence[Lesson],
    place: Place,
    token: CancelToken,
    seen: Callable[[int], None],
) -> Answers:
    """The network's answers in evaluation mode; ``seen`` hears how many photos went through.

    Raises:
        CancelledError: stopped.
    """
    network.eval()
    given, wanted = [], []
    with torch.inference_mode():
        for portion in reader.measuring(lessons):
            token.check()
            with place.arithmetic():
                answers = network(torch.from_numpy(portion.inputs).to(place.device))
            given.append(answers.float().cpu().numpy().astype(np.float64))
            wanted.append(portion.wanted.astype(np.float64))
            seen(len(portion.inputs))
    return Answers(np.concatenate(given), np.concatenate(wanted))
