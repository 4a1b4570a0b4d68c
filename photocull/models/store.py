"""The models that this installation has: lists their cards, removes them, and opens their scorers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from photocull.core.errors import ModelError, one_line
from photocull.core.types import Scorer
from photocull.judge.naming import Part, asked, parts
from photocull.judge.scorer import BuiltinModel, BuiltinScorer, fingerprint_of
from photocull.models.checkpoint import read_tensors, read_verified
from photocull.models.networks import build_network
from photocull.models.partials import discard_partial, partial_size
from photocull.models.reading import checked
from photocull.models.registry import (
    BUILT_IN,
    DEFAULT,
    PUBLISHED,
    REINSTALL,
    ModelCard,
    built_in,
    published_cards,
    read_card,
    shipped_models,
)
from photocull.models.shelf import Shelved, changing, find, own_shelf, shelved, take_away
from photocull.models.unpickling import require_torch

if TYPE_CHECKING:
    from photocull.judge.published import NetworkModel

AGAIN: Final = "Remove it and import or download it again."
State = Literal["installed", "downloadable", "needs a file", "damaged"]


@dataclass(frozen=True, slots=True)
class Listed:
    """A model that is here, or that could be.

    Attributes:
        state: "installed", "downloadable", "needs a file" (its authors give it out where no program can fetch it) or
            "damaged" (``problem`` says how).
        card: what is known of it; None only where it is damaged.
    """

    name: str
    state: State
    card: ModelCard | None
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class _Judging:
    """A model of the person's that judges: where it lies, its card, the scores asked of it (all if empty)."""

    folder: Path
    card: ModelCard
    scores: tuple[str, ...]


def cards(folder: Path | None = None, *, shelf: Path | None = None) -> tuple[ModelCard, ...]:
    """The card of every model that is here and can judge or train: the built-in ones, then the person's by name.

    Args:
        folder: where built-in models lie; the program's resources unless given.
        shelf: where the person's models lie.

    Those whose card cannot be read are left out; `listing` names them.
    """
    return tuple(model.card for model in _here(folder, shelf) if model.card is not None)


def listing(*, folder: Path | None = None, shelf: Path | None = None) -> tuple[Listed, ...]:
    """Every model that is here, the built-in ones first, then every published one that could be."""
    here = _here(folder, shelf)
    names = {model.name for model in here}
    absent = [card for card in published_cards() if card.name not in names]
    return (*here, *(Listed(card.name, _obtainable(card), card) for card in absent))


def look_up(name: str, *, folder: Path | None = None, shelf: Path | None = None) -> Listed:
    """One of `listing`.

    Raises:
        ModelError: there is no such model, here or published.
    """
    for model in listing(folder=folder, shelf=shelf):
        if model.name == name:
            return model
    raise missing(name, own_shelf(shelf))


def remove(name: str, *, shelf: Path | None = None) -> None:
    """Take a model off the shelf, and what an interrupted download of it left; its judgements stay in the catalogue.

    Raises:
        ModelError: there is no such model, it is built in, or the folder cannot be changed.
    """
    place = own_shelf(shelf)
    if name in BUILT_IN:
        raise ModelError(f"'{name}' is part of the program and stays.", remedy="Only models that were added can go.")
    unfinished = partial_size(name, place)
    if find(place, name) is None and not unfinished:
        raise missing(name, place)
    discard_partial(name, place)
    if find(place, name) is not None:
        with changing(place):
            take_away(place, name)


def open_scorer(
    name: str, device: str = "auto", *, threads: int = 0, folder: Path | None = None, shelf: Path | None = None
) -> Scorer:
    """The scorer of a model, its files verified against the card.

    Args:
        name: a card's name, or several joined by "+": each score comes from the first that gives it, what none gives
            from the built-in model. "delegate-icaa17k:colour" asks one score of a model, or several after commas; it
            gives no other then. Asking for all that it gives is its plain name. A built-in model, which gives what is
            left, stands last or alone; where none is named it is `registry.DEFAULT`.
        device: "auto", "cpu", "cuda" or "mps".
        threads: processor threads of the network; 0 lets the engine choose.
        folder: where built-in models lie. shelf: where the person's lie.

    Raises:
        ModelError: no model has this name, it does not give a score that is asked of it, a file is missing or damaged,
            the device cannot be used, or PyTorch is needed and not installed.
    """
    base, own = _parts(name, own_shelf(shelf), folder)
    scorer = BuiltinScorer(open_builtin(base, folder), device=device, threads=threads)
    return _published_scorer(scorer, own, device, threads) if own else scorer


def scorer_fingerprint(name: str, *, folder: Path | None = None, shelf: Path | None = None) -> str:
    """The fingerprint that `open_scorer` will have, by the cards alone: what is cached is found without the network.

    Raises:
        ModelError: no model has this name or gives a score that is asked of it, or a card is missing or damaged.
    """
    base, own = _parts(name, own_shelf(shelf), folder)
    beneath = fingerprint_of(_identity(_builtin_card(base, shipped_models() if folder is None else folder)))
    if not own:
        return beneath
    from photocull.judge.published import published_fingerprint  # only where a published model judges

    return published_fingerprint(beneath, [str(Part(one.card.files[0].sha256, one.scores)) for one in own])


def open_builtin(name: str, folder: Path | None = None) -> BuiltinModel:
    """A built-in model's files, read once and verified.

    Raises:
        ModelError: see `open_scorer`.
    """
    place = shipped_models() if folder is None else folder
    card = _builtin_card(name, place)
    weights, graph = card.files
    location = place / weights.name
    with _remedied(REINSTALL):
        tensors = read_tensors(read_verified(location, weights.sha256), location)
        content = read_verified(place / graph.name, graph.sha256)
    return BuiltinModel(name, _identity(card), content, tensors, card.views)


def base_of(name: str, *, folder: Path | None = None) -> str:
    """The built-in model that gives what the others of a joined name leave; whether those are here is not looked at."""
    last = parts(name)[-1]
    return last.name if last.name in built_in(folder) and not last.scores else DEFAULT


def _parts(name: str, shelf: Path, folder: Path | None) -> tuple[str, list[_Judging]]:
    """The built-in model at the base, and the person's models that judge before it, in order.

    Raises:
        ModelError: one of them is not here, does not give what is asked of it, or cannot add anything.
    """
    named, base, shipped = list(parts(name)), base_of(name, folder=folder), built_in(folder)
    if named[-1] == Part(base):
        named.pop()
    names = [part.name for part in named]
    if any(part in shipped for part in names) or len(set(names)) != len(names):
        kept = " or ".join(f"'{one}'" for one in shipped)
        remedy = f"Name each model once, and {kept}, which gives what is left, last and alone or not at all."
        raise ModelError(f"The models in '{one_line(name, 160)}' do not go together.", remedy=remedy)
    return base, [_judging(part, shelf) for part in named]


def _judging(part: Part, shelf: Path) -> _Judging:
    model = find(shelf, part.name)
    if model is None:
        raise missing(part.name, shelf)
    card = _card(model)
    if not card.judges:
        remedy = "It is there for training to start from; choose another model."
        raise ModelError(f"'{part.name}' is a part of other networks and gives no scores.", remedy=remedy)
    return _Judging(model.folder, card, asked(part, card.judges).scores)


def _card(model: Shelved) -> ModelCard:
    if model.card is None:
        raise ModelError(f"The model '{model.name}' is damaged. {model.problem}", remedy=AGAIN)
    return model.card


def _published_scorer(base: Scorer, models: list[_Judging], device: str, threads: int) -> Scorer:
    require_torch()
    from photocull.judge.published import PublishedScorer  # only where a published model judges

    return PublishedScorer(base, [_network(model) for model in models], device=device, threads=threads)


def _network(model: _Judging) -> "NetworkModel":
    from photocull.judge.published import NetworkModel

    (file,) = model.card.files
    path = model.folder / file.name
    with _remedied(AGAIN):
        checkpoint = checked(read_tensors(read_verified(path, file.sha256), path))
    network = build_network(checkpoint)
    return NetworkModel(model.card.name, file.sha256, checkpoint.architecture.id, network, model.scores)


def _builtin_card(name: str, place: Path) -> ModelCard:
    """A built-in model's card, which names its weights and its graph."""
    card = read_card(place / f"{name}.json")
    if len(card.files) != 2:
        raise ModelError("The model's card does not name its files.", path=place / f"{name}.json", remedy=REINSTALL)
    return card


def _identity(card: ModelCard) -> str:
    """What tells a built-in model's judgements from another's: weights, and how a photo is looked at."""
    return ":".join([card.files[0].sha256, *map(str, card.views)])


@contextmanager
def _remedied(remedy: str) -> Iterator[None]:
    """What reads a file does not know whose it is, and so not how another copy comes."""
    try:
        yield
    except ModelError as error:
        raise ModelError(error.sentence, path=error.path, remedy=remedy) from error


def _here(folder: Path | None, shelf: Path | None) -> list[Listed]:
    """What is here, sound or damaged: the built-in models first, then the person's by name."""
    place = shipped_models() if folder is None else folder
    return [*(_shipped(name, place) for name in built_in(place)), *map(_listed, shelved(own_shelf(shelf)))]


def _shipped(name: str, place: Path) -> Listed:
    """Its card and the sizes of its files: a damaged one must not hide the others."""
    try:
        card = _builtin_card(name, place)
    except ModelError as error:
        return Listed(name, "damaged", None, error.sentence)
    return _sized(name, card, place)


def _listed(model: Shelved) -> Listed:
    if model.card is None:
        return Listed(model.name, "damaged", None, model.problem)
    return _sized(model.name, model.card, model.folder)


def _sized(name: str, card: ModelCard, folder: Path) -> Listed:
    if all(_size(folder / file.name) == file.size for file in card.files):
        return Listed(name, "installed", card)
    return Listed(name, "damaged", card, "Its weights are missing or cut off.")


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None


def _obtainable(card: ModelCard) -> State:
    return "downloadable" if card.source is not None and card.source.downloadable else "needs a file"


def missing(name: str, shelf: Path) -> ModelError:
    """The sentence for a model that is not here, with the way to it."""
    if name in PUBLISHED:
        (card,) = (card for card in published_cards() if card.name == name)
        if _obtainable(card) == "downloadable":
            return ModelError(f"The model '{name}' is not here.", remedy=f"Get it: photocull models download {name}")
        return ModelError(f"The model '{name}' is not here.", remedy="Import its file: photocull models import FILE")
    known = ", ".join((*built_in(), *(model.name for model in shelved(shelf))))
    return ModelError(
        f"There is no model '{one_line(name, 80)}'.", remedy=f"Known models: {known}. See: photocull models list"
    )
