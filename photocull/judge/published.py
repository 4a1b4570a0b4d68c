"""The published networks as a scorer: their scores, themes and maps, and the built-in model's for all they do not say.

Stands beside `scorer`; torch comes in with the networks themselves, which the checkpoint store hands over.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError, one_line
from photocull.core.types import DecodedPhoto, Grid, Judgement, Reason, Scorer, Theme
from photocull.core.vocabulary import COLOUR_THEMES, OverlayKind
from photocull.judge.naming import Part, asked, joined
from photocull.judge.networks.runtime import torch_device
from photocull.judge.networks.squares import square_input
from photocull.judge.reading import GIVES, MAP_OF, Gives, Reading, ScoreName, gives, narrowed, overlay_kinds
from photocull.judge.reasons import Scores, reasons
from photocull.judge.scorer import OVERALL
from photocull.judge.themes import best_first

if TYPE_CHECKING:
    from torch import Tensor, nn

ARITHMETIC: Final = 2
"""Raised with every change of code that changes what a published network says of a photo, maps included."""
_CHUNK: Final = 8
"""Photos that a graphics card takes at once; always as many, so that its arithmetic is always the same."""


@dataclass(frozen=True, slots=True, eq=False)
class NetworkModel:
    """A published network, read and verified.

    Attributes:
        name: as in ``--model``. identity: hash of its weights. architecture: one of `reading.GIVES`.
        network: the module, in evaluation mode. scores: those that are asked of it; all that it gives if empty.
    """

    name: str
    identity: str
    architecture: str
    network: "nn.Module"
    scores: tuple[str, ...] = ()


class Judge(Protocol):
    """One network that reads photos."""

    def read(self, batch: "Tensor") -> list[Reading]:
        """One reading of each photo of (B, 3, 224, 224), from one run of the network."""


class PublishedScorer:
    """Implements `core.types.Scorer`; safe to call from several threads.

    Each score comes from the first network that gives it; what none gives, from the built-in model. A network of which
    only some scores are asked adds nothing else: no other score, none of the maps that explain it, no themes unless its
    aesthetic score is asked.

    Args:
        base: the built-in scorer. networks: at least one, the most trusted first.
        device: "auto", "cpu", "cuda" or "mps".
        threads: processor threads of ONNX Runtime, where it runs a network; 0 lets it choose.

    Raises:
        ModelError: a network's architecture is unknown, it does not give a score that is asked of it, or the device
            cannot be used or has no room for it.
    """

    def __init__(
        self, base: Scorer, networks: Sequence[NetworkModel], *, device: str = "auto", threads: int = 0
    ) -> None:
        parts = [_part(model) for model in networks]
        named = list(zip(networks, parts, strict=True))
        wanted = [gives(model.architecture, part.scores) for model, part in named]
        identities = [str(Part(model.identity, part.scores)) for model, part in named]
        self.name = joined(parts)
        self.fingerprint = published_fingerprint(base.fingerprint, identities)
        self.device = torch_device(device)
        self._base = base
        self._kinds = overlay_kinds(wanted)
        self._judges = [
            _Asked(m.name, _open(m, self.device, threads), w) for m, w in zip(networks, wanted, strict=True)
        ]

    def score(self, batch: list[DecodedPhoto]) -> list[Judgement]:
        """See `core.types.Scorer.score`; on a processor photo by photo, on a card in chunks of one size."""
        judged = self._base.score(batch)
        inputs = [square_input(decoded.preview) for decoded in batch]
        size = 1 if self.device == "cpu" else _CHUNK
        readings = [reading for k in range(0, len(inputs), size) for reading in self._read(inputs[k : k + size], size)]
        return [self._joined(base, said) for base, said in zip(judged, readings, strict=True)]

    def _read(self, inputs: list[NDArray[np.float32]], size: int) -> list[tuple[Reading, ...]]:
        """What each network says of each of at most ``size`` photos."""
        import torch

        filled = inputs + [inputs[-1]] * (size - len(inputs))
        try:
            batch = torch.tensor(np.stack(filled), device=self.device)
            said = [judge.read(batch) for judge in self._judges]
        except torch.OutOfMemoryError as error:
            raise _no_room(self.device) from error
        except RuntimeError as error:
            raise ModelError(f"The network failed: {one_line(str(error), 160)}") from error
        return list(zip(*said, strict=True))[: len(inputs)]

    def _joined(self, base: Judgement, said: Sequence[Reading]) -> Judgement:
        scores = _scores(base, said)
        themes = _themes(base, said)
        facts = {**base.facts, **{name: value for reading in reversed(said) for name, value in reading.facts.items()}}
        why = reasons(scores, base.facts, base.flags, base.scheme, themes)
        maps = {kind: grid for kind, grid in _maps(base, said).items() if kind in self._kinds}
        return replace(
            base,
            model=self.name,
            model_fingerprint=self.fingerprint,
            aesthetic=scores.aesthetic,
            colour=scores.colour,
            technical=scores.technical,
            overall=scores.overall,
            themes=themes,
            reasons=tuple(_with_its_map(reason, maps) for reason in why),
            facts=facts,
            attention=maps,
        )


def published_fingerprint(base: str, identities: Sequence[str]) -> str:
    """Identity of a scorer: the built-in one beneath it, by its own, and those of its networks, in order.

    Args:
        identities: the hash of each network's weights, with the scores asked of it as in its name: ``ab12:colour``.
    """
    return hashlib.sha256(":".join(["published", base, *identities, str(ARITHMETIC)]).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class _Asked:
    """A network that says only what it is asked."""

    name: str
    judge: Judge
    wanted: Gives

    def read(self, batch: "Tensor") -> list[Reading]:
        return [narrowed(reading, self.wanted, self.name) for reading in self.judge.read(batch)]


def _part(model: NetworkModel) -> Part:
    """Raises: ModelError."""
    if model.architecture not in GIVES:
        known = ", ".join(GIVES)
        raise ModelError(f"'{model.name}' is no network that judges photos.", remedy=f"These do: {known}.")
    return asked(Part(model.name, model.scores), GIVES[model.architecture].scores)


def _open(model: NetworkModel, device: str, threads: int) -> Judge:
    """Raises: ModelError."""
    import torch

    from photocull.judge.delegate_judge import DelegateJudge
    from photocull.judge.networks.delegate import DelegateTransformer
    from photocull.judge.networks.packing import pack
    from photocull.judge.networks.tanet import TANet
    from photocull.judge.tanet_judge import TANetJudge

    try:
        network = model.network.to(device).eval().requires_grad_(False)
    except torch.OutOfMemoryError as error:
        raise _no_room(device) from error
    scores = GIVES[model.architecture].scores
    if isinstance(network, TANet):
        return TANetJudge(model.name, network, threads=threads)
    if isinstance(network, DelegateTransformer) and len(network.heads) == len(scores):
        if device == "cpu":
            pack(network)
        return DelegateJudge(model.name, network, scores)
    raise ModelError(f"'{model.name}' is not the network that its card names.", remedy="Import its file again.")


def _no_room(device: str) -> ModelError:
    remedy = "Close other programs that use it, or use --device cpu."
    return ModelError(f"The device '{device}' has too little free memory for this network.", remedy=remedy)


def _scores(base: Judgement, said: Sequence[Reading]) -> Scores:
    first: dict[ScoreName, float] = {"aesthetic": base.aesthetic, "colour": base.colour, "technical": base.technical}
    for reading in reversed(said):
        first.update(reading.scores)
    parts = first["aesthetic"], first["colour"], first["technical"]
    overall = sum(share * part for share, part in zip(OVERALL, parts, strict=True))
    return Scores(*parts, overall)


def _themes(base: Judgement, said: Sequence[Reading]) -> tuple[Theme, ...]:
    """Scenes from the first network that knows any; colours from pixels, whoever judges."""
    for reading in said:
        if reading.themes is not None:
            colours = {theme.name: theme.confidence for theme in base.themes if theme.name in COLOUR_THEMES}
            return best_first({**reading.themes, **colours})
    return base.themes


def _maps(base: Judgement, said: Sequence[Reading]) -> dict[OverlayKind, Grid]:
    """Each from the first network that has it; a map of a score or of themes never from another than gave them."""
    maps = dict(base.attention)
    for reading in reversed(said):
        given = {MAP_OF[score] for score in reading.scores if score in MAP_OF}
        if reading.themes is not None:
            given.add("theme")
        if "colour" in reading.scores:
            given.add("points")
        maps = {kind: grid for kind, grid in maps.items() if kind not in given}
        maps.update({kind: grid for kind, grid in reading.maps.items() if kind in given or kind not in _BOUND})
    return maps


_BOUND: Final = frozenset({*MAP_OF.values(), "theme", "points"})


def _with_its_map(reason: Reason, maps: dict[OverlayKind, Grid]) -> Reason:
    """A reason names a map only where there is one."""
    return reason if reason.overlay in maps or reason.overlay == "clipping" else replace(reason, overlay=None)
