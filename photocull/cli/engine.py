"""What `doctor` says of the engines: processor, graphics card, and which of them the built-in model uses and why."""

import importlib.metadata
import importlib.util
import shutil
import statistics
import sys
import time
from typing import Final

import numpy as np

from photocull.cli.finding import BROKEN, INSTALL, Finding
from photocull.core.amounts import counted
from photocull.core.errors import ModelError
from photocull.core.settings import Settings
from photocull.core.work import processors
from photocull.judge.networks.runtime import Choice, TrunkRuntime, choose, open_runtime
from photocull.judge.scorer import BuiltinModel
from photocull.models.store import base_of, open_builtin

_TOPIC: Final = "built-in model"
_TURNS: Final = 5
_SLOW: Final = 250.0
"""Milliseconds a photo from which waiting is felt: 24 megapixels are decoded in that time."""


def engines(settings: Settings) -> list[Finding]:
    """Processor, graphics card, and what the built-in model runs on and why."""
    if not loads("onnxruntime"):
        return [Finding("processor", BROKEN, "ONNX Runtime cannot be loaded.", INSTALL), _graphics()]
    cores = f"{counted(processors(), 'core')}, ONNX Runtime {version('onnxruntime')}"
    return [Finding("processor", "ok", cores), _graphics(), _built_in(settings)]


def _built_in(settings: Settings) -> Finding:
    try:
        model, choice = open_builtin(base_of(settings.model)), choose(settings.device)
        runtime = open_runtime(model.graph, model.tensors, device=choice.device)
        pace = _milliseconds(runtime, model)
    except ModelError as error:
        return Finding(_TOPIC, BROKEN, error.sentence, error.remedy)
    text = f"{_engine(choice)}, because {choice.reason}; the network of {model.name} takes {pace:.0f} ms a photo now"
    slow = pace > _SLOW
    missed = choice.device == "cpu" and bool(choice.way) and shutil.which("nvidia-smi") is not None
    remedy = choice.way or (_faster() if choice.device == "cpu" else None)
    return Finding(_TOPIC, "note" if slow or missed else "ok", f"{text}, which is slow" if slow else text, remedy)


def _faster() -> str:
    if importlib.util.find_spec("torch") is not None:
        return "An NVIDIA card and its driver would be faster."
    return "An NVIDIA card, its driver and PyTorch would be faster: python3 packaging/bootstrap.py install torch"


def _engine(choice: Choice) -> str:
    if choice.device == "cpu":
        return f"{choice.engine} {version('onnxruntime')} on the processor ({counted(processors(), 'core')})"
    where = "the NVIDIA card" if choice.device == "cuda" else "the Apple GPU"
    return f"{choice.engine} {version('torch')} on {where}"


def _milliseconds(runtime: TrunkRuntime, model: BuiltinModel) -> float:
    """Median time of the network for one square photo, over all views, once it is warm."""
    photos = [np.zeros((3, side, side), dtype=np.float32) for side in model.sides]
    times = []
    for _ in range(_TURNS + 1):
        started = time.perf_counter()
        for values in photos:
            runtime.run(values)
        times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times[1:])


def _graphics() -> Finding:
    card = shutil.which("nvidia-smi") is not None
    if importlib.util.find_spec("torch") is None:
        if not card:
            return Finding("graphics card", "ok", "No NVIDIA card, PyTorch not installed; the processor scores.")
        remedy = "To use the card: python3 packaging/bootstrap.py install torch"
        return Finding("graphics card", "note", "There is an NVIDIA card, but PyTorch is not installed.", remedy)
    if not card and sys.platform != "darwin":
        return Finding("graphics card", "ok", f"No NVIDIA card; PyTorch {version('torch')} is there for training.")
    import torch  # seconds of start: only where there may be a card

    if torch.cuda.is_available():
        return Finding("graphics card", "ok", f"{torch.cuda.get_device_name(0)}, PyTorch {version('torch')}")
    if torch.backends.mps.is_available():
        return Finding("graphics card", "ok", f"Apple GPU, PyTorch {version('torch')}")
    return Finding(
        "graphics card", "note", f"PyTorch {version('torch')} cannot use the card.", "Update the card's driver."
    )


def version(package: str) -> str:
    """Of an installed package, in words where it is not."""
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "(not installed)"


def loads(module: str) -> bool:
    """Whether a module can be imported."""
    try:
        importlib.import_module(module)
    except (ImportError, OSError):
        return False
    return True
