"""What each part of a published network brings: the same weights with a part silenced, measured on the same photos.

Of TANet branches are silenced: their ten numbers are replaced by their mean over the measured photos, so that they say
the same of every photo and the head's other inputs keep their scale (zeros would rank a TAD66K network's photos just
the same and shift the scores). Of the Delegate Transformer all gates are opened. The papers' ablations are of networks
that were trained without the part; silencing it afterwards costs more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

import numpy as np

from photocull.core.errors import TrainingError
from photocull.core.types import DecodedPhoto
from photocull.core.work import CancelToken, Listener
from photocull.judge.naming import parts
from photocull.judge.networks.runtime import torch_device
from photocull.judge.networks.squares import square_input
from photocull.models.checkpoint import read_verified
from photocull.models.networks import load_network
from photocull.models.shelf import find, own_shelf
from photocull.training.answers import Answer, AnswerStore
from photocull.training.comparing import SCORES, VOTES, Comparison, ScoreName, compare
from photocull.training.judging import Judge, judge_photos
from photocull.training.measures import mean_vote
from photocull.training.objectives import Values
from photocull.training.published import figures
from photocull.training.rated import RatedPhoto, RatedSet

if TYPE_CHECKING:
    from torch import Tensor

    from photocull.judge.networks.deformable import DeformableAttention
    from photocull.judge.networks.delegate import DelegateTransformer
    from photocull.judge.networks.tanet import TANet

_BRANCHES: Final = ("aesthetics", "theme", "colour")
_WIDTH: Final = 10
_WHOLE: Final = "all three branches"
_KEPT: Final[Mapping[str, tuple[str, ...]]] = {
    "aesthetics branch alone": ("aesthetics",),
    "aesthetics and theme branches": ("aesthetics", "theme"),
    "aesthetics and colour branches": ("aesthetics", "colour"),
    _WHOLE: _BRANCHES,
}
_SILENCEABLE: Final = ("tanet-tad66k", "tanet-ava", "delegate-icaa17k")
_OUTPUTS: Final[Mapping[int, tuple[ScoreName, ...]]] = {1: ("technical",), 2: ("aesthetic", "colour")}
"""What the Delegate Transformer's outputs are, by their number."""


@dataclass(frozen=True, slots=True)
class Ablated:
    """The agreement that is left with a part silenced.

    Attributes:
        kept: what of the network was at work. comparison: without groups.
        published: SRCC of the paper's own network without that part; None where it has none.
    """

    kept: str
    comparison: Comparison
    published: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Subject:
    """The network that parts are silenced of.

    Attributes:
        network: in evaluation mode. identity: hash of its weights. device: "cpu", "cuda" or "mps".
    """

    network: "TANet | DelegateTransformer"
    identity: str
    device: str = "cpu"


def open_subject(name: str, device: str, *, shelf: Path | None = None) -> Subject:
    """The first of the models joined in ``name`` that has parts to silence.

    Raises:
        ModelError: it cannot be opened, or the device cannot be used. TrainingError: none of them has such parts.
    """
    place = own_shelf(shelf)
    for part in parts(name):
        model = find(place, part.name)
        if model is not None and model.card is not None and model.card.architecture in _SILENCEABLE:
            (weights,) = model.card.files
            chosen = torch_device(device)
            read_verified(model.folder / weights.name, weights.sha256)
            network = load_network(model.folder / weights.name)
            return Subject(cast("TANet | DelegateTransformer", network), weights.sha256, chosen)
    remedy = f"Name one of these kinds with --model: {', '.join(_SILENCEABLE)}."
    raise TrainingError(f"The model '{name}' has no parts to silence.", remedy=remedy)


def ablate(
    rated: RatedSet,
    photos: Sequence[RatedPhoto],
    subject: Subject,
    store: Path,
    *,
    jobs: int = 0,
    token: CancelToken | None = None,
    listener: Listener | None = None,
) -> tuple[Ablated, ...]:
    """Run the network once a photo (the Delegate Transformer twice) and measure it with parts silenced.

    Args:
        photos: readable ones of the set. store: the file of kept answers, shared with `evaluation`.

    Raises:
        TrainingError: this network has no part to silence, or fewer than two photos could be read.
        CancelledError, ModelError, OutputError: see `judging.judge_photos`.
    """
    from photocull.judge.networks.tanet import TANet  # torch is an extra

    network = subject.network.to(subject.device)
    if isinstance(network, TANet):
        asked, key = _branch_numbers(network, subject.device), "branches-1"
    else:
        asked, key = _gated_numbers(network, subject.device), "gates-1"
    with AnswerStore(store, f"{subject.identity}:{key}") as kept:
        judged = judge_photos([photo.path for photo in photos], asked, kept, jobs=jobs, token=token, listener=listener)
    pairs = [(photo, a.numbers) for photo, a in zip(photos, judged.answers, strict=True) if a is not None]
    if len(pairs) < 2:
        raise TrainingError("Fewer than two of the photos could be read.")
    readable, numbers = [photo for photo, _ in pairs], np.stack([values for _, values in pairs])
    if isinstance(network, TANet):
        return tuple(_of_branches(rated, readable, numbers, network))
    return tuple(_of_gates(rated, readable, numbers))


def _of_branches(rated: RatedSet, photos: Sequence[RatedPhoto], numbers: Values, network: "TANet") -> Iterator[Ablated]:
    for words, kept in _KEPT.items():
        scores = _as_scores(_answered(network, silenced(numbers, kept)))
        comparison = compare(rated, photos, scores, "aesthetic", grouped=False)[0]
        variant = "" if words == _WHOLE else words
        stated = [f.value for f in figures(rated.name, model="TANet", variant=variant) if f.measure == "SRCC"]
        yield Ablated(words, comparison, stated[0] if stated else None)


def silenced(numbers: Values, kept: Sequence[str]) -> Values:
    """(n, 30) numbers of the branches with those not kept replaced by their mean over the n photos."""
    result = numbers.copy()
    for place, branch in enumerate(_BRANCHES):
        if branch not in kept:
            columns = slice(place * _WIDTH, (place + 1) * _WIDTH)
            result[:, columns] = numbers[:, columns].mean(axis=0)
    return result


def _branch_numbers(network: "TANet", device: str) -> Judge:
    import torch

    def numbers(batch: "Tensor") -> "Tensor":
        branches = network.branches(batch)
        return torch.cat([branches.aesthetics, branches.theme, branches.colour], dim=1)

    return _asked(numbers, device)


def _answered(network: "TANet", numbers: Values) -> Values:
    """(n, votes) of the head for (n, 30) numbers."""
    import torch

    device = next(network.parameters()).device
    with torch.inference_mode():
        answer = network.head(torch.from_numpy(numbers.astype(np.float32)).to(device))
    return np.asarray(answer.cpu().numpy(), dtype=np.float64)


def _as_scores(answer: Values) -> Values:
    """(n, 4) as `compare` takes them, and the votes of a network that gives votes."""
    scores = np.zeros((len(answer), len(SCORES)))
    votes = answer if answer.shape[1] == VOTES else answer[:, :0]
    scores[:, SCORES.index("aesthetic")] = mean_vote(answer) if votes.size else 10 * answer[:, 0]
    return np.hstack([scores, votes])


def _gated_numbers(network: "DelegateTransformer", device: str) -> Judge:
    """The outputs as they are, then those with every gate open."""
    import torch

    if not any(True for _ in _gated_layers(network)):
        raise TrainingError("This network has no gates to open.", remedy="Leave --ablation out.")

    def numbers(batch: "Tensor") -> "Tensor":
        plain = network(batch)
        with _opened_gates(network):
            return torch.cat([plain, network(batch)], dim=1)

    return _asked(numbers, device)


def _of_gates(rated: RatedSet, photos: Sequence[RatedPhoto], numbers: Values) -> Iterator[Ablated]:
    names = _OUTPUTS[numbers.shape[1] // 2]
    for words, answer in zip(("gates as learnt", "all gates open"), np.hsplit(numbers, 2), strict=True):
        scores = np.zeros((len(answer), len(SCORES)))
        scores[:, [SCORES.index(name) for name in names]] = 10 * answer
        for comparison in compare(rated, photos, scores, grouped=False):
            if comparison.score in names:
                yield Ablated(words, comparison)


def _gated_layers(network: "DelegateTransformer") -> Iterator["DeformableAttention"]:
    from photocull.judge.networks.deformable import DeformableAttention

    for module in network.modules():
        if isinstance(module, DeformableAttention) and module.gate is not None:
            yield module


@contextmanager
def _opened_gates(network: "DelegateTransformer") -> Iterator[None]:
    gates = [(layer, layer.gate) for layer in _gated_layers(network)]
    for layer, _ in gates:
        layer.gate = None
    try:
        yield
    finally:
        for layer, gate in gates:
            layer.gate = gate


def _asked(numbers: Callable[["Tensor"], "Tensor"], device: str) -> Judge:
    """A judge of the networks' own squares, a photo at a time."""
    import torch

    def judge(batch: list[DecodedPhoto]) -> list[Answer]:
        with torch.inference_mode():
            squares = [torch.from_numpy(square_input(decoded.preview)).to(device)[None] for decoded in batch]
            return [Answer(numbers(square)[0].cpu().numpy().astype(np.float64)) for square in squares]

    return judge
