"""What was computed of many pictures, kept on disk a chunk a file, so that a stopped run carries on where it was."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from photocull.core.types import Pixels
from photocull.core.work import CancelToken

Arrays = Mapping[str, NDArray[Any]]
Load = Callable[[Path], Pixels]
"""A photo's upright sRGB pixels, as the product sees them."""
Step = Callable[[int, bool], None]
"""Told after every chunk: how many pictures, and whether they were there already."""
_T = TypeVar("_T")


def gathered(
    folder: Path,
    items: Sequence[_T],
    size: int,
    key: Callable[[Sequence[_T]], str],
    make: Callable[[Sequence[_T]], Arrays],
    token: CancelToken | None = None,
    step: Step | None = None,
) -> Iterator[dict[str, NDArray[Any]]]:
    """The arrays of the items, ``size`` of them at a time; what an earlier run made is read.

    Args:
        folder: where the files lie; made if absent. key: a chunk's name, which all hangs on that its arrays hang on.

    Raises:
        CancelledError: stopped; finished chunks are kept.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(items), size):
        if token is not None:
            token.check()
        part = items[start : start + size]
        file = folder / f"{key(part)}.npz"
        known = file.is_file()
        if not known:
            _store(file, make(part))
        with np.load(file, allow_pickle=False) as stored:
            yield {name: stored[name] for name in stored.files}
        if step is not None:
            step(len(part), known)


def _store(file: Path, arrays: Arrays) -> None:
    """The file appears whole or not at all."""
    unfinished = file.with_suffix(".part")
    with unfinished.open("wb") as stream:
        np.savez(stream, allow_pickle=False, **arrays)
    unfinished.replace(file)
