"""TANet's word on photos: the score, the themes, and maps of where both come from. Needs torch; imported on demand."""

from typing import Final

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind
from photocull.judge.evidence import change_map, evidence_map, scene_weights, strongest_theme
from photocull.judge.networks.places import theme_confidences
from photocull.judge.networks.prototypes import PROTOTYPES
from photocull.judge.networks.tanet import TANet
from photocull.judge.networks.tanet_engine import open_engine
from photocull.judge.networks.tanet_fixed import PLACES
from photocull.judge.networks.tanet_runtime import TANetOutput
from photocull.judge.reading import Reading
from photocull.judge.similarity import CELLS, heaviest_cell, map_of

Floats = NDArray[np.float32]

_VOTES: Final = 10
_RULING: Final = 0.05
"""Share of the relation from which a theme's rule is worth keeping."""


class TANetJudge:
    """Reads photos with one TANet.

    Args:
        name: the model's, before each of its facts. network: in evaluation mode, and not changed from now on.
        threads: processor threads of one photo; 0 lets the engine choose.

    Raises:
        ModelError: the network and the program's graph of it do not fit.
    """

    def __init__(self, name: str, network: TANet, *, threads: int = 0) -> None:
        self._name, self._engine = name, open_engine(network, threads=threads)
        self._scene_weight = network.theme.fc.weight.detach().cpu().numpy()
        weight = network.colour.linear.weight.detach().cpu().numpy()
        self._colour_weight = weight.reshape(len(weight), CELLS * CELLS, CELLS * CELLS)

    def read(self, batch: Tensor) -> list[Reading]:
        """One reading of each photo of (B, 3, 224, 224), from one run."""
        return [self._reading(seen) for seen in self._engine.read(batch)]

    def _reading(self, seen: TANetOutput) -> Reading:
        answer = seen.answer.astype(np.float64)
        themes = theme_confidences(seen.logits)
        maps: dict[OverlayKind, Grid] = {"aesthetic": _change(seen, answer), "similarity": self._similarity(seen)}
        theme = strongest_theme(themes)
        if theme is not None:
            weights = scene_weights(seen.logits, theme) @ self._scene_weight
            maps["theme"] = evidence_map(scene_evidence(seen.theme_maps, weights))
        facts = {**_raw(answer), **_rules(seen.relations, len(answer))}
        named = {f"{self._name}.{fact}": value for fact, value in facts.items()}
        return Reading({"aesthetic": _score(answer)}, named, maps, themes)

    def _similarity(self, seen: TANetOutput) -> Grid:
        colours = seen.cells.reshape(len(seen.mean), -1).T
        cell = heaviest_cell(colours, seen.mean, self._colour_weight, seen.colour)
        return map_of(seen.similarity, cell)


def scene_evidence(theme_maps: Floats, weights: Floats) -> Floats:
    """(7, 7): what each place adds to a weighted sum of logits, without the layer's bias.

    Class activation (Zhou et al., CVPR 2016), exact here: its mean over the places is that sum.

    Args:
        theme_maps: (512, 7, 7), see `TANetOutput`. weights: (512,) of the logits times the rows of `TANet.theme.fc`.
    """
    return np.asarray(np.tensordot(weights, theme_maps, 1))


def _change(seen: TANetOutput, answer: NDArray[np.float64]) -> Grid:
    """Where the score comes from: what it would change by without each place."""
    scores = [_score(one) for one in seen.without.astype(np.float64)]
    return change_map(np.array(scores).reshape(PLACES, PLACES) - _score(answer))


def _score(answer: NDArray[np.float64]) -> float:
    """0..10: the sigmoid's share of it, or the mean of the votes 1..10."""
    if len(answer) == 1:
        return 10 * float(answer[0])
    return float(answer @ np.arange(1, _VOTES + 1))


def _raw(answer: NDArray[np.float64]) -> dict[str, float]:
    if len(answer) == 1:
        return {"score": float(answer[0])}
    mean = _score(answer)
    votes = {f"votes_{vote}": float(share) for vote, share in enumerate(answer, 1)}
    spread = float(np.sqrt(answer @ (np.arange(1, _VOTES + 1) - mean) ** 2))
    return {"mean": mean, "spread": spread, **votes}


def _rules(relations: NDArray[np.float32], votes: int) -> dict[str, float]:
    """By which themes' rules the photo is judged, and how much; AVA's relations are no shares and say nothing so."""
    if votes > 1:
        return {}
    shares: dict[str, float] = {}
    for (theme, _), share in zip(PROTOTYPES, relations, strict=True):
        shares[theme] = shares.get(theme, 0.0) + float(share)
    return {f"rule_{theme}": share for theme, share in shares.items() if share >= _RULING}
