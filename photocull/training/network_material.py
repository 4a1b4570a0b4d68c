"""From a published set on disk to what a network learns from and is measured on; whatever is left out is counted."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from photocull.core.errors import CancelledError, TrainingError
from photocull.core.work import CancelToken, Listener, Pace, Problem
from photocull.training.network_batches import Lesson
from photocull.training.network_measuring import Yardstick
from photocull.training.network_recipe import NetworkRecipe, shipped_recipe
from photocull.training.rated import RatedPhoto, RatedSet, Split
from photocull.training.square_store import SquareStore, unreadable

MEAN_VOTE: Final = "mean vote"
_LEAST: Final = 2
_RECIPES: Final = {"tanet": {"votes": "tanet-ava", "score": "tanet-tad66k"}}
_COLOUR: Final = {"color": "delegate-icaa17k", "Colorfulness": "delegate-spaq"}


@dataclass(frozen=True, slots=True, eq=False)
class NetworkMaterial:
    """What one run works with.

    Attributes:
        rated: the set. lessons: its training photos that can be read. yardstick: its validation photos.
        broken: photos that cannot be read.
    """

    rated: RatedSet
    lessons: tuple[Lesson, ...]
    yardstick: Yardstick
    broken: tuple[Problem, ...]

    @property
    def identity(self) -> str:
        """Tells whether a run goes on with the photos and opinions that it began with."""
        digest = hashlib.sha256()
        for lesson in (*self.lessons, *self.yardstick.lessons):
            digest.update(f"{lesson.number} {lesson.path.name} {lesson.targets}\n".encode(errors="surrogateescape"))
        return digest.hexdigest()[:32]


def recipe_for(network: str, rated: RatedSet) -> Path:
    """The authors' recipe by which "tanet" or "colour" learns from this set.

    Raises:
        TrainingError: they trained that network on no such set.
    """
    if network == "tanet":
        return shipped_recipe(_RECIPES["tanet"][rated.kind])
    for column, architecture in _COLOUR.items():
        if column in rated.columns:
            return shipped_recipe(architecture)
    remedy = "Name the folder of ICAA17K or SPAQ with --data, or a recipe of your own with --config."
    raise TrainingError(f"The set {rated.name} has no opinions on colours.", remedy=remedy)


def gather_material(
    rated: RatedSet,
    recipe: NetworkRecipe,
    store: SquareStore,
    outputs: int,
    *,
    token: CancelToken,
    listener: Listener,
) -> NetworkMaterial:
    """Squeeze every photo once, so that all that cannot be read is known before the first epoch.

    Args:
        outputs: how many numbers the network answers with.
        listener: hears the progress, and of each photo that cannot be read.

    Raises:
        TrainingError: the set has not what the recipe's network learns, or too few photos.
        CancelledError: stopped; finished squares are kept.
    """
    columns = _columns(rated, recipe, outputs)
    photos = {split: rated.of(split) for split in ("train", "validation")}
    pace = Pace(sum(map(len, photos.values())))
    broken: list[Problem] = []

    def read(split: Split, side: int) -> tuple[Lesson, ...]:
        lessons = _lessons(photos[split], [rated.columns.index(column) for column in columns])
        paths = [lesson.path for lesson in lessons]
        lost = {
            _told(Problem(paths[0] if error.path is None else error.path, error.sentence), broken, listener)
            for error in unreadable(store, paths, side, token, lambda: listener(pace.step()))
        }
        return tuple(lesson for lesson in lessons if lesson.path not in lost)

    try:
        learned, measured = read("train", recipe.resize), read("validation", recipe.crop)
    except CancelledError as error:
        raise CancelledError("Reading was stopped; the same command with --resume goes on from here.") from error
    _require(rated, len(learned), len(measured))
    votes = (rated.low, rated.high) if rated.kind == "votes" else None
    return NetworkMaterial(rated, learned, Yardstick(measured, columns, recipe.watched, votes), tuple(broken))


def _told(problem: Problem, broken: list[Problem], listener: Listener) -> Path:
    broken.append(problem)
    listener(problem)
    return problem.path


def _columns(rated: RatedSet, recipe: NetworkRecipe, outputs: int) -> tuple[str, ...]:
    columns = recipe.columns or rated.columns
    remedy = f"This set has {', '.join(rated.columns)}: name some in the recipe's columns, or take another set."
    for column in columns:
        if column not in rated.columns:
            raise TrainingError(f"The set {rated.name} has no column '{column}'.", remedy=remedy)
    if len(columns) != outputs or (recipe.loss == "emd") != (rated.kind == "votes"):
        sentence = f"A network of the kind {recipe.architecture} cannot learn from the set {rated.name} by this recipe."
        raise TrainingError(sentence, remedy="Name a folder of the set that the recipe is for, or another --config.")
    if recipe.watched not in ((MEAN_VOTE,) if rated.kind == "votes" else columns):
        raise TrainingError(f"The recipe watches '{recipe.watched}', which the network does not learn.")
    return columns


def _lessons(photos: Sequence[RatedPhoto], places: Sequence[int]) -> tuple[Lesson, ...]:
    return tuple(
        Lesson(number, photo.path, tuple(photo.targets[place] for place in places))
        for number, photo in enumerate(photos)
    )


def _require(rated: RatedSet, learned: int, measured: int) -> None:
    for count, what in ((learned, "training"), (measured, "validation")):
        if count < _LEAST:
            remedy = "Put the photos of the set beside its label files, and try again."
            sentence = f"The set {rated.name} has {count} {what} photos that can be read; {_LEAST} are needed at least."
            raise TrainingError(sentence, remedy=remedy)
