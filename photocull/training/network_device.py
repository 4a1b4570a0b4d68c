"""Where and how exactly a network is trained: device, precision, and what makes a run repeat itself to the last bit."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Final

import torch

from photocull.core.errors import TrainingError

_TYPES: Final = {"bfloat16": torch.bfloat16, "float16": torch.float16}


@dataclass(frozen=True, slots=True)
class Place:
    """A device, and the number format of what can bear it ("float32": all of it is exact)."""

    device: torch.device
    precision: str

    @property
    def scaled(self) -> bool:
        """Whether gradients are too small for the format and have to be scaled up."""
        return self.precision == "float16"

    def arithmetic(self) -> AbstractContextManager[object]:
        """Inside, the network's large products are computed in the place's format."""
        if self.precision == "float32":
            return nullcontext()
        return torch.autocast(self.device.type, dtype=_TYPES[self.precision])


def choose_place(device: str, precision: str) -> Place:
    """The place for a device and a recipe's precision; "auto" takes a GPU and its fast format where there is one.

    Raises:
        TrainingError: the device is not here.
    """
    found = torch.device(_automatic() if device == "auto" else device)
    available = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not available.get(found.type, False):
        raise TrainingError(f"PyTorch cannot use the device '{device}' here.", remedy="Use --device cpu.")
    if precision != "auto":
        return Place(found, precision)
    if found.type != "cuda":
        return Place(found, "float32")
    return Place(found, "bfloat16" if torch.cuda.is_bf16_supported() else "float16")


def _automatic() -> str:
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


@contextmanager
def repeatable(place: Place, threads: int) -> Iterator[None]:
    """Inside, the same steps give the same bits: sums in a fixed order by a fixed number of processor threads.

    On the processor alone; a GPU adds some gradients in the order in which they come, equal up to rounding.
    """
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    torch.set_num_threads(threads)
    if place.device.type == "cpu":
        torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_num_threads(before[0])
        torch.use_deterministic_algorithms(before[1])
