"""The folder of the person's models: a model's folder appears whole or not at all, whenever a process ends."""

import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.errors import ModelError
from photocull.core.locks import BusyError, held
from photocull.core.settings import folders
from photocull.models.checkpoint import Advance, hash_of
from photocull.models.registry import BUILT_IN, PUBLISHED, ModelCard, read_card

CARD: Final = "card.json"
WEIGHTS: Final = "weights.safetensors"
_LOCK: Final = ".lock"
_INCOMING: Final = ".incoming-"
_REMOVED: Final = ".removed-"
_REPLACED: Final = ".replaced-"
"""Followed by the model's name: where its replacement never came, it goes back."""
_PATIENCE: Final = 30.0
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FULL: Final = {errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)}


@dataclass(frozen=True, slots=True)
class Shelved:
    """One folder of the shelf; ``problem`` in place of the card where it cannot be read."""

    name: str
    folder: Path
    card: ModelCard | None
    problem: str | None = None


def own_shelf(shelf: Path | None) -> Path:
    """The shelf that is meant: the person's own one where none is named."""
    return folders().models if shelf is None else shelf


def shelved(shelf: Path) -> tuple[Shelved, ...]:
    """Every model on the shelf by name, after what a dead process left is put right."""
    tidy(shelf)
    return tuple(_read(shelf / name) for name in sorted(_listed(shelf)) if not name.startswith("."))


def find(shelf: Path, name: str) -> Shelved | None:
    """One model of the shelf; None where it has none of this name."""
    if not _NAME.fullmatch(name):
        return None
    if not (shelf / name).is_dir():
        tidy(shelf)
    return _read(shelf / name) if (shelf / name).is_dir() else None


def sound(model: Shelved, advance: Advance | None = None) -> bool:
    """Whether a model's weights are those that its card names, read from end to end."""
    if model.card is None:
        return False
    (file,) = model.card.files
    try:
        return hash_of(model.folder / file.name, advance) == (file.sha256, file.size)
    except ModelError:
        return False


def made_from(model: Shelved | None, git_blob: str) -> bool:
    """Whether this model came from the file with this git blob."""
    if model is None or model.card is None or model.card.origin is None:
        return False
    return bool(git_blob) and model.card.origin.git_blob == git_blob


def check_name(name: str, architecture: str) -> None:
    """Whether a model of this kind may be called so.

    Raises:
        ModelError: the name cannot be a folder's, or belongs to another model.
    """
    if not _NAME.fullmatch(name) or name.endswith("."):
        remedy = "Use small letters, digits, '-', '_' and '.', for example --name my-tanet."
        raise ModelError(f"'{name}' cannot be a model's name.", remedy=remedy)
    if name in BUILT_IN or name.startswith("builtin") or (name in PUBLISHED and name != architecture):
        raise ModelError(f"The name '{name}' belongs to another model.", remedy="Give it another name with --name.")


@contextmanager
def changing(shelf: Path) -> Iterator[None]:
    """Hold the shelf while it is changed; leftovers are swept first, and an empty shelf leaves nothing behind.

    Raises:
        ModelError: another process is changing it, the folder cannot be written, or the disk is full.
    """
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with held(shelf / _LOCK, _PATIENCE):
            _sweep(shelf)
            yield
    except BusyError as error:
        remedy = "Wait until it is done, then try again."
        raise ModelError("Another Photocull is changing the models.", path=shelf, remedy=remedy) from error
    except OSError as error:
        raise failed(error, shelf) from error
    finally:
        with suppress(OSError):
            shelf.rmdir()


@contextmanager
def incoming(shelf: Path) -> Iterator[Path]:
    """A folder on the shelf that no one sees, for a model that is being made; gone at the end unless it was placed."""
    folder = Path(tempfile.mkdtemp(prefix=_INCOMING, dir=shelf))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def place(folder: Path, shelf: Path, name: str, *, replace: bool) -> None:
    """Give a finished folder its name; one that has it already is replaced only if asked to.

    Raises:
        ModelError: the name is taken.
        OSError: the file system refuses.
    """
    final, aside = shelf / name, shelf / f"{_REPLACED}{name}"
    settle(folder)
    folder.chmod(0o755)
    if final.exists():
        if not replace:
            raise taken(name)
        final.rename(aside)
    try:
        folder.rename(final)
    except OSError:
        if aside.exists():
            aside.rename(final)
        raise
    settle(shelf)
    shutil.rmtree(aside, ignore_errors=True)


def take_away(shelf: Path, name: str) -> None:
    """Remove a model: out of sight at once, then deleted.

    Raises:
        OSError: the file system refuses.
    """
    aside = Path(tempfile.mkdtemp(prefix=_REMOVED, dir=shelf))
    try:
        (shelf / name).rename(aside / name)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    settle(shelf)


def tidy(shelf: Path) -> None:
    """Put right what a process left that was killed while it changed the shelf, unless one is at work there."""
    if not any(name.startswith((_INCOMING, _REMOVED, _REPLACED)) for name in _listed(shelf)):
        return
    with suppress(OSError, BusyError), held(shelf / _LOCK):
        _sweep(shelf)


def taken(name: str) -> ModelError:
    """The sentence for a name that a model has already."""
    remedy = "Give this one another name with --name, or replace the other with --replace."
    return ModelError(f"There is a model '{name}' already.", remedy=remedy)


def is_full(error: OSError) -> bool:
    """Whether it says that a disk, or a person's share of it, has no room left."""
    return error.errno in _FULL


def failed(error: OSError, shelf: Path) -> ModelError:
    """The sentence for a shelf that cannot be changed."""
    if is_full(error):
        remedy = "Make room and try again; the models are as they were."
        return ModelError("The disk of the models is full.", path=shelf, remedy=remedy)
    remedy = "Allow writing there, or set PHOTOCULL_HOME to another folder."
    reason = error.strerror or "unknown reason"
    return ModelError(f"The folder of models cannot be changed: {reason}.", path=shelf, remedy=remedy)


def require_room(shelf: Path, needed: int) -> None:
    """Ask for room before anything is written.

    Raises:
        ModelError: the disk has less than this many bytes left.
    """
    nearest = next(place for place in (shelf, *shelf.parents) if place.exists())
    free = shutil.disk_usage(nearest).free
    if free < needed:
        sentence = f"The disk has {free / 1e6:.0f} MB left, and the model needs {needed / 1e6:.0f} MB."
        raise ModelError(sentence, path=shelf, remedy="Make room and try again.")


def settle(folder: Path) -> None:
    """Bring a folder's entries to the disk; Windows does so by itself and has no call for it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read(folder: Path) -> Shelved:
    try:
        card = read_card(folder / CARD)
    except ModelError as error:
        return Shelved(folder.name, folder, None, error.sentence)
    if card.name != folder.name or len(card.files) != 1:
        return Shelved(folder.name, folder, None, "The model's card belongs to another model.")
    return Shelved(folder.name, folder, card)


def _listed(shelf: Path) -> list[str]:
    """Names of the folders there; a shelf that is not there, or cannot be read, has none."""
    try:
        return [entry.name for entry in shelf.iterdir() if entry.is_dir()]
    except OSError:
        return []


def _sweep(shelf: Path) -> None:
    """Called with the lock held: whatever is unfinished is no one's."""
    for name in _listed(shelf):
        if name.startswith(_REPLACED) and not (shelf / name.removeprefix(_REPLACED)).exists():
            (shelf / name).rename(shelf / name.removeprefix(_REPLACED))
        elif name.startswith((_INCOMING, _REMOVED, _REPLACED)):
            shutil.rmtree(shelf / name, ignore_errors=True)
