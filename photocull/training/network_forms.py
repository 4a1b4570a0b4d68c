"""The forms in which a published network can run on a processor, each a function from a photo's square to its answer.

For measuring alone: whatever form scores, one photo has one score. Imported on demand only: it needs torch.
"""

import copy
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photocull.judge.networks.delegate import DelegateTransformer
from photocull.judge.networks.tanet import Branches, TANet
from photocull.judge.networks.tanet_parts import GRID, WIDTH, cell_similarity

Square = NDArray[np.float32]
"""(3, 224, 224), see `judge.networks.squares`."""
Run = Callable[[Square], NDArray[np.float64]]
"""One photo's answer, (outputs,), 0 to 1."""
EAGER = "float32"
_OPSET = 17


def forms() -> Mapping[str, Callable[[nn.Module], Run]]:
    """Name and maker of each form, plain PyTorch first; a maker raises `RuntimeError` or `ImportError` if it cannot."""
    return {
        f"PyTorch, {EAGER}": _eager,
        "PyTorch, channels last": _channels_last,
        "PyTorch, weights laid out by oneDNN": _packed,
        "PyTorch, bfloat16": _bfloat16,
        "ONNX Runtime, float32": _onnx,
    }


def _eager(network: nn.Module) -> Run:
    return lambda square: _run(network, torch.from_numpy(square)[None])


def _channels_last(network: nn.Module) -> Run:
    """The network itself is left as it is: the copy's convolutions read their input colour by colour at each place."""
    moved = copy.deepcopy(network).to(memory_format=torch.channels_last)
    return lambda square: _run(moved, _by_place(square))


def _packed(network: nn.Module) -> Run:
    """As the program itself runs the Delegate Transformer on a processor."""
    from photocull.judge.networks.packing import pack

    if not isinstance(network, DelegateTransformer):
        raise ValueError("Its convolutions are laid out by oneDNN as they are.")
    laid_out = copy.deepcopy(network)
    pack(laid_out)
    return lambda square: _run(laid_out, torch.from_numpy(square)[None])


def _bfloat16(network: nn.Module) -> Run:
    """Convolutions and products in bfloat16 with weights kept so; norms, softmax and sampling stay in float32."""
    low = copy.deepcopy(network)
    for weight in low.parameters():
        if weight.ndim > 1:
            weight.data = weight.data.to(torch.bfloat16)
    low = low.to(memory_format=torch.channels_last)

    def run(square: Square) -> NDArray[np.float64]:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            return _run(low, _by_place(square))

    return run


def _by_place(square: Square) -> Tensor:
    return torch.from_numpy(square)[None].contiguous(memory_format=torch.channels_last)


def _run(network: nn.Module, batch: Tensor) -> NDArray[np.float64]:
    with torch.inference_mode():
        return np.asarray(network(batch)[0].double().numpy())


def _onnx(network: nn.Module) -> Run:
    import onnxruntime  # half a second that the other forms do without

    session = onnxruntime.InferenceSession(exported(network), providers=["CPUExecutionProvider"])
    return lambda square: np.asarray(session.run(None, {"photo": square[None]})[0][0], dtype=np.float64)


def exported(network: nn.Module) -> bytes:
    """The network for one photo as an ONNX graph with its weights.

    Raises:
        RuntimeError: this version of PyTorch cannot export it, or the package onnx is missing.
    """
    whole = _Exportable(network).eval() if isinstance(network, TANet) else network
    photo = torch.zeros(1, 3, 224, 224)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # shapes are fixed on purpose, and the exporter names its successor
        file = Path(folder) / "network.onnx"
        torch.onnx.export(
            whole, (photo,), file, dynamo=False, opset_version=_OPSET, input_names=["photo"], output_names=["answer"]
        )
        return file.read_bytes()


class _Exportable(nn.Module):
    """TANet with the mean over its 12 x 12 cells as two products, since ONNX has no pooling to a side of any length."""

    rows: Tensor

    def __init__(self, network: TANet) -> None:
        super().__init__()
        self.network = network
        self.register_buffer("rows", _cell_means(224))

    def forward(self, batch: Tensor) -> Tensor:
        """As `TANet.forward`, of one photo."""
        network = self.network
        logits = network.scenes(network.last_maps(batch))
        relations = network.relations(logits)
        theme = relations.reshape(len(batch), WIDTH, -1).mean(dim=2)
        similarity = cell_similarity(self.rows @ batch @ self.rows.T)
        aesthetics = network.aesthetics.from_maps(network.aesthetics.trunk(batch))
        return network.answer(Branches(aesthetics, theme, network.colour(similarity), logits))


def _cell_means(side: int) -> Tensor:
    """(12, side) shares of each line in each cell, as adaptive average pooling cuts them."""
    means = torch.zeros(GRID, side)
    for cell in range(GRID):
        start, end = cell * side // GRID, -(-(cell + 1) * side // GRID)
        means[cell, start:end] = 1 / (end - start)
    return means
