"""A checkpoint file of the person becomes a model on the shelf: read, checked, written anew, read back, then named."""

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from photocull.core.errors import ModelError
from photocull.core.work import CancelToken, Pace, Progressed
from photocull.models.checkpoint import Advance, git_blob_of, hash_of, read_bounded, read_tensors, write_tensors
from photocull.models.networks import build_network, require_answer
from photocull.models.reading import Checkpoint, checked, read_checkpoint
from photocull.models.registry import ModelCard, ModelFile, ModelOrigin, card_text, published_card, read_card
from photocull.models.shelf import (
    CARD,
    WEIGHTS,
    changing,
    check_name,
    find,
    incoming,
    made_from,
    own_shelf,
    place,
    require_room,
    sound,
    taken,
)
from photocull.models.unpickling import has_torch

Listener = Callable[[Progressed], None]
"""Told how many bytes are done, of how many."""
_SPARE: Final = 20_000_000
"""Bytes that a disk keeps: a catalogue writes there as well."""
_STEP: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class _Job:
    """What is wished: a name of its own, replacing what has it, and who hears of it."""

    name: str | None
    replace: bool
    listener: Listener | None
    token: CancelToken


def import_file(
    path: Path,
    *,
    name: str | None = None,
    replace: bool = False,
    shelf: Path | None = None,
    origin: str | None = None,
    listener: Listener | None = None,
    token: CancelToken | None = None,
) -> ModelCard:
    """Put a checkpoint on the shelf, as safetensors under our names; the file itself stays as it is.

    The same file again only mends what was damaged since.

    Args:
        path: .pth, .pth.tar or .safetensors. name: what to call it; its kind's name unless given.
        replace: replace a model that has the name already.
        shelf: where models lie; the person's own unless given.
        origin: the file's name as the card gives it, where ``path`` is a copy with another.
        listener: told of progress in bytes, from the thread that calls. token: stops it between two pieces.

    Raises:
        ModelError: the file or the name will not do, or the shelf cannot be changed; it is then as it was.
        CancelledError: stopped; the shelf is as it was.
    """
    place_ = own_shelf(shelf)
    job = _Job(name, replace, listener, token or CancelToken())
    checkpoint = read_checkpoint(Path(path))
    came_from = ModelOrigin(origin or Path(path).name, git_blob_of(Path(path)), False)
    trained = trained_card(Path(path), checkpoint.architecture.id)
    card = _card(checkpoint, came_from, name) if trained is None else _own(trained, came_from, name)
    check_name(card.name, checkpoint.architecture.id)
    with changing(place_):
        return _kept(card, place_) or _shelve(checkpoint, card, place_, job)


def _kept(card: ModelCard, shelf: Path) -> ModelCard | None:
    """The model that was made from this very file before, if it is sound."""
    known = find(shelf, card.name)
    return known.card if known is not None and made_from(known, _blob(card)) and sound(known) else None


def _blob(card: ModelCard) -> str:
    return "" if card.origin is None else card.origin.git_blob


def _shelve(checkpoint: Checkpoint, card: ModelCard, shelf: Path, job: _Job) -> ModelCard:
    known = find(shelf, card.name)
    mended = made_from(known, _blob(card))
    if known is not None and not (job.replace or mended):
        raise taken(card.name)
    size = sum(values.nbytes for values in checkpoint.tensors.values())
    require_room(shelf, size + _SPARE)
    advance = _telling(2 * size, job)
    with incoming(shelf) as folder:
        file = write_tensors(folder / WEIGHTS, checkpoint.tensors, _metadata(checkpoint, card), advance)
        finished = replace(card, files=(file,))
        _write(folder / CARD, card_text(finished))
        _verify(folder, file, advance)
        job.token.check()
        place(folder, shelf, card.name, replace=job.replace or mended)
    return finished


def _telling(total: int, job: _Job) -> Advance:
    """Passes progress on, a megabyte or more at a time, and stops where that is asked for."""
    pace, untold = Pace(total), 0

    def advance(done: int) -> None:
        nonlocal untold
        job.token.check()
        untold += done
        if job.listener is not None and untold >= _STEP:
            job.listener(pace.step(untold))
            untold = 0

    return advance


def _verify(folder: Path, file: ModelFile, advance: Advance) -> None:
    """What lies on the disk is what was meant, and makes a network that answers."""
    path = folder / file.name
    if hash_of(path, advance) != (file.sha256, file.size):
        remedy = "Check the disk, then try again."
        raise ModelError("What was written reads differently.", path=path, remedy=remedy)
    checkpoint = checked(read_tensors(read_bounded(path), path))
    if has_torch():
        require_answer(build_network(checkpoint))


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _metadata(checkpoint: Checkpoint, card: ModelCard) -> dict[str, str]:
    origin = card.origin
    told = {} if origin is None else {"origin": origin.file_name, "origin_git_blob": origin.git_blob}
    return {"architecture": checkpoint.architecture.id, **told}


def trained_card(path: Path, architecture: str) -> ModelCard | None:
    """The card that training wrote beside exactly this file; None where there is none."""
    beside = path.with_suffix(".json")
    if not beside.is_file():
        return None
    try:
        card = read_card(beside)
    except ModelError:
        return None
    known = {(file.sha256, file.size) for file in card.files}
    return card if card.training and card.architecture == architecture and hash_of(path) in known else None


def _own(trained: ModelCard, origin: ModelOrigin, name: str | None) -> ModelCard:
    """A model that was trained here keeps what was measured; what only authors can state is left out."""
    return replace(trained, name=name or trained.name, source=None, published=(), origin=origin)


def _card(checkpoint: Checkpoint, origin: ModelOrigin, name: str | None) -> ModelCard:
    """The card: with the authors' words and figures only if the file is provably theirs."""
    known = published_card(checkpoint.architecture.id)
    source = known.source
    called = name or known.name
    if source is not None and source.git_blob and source.git_blob == origin.git_blob:
        summary = f"{known.summary} This is the authors' published file, unchanged."
        return replace(known, name=called, summary=summary, origin=replace(origin, as_published=True))
    doubt = ""
    if source is not None and source.file_name and origin.file_name.startswith(source.file_name):
        doubt = " It has the name of the authors' file; whether it is that file cannot be told."
    return replace(
        known,
        name=called,
        title=f"{known.title.partition(',')[0]}, from your file {origin.file_name}",
        summary=f"{known.summary} These weights come from your file {origin.file_name}.{doubt}",
        licence="not known: ask whoever made the file",
        data=(),
        source=None,
        published=(),
        results=(),
        origin=origin,
    )
