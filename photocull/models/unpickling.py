"""PyTorch's checkpoint files to arrays: never trusted, read by torch's whitelist alone, no code of theirs ever runs."""

import importlib.util
import pickle
import re
import struct
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.core.errors import ModelError
from photocull.judge.networks.torch_loading import load_torch
from photocull.models.checkpoint import LARGEST_FILE, check_size, unreadable

NEEDS_TORCH: Final = "Install PyTorch: python3 packaging/bootstrap.py install torch"
_AGAIN: Final = "Get the file again from where it came."
_WRAPPERS: Final = ("state_dict", "model", "model_state_dict", "network", "net")
"""Under which name training programs keep the weights beside other things."""
_LARGEST_PICKLE: Final = 32 << 20
_MOST_ENTRIES: Final = 50_000
_FAULTS: Final = (
    RuntimeError, ValueError, TypeError, LookupError, AttributeError, AssertionError, EOFError, MemoryError,
    OverflowError, ImportError, struct.error, zipfile.BadZipFile,
)  # fmt: skip
"""What torch may raise on a broken file; none of it means a fault of ours."""


def has_torch() -> bool:
    """Whether PyTorch is installed; looking does not import it."""
    try:
        return importlib.util.find_spec("torch") is not None
    except ValueError:  # made unimportable
        return False


def require_torch() -> None:
    """Raise `ModelError` with a remedy where PyTorch is not installed; else make its import quick, see `load_torch`."""
    if not has_torch():
        raise ModelError("This needs PyTorch, which is not installed.", remedy=f"{NEEDS_TORCH}.")
    load_torch()


def read_pickled(path: Path) -> dict[str, NDArray[np.generic]]:
    """The tensors of a ``.pth`` file by their names in it, wrapped or not.

    Args:
        path: a file in either of torch's formats; its name and suffix say nothing.

    Raises:
        ModelError: no PyTorch here, or the file is cut off, holds code, or is no checkpoint.
    """
    try:
        size = path.stat().st_size
        check_size(size, path)
        with path.open("rb") as file:
            start = file.read(512)
    except OSError as error:
        raise unreadable(path, error) from error
    _check_kind(start, path)
    zipped = start.startswith(b"PK\x03\x04")
    if zipped:
        _check_archive(path, size)
    require_torch()
    return _arrays(_load(path, zipped), path)


def _check_kind(start: bytes, path: Path) -> None:
    """Name what people take for a checkpoint, before torch says something about a magic number."""
    text = start.lstrip().lower()
    if not start:
        raise ModelError("This file is empty.", path=path, remedy=_AGAIN)
    if text.startswith((b"<!doctype", b"<html", b"<?xml", b"<head")):
        raise ModelError("This is a web page, not a checkpoint.", path=path, remedy=_AGAIN)
    if text.startswith(b"version https://git-lfs"):
        remedy = "Get the file itself, with 'git lfs pull' or from the web page's download button."
        raise ModelError("This only points to a checkpoint that lies elsewhere (Git LFS).", path=path, remedy=remedy)
    if start[257:262] == b"ustar" or start.startswith(b"\x1f\x8b"):
        raise ModelError("This is an archive.", path=path, remedy="Unpack it and import the checkpoint inside.")
    if not start.startswith((b"PK\x03\x04", b"\x80")):
        remedy = "Choose a .pth, .pth.tar or .safetensors file."
        raise ModelError("This is not a checkpoint.", path=path, remedy=remedy)


def _check_archive(path: Path, size: int) -> None:
    """A file of torch is a zip archive that compresses nothing, so that nothing in it can be larger than itself."""
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, struct.error) as error:
        raise ModelError("This file is cut off or damaged: its end is missing.", path=path, remedy=_AGAIN) from error
    except OSError as error:
        raise unreadable(path, error) from error
    pickles = [entry for entry in entries if entry.filename.endswith("data.pkl")]
    if not pickles:
        remedy = "Unpack it, or choose a .pth, .pth.tar or .safetensors file."
        raise ModelError("This archive holds no checkpoint.", path=path, remedy=remedy)
    packed = any(entry.compress_type != zipfile.ZIP_STORED for entry in entries)
    swollen = sum(entry.file_size for entry in entries) > size or len(entries) > _MOST_ENTRIES
    if packed or swollen or any(entry.file_size > _LARGEST_PICKLE for entry in pickles):
        raise ModelError("This file would unpack to more than it is: no checkpoint does.", path=path, remedy=_AGAIN)


def _load(path: Path, zipped: bool) -> Any:
    import torch  # an extra, and seconds of start

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch's remarks on odd files are not for a photographer
            return torch.load(path, map_location="cpu", weights_only=True, mmap=zipped)
    except pickle.UnpicklingError as error:
        raise _refused(str(error), path) from error
    except OSError as error:
        raise unreadable(path, error) from error
    except _FAULTS as error:
        raise ModelError("This file is damaged: it cannot be read to its end.", path=path, remedy=_AGAIN) from error


def _refused(reason: str, path: Path) -> ModelError:
    """Torch's whitelist met something that is not plain numbers, or nonsense."""
    named = re.search(r"GLOBAL ([\w.]+)", reason) or re.search(r"class ([\w.]+)", reason)
    if named is None:
        return ModelError("This file is damaged: it cannot be read to its end.", path=path, remedy=_AGAIN)
    sentence = f"This file holds more than weights ({named[1]}); it could run code, so it was not opened."
    return ModelError(sentence, path=path, remedy="Ask its maker for a plain state dict or a .safetensors file.")


def _arrays(content: Any, path: Path) -> dict[str, NDArray[np.generic]]:
    import torch

    tensors = {str(name): value for name, value in _unwrapped(content).items() if isinstance(value, torch.Tensor)}
    if not tensors:
        raise ModelError("This file holds no weights.", path=path, remedy="Choose a file with a state dict.")
    return {name: _array(value, name, path) for name, value in tensors.items()}


def _unwrapped(content: Any) -> Mapping[Any, Any]:
    """The dictionary that has the tensors: the file's own, or the one inside."""
    if not isinstance(content, Mapping):
        return {}
    for key in _WRAPPERS:
        inner = content.get(key)
        if isinstance(inner, Mapping) and inner:
            return inner
    return content


def _array(tensor: Any, name: str, path: Path) -> NDArray[np.generic]:
    """A view on the tensor's memory; a strided view that claims more than its storage has is refused."""
    import torch

    plain = tensor.detach()
    if plain.layout is not torch.strided or plain.is_quantized or plain.is_complex() or plain.device.type != "cpu":
        raise ModelError(f"The tensor '{name}' is of a kind that no network here uses.", path=path, remedy=_AGAIN)
    if plain.numel() * plain.element_size() > LARGEST_FILE or plain.numel() > max(1, plain.untyped_storage().nbytes()):
        raise ModelError(f"The tensor '{name}' claims more than the file holds.", path=path, remedy=_AGAIN)
    if plain.dtype.is_floating_point and plain.dtype not in (torch.float16, torch.float32, torch.float64):
        plain = plain.float()
    values: NDArray[np.generic] = plain.numpy()
    return values
