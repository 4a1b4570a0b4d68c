"""One call, two ways: the trunk on ONNX Runtime (the default, no torch needed) or on PyTorch where there is a GPU."""

import importlib.util
import platform
import shutil
import sys
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import SET_UP, ModelError, one_line
from photocull.judge.networks.layout import CELL, tensor_shapes
from photocull.judge.networks.onnx_session import open_session
from photocull.judge.networks.torch_loading import load_torch

DEVICES: Final = ("auto", "cpu", "cuda", "mps")
_EXTRA: Final = "Install the torch extra: python3 packaging/bootstrap.py install torch."
_INSTALL: Final = "Install the torch extra (python3 packaging/bootstrap.py install torch) or use --device cpu."


@dataclass(frozen=True, slots=True)
class Choice:
    """Where a network runs here, and why.

    Attributes:
        device: "cpu", "cuda" or "mps". engine: "ONNX Runtime" or "PyTorch".
        reason: a clause after "because": "no NVIDIA card was found". way: what would make it faster; empty if nothing.
    """

    device: str
    engine: str
    reason: str
    way: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class TrunkOutput:
    """What the trunk says of one photo.

    Attributes:
        mean: (784, h, w) float32, the mean of each stage's channels over each 32-pixel cell of the input.
        square: (784, h, w) float32, the mean of their squares.
        logits: (1000,) float32, the ImageNet classes.
    """

    mean: NDArray[np.float32]
    square: NDArray[np.float32]
    logits: NDArray[np.float32]


class TrunkRuntime(Protocol):
    """Runs the trunk on one photo at a time, so that no photo's numbers depend on another's."""

    @property
    def device(self) -> str:
        """Where it runs: "cpu", "cuda" or "mps"."""

    def run(self, values: NDArray[np.float32]) -> TrunkOutput:
        """Statistics and logits of one input (3, H, W), H and W multiples of 32.

        Raises:
            ModelError: the engine failed.
        """


def open_runtime(
    graph: bytes, tensors: Mapping[str, NDArray[np.generic]], *, device: str = "auto", threads: int = 0
) -> TrunkRuntime:
    """The runtime for a device; "auto" takes an NVIDIA card where PyTorch can use it, else the processor.

    Args:
        graph: the ONNX graph without weights.
        tensors: the trunk's tensors by name.
        device: one of `DEVICES`.
        threads: processor threads of ONNX Runtime; 0 lets it choose.

    Raises:
        ModelError: the device is unknown or cannot be used here, or graph and tensors do not fit.
    """
    chosen = _named_device(device)
    if chosen == "cpu":
        return OnnxRuntime(graph, tensors, threads=threads)
    return TorchRuntime(tensors, device=chosen)


def torch_device(device: str) -> str:
    """Where a PyTorch network runs: "auto" by the rule of `open_runtime`, any other device once it is seen to be here.

    Raises:
        ModelError: the device is unknown, or PyTorch or the device is not here.
    """
    chosen = _named_device(device)
    _check_torch(chosen)
    return chosen


def _named_device(device: str) -> str:
    return choose(device).device


def choose(device: str = "auto") -> Choice:
    """Where the built-in model's network runs for this word of the settings; the device itself is not tried.

    An Apple GPU is never taken by itself: nobody has measured whether it is faster there for one photo at a time, nor
    how far its numbers lie from the processor's, on which every figure of the card was found.

    Raises:
        ModelError: there is no such device.
    """
    if device not in DEVICES:
        raise ModelError(f"There is no device '{device}'.", remedy=f"Use one of {', '.join(DEVICES)}.")
    if device == "auto":
        return _automatic()
    return Choice(device, "ONNX Runtime" if device == "cpu" else "PyTorch", "the settings or --device say so")


def _check_torch(device: str) -> None:
    load_torch()
    try:
        import torch
    except ImportError as error:
        who, remedy = ("This network", _EXTRA) if device == "cpu" else (f"The device '{device}'", _INSTALL)
        raise ModelError(f"{who} needs PyTorch, which is not installed.", remedy=remedy) from error
    usable = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not usable[device]:
        raise ModelError(f"PyTorch finds no '{device}' device on this machine.", remedy="Use --device cpu.")


def _automatic() -> Choice:
    # Importing torch takes seconds, so look for a card before asking torch about it.
    torch_is_here = importlib.util.find_spec("torch") is not None
    if shutil.which("nvidia-smi") is None:
        return _apple(torch_is_here) if _is_apple() else _processor("no NVIDIA card was found")
    if not torch_is_here:
        return _processor("there is an NVIDIA card, but PyTorch is not installed", _EXTRA)
    fault, way = _card_fault()
    return _processor(fault, way) if fault else Choice("cuda", "PyTorch", "PyTorch can use the NVIDIA card")


def _processor(reason: str, way: str = "") -> Choice:
    return Choice("cpu", "ONNX Runtime", reason, way)


def _is_apple() -> bool:
    return sys.platform == "darwin" and platform.machine() == "arm64"


def _apple(torch_is_here: bool) -> Choice:
    ready = "" if torch_is_here else "python3 packaging/bootstrap.py install torch, then "
    reason = "an Apple GPU is used only where that is asked for: nobody has measured it yet"
    return _processor(reason, f"To try it: {ready}photocull benchmark --device mps, against --device cpu.")


def _card_fault() -> tuple[str, str]:
    """Why PyTorch cannot use the NVIDIA card, with the way out; empty where it can."""
    load_torch()
    import torch

    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        usable = torch.cuda.is_available()
    if usable:
        return "", ""
    if torch.version.cuda is None:
        return "this PyTorch was built without support for NVIDIA cards", _EXTRA
    if any("driver" in str(one.message) for one in said):
        return "the NVIDIA card's driver is too old for this PyTorch, or does not answer", "Update the card's driver."
    return "PyTorch finds no NVIDIA card that it can use", "See what nvidia-smi says; update the card's driver."


class OnnxRuntime:
    """The trunk on ONNX Runtime; the graph's weights come from the tensors in memory, whose hash was verified."""

    device = "cpu"

    def __init__(self, graph: bytes, tensors: Mapping[str, NDArray[np.generic]], *, threads: int = 0) -> None:
        try:
            self._session = open_session(graph, {name: tensors[name] for name in tensor_shapes()}, threads)
        except ImportError as error:
            raise ModelError(
                "ONNX Runtime, on which the built-in network runs, cannot be loaded.", remedy=SET_UP
            ) from error
        except Exception as error:
            sentence = f"The built-in network cannot be opened: {one_line(str(error), 160)}"
            raise ModelError(sentence, remedy=SET_UP) from error

    def run(self, values: NDArray[np.float32]) -> TrunkOutput:
        """See `TrunkRuntime.run`."""
        _check_shape(values)
        try:
            mean, square, logits = self._session.run(["mean", "square", "logits"], {"photo": values[None]})
        except Exception as error:
            raise ModelError(f"The network failed: {one_line(str(error), 160)}") from error
        return TrunkOutput(mean[0], square[0], logits[0])


class TorchRuntime:
    """The trunk on PyTorch."""

    def __init__(self, tensors: Mapping[str, NDArray[np.generic]], *, device: str) -> None:
        _check_torch(device)
        from photocull.judge.networks.trunk import build_trunk, run_trunk

        self.device = device
        self._trunk = build_trunk(tensors, device)
        self._run = run_trunk

    def run(self, values: NDArray[np.float32]) -> TrunkOutput:
        """See `TrunkRuntime.run`."""
        _check_shape(values)
        try:
            mean, square, logits = self._run(self._trunk, values[None], self.device)
        except RuntimeError as error:
            raise ModelError(f"The network failed: {one_line(str(error), 160)}") from error
        return TrunkOutput(mean[0], square[0], logits[0])


def _check_shape(values: NDArray[np.float32]) -> None:
    if values.ndim != 3 or values.shape[0] != 3 or values.shape[1] % CELL or values.shape[2] % CELL:
        raise ModelError(f"The network takes (3, H, W) with sides that are multiples of {CELL}, not {values.shape}.")
