"""Reads weight files, which are never trusted: their size, hash and header are checked before a tensor is made."""

import hashlib
import json
import struct
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError

_LARGEST_HEADER: Final = 16 << 20
_TYPES: Final[dict[str, np.dtype[Any]]] = {
    name: np.dtype(code) for name, code in (("F16", "<f2"), ("F32", "<f4"), ("F64", "<f8"), ("I64", "<i8"))
}
_REMEDY: Final = "Install Photocull again, or import the file again."


def read_verified(path: Path, sha256: str) -> bytes:
    """The bytes of a model's file, if they are the ones that its card names.

    Raises:
        ModelError: the file is missing, cannot be read, or is not the one that the card names.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        raise ModelError(f"A model's file cannot be read: {reason}.", path=path, remedy=_REMEDY) from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError("The model's file is damaged: its hash differs from its card.", path=path, remedy=_REMEDY)
    return content


def read_tensors(content: bytes, path: Path) -> dict[str, NDArray[np.generic]]:
    """Every tensor of a safetensors file as a read-only array.

    Args:
        content: the file's bytes.
        path: its name for error messages.

    Raises:
        ModelError: the header does not describe the content.
    """
    if len(content) < 8:
        raise _malformed(path, "it is too short")
    (length,) = struct.unpack_from("<Q", content)
    if length > min(_LARGEST_HEADER, len(content) - 8):
        raise _malformed(path, "its header is longer than the file")
    try:
        header = json.loads(content[8 : 8 + length])
        entries = {name: entry for name, entry in header.items() if name != "__metadata__"}
        data = memoryview(content)[8 + length :]
        return {name: _tensor(entry, data) for name, entry in entries.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise _malformed(path, "its header does not fit its content") from error


def _tensor(entry: Any, data: memoryview) -> NDArray[np.generic]:
    kind, shape, (start, end) = _TYPES[entry["dtype"]], tuple(entry["shape"]), entry["data_offsets"]
    if not all(isinstance(number, int) and number >= 0 for number in (*shape, start, end)):
        raise ValueError("a size is not a whole number")
    count = int(np.prod(shape, dtype=object)) if shape else 1
    if end > len(data) or end - start != count * kind.itemsize:
        raise ValueError("a tensor does not fit its place")
    values: NDArray[np.generic] = np.frombuffer(data[start:end], dtype=kind).reshape(shape)
    return values


def _malformed(path: Path, reason: str) -> ModelError:
    return ModelError(f"This is not a sound safetensors file: {reason}.", path=path, remedy=_REMEDY)
