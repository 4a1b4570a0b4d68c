"""TANet ready to judge, two ways with the same numbers to rounding: ONNX Runtime on a processor, PyTorch on a card."""

from typing import Protocol

import torch
from torch import Tensor
from torch.nn import functional

from photocull.judge.networks.tanet import Branches, TANet, Trace
from photocull.judge.networks.tanet_fixed import fixed_tensors
from photocull.judge.networks.tanet_parts import WIDTH, cell_similarity
from photocull.judge.networks.tanet_runtime import OUTPUTS, TANetOutput, TANetRuntime


class TANetEngine(Protocol):
    """Runs one TANet over photos; none of them changes another's numbers."""

    def read(self, batch: Tensor) -> list[TANetOutput]:
        """Of each photo of (B, 3, 224, 224) on the engine's device.

        Raises:
            ModelError: ONNX Runtime failed. RuntimeError: PyTorch did.
        """


def open_engine(network: TANet, *, threads: int = 0) -> TANetEngine:
    """The fastest engine for where the network lies.

    Args:
        network: in evaluation mode; not to be changed from now on. On a processor it may go.
        threads: processor threads of one photo; 0 lets ONNX Runtime choose.

    Raises:
        ModelError: see `TANetRuntime`.
    """
    return OnnxTANet(network, threads=threads) if network.bank.device.type == "cpu" else TorchTANet(network)


class OnnxTANet:
    """On ONNX Runtime, photo by photo."""

    def __init__(self, network: TANet, *, threads: int = 0) -> None:
        tensors = {name: values.numpy() for name, values in network.state_dict().items()}
        self._runtime = TANetRuntime(tensors, network.votes, threads=threads)

    def read(self, batch: Tensor) -> list[TANetOutput]:
        """See `TANetEngine.read`."""
        return [self._runtime.run(photo) for photo in batch.numpy()]


class TorchTANet:
    """On PyTorch, the photos of a batch together."""

    def __init__(self, network: TANet) -> None:
        self._network = network
        fixed = fixed_tensors()
        self._rest, self._mask = (torch.from_numpy(fixed[name]).to(network.bank.device) for name in ("rest", "mask"))

    def read(self, batch: Tensor) -> list[TANetOutput]:
        """See `TANetEngine.read`."""
        with torch.inference_mode():
            trace, means = self._network.trace(batch), batch.mean((2, 3))
            without = torch.stack([self._without(trace, means, k) for k in range(len(batch))])
        held = {"mean": means, "without": without}
        parts = [_of(trace, name) if name not in held else held[name] for name in OUTPUTS]
        return [TANetOutput(*photo) for photo in zip(*(part.cpu().numpy() for part in parts), strict=True)]

    def _without(self, trace: Trace, means: Tensor, k: int) -> Tensor:
        """(49, votes), see `TANetOutput`."""
        network = self._network
        logits = network.scenes(self._left(trace.theme_maps[k]))
        theme = functional.adaptive_avg_pool1d(network.relations(logits).unsqueeze(1), WIDTH).squeeze(1)
        cells = torch.lerp(trace.cells[k].flatten(1), means[k].unsqueeze(1), self._mask)
        colour = network.colour(cell_similarity(cells))
        aesthetics = network.aesthetics.from_maps(self._left(trace.aesthetic_maps[k]))
        return network.answer(Branches(aesthetics, theme, colour, logits))

    def _left(self, maps: Tensor) -> Tensor:
        """(49, C, 1, 1) the mean of maps (C, 7, 7) over what is left without each place."""
        return (self._rest @ maps.flatten(1).T)[..., None, None]


def _of(trace: Trace, name: str) -> Tensor:
    values: Tensor = getattr(trace if hasattr(trace, name) else trace.branches, name)
    return values
