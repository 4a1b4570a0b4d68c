"""The Delegate Transformer's word on photos, with maps of what it drew on. Needs torch; imported on demand."""

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from photocull.core.types import Grid
from photocull.core.vocabulary import OverlayKind
from photocull.judge.evidence import Layer, gate_map, point_map, weigh, weight_map
from photocull.judge.networks.deformable import Points
from photocull.judge.networks.delegate import DelegateTransformer, Trace
from photocull.judge.reading import MAP_OF, Reading, ScoreName


class DelegateJudge:
    """Reads photos with one Delegate Transformer.

    Args:
        name: the model's, before each of its facts. network: in evaluation mode.
        scores: what its outputs are, in order.
    """

    def __init__(self, name: str, network: DelegateTransformer, scores: Sequence[ScoreName]) -> None:
        self._name, self._network, self._scores = name, network, tuple(scores)
        self._weights = [head.get_parameter("weight").detach()[0] for head in network.heads]

    def read(self, batch: Tensor) -> list[Reading]:
        """One reading of each photo of (B, 3, 224, 224), from one run."""
        with torch.inference_mode():
            trace = self._network.trace(batch)
            departures = self._departures(trace).cpu().numpy()
        return [self._reading(trace, departures[k], k) for k in range(len(batch))]

    def _departures(self, trace: Trace) -> Tensor:
        """(B, outputs, h, w): how far each cell's own histogram departs from the picture's, in the bins that count.

        The networks' heads are linear in the bins, so a departure times the head's weight is what it can move.
        """
        cells = self._network.histogram(trace.maps.flatten(0, 2)).unflatten(0, trace.maps.shape[:3])
        departure = cells - cells.mean((1, 2), keepdim=True)
        return torch.stack([(departure * weight).square().sum(3) for weight in self._weights], dim=1)

    def _reading(self, trace: Trace, departures: NDArray[np.float32], k: int) -> Reading:
        answer = trace.answer[k].cpu().numpy().astype(np.float64)
        layers = [_layer(points, k) for points in trace.points]
        facts = {f"{self._name}.{score}": float(value) for score, value in zip(self._scores, answer, strict=True)}
        gates = [layer.gate for layer in layers if layer.gate is not None]
        if gates:
            facts[f"{self._name}.gates_open"] = float(np.mean([gate.mean() for gate in gates]))
        scores = {score: 10 * float(value) for score, value in zip(self._scores, answer, strict=True)}
        return Reading(scores, facts, self._maps(layers, departures))

    def _maps(self, layers: list[Layer], departures: NDArray[np.float32]) -> dict[OverlayKind, Grid]:
        weights = [weigh(departure, layers) for departure in departures]
        maps = {MAP_OF[score]: weight_map(w) for score, w in zip(self._scores, weights, strict=True) if score in MAP_OF}
        maps["points"] = point_map(layers, departures[-1])  # the last output is the colour score, where there is one
        if any(layer.gate is not None for layer in layers):
            maps["gates"] = gate_map(layers, weights[-1])
        return maps


def _layer(points: Points, k: int) -> Layer:
    gate = None if points.gate is None else points.gate[k, 0].cpu().numpy()
    return Layer(points.positions[k].cpu().numpy(), points.attention[k].cpu().numpy(), gate)
