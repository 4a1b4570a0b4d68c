"""PyTorch's shared libraries, loaded ahead of its import: that keeps every thread waiting meanwhile, this none."""

import ctypes
import importlib.util
import os
import sys
from pathlib import Path
from typing import Final

_LIBRARIES: Final = ("libtorch_global_deps", "libtorch")
"""What the import loads first, in its order, and none that calls Python, which it must not without Python's lock."""
_OTHER_ORDERS: Final = ("LD_LIBRARY_PATH", "TORCH_USE_RTLD_GLOBAL")
"""Variables by which PyTorch loads its libraries in another order or way; that is left to it."""


def load_torch() -> None:
    """Load the libraries of PyTorch, to be called before its first import in a thread beside the window's.

    The import holds Python's lock while the system loads hundreds of megabytes and fills in their addresses; a function
    called through ctypes gives the lock away. Nothing happens where PyTorch is imported or not installed, or where its
    files are not as expected: the import then does it all. On Windows it loads them through ctypes by itself.
    """
    if sys.platform == "win32":
        return
    if "torch" in sys.modules or any(map(os.environ.get, _OTHER_ORDERS)):
        return
    folder = _folder()
    if folder is None:
        return
    first, then = (str(folder / f"{name}{_ending()}").encode() for name in _LIBRARIES)
    try:
        load = ctypes.CDLL(None).dlopen
    except (OSError, AttributeError):
        return
    load.argtypes, load.restype = (ctypes.c_char_p, ctypes.c_int), ctypes.c_void_p
    if load(first, os.RTLD_NOW | os.RTLD_GLOBAL):
        load(then, os.RTLD_NOW | os.RTLD_LOCAL)


def _folder() -> Path | None:
    """Where PyTorch keeps its libraries; looking does not import it."""
    spec = importlib.util.find_spec("torch")
    return None if spec is None or spec.origin is None else Path(spec.origin).parent / "lib"


def _ending() -> str:
    return ".dylib" if sys.platform == "darwin" else ".so"
