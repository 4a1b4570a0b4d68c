"""Opens a checkpoint of any known kind, whatever file format it is in, and gives its tensors under our names."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.core.named import is_file, is_folder
from photocull.models.architectures import COUNTER, Architecture
from photocull.models.checkpoint import Tensors, read_bounded, read_tensors, unreadable
from photocull.models.recognition import Recognised, recognise
from photocull.models.unpickling import read_pickled


@dataclass(frozen=True, slots=True, eq=False)
class Checkpoint:
    """A network's weights: complete, finite, under our names; float32, counters int64."""

    architecture: Architecture
    tensors: Mapping[str, NDArray[np.generic]]


def read_checkpoint(path: Path) -> Checkpoint:
    """The weights in a .pth, .pth.tar or .safetensors file, told apart by content.

    Raises:
        ModelError: the file cannot be read, is damaged or hostile, holds another network or numbers that are none; or
            it needs PyTorch, which is not here.
    """
    _require_file(path)
    try:
        return checked(read_any(path))
    except ModelError as error:
        if error.path is not None:
            raise
        raise ModelError(error.sentence, path=path, remedy=error.remedy) from error


def read_any(path: Path) -> Tensors:
    """The tensors of a file by the names in it.

    Raises:
        ModelError: see `read_checkpoint`.
    """
    return read_tensors(read_bounded(path), path) if _is_safetensors(path) else read_pickled(path)


def checked(stored: Tensors) -> Checkpoint:
    """The network that these tensors are.

    Raises:
        ModelError: they are none that is known, or hold numbers that are none.
    """
    found = recognise({name: values.shape for name, values in stored.items()})
    tensors = {own: _plain(stored[name], own, name) for own, name in found.names.items()}
    return Checkpoint(found.architecture, tensors | _counters(found))


def _plain(values: NDArray[np.generic], own: str, name: str) -> NDArray[np.generic]:
    """As the network computes: float32, and int64 for a counter.

    Raises:
        ModelError: not a number, or not finite.
    """
    if values.dtype.kind not in "fiu":
        raise ModelError(f"The tensor '{name}' holds no numbers.", remedy="Get the file again from where it came.")
    with np.errstate(over="ignore"):  # what overflows is infinite, and said so below
        plain = values.astype(np.int64 if own.endswith(COUNTER) else np.float32, copy=False)
    if plain.dtype.kind == "f" and not np.isfinite(plain).all():
        remedy = "Its training went wrong, or the file is damaged; choose another one."
        raise ModelError(f"The tensor '{name}' holds values that are no numbers (NaN or infinite).", remedy=remedy)
    return plain


def _counters(found: Recognised) -> dict[str, NDArray[np.generic]]:
    """Those that an older PyTorch did not store."""
    missing = [name for name in found.layout if name.endswith(COUNTER) and name not in found.names]
    return {name: np.zeros((), np.int64) for name in missing}


def _require_file(path: Path) -> None:
    if is_folder(path):
        raise ModelError("This is a folder, not a checkpoint.", path=path, remedy="Name the file in it.")
    if not is_file(path):
        raise ModelError("There is no such file.", path=path, remedy="Check the name.")


def _is_safetensors(path: Path) -> bool:
    """A header's length of eight bytes, then a JSON object; no other format starts so."""
    try:
        with path.open("rb") as file:
            start = file.read(9)
    except OSError as error:
        raise unreadable(path, error) from error
    return start[8:9] == b"{" and not start.startswith((b"PK\x03\x04", b"\x80\x02"))
