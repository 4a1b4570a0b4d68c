"""While a run lasts, memory that one photo freed stays for the next: pages given back would be asked for again."""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

_TRIM_THRESHOLD: Final = -1
_MMAP_THRESHOLD: Final = -3
"""Parameters of ``mallopt``, from glibc's malloc.h."""
_MEBIBYTE: Final = 1 << 20
_LARGEST: Final = 32 * _MEBIBYTE
"""What glibc takes at most for the size from which it asks the system for a block of its own, on 64 bits."""
_KEPT: Final = 512 * _MEBIBYTE
"""What a heap's free end may grow to in a run."""
_USUAL: Final = 2 * _LARGEST
"""What a heap's free end may grow to before it is given back, once glibc has set it by itself (mallopt(3))."""


@contextmanager
def kept_memory() -> Iterator[None]:
    """Inside, the C library hands freed memory out again; at the end what is free goes back to the system.

    Every photo frees a few pictures of tens of megabytes. By itself glibc returns their pages and has them back one by
    one, zeroed. Afterwards pictures are blocks of their own again, which go back as soon as they are freed: a window
    that stays open for days must not hold what once was looked at. Nothing happens with other C libraries.
    """
    library = _glibc()
    if library is None:
        yield
        return
    library.mallopt(_MMAP_THRESHOLD, _LARGEST)
    library.mallopt(_TRIM_THRESHOLD, _KEPT)
    try:
        yield
    finally:
        library.mallopt(_TRIM_THRESHOLD, _USUAL)
        library.mallopt(_MMAP_THRESHOLD, _MEBIBYTE)
        library.malloc_trim(0)


def give_back() -> None:
    """Hand what is free back to the system now, where the C library can."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(0)


def _glibc() -> Any:
    """The library that the process runs on, None where it is another."""
    if not sys.platform.startswith("linux"):
        return None
    library = ctypes.CDLL(None)
    known = all(hasattr(library, name) for name in ("gnu_get_libc_version", "mallopt", "malloc_trim"))
    return library if known else None
