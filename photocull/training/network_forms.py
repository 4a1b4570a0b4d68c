"""The forms in which a published network can run on a processor, each a function from a photo's square to its answer.

For measuring alone: whatever form scores, one photo has one score. Imported on demand only: it needs torch.
"""

import copy
import tempfile
import warnings
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from photocull.judge.networks.delegate import DelegateTransformer
from photocull.judge.networks.tanet import TANet
from photocull.judge.networks.tanet_engine import OnnxTANet

Square = NDArray[np.float32]
"""(3, 224, 224), see `judge.networks.squares`."""
Run = Callable[[Square], NDArray[np.float64]]
"""One photo's answer, (outputs,), 0 to 1."""
EAGER: Final = "PyTorch, float32"
PACKED: Final = "PyTorch, weights laid out by oneDNN"
ONNX: Final = "ONNX Runtime, float32"
_OPSET: Final = 17


def form_in_use(network: nn.Module) -> str:
    """The form in which the program itself scores with a network on a processor."""
    return {TANet: ONNX, DelegateTransformer: PACKED}.get(type(network), EAGER)


def forms() -> Mapping[str, Callable[[nn.Module], Run]]:
    """Name and maker of each form, plain PyTorch first; a maker raises `RuntimeError` or `ImportError` if it cannot."""
    return {
        EAGER: _eager,
        "PyTorch, channels last": _channels_last,
        PACKED: _packed,
        "PyTorch, bfloat16": _bfloat16,
        ONNX: _onnx,
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
    """TANet as the program itself runs it on a processor, with what its maps need; others as PyTorch exports them."""
    if isinstance(network, TANet):
        engine = OnnxTANet(network)
        return lambda square: engine.read(torch.from_numpy(square)[None])[0].answer.astype(np.float64)
    import onnxruntime  # half a second that the other forms do without

    session = onnxruntime.InferenceSession(_exported(network), providers=["CPUExecutionProvider"])
    return lambda square: np.asarray(session.run(None, {"photo": square[None]})[0][0], dtype=np.float64)


def _exported(network: nn.Module) -> bytes:
    """The network for one photo as an ONNX graph with its weights.

    Raises:
        RuntimeError: this version of PyTorch cannot export it, or the package onnx is missing.
    """
    photo = torch.zeros(1, 3, 224, 224)
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(), torch.inference_mode():
        warnings.simplefilter("ignore")  # shapes are fixed on purpose, and the exporter names its successor
        file = Path(folder) / "network.onnx"
        torch.onnx.export(
            network, (photo,), file, dynamo=False, opset_version=_OPSET, input_names=["photo"], output_names=["answer"]
        )
        return file.read_bytes()
