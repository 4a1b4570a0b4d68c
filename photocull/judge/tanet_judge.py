"""TANet's word on photos: the score, the themes, and maps of where both come from. Needs torch; imported on demand."""

from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind
from photocull.judge.evidence import change_map, evidence_map, scene_weights, strongest_theme
from photocull.judge.networks.places import theme_confidences
from photocull.judge.networks.prototypes import PROTOTYPES
from photocull.judge.networks.tanet import Branches, TANet, Trace
from photocull.judge.networks.tanet_parts import WIDTH, cell_similarity
from photocull.judge.reading import Reading
from photocull.judge.similarity import CELLS, heaviest_cell, map_of

_VOTES: Final = 10
_SIDE: Final = 7
"""Cells along each side of the last maps."""
_RULING: Final = 0.05
"""Share of the relation from which a theme's rule is worth keeping."""


class TANetJudge:
    """Reads photos with one TANet.

    Args:
        name: the model's, before each of its facts. network: in evaluation mode.
    """

    def __init__(self, name: str, network: TANet) -> None:
        self._name, self._network = name, network
        weight = network.colour.linear.weight.detach().cpu().numpy()
        self._colour_weight = weight.reshape(len(weight), CELLS * CELLS, CELLS * CELLS)

    def read(self, batch: Tensor) -> list[Reading]:
        """One reading of each photo of (B, 3, 224, 224), from one run."""
        with torch.inference_mode():
            trace = self._network.trace(batch)
            return [self._reading(batch[k], trace, k) for k in range(len(batch))]

    def _reading(self, photo: Tensor, trace: Trace, k: int) -> Reading:
        answer = trace.answer[k].cpu().numpy().astype(np.float64)
        logits = trace.branches.logits[k].cpu().numpy()
        themes = theme_confidences(logits)
        similarity = self._similarity(photo, trace, k)
        changes = self._scores_without(photo, trace, k) - _score(answer)
        maps: dict[OverlayKind, Grid] = {"aesthetic": change_map(changes), "similarity": similarity}
        theme = strongest_theme(themes)
        if theme is not None:
            maps["theme"] = evidence_map(self._activation(trace, scene_weights(logits, theme), k))
        facts = {**_raw(answer), **_rules(trace.relations[k].cpu().numpy(), len(answer))}
        named = {f"{self._name}.{fact}": value for fact, value in facts.items()}
        return Reading({"aesthetic": _score(answer)}, named, maps, themes)

    def _activation(self, trace: Trace, weights: NDArray[np.float32], k: int) -> NDArray[np.float32]:
        """Class activation of the scenes with these weights (365,), (7, 7)."""
        maps = trace.theme_maps[k : k + 1]
        activation = self._network.scene_evidence(maps, torch.from_numpy(weights).to(maps.device))
        return np.asarray(activation[0].cpu().numpy())

    def _scores_without(self, photo: Tensor, trace: Trace, k: int) -> NDArray[np.float64]:
        """(7, 7) the score, 0..10, if each place in turn were like the rest of the picture: by all three branches.

        Only what stands above the last maps is computed again, which is exact where a gradient is not: the relations
        to the themes' rules and the head's rectifiers bend within such a change.
        """
        network, places = self._network, _places().to(photo.device)
        logits = network.scenes(_rest(trace.theme_maps[k], places))
        pooled = functional.adaptive_avg_pool1d(network.relations(logits).unsqueeze(1), WIDTH).squeeze(1)
        mask = functional.interpolate(places.unsqueeze(1), size=(CELLS, CELLS), mode="bilinear")
        cells = torch.lerp(trace.cells[k : k + 1], photo.mean((1, 2)).view(1, 3, 1, 1), mask)
        aesthetics = network.aesthetics.from_maps(_rest(trace.aesthetic_maps[k], places))
        answer = network.answer(Branches(aesthetics, pooled, network.colour(cell_similarity(cells)), logits))
        scores = [_score(one) for one in answer.cpu().numpy().astype(np.float64)]
        return np.array(scores).reshape(_SIDE, _SIDE)

    def _similarity(self, photo: Tensor, trace: Trace, k: int) -> Grid:
        colours = trace.cells[k].flatten(1).T.cpu().numpy()
        mean = photo.mean((1, 2)).cpu().numpy()
        cell = heaviest_cell(colours, mean, self._colour_weight, trace.branches.colour[k].cpu().numpy())
        return map_of(trace.similarity[k].cpu().numpy(), cell)


def _places() -> Tensor:
    """(49, 7, 7) what is taken away around each cell of the last maps: all of it, half of its neighbours."""
    beside = torch.full((_SIDE - 1,), 0.5)
    line = torch.eye(_SIDE) + beside.diag(1) + beside.diag(-1)
    return torch.einsum("ij,kl->ikjl", line, line).reshape(-1, _SIDE, _SIDE)


def _rest(maps: Tensor, places: Tensor) -> Tensor:
    """(49, C, 1, 1) the mean of maps (C, 7, 7) over what is left without each place."""
    gone = places.flatten(1)
    left = maps.sum((1, 2)) - gone @ maps.flatten(1).T
    return (left / (gone.shape[1] - gone.sum(1, keepdim=True)))[..., None, None]


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
