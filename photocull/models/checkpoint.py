"""Reads and writes weight files. None is trusted: size, hash and header are checked before a tensor is made."""

import hashlib
import json
import os
import struct
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.models.registry import ModelFile

Tensors = Mapping[str, NDArray[np.generic]]
Advance = Callable[[int], None]
"""Told how many further bytes are done."""

LARGEST_FILE: Final = 2_000_000_000
"""Bytes; beyond what any network that the program knows takes, its optimiser's state included."""
_LARGEST_HEADER: Final = 16 << 20
_BLOCK: Final = 1 << 20
_TYPES: Final[dict[str, np.dtype[Any]]] = {
    name: np.dtype(code)
    for name, code in (("BOOL", "?"), ("U8", "u1"), ("I32", "<i4"), ("I64", "<i8"), ("F16", "<f2"), ("F32", "<f4"),
                       ("F64", "<f8"), ("BF16", "<u2"))
}  # fmt: skip
_NAMES: Final = {kind: name for name, kind in _TYPES.items() if name != "BF16"}
_REMEDY: Final = "Get this file again from where it came."


def read_verified(path: Path, sha256: str) -> bytes:
    """The bytes of a model's file, if they are the ones that its card names.

    Raises:
        ModelError: the file is missing, cannot be read, or is not the one that the card names.
    """
    content = read_bounded(path)
    if hashlib.sha256(content).hexdigest() != sha256:
        raise ModelError("The model's file is damaged: its hash differs from its card.", path=path, remedy=_REMEDY)
    return content


def read_bounded(path: Path) -> bytes:
    """A whole file, unless it is larger than any model.

    Raises:
        ModelError: the file is missing, cannot be read, or is too large.
    """
    try:
        with path.open("rb") as file:
            check_size(os.fstat(file.fileno()).st_size, path)
            return file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise unreadable(path, error) from error


def check_size(size: int, path: Path) -> None:
    """Raise `ModelError` for a file that is too large to be a model."""
    if size > LARGEST_FILE:
        known = f"no model that Photocull knows is larger than {LARGEST_FILE / 1e9:.0f} GB"
        raise ModelError(f"This file has {size / 1e9:.1f} GB; {known}.", path=path, remedy="Choose another file.")


def unreadable(path: Path, error: OSError) -> ModelError:
    """The sentence for a file that the system does not give out."""
    reason = error.strerror or "it cannot be read"
    return ModelError(f"A model's file cannot be read: {reason}.", path=path, remedy=_REMEDY)


def read_tensors(content: bytes, path: Path) -> dict[str, NDArray[np.generic]]:
    """Every tensor of a safetensors file as a read-only array; BF16, which numpy lacks, as float32.

    Args:
        content: the file's bytes.
        path: its name for error messages.

    Raises:
        ModelError: the header does not describe the content.
    """
    header, start = _header(content, path)
    try:
        data = memoryview(content)[start:]
        return {name: _tensor(entry, data) for name, entry in header.items() if name != "__metadata__"}
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        raise _malformed(path, "its header does not fit its content") from error


def read_metadata(content: bytes, path: Path) -> dict[str, str]:
    """What the file says of itself beside its tensors.

    Raises:
        ModelError: it is not a safetensors file.
    """
    told = _header(content, path)[0].get("__metadata__", {})
    return {str(key): str(value) for key, value in told.items()} if isinstance(told, dict) else {}


def write_tensors(
    path: Path, tensors: Tensors, metadata: Mapping[str, str], advance: Advance | None = None
) -> ModelFile:
    """Write a safetensors file, the same bytes for the same tensors, and bring it to the disk itself.

    Args:
        path: a name that is not taken.
        metadata: what the file is to say of itself.

    Raises:
        OSError: the disk is full, or the folder cannot be written.
    """
    arrays = {name: _stored(values) for name, values in tensors.items()}
    order = sorted(arrays, key=lambda name: (-arrays[name].itemsize, name))  # each tensor starts at its own alignment
    digest = hashlib.sha256()
    with path.open("xb") as file:
        for piece in (memoryview(_head(arrays, order, metadata)), *(_bytes(arrays[name]) for name in order)):
            for start in range(0, len(piece), _BLOCK):
                block = piece[start : start + _BLOCK]
                file.write(block)
                digest.update(block)
                if advance is not None:
                    advance(len(block))
        file.flush()
        os.fsync(file.fileno())
        return ModelFile(path.name, file.tell(), digest.hexdigest())


def hash_of(path: Path, advance: Advance | None = None) -> tuple[str, int]:
    """SHA-256 and size of a file, read piece by piece.

    Raises:
        ModelError: the file cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    try:
        with path.open("rb") as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                size += len(block)
                if advance is not None:
                    advance(len(block))
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest(), size


def git_blob_of(path: Path) -> str:
    """The SHA-1 by which git names a file's content: of ``blob <size>``, a zero byte and the content.

    Raises:
        ModelError: the file cannot be read.
    """
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as error:
        raise unreadable(path, error) from error
    return digest.hexdigest()


def _header(content: bytes, path: Path) -> tuple[dict[str, Any], int]:
    """The header, and where the data start."""
    if len(content) < 8:
        raise _malformed(path, "it is too short")
    (length,) = struct.unpack_from("<Q", content)
    if length > min(_LARGEST_HEADER, len(content) - 8):
        raise _malformed(path, "its header is longer than the file")
    try:
        header = json.loads(content[8 : 8 + length])
    except (ValueError, RecursionError) as error:
        raise _malformed(path, "its header does not fit its content") from error
    if not isinstance(header, dict):
        raise _malformed(path, "its header does not fit its content")
    return header, 8 + length


def _tensor(entry: Any, data: memoryview) -> NDArray[np.generic]:
    kind, shape, (start, end) = _TYPES[entry["dtype"]], tuple(entry["shape"]), entry["data_offsets"]
    if not all(type(number) is int and number >= 0 for number in (*shape, start, end)):
        raise ValueError("a size is not a whole number")
    count = int(np.prod(shape, dtype=object)) if shape else 1
    if end > len(data) or end - start != count * kind.itemsize:
        raise ValueError("a tensor does not fit its place")
    values: NDArray[np.generic] = np.frombuffer(data[start:end], dtype=kind).reshape(shape)
    return _widened(values) if entry["dtype"] == "BF16" else values


def _widened(values: NDArray[Any]) -> NDArray[np.float32]:
    """BF16 is the upper half of a float32."""
    wide = (values.astype(np.uint32) << np.uint32(16)).view(np.float32)
    wide.flags.writeable = False
    return wide


def _stored(values: NDArray[np.generic]) -> NDArray[np.generic]:
    return np.ascontiguousarray(values, dtype=values.dtype.newbyteorder("<")).reshape(values.shape)


def _head(arrays: Tensors, order: list[str], metadata: Mapping[str, str]) -> bytes:
    header: dict[str, Any] = {"__metadata__": dict(metadata)}
    place = 0
    for name in order:
        values = arrays[name]
        span = [place, place + values.nbytes]
        header[name] = {"dtype": _NAMES[values.dtype], "shape": list(values.shape), "data_offsets": span}
        place = span[1]
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(8 + len(text)) % 64)  # so that the tensors' place in memory suits every processor
    return struct.pack("<Q", len(text)) + text


def _bytes(values: NDArray[np.generic]) -> memoryview:
    return memoryview(values.reshape(-1).view(np.uint8).data)


def _malformed(path: Path, reason: str) -> ModelError:
    return ModelError(f"This is not a sound safetensors file: {reason}.", path=path, remedy=_REMEDY)
