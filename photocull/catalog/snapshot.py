"""Columns on disk, so that the next process need not read them from the tables; safe to delete at any time."""

import contextlib
import json
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from photocull.catalog.changes import Moment
from photocull.catalog.columns import ARRAYS, CODES, Columns, Names
from photocull.catalog.judged import NO_TAGS, Judged, Tags
from photocull.catalog.schema import REVISION

_FORM: Final = 1
_JUDGED: Final = ("of_content", "ids", "scores", "scheme", "harmony")
_TAGS: Final = ("owner", "word", "sure", "first", "count")
_DAMAGED: Final = (
    *(OSError, EOFError, zipfile.BadZipFile),  # cut off, or other bytes
    *(NotImplementedError, RuntimeError),  # zipfile's word for a method or an encryption that a changed byte names
    *(ValueError, TypeError, KeyError),  # whole, but not what this version writes
)
"""What reading a file that was changed by something else can raise; all of it means that it is read from the tables."""


@dataclass(frozen=True, eq=False)
class Kept:
    """Columns as they were at one moment of the catalogue."""

    moment: Moment
    columns: Columns
    judged: Mapping[str, Judged]


def save(file: Path, kept: Kept) -> None:
    """Write columns, complete or not at all; a disk that refuses costs nothing but the time of reading them again."""
    partial = file.with_name(f".{file.name}.{os.getpid()}.partial")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as stream:
            np.savez(stream, allow_pickle=False, **dict(_arrays(kept)))
        partial.replace(file)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)


def load(file: Path) -> Kept | None:
    """What `save` wrote; None where there is none, or another version's, or a damaged one."""
    try:
        with file.open("rb") as stream, np.load(stream, allow_pickle=False) as arrays:
            words = json.loads(arrays["words"].tobytes())
            if words["form"] != [_FORM, REVISION]:
                return None
            return _kept(arrays, words)
    except _DAMAGED:
        return None


def _arrays(kept: Kept) -> Iterator[tuple[str, NDArray[Any]]]:
    columns = kept.columns
    yield from ((name, getattr(columns, name)) for name in ARRAYS)
    yield from (("text", columns.names.text), ("starts", columns.names.starts))
    for number, judged in enumerate(kept.judged.values()):
        yield from ((f"{number} {name}", getattr(judged, name)) for name in _JUDGED)
        for kind in ("themes", "flags"):
            tags = getattr(judged, kind) or NO_TAGS
            yield from ((f"{number} {kind} {name}", getattr(tags, name)) for name in _TAGS)
    words = {
        "form": [_FORM, REVISION],
        "moment": [kept.moment.change, kept.moment.stamp],
        "columns": {name: getattr(columns, name) for name in CODES},
        "judged": [_words(model, judged) for model, judged in kept.judged.items()],
    }
    yield "words", np.frombuffer(json.dumps(words).encode(), np.uint8)


def _words(model: str, judged: Judged) -> tuple[Any, ...]:
    tags = [None if tags is None else tags.words for tags in (judged.themes, judged.flags)]
    return (model, judged.schemes, judged.harmonies, *tags)


def _kept(arrays: Mapping[str, NDArray[Any]], words: Mapping[str, Any]) -> Kept:
    made: dict[str, Any] = {name: arrays[name] for name in ARRAYS}
    made |= {name: tuple(words["columns"][name]) for name in CODES}
    columns = Columns(**made, names=Names(arrays["text"], arrays["starts"]))
    judged = {said[0]: _judged(arrays, number, *said[1:]) for number, said in enumerate(words["judged"])}
    return Kept(Moment(*words["moment"]), columns, judged)


def _judged(arrays: Mapping[str, NDArray[Any]], number: int, *words: list[str] | None) -> Judged:
    schemes, harmonies, *tags = (None if known is None else tuple(known) for known in words)
    said: dict[str, Any] = {name: arrays[f"{number} {name}"] for name in _JUDGED}
    for kind, known in zip(("themes", "flags"), tags, strict=True):
        parts: dict[str, Any] = {name: arrays[f"{number} {kind} {name}"] for name in _TAGS}
        said[kind] = None if known is None else Tags(**parts, words=known)
    return Judged(**said, schemes=schemes or (None,), harmonies=harmonies or (None,))
