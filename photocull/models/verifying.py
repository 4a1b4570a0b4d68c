"""Models read from end to end and compared with their cards; beside `store`, which lists and opens them."""

from dataclasses import dataclass
from pathlib import Path

from photocull.core.errors import ModelError
from photocull.models.checkpoint import read_tensors, read_verified
from photocull.models.reading import checked
from photocull.models.registry import built_in
from photocull.models.shelf import Shelved, find, own_shelf, shelved
from photocull.models.store import AGAIN, missing, open_builtin


@dataclass(frozen=True, slots=True)
class Verified:
    """What a look at every byte of a model found: a sentence, and a remedy if it is not sound."""

    name: str
    sound: bool
    sentence: str
    remedy: str | None = None


def verify(name: str | None = None, *, folder: Path | None = None, shelf: Path | None = None) -> tuple[Verified, ...]:
    """Read the model of this name, or every one, from end to end; one finding a model.

    Raises:
        ModelError: no model has this name.
    """
    place = own_shelf(shelf)
    shipped = built_in(folder)
    if name is None:
        return (*(_verified_builtin(known, folder) for known in shipped), *map(_verified, shelved(place)))
    if name in shipped:
        return (_verified_builtin(name, folder),)
    model = find(place, name)
    if model is None:
        raise missing(name, place)
    return (_verified(model),)


def _verified_builtin(name: str, folder: Path | None) -> Verified:
    try:
        open_builtin(name, folder)
    except ModelError as error:
        return Verified(name, False, error.brief, error.remedy)
    return Verified(name, True, "sound: every file is as its card says")


def _verified(model: Shelved) -> Verified:
    if model.card is None:
        return Verified(model.name, False, model.problem or "damaged", AGAIN)
    (file,) = model.card.files
    path = model.folder / file.name
    try:
        architecture = checked(read_tensors(read_verified(path, file.sha256), path)).architecture
    except ModelError as error:
        return Verified(model.name, False, error.sentence, AGAIN)
    if architecture.id != model.card.architecture:
        return Verified(model.name, False, "The card names another kind of network than the file holds.", AGAIN)
    theirs = model.card.origin is not None and model.card.origin.as_published
    return Verified(model.name, True, f"sound; {'the published file' if theirs else 'your own file'}")
